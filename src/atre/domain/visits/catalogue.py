"""The closed lists of a visit in French: what was given, what was advised, and why it helps.

A figure stands beside a gesture only when a source of medium confidence at least gives it.
Ecogeste percentages are rarely sourced: the others say nothing rather than repeat hearsay.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class SourcedSaving:
    """What a source says a gesture saves: `low` to `high`, in `unit_fr` of `of_fr`.

    `share_of_heating` tells that it is a percentage of the heating consumption, the one basis
    that a visit can sometimes turn into kWh.
    """

    low: Decimal
    high: Decimal
    unit_fr: str
    of_fr: str
    source: str
    address: str
    read_on: str
    confidence: str
    share_of_heating: bool = False


@dataclass(frozen=True)
class Equipment:
    """A thing given or fitted. `purpose` is what it changes, said to the household."""

    label: str
    purpose: str


@dataclass(frozen=True)
class Gesture:
    """Something to do otherwise. `text` is said to the household."""

    label: str
    text: str
    saving: SourcedSaving | None = None


READ_ON = "2026-11-22"
ADEME = (
    "Ademe, gestes et températures, cité par La Tribune (2022)",
    "https://www.latribune.fr/entreprises-finance/transitions-ecologiques/economie-d-energies-ces-conseils-pour-consommer-moins-d-electricite-chez-soi-926025.html",
)
THERMOSTAT = ("Ademe (15 % au plus), Nos Gestes Climat (12 %)", ADEME[1])
WATER = (
    "Chiffres de l’Ademe (2010), cités par immobiliermodedemploi.fr",
    "http://immobiliermodedemploi.fr/dossiers/economies-d-8217-energie/",
)
LED = (
    "distriwatth.fr, ampoules LED et halogènes",
    "https://distriwatth.fr/difference-de-consommation-entre-ampoule-led-et-halogene",
)
NOS_GESTES = (
    "Ademe, Nos Gestes Climat 4.10.2",
    "https://github.com/incubateur-ademe/nosgestesclimat",
)


def _saving(
    low: str,
    high: str,
    unit: str,
    of: str,
    source: tuple[str, str],
    confidence: str = "medium",
    *,
    heating: bool = False,
) -> SourcedSaving:
    return SourcedSaving(
        Decimal(low), Decimal(high), unit, of, *source, READ_ON, confidence, heating
    )


EQUIPMENT: dict[str, Equipment] = {
    "led_bulb": Equipment("Ampoule LED", "Elle éclaire autant et consomme moins."),
    "tap_aerator": Equipment("Mousseur de robinet", "Il fait couler moins d’eau, sans gêne."),
    "shower_head": Equipment("Douchette économe", "Elle débite moins d’eau chaude."),
    "shower_timer": Equipment("Sablier de douche", "Il montre le temps passé sous la douche."),
    "thermo_hygrometer": Equipment(
        "Thermomètre hygromètre", "Il montre la température et l’humidité de la pièce."
    ),
    "fridge_thermometer": Equipment(
        "Thermomètre de réfrigérateur", "Il aide à régler le froid : 4 °C suffisent."
    ),
    "draught_strip": Equipment("Joint de fenêtre", "Il arrête l’air froid autour de la fenêtre."),
    "draught_excluder": Equipment("Bas de porte", "Il arrête l’air froid sous la porte."),
    "window_film": Equipment(
        "Film de survitrage", "Il garde une lame d’air devant un vitrage simple."
    ),
    "radiator_reflector": Equipment(
        "Panneau réflecteur", "Il renvoie vers la pièce la chaleur qui part dans le mur."
    ),
    "pipe_lagging": Equipment("Isolant de tuyau", "Il garde l’eau chaude jusqu’au robinet."),
    "power_strip": Equipment("Multiprise à interrupteur", "Elle coupe vraiment les veilles."),
    "plug_timer": Equipment("Prise programmable", "Elle arrête un appareil sans y penser."),
    "flush_saver": Equipment("Économiseur de chasse d’eau", "Il réduit l’eau de chaque chasse."),
}

GESTURES: dict[str, Gesture] = {
    "minus_1_degree": Gesture(
        "Baisser le chauffage d’un degré",
        "Baisser le chauffage d’un degré là où il fait plus de 19 °C, et à 17 °C dans les chambres.",
        _saving("7", "7", "%", "la consommation de chauffage", ADEME, "high", heating=True),
    ),
    "programmable_thermostat": Gesture(
        "Programmer le chauffage",
        "Programmer le chauffage pour qu’il baisse la nuit et en votre absence.",
        _saving("12", "15", "%", "la consommation de chauffage", THERMOSTAT, heating=True),
    ),
    "thermostatic_valves": Gesture(
        "Régler les robinets thermostatiques",
        "Régler les robinets thermostatiques pièce par pièce.",
        _saving("5", "10", "%", "la consommation de chauffage", ADEME, heating=True),
    ),
    "close_shutters": Gesture(
        "Fermer volets et rideaux la nuit",
        "Fermer les volets et les rideaux dès que la nuit tombe.",
    ),
    "stop_draughts": Gesture(
        "Arrêter les courants d’air",
        "Arrêter les courants d’air des fenêtres et des portes, sans boucher les grilles d’aération.",
    ),
    "boiler_maintenance": Gesture(
        "Faire entretenir la chaudière", "Faire entretenir la chaudière chaque année."
    ),
    "bleed_radiators": Gesture(
        "Purger et dégager les radiateurs",
        "Purger les radiateurs avant l’hiver et ne rien poser devant.",
    ),
    "air_daily": Gesture(
        "Aérer un peu chaque jour",
        "Aérer cinq à dix minutes par jour, chauffage coupé, et laisser les grilles ouvertes.",
    ),
    "dry_outside": Gesture(
        "Sécher le linge ailleurs que dans les pièces froides",
        "Sécher le linge dehors ou dans une pièce aérée, pour ne pas charger l’air d’humidité.",
    ),
    "hot_water_setpoint": Gesture(
        "Régler le chauffe-eau entre 50 et 55 °C",
        "Régler le chauffe-eau entre 50 et 55 °C.",
    ),
    "short_shower": Gesture(
        "Prendre des douches plus courtes",
        "Remplacer une longue douche par une courte.",
        _saving("36", "36", "litres", "chaque douche", NOS_GESTES),
    ),
    "tap_aerator": Gesture(
        "Poser des mousseurs",
        "Poser des mousseurs sur les robinets.",
        _saving("30", "50", "%", "l’eau de ces robinets", WATER),
    ),
    "shower_regulator": Gesture(
        "Poser une douchette économe",
        "Poser une douchette économe.",
        _saving("40", "60", "%", "l’eau de la douche", WATER),
    ),
    "repair_leaks": Gesture(
        "Réparer les fuites d’eau",
        "Réparer un robinet ou une chasse d’eau qui fuit.",
        _saving("4", "4", "litres par heure", "chaque robinet qui goutte", WATER),
    ),
    "led": Gesture(
        "Passer aux ampoules LED",
        "Remplacer les ampoules halogènes par des LED.",
        _saving("75", "75", "%", "l’électricité de ces ampoules", LED),
    ),
    "cut_standby": Gesture("Couper les veilles", "Couper les veilles avec une multiprise."),
    "wash_cold": Gesture("Laver à 30 °C", "Laver le linge à 30 °C, machine pleine."),
    "fridge_setting": Gesture(
        "Régler et dégivrer le froid",
        "Régler le réfrigérateur à 4 °C, le congélateur à −18 °C, et dégivrer.",
    ),
    "off_peak": Gesture(
        "Utiliser les heures creuses",
        "Faire marcher le chauffe-eau et les machines pendant les heures creuses.",
    ),
    "read_meter": Gesture(
        "Relever le compteur",
        "Relever le compteur et l’envoyer au fournisseur, pour payer ce qui est consommé.",
    ),
    "compare_offers": Gesture(
        "Comparer les offres", "Comparer les offres sur le comparateur public energie-info.fr."
    ),
    "energy_cheque": Gesture(
        "Utiliser le chèque énergie", "Utiliser le chèque énergie pour vos factures."
    ),
}

ENERGIES = {
    "electricity": "Électricité",
    "natural_gas": "Gaz de réseau",
    "district_heat": "Réseau de chaleur",
    "fuel_oil": "Fioul",
    "propane": "Propane ou butane",
    "wood_logs": "Bois bûches",
    "wood_pellets": "Granulés de bois",
}
BILLED = ENERGIES | {"water": "Eau"}

UNITS_OF: dict[str, tuple[str, ...]] = {
    "electricity": ("kwh", "mwh"),
    "natural_gas": ("kwh", "m3", "mwh"),
    "district_heat": ("kwh", "mwh"),
    "fuel_oil": ("litre", "kwh"),
    "propane": ("kg", "tonne", "kwh"),
    "wood_logs": ("stere", "kwh"),
    "wood_pellets": ("kg", "tonne", "kwh"),
    "water": ("m3",),
}

CHOICES: dict[str, dict[str, str]] = {
    "dwelling_kind": {"flat": "Appartement", "house": "Maison", "other": "Autre"},
    "built": {
        "before_1949": "avant 1949",
        "1949_1974": "entre 1949 et 1974",
        "1975_1989": "entre 1975 et 1989",
        "1990_2000": "entre 1990 et 2000",
        "2001_2012": "entre 2001 et 2012",
        "after_2012": "après 2012",
    },
    "orientation": {
        "north": "Nord",
        "east": "Est",
        "south": "Sud",
        "west": "Ouest",
        "through": "Traversant",
    },
    "insulation": {"yes": "Oui", "partial": "En partie", "no": "Non"},
    "glazing": {
        "single": "Simple",
        "mixed": "Simple et double",
        "double": "Double",
        "triple": "Triple",
    },
    "windows_state": {"good": "Ferment bien", "draughty": "Laissent passer l’air"},
    "ventilation": {
        "none": "Aucune",
        "natural": "Grilles, aération naturelle",
        "blocked": "Grilles ou bouches bouchées",
        "vmc_simple": "VMC simple flux",
        "vmc_double": "VMC double flux",
    },
    "dpe_class": {letter: letter for letter in "ABCDEFG"},
    "energy": ENERGIES,
    "billed": BILLED,
    "heating_system": {
        "electric": "Radiateurs électriques",
        "boiler": "Chaudière",
        "heat_pump_water": "Pompe à chaleur sur eau",
        "heat_pump_air": "Pompe à chaleur air-air (climatiseur)",
        "collective": "Chaufferie collective ou réseau",
        "stove": "Poêle ou insert",
        "portable": "Appareils mobiles seulement",
        "none": "Aucun chauffage en marche",
    },
    "backup": {
        "none": "Aucun",
        "electric": "Radiateur électrique mobile",
        "paraffin": "Poêle à pétrole",
        "gas_bottle": "Poêle à gaz en bouteille",
        "wood": "Bois",
        "other": "Autre",
    },
    "scope": {"individual": "Individuelle", "collective": "Collective"},
    "hot_water_system": {
        "tank": "Ballon",
        "instant": "Chauffe-eau instantané",
        "boiler": "Chaudière du chauffage",
        "heat_pump": "Chauffe-eau thermodynamique",
        "solar": "Solaire avec appoint",
        "collective": "Production collective",
        "none": "Pas d’eau chaude",
    },
    "appliance": {
        "fridge": "Réfrigérateur",
        "freezer": "Congélateur",
        "washing_machine": "Lave-linge",
        "dryer": "Sèche-linge",
        "dishwasher": "Lave-vaisselle",
        "oven": "Four",
        "television": "Télévision",
        "box": "Box internet",
        "computer": "Ordinateur",
        "portable_heater": "Chauffage mobile",
        "air_conditioner": "Climatiseur mobile",
        "halogen_lamp": "Lampe halogène",
        "aquarium": "Aquarium",
        "medical": "Appareil médical",
        "other": "Autre",
    },
    "option": {
        "base": "Base",
        "off_peak": "Heures creuses",
        "tempo": "Tempo",
        "weekend": "Week-end",
        "other": "Autre",
    },
    "payment": {
        "monthly": "Mensualités égales",
        "each_bill": "À chaque facture",
        "charges": "Dans les charges",
        "prepaid": "À la livraison",
    },
    "unit": {
        "kwh": "kWh",
        "mwh": "MWh",
        "m3": "m³",
        "litre": "litres",
        "kg": "kg",
        "tonne": "tonnes",
        "stere": "stères",
    },
    "damp": {"none": "Aucune trace", "traces": "Traces", "marked": "Importante"},
    "equipment": {code: item.label for code, item in EQUIPMENT.items()},
    "gesture": {code: item.label for code, item in GESTURES.items()},
    "who": {"household": "Le ménage", "agency": "Nous", "partner": "Un autre service"},
}


def label(choices: str, code: str | None) -> str | None:
    """The French label of a code of a list; None stays unknown."""
    return None if code is None else CHOICES[choices][code]
