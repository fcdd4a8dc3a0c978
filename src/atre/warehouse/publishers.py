"""Who publishes what an indicator is made of, under which licence, and where to fetch it again."""

from dataclasses import dataclass

OPEN = "Licence Ouverte 2.0"
OURS = "AGPL-3.0-or-later (calcul d’Âtre)"
UNSTATED_FR = "licence non dite par le fichier"
# A series of which a newer year comes each year: an old one deserves a look at its site.
ANNUAL, LASTING = True, False


@dataclass(frozen=True)
class Publisher:
    """`short_fr`: as under a figure. `licence_fr`: as its producer states it, empty when unknown.

    dataset_fr: what the file is called there. site: where it is published, empty for what is ours
    or installed. is_annual: whether a newer year comes each year.
    """

    short_fr: str
    licence_fr: str = ""
    dataset_fr: str = ""
    site: str = ""
    is_annual: bool = False


_SDES, _ORE = "statistiques.developpement-durable.gouv.fr", "opendata.agenceore.fr"
_INSEE, _ADEME = "insee.fr", "data.ademe.fr"

# By key of a format, of an installed table or of a model of ours.
PUBLISHERS = {
    "installed_populations": Publisher(
        "Insee, DGCL (populations légales)", OPEN, "Populations légales", "", ANNUAL
    ),
    "installed_census": Publisher(
        "Insee, recensement de 2021", OPEN, "Logements par IRIS", "", ANNUAL
    ),
    "installed_climate": Publisher(
        "Costic, par France Chaleur Urbaine", "MIT", "Degrés-jours conventionnels", "", LASTING
    ),
    "iris_figures": Publisher(
        "Insee, recensement de 2021", OPEN, "Bases infracommunales, logement", _INSEE, ANNUAL
    ),
    "base_logement": Publisher(
        "Insee, recensement", OPEN, "Base communale du logement (base-cc-logement)", _INSEE, ANNUAL
    ),
    "filosofi": Publisher(
        "Insee, Filosofi", OPEN, "Revenus localisés sociaux et fiscaux", _INSEE, ANNUAL
    ),
    "igt": Publisher(
        "ADEME, inventaire gaz à effet de serre territorialisé", "",
        "Inventaire de gaz à effet de serre territorialisé", _ADEME, LASTING,
    ),
    "dpe_counted": Publisher(
        "ADEME, diagnostics de performance énergétique", OPEN, "DPE comptés par commune", _ADEME,
        ANNUAL,
    ),
    "dpe_rows": Publisher(
        "ADEME, diagnostics de performance énergétique", OPEN,
        "DPE des logements existants depuis juillet 2021", _ADEME, ANNUAL,
    ),
    "sdes_local_energy": Publisher(
        "SDES, données locales d’énergie", OPEN, "Données locales de consommation d’énergie", _SDES,
        ANNUAL,
    ),
    "sdes_addresses": Publisher(
        "SDES, données locales d’énergie à l’adresse", OPEN,
        "Données locales de consommation d’énergie, à l’adresse", _SDES, ANNUAL,
    ),
    "ore_consumption": Publisher(
        "Agence ORE", OPEN, "Consommation annuelle d’électricité et de gaz", _ORE, ANNUAL
    ),
    "ore_consumption_wide": Publisher(
        "Agence ORE", OPEN, "Consommation annuelle d’électricité et de gaz, par colonnes", _ORE,
        ANNUAL,
    ),
    "odre_production_register": Publisher(
        "ODRÉ, registre national des installations", OPEN,
        "Registre national des installations de production et de stockage d’électricité",
        "odre.opendatasoft.com", ANNUAL,
    ),
    "enedis_production_communes": Publisher(
        "Enedis et DREAL des Pays de la Loire", OPEN, "Production d’électricité par commune", "",
        ANNUAL,
    ),
    "production_register_indicators": Publisher(
        "DREAL des Pays de la Loire", OPEN, "Indicateurs du registre des installations", "",
        ANNUAL,
    ),
    "odre_temperatures": Publisher(
        "ODRÉ, températures quotidiennes par département", OPEN,
        "Température quotidienne départementale", "odre.opendatasoft.com", ANNUAL,
    ),
    "mapped_columns": Publisher("observatoire régional"),
    "model_energy_poverty": Publisher(
        "modèle ouvert d’Âtre", OURS, "Précarité énergétique estimée par commune"
    ),
    "platform_cases": Publisher("dossiers suivis dans la plateforme"),
}  # fmt: skip


def short_fr(source: str) -> str:
    """The publisher of a source, its key where we do not know it."""
    known = PUBLISHERS.get(source)
    return known.short_fr if known else source


def licence_fr(source: str) -> str:
    """The licence of a source; empty when its producer did not state one to us."""
    known = PUBLISHERS.get(source)
    return known.licence_fr if known else ""
