"""The inputs an aid may ask for: name, kind, unit, French label. To add one, add a line here.

No field has a default: whatever is not given is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FieldKind(StrEnum):
    """NUMBER: float64, NaN unknown. FLAG: int8 1, 0, -1. CHOICE: int8 rank, -1 unknown."""

    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """`label_fr` completes « il manque … »; `low` and `high` are inclusive bounds of numbers."""

    label_fr: str
    kind: FieldKind
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: float = 0
    high: float = 10_000_000


class Geste(StrEnum):
    """Works as the aids name them; the int8 code in arrays is the rank here."""

    PAC_AIR_EAU = "pac_air_eau"
    PAC_GEO_SOLAROTHERM = "pac_geo_solarotherm"
    RESEAU_CHALEUR_FROID = "reseau_chaleur_froid"
    DEPOSE_CUVE_FIOUL = "depose_cuve_fioul"
    AUDIT = "audit"
    CET = "cet"
    CESI = "cesi"
    SSC = "ssc"
    PVT = "pvt"
    POELE_BUCHES = "poele_buches"
    POELE_GRANULES = "poele_granules"
    INSERT = "insert"
    VMC_DF = "vmc_df"
    FENETRE = "fenetre"
    COMBLES_RAMPANTS = "combles_rampants"
    TOITURE_TERRASSE = "toiture_terrasse"
    CHAUDIERE_BUCHES = "chaudiere_buches"
    CHAUDIERE_GRANULES = "chaudiere_granules"
    ITE = "ite"
    ITI = "iti"
    COMBLES_PERDUS = "combles_perdus"
    PLANCHER_BAS = "plancher_bas"
    VMC_SF = "vmc_sf"
    PAC_AIR_AIR = "pac_air_air"
    CHAUDIERE_GAZ = "chaudiere_gaz"
    CHAUDIERE_FIOUL = "chaudiere_fioul"
    PHOTOVOLTAIQUE = "photovoltaique"
    REGULATION = "regulation"


GESTES_BY_CODE = tuple(Geste)
GESTE_CODE = {geste: code for code, geste in enumerate(GESTES_BY_CODE)}

GESTE_LABELS_FR = {
    Geste.PAC_AIR_EAU: "pompe à chaleur air/eau",
    Geste.PAC_GEO_SOLAROTHERM: "pompe à chaleur géothermique ou solarothermique",
    Geste.RESEAU_CHALEUR_FROID: "raccordement à un réseau de chaleur ou de froid",
    Geste.DEPOSE_CUVE_FIOUL: "dépose de cuve à fioul",
    Geste.AUDIT: "audit énergétique",
    Geste.CET: "chauffe-eau thermodynamique",
    Geste.CESI: "chauffe-eau solaire individuel",
    Geste.SSC: "système solaire combiné",
    Geste.PVT: "partie thermique d’un équipement PVT eau",
    Geste.POELE_BUCHES: "poêle ou cuisinière à bûches",
    Geste.POELE_GRANULES: "poêle ou cuisinière à granulés",
    Geste.INSERT: "foyer fermé ou insert",
    Geste.VMC_DF: "ventilation double flux",
    Geste.FENETRE: "fenêtre en remplacement d’un simple vitrage",
    Geste.COMBLES_RAMPANTS: "isolation des rampants ou plafonds de combles",
    Geste.TOITURE_TERRASSE: "isolation de toiture-terrasse",
    Geste.CHAUDIERE_BUCHES: "chaudière bois à alimentation manuelle",
    Geste.CHAUDIERE_GRANULES: "chaudière bois à alimentation automatique",
    Geste.ITE: "isolation des murs par l’extérieur",
    Geste.ITI: "isolation des murs par l’intérieur",
    Geste.COMBLES_PERDUS: "isolation des combles perdus",
    Geste.PLANCHER_BAS: "isolation d’un plancher bas",
    Geste.VMC_SF: "ventilation simple flux",
    Geste.PAC_AIR_AIR: "pompe à chaleur air/air",
    Geste.CHAUDIERE_GAZ: "chaudière au gaz",
    Geste.CHAUDIERE_FIOUL: "chaudière au fioul",
    Geste.PHOTOVOLTAIQUE: "panneaux photovoltaïques",
    Geste.REGULATION: "régulation ou thermostat",
}

DPE_CLASSES = ("A", "B", "C", "D", "E", "F", "G")
ENERGIES = ("electricity", "gas", "fuel_oil", "coal", "wood", "heat_network", "solar", "none")
OCCUPANCIES = ("owner_occupier", "landlord", "tenant", "hosted")
ECO_PTZ_WORKS = (
    "windows_only",
    "one_action",
    "two_actions",
    "three_actions",
    "global_performance",
    "with_maprimerenov",
    "sanitation",
)


def _number(label_fr: str, unit: str, low: float = 0, high: float = 10_000_000) -> Field:
    return Field(label_fr, FieldKind.NUMBER, unit, (), low, high)


def _flag(label_fr: str) -> Field:
    return Field(label_fr, FieldKind.FLAG)


def _choice(label_fr: str, choices: tuple[str, ...]) -> Field:
    return Field(label_fr, FieldKind.CHOICE, "", choices)


# In the order of the documentation. A column of `Situations` bears the same name.
FIELDS: Mapping[str, Field] = {
    # Who asks, and their income.
    "occupancy": _choice("le statut d’occupation du demandeur", OCCUPANCIES),
    "rfr_eur": _number("le revenu fiscal de référence", "EUR RFR"),
    "persons": _number("le nombre de personnes du ménage", "persons", 1, 30),
    "owner_in_idf": _flag("la commune de résidence du bailleur"),
    "occupancy_commitment_years": _number("l’engagement d’occupation, en années", "years", 0, 100),
    "rent_commitment_years": _number("l’engagement de location, en années", "years", 0, 100),
    "dwellings_aided_as_landlord": _number(
        "le nombre de logements loués déjà aidés", "dwellings", 0, 1000
    ),
    "mpr_received_5_years_eur": _number(
        "les primes reçues depuis cinq ans pour ce logement", "EUR"
    ),
    # The dwelling.
    "dwelling_in_idf": _flag("la commune du logement"),
    "dwelling_in_metropole": _flag("la commune du logement"),
    "dwelling_kind": _choice("le type de logement", ("house", "apartment")),
    "dwelling_age_years": _number("l’âge du logement", "years", 0, 2000),
    "main_residence": _flag("l’occupation comme résidence principale"),
    "occupied_months_per_year": _number("les mois d’occupation par an", "months", 0, 12),
    "floor_area_m2": _number("la surface habitable", "m2", 5, 2000),
    "cee_zone": _choice("la zone climatique", ("H1", "H2", "H3")),
    "dpe_before": _choice("la classe du DPE avant travaux", DPE_CLASSES),
    "dpe_after": _choice("la classe visée après travaux", DPE_CLASSES),
    "heating_before": _choice("l’énergie du chauffage avant travaux", ENERGIES),
    "heating_after": _choice("l’énergie du chauffage après travaux", ENERGIES),
    "hot_water_after": _choice("l’énergie de l’eau chaude après travaux", ENERGIES),
    "unfit_dwelling": _flag("l’état d’habitat indigne ou dégradé"),
    "energy_poverty": _flag("la précarité énergétique du ménage"),
    # The project and its papers.
    "new_fossil_heating": _flag("l’installation d’un chauffage fossile neuf"),
    "works_started": _flag("le début des travaux"),
    "heating_breakdown": _flag("la panne de chauffage entre octobre et avril"),
    "rge_firms": _flag("la qualification RGE des entreprises"),
    "energy_audit": _flag("l’audit énergétique"),
    "accompagnateur": _flag("l’accord d’un accompagnateur agréé"),
    "france_renov_certificate": _flag("l’attestation du rendez-vous France Rénov’"),
    "mar_cost_ttc_eur": _number("le coût de l’accompagnateur", "EUR TTC"),
    # Other money.
    "pac_etas_at_least_140": _flag("l’efficacité saisonnière (Etas) de la pompe à chaleur"),
    "approved_model": _flag("le modèle de pompe à chaleur sur la liste approuvée"),
    "cee_days_after_quote": _number(
        "les jours entre la signature du devis et l’accord CEE", "days", -3650, 3650
    ),
    "other_public_aids_eur": _number("les autres aides publiques", "EUR"),
    "loan_years": _number("la durée du prêt", "years", 1, 20),
    "saving_eur_per_year": _number("l’économie de factures par an", "EUR per year", -100_000),
    # The zero-interest loan and the VAT.
    "eco_ptz_works": _choice("la nature des travaux de l’éco-PTZ", ECO_PTZ_WORKS),
    "energy_gain_pct": _number("le gain d’énergie des travaux", "%", 0, 100),
    "loan_wanted_eur": _number("le montant à emprunter", "EUR"),
    "solar_power_kwc": _number("la puissance des panneaux photovoltaïques", "kWc", 0, 1000),
    # A copropriété: the building asks, one row a building.
    "copro_dwellings": _number("le nombre de logements de la copropriété", "dwellings", 1, 5000),
    "copro_lots": _number("le nombre de lots d’habitation", "dwellings", 1, 5000),
    "copro_main_residence_pct": _number("la part de résidences principales", "%", 0, 100),
    "copro_unpaid_pct": _number("le taux d’impayés de la copropriété", "%", 0, 100),
    "copro_npnru": _flag("la situation en renouvellement urbain (NPNRU)"),
    "copro_cost_ht_eur": _number("le coût hors taxes des travaux votés", "EUR HT", 0, 100_000_000),
    # Adaptation to age or disability.
    "aided_person_age_years": _number("l’âge de la personne à aider", "years", 0, 125),
    "gir_1_to_6": _flag("l’attestation d’un GIR de 1 à 6"),
    "disability_pct": _number("le taux d’incapacité", "%", 0, 100),
    "pch": _flag("la prestation de compensation du handicap"),
    "social_housing": _flag("le logement dans le parc social"),
    "adaptation_works_ht_eur": _number("le coût hors taxes des travaux d’adaptation", "EUR HT"),
    # The chèque énergie.
    "alternate_custody_children": _number(
        "le nombre d’enfants en résidence alternée", "persons", 0, 29
    ),
    "residence_sociale": _flag("le logement en résidence sociale"),
}

# What an answer may lack besides the fields: the works, and rules nobody has published.
OTHER_LABELS_FR = {
    "works": "la liste des travaux",
    "works.quantity": "les quantités posées",
    "works.cee_eur": "le montant de l’offre CEE de chaque ligne (0 sans offre)",
    "works.cost_ht_eur": "le coût hors taxes des travaux",
    "works.cost_ttc_eur": "le coût TTC des travaux",
    "published_rule": "la règle de cette date, non publiée ou non trouvée",
}


def label_fr(name: str) -> str:
    """The French words for an input.

    >>> label_fr("dpe_before")
    'la classe du DPE avant travaux'
    """
    return FIELDS[name].label_fr if name in FIELDS else OTHER_LABELS_FR.get(name, name)
