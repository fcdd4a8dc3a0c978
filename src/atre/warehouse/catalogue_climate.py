"""Indicators of the weather of each year, and of consumption once it is taken out."""

from atre.calc.climate_correction import CAUTION_FR
from atre.warehouse.indicators import Aggregation, Indicator, Quantity, Secrecy
from atre.warehouse.source_keys import CONSUMPTION

WEATHER = "odre_temperatures"

REFERENCE_FR = (
    "La référence est la moyenne des années de températures reçues, les mêmes pour tous les "
    "départements ; elle est dite par la catégorie du chiffre (« reference:2018-2020 »)."
)
HOMES_ONLY_FR = (
    "Logements seulement : pour les autres secteurs, aucune part de chauffage n’est publiée, et leur "
    "consommation reste brute. Le charbon, le froid et les autres énergies n’ont pas de part non plus : "
    "inconnus ici."
)

CLIMATE_INDICATORS = (
    Indicator(
        key="heating_degree_days",
        title_fr="Degrés-jours de chauffage de l’année (base 18 °C, formule Météo)",
        unit="degree_days",
        quantity=Quantity.DEGREE_DAYS,
        aggregation=Aggregation.WEIGHTED_MEAN,
        secrecy=Secrecy.NONE,
        sources=(WEATHER,),
        cautions_fr=(
            "Année civile, jours de la saison de chauffe (1er octobre au 20 mai). Une température par "
            "département, sans l’altitude de la commune. Une année où il manque un jour est inconnue.",
        ),
    ),
    Indicator(
        key="consumption_corrected",
        title_fr="Consommation d’énergie des logements, corrigée du climat",
        unit="kWh",
        quantity=Quantity.ENERGY,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=CONSUMPTION,
        dimensions=("sector", "energy", "category"),
        stated_by=("category",),
        cautions_fr=(CAUTION_FR, REFERENCE_FR, HOMES_ONLY_FR),
    ),
)
