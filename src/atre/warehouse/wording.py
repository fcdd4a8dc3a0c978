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


def sector_fr(sector: str | None) -> str:
    return "Tous secteurs" if sector is None else SECTORS_FR.get(sector, sector)


def energy_fr(energy: str | None) -> str:
    return "Toutes énergies" if energy is None else ENERGIES_FR.get(energy, energy)


def category_fr(category: str | None) -> str:
    return "Total" if category is None else CATEGORIES_FR.get(category, category)


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
