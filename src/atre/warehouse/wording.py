"""The words of figures in French: sectors, energies, categories, units, levels and standings."""

from atre.formats.generation import Generation
from atre.formats.territory_figures import Energy, Sector
from atre.warehouse.figures import Figure

SECTORS_FR: dict[str, str] = {
    Sector.RESIDENTIAL: "Résidentiel",
    Sector.TERTIARY: "Tertiaire",
    Sector.ROAD_TRANSPORT: "Transport routier",
    Sector.OTHER_TRANSPORT: "Autres transports",
    Sector.AGRICULTURE: "Agriculture",
    Sector.WASTE: "Déchets",
    Sector.INDUSTRY: "Industrie",
    Sector.ENERGY: "Branche énergie",
    Sector.UNALLOCATED: "Secteur inconnu",
    Sector.SMALL_PROFESSIONAL: "Petits professionnels",
}
ENERGIES_FR: dict[str, str] = {
    Energy.ELECTRICITY: "Électricité",
    Energy.GAS: "Gaz",
    Energy.HEAT_NETWORK: "Réseau de chaleur",
    Energy.COLD_NETWORK: "Réseau de froid",
    Energy.OIL: "Produits pétroliers",
    Energy.LPG: "GPL",
    Energy.WOOD: "Bois",
    Energy.COAL: "Charbon",
    Energy.OTHER: "Autre énergie",
}
GENERATIONS_FR: dict[str, str] = {
    Generation.SOLAR: "Solaire photovoltaïque",
    Generation.SOLAR_THERMODYNAMIC: "Solaire thermodynamique",
    Generation.WIND: "Éolien",
    Generation.MARINE: "Énergies marines",
    Generation.HYDRO: "Hydraulique",
    Generation.GEOTHERMAL: "Géothermie",
    Generation.BIOENERGY: "Bioénergies",
    Generation.WOOD: "Bois",
    Generation.BIOGAS: "Biogaz",
    Generation.LANDFILL_GAS: "Gaz de décharge",
    Generation.WASTE: "Déchets",
    Generation.RENEWABLE_THERMAL: "Thermique renouvelable",
    Generation.FOSSIL_THERMAL: "Thermique fossile",
    Generation.COGENERATION: "Cogénération",
    Generation.NUCLEAR: "Nucléaire",
    Generation.STORAGE: "Stockage",
    Generation.OTHER: "Autre production",
}
# A fuel or a waste has two places: what is consumed or emitted, and what is produced from it.
CATEGORIES_FR: dict[str, str] = GENERATIONS_FR | {
    "municipal": "Population municipale",
    "total": "Population totale",
    "main": "Résidences principales",
    "secondary": "Résidences secondaires",
    "vacant": "Logements vacants",
    "houses": "Maisons",
    "flats": "Appartements",
    "occupancy:main": "Résidences principales",
    "occupancy:secondary": "Résidences secondaires",
    "occupancy:vacant": "Logements vacants",
    "type:house": "Maisons",
    "type:flat": "Appartements",
    "tee": "Effort énergétique (TEE 8 %, trois premiers déciles)",
    "brde": "Bas revenus, dépenses élevées (BRDE)",
    "international_transport": "Transports internationaux, hors total",
    "biomass_co2_outside_total": "CO₂ de la biomasse, hors total",
    **{f"dpe:{letter}": f"Classe {letter}" for letter in "ABCDEFG"},
    **{f"ges:{letter}": f"Étiquette climat {letter}" for letter in "ABCDEFG"},
}
# Main homes by period, tenure, area and heating, as the census cuts them.
CATEGORIES_FR |= {
    "period:known": "Période de construction connue",
    "period:before_1919": "Avant 1919",
    "period:1919_1945": "1919 à 1945",
    "period:1946_1970": "1946 à 1970",
    "period:1971_1990": "1971 à 1990",
    "period:1991_2005": "1991 à 2005",
    "period:since_2006": "Depuis 2006",
    "old_period:before_1946": "Avant 1946",
    "old_period:1946_1990": "1946 à 1990",
    "old_period:since_1991": "Depuis 1991",
    "tenure:owner": "Propriétaires",
    "tenure:tenant": "Locataires",
    "among_tenants:social": "dont locataires du parc social",
    "tenure:free": "Logés gratuitement",
    "area:under_30_m2": "Moins de 30 m²",
    "area:30_40_m2": "30 à 40 m²",
    "area:40_60_m2": "40 à 60 m²",
    "area:60_80_m2": "60 à 80 m²",
    "area:80_100_m2": "80 à 100 m²",
    "area:100_120_m2": "100 à 120 m²",
    "area:120_m2_and_over": "120 m² et plus",
    "heating:fuel": "Combustible principal",
    "heating_system:central_collective": "Chauffage central collectif",
    "heating_system:central_individual": "Chauffage central individuel",
    "heating_system:electric_individual": "Chauffage électrique individuel",
}
REFERENCE = "reference:"
LEVELS_FR = {
    "commune": "commune",
    "iris": "IRIS",
    "epci": "intercommunalité",
    "department": "département",
    "region": "région",
    "country": "France",
}
STATUSES_FR = {
    "published": "publiée",
    "estimated": "estimée par le producteur",
    "partial": "partielle : un minimum",
    "secret": "secrète",
    "missing": "absente",
}
STANDINGS_FR = {
    "kept": "compte dans le chiffre",
    "superseded": "remplacée par un fichier reçu ensuite",
    "counted_in_city": "comptée avec sa ville entière",
    "outside": "hors des communes d’aujourd’hui",
}
BASES_FR = {"pci": "PCI", "pcs": "PCS"}
UNITS_FR = {
    "persons": "habitants",
    "dwellings": "logements",
    "households": "ménages",
    "sites": "points de livraison",
    "dpe": "DPE",
    "degree_days": "degrés-jours",
    "tCO2e": "t CO₂e",
    "EUR/UC/year": "€ par an et par unité de consommation",
    "kWh/inhabitant": "kWh par habitant",
}
# Tables, as a person who waits for them or counts them reads them.
TABLES_FR = {
    "population": "populations",
    "dwellings": "logements",
    "climate": "climat",
    "consumption": "consommation",
    "consumption_corrected": "consommation corrigée du climat",
    "production": "production",
    "emissions": "émissions",
    "incomes": "revenus",
    "tax_households": "ménages fiscaux",
    "dpe": "diagnostics",
    "energy_poverty": "précarité énergétique",
}


def sector_fr(sector: str | None) -> str:
    return "Tous secteurs" if sector is None else SECTORS_FR.get(sector, sector)


def energy_fr(energy: str | None) -> str:
    return "Toutes énergies" if energy is None else ENERGIES_FR.get(energy, energy)


def category_fr(category: str | None) -> str:
    if category is None:
        return "Total"
    if category.startswith(REFERENCE):
        return f"climat moyen de {category.removeprefix(REFERENCE).replace('-', ' à ')}"
    return CATEGORIES_FR.get(category, category)


def cut_fr(figure: Figure) -> str:
    """What a figure is cut by: « Résidentiel, Gaz », or « Total »."""
    words = [
        sector_fr(figure.sector) if figure.sector else "",
        energy_fr(figure.energy) if figure.energy else "",
        category_fr(figure.category) if figure.category else "",
    ]
    return ", ".join(word for word in words if word) or "Total"


def unit_fr(unit: str) -> str:
    return UNITS_FR.get(unit, unit)
