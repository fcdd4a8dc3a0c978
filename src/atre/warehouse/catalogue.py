"""The indicators we have: what each counts, from whom, how it adds up, and what to beware of."""

from types import MappingProxyType

from atre.calc.poverty.territory import CAUTION_FR
from atre.warehouse.catalogue_climate import CLIMATE_INDICATORS
from atre.warehouse.catalogue_insee import INSEE_INDICATORS
from atre.warehouse.indicators import WHOLE, Aggregation, Indicator, Quantity, Secrecy
from atre.warehouse.source_keys import CONSUMPTION, MAPPED, ORE, SDES

# Keys of the formats that feed an indicator, and of what is installed or computed here.
PRODUCTION = (
    "odre_production_register",
    "enedis_production_communes",
    "production_register_indicators",
)
FILOSOFI, IGT, BASE_LOGEMENT = "filosofi", "igt", "base_logement"
DPE = ("dpe_rows", "dpe_counted")
CENSUS, POPULATIONS, DEGREE_DAYS = "installed_census", "installed_populations", "installed_climate"
MODEL = "model_energy_poverty"
CASES = "platform_cases"

ALLOCATED_FR = (
    "Industrie, tertiaire, déchets et énergie de l’inventaire territorial sont répartis d’après des "
    "clés nationales (emplois, habitants) : ils ne mesurent pas une action locale."
)
BREAK_2018_FR = (
    "Les secteurs changent de définition en 2018 : les petits professionnels forment une catégorie à "
    "part. Ne comparez pas avant et après."
)
GAS_FR = "Gaz publié en PCS, montré en PCI (÷ 1,111) comme le demande un PCAET."
FEW_CASES_FR = (
    "Une commune où moins de ménages que le seuil du secret ont ouvert un dossier dans l’année est "
    "masquée, zéro compris, et parfois une autre avec elle, pour que les totaux ne la donnent pas. Mois "
    "entiers seulement, pour cette agence seule."
)
NO_MEDIAN_FR = (
    "Une médiane de plusieurs communes ne se calcule pas à partir de leurs médianes : elles sont "
    "données une à une."
)

_ALL = (
    Indicator(
        key="population",
        title_fr="Population légale",
        unit="persons",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.NONE,
        sources=(POPULATIONS,),
        dimensions=("category",),
        default_categories=("municipal",),
        cautions_fr=("Populations municipale et totale, et leurs années, ne se comparent pas.",),
    ),
    Indicator(
        key="dwellings",
        title_fr="Logements",
        unit="dwellings",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(CENSUS, BASE_LOGEMENT),
        dimensions=("category",),
        default_categories=(WHOLE,),
    ),
    Indicator(
        key="degree_days",
        title_fr="Degrés-jours de chauffage conventionnels",
        unit="degree_days",
        quantity=Quantity.DEGREE_DAYS,
        aggregation=Aggregation.WEIGHTED_MEAN,
        secrecy=Secrecy.NONE,
        sources=(DEGREE_DAYS,),
        cautions_fr=("Une valeur par département, sans l’altitude de la commune.",),
    ),
    Indicator(
        key="consumption",
        title_fr="Consommation d’énergie",
        unit="kWh",
        quantity=Quantity.ENERGY,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=CONSUMPTION,
        dimensions=("sector", "energy"),
        cautions_fr=(GAS_FR, BREAK_2018_FR),
    ),
    Indicator(
        key="sites",
        title_fr="Points de livraison",
        unit="sites",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(*ORE, *SDES),
        dimensions=("sector", "energy"),
    ),
    Indicator(
        key="production",
        title_fr="Production d’électricité renouvelable et autre",
        unit="kWh",
        quantity=Quantity.ENERGY,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(*PRODUCTION, MAPPED),
        dimensions=("category",),
    ),
    Indicator(
        key="installed_power",
        title_fr="Puissance installée",
        unit="kW",
        quantity=Quantity.POWER,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=PRODUCTION,
        dimensions=("category",),
    ),
    Indicator(
        key="installations",
        title_fr="Installations de production d’électricité",
        unit="installations",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=PRODUCTION,
        dimensions=("category",),
    ),
    Indicator(
        key="emissions",
        title_fr="Émissions de gaz à effet de serre (inventaire)",
        unit="tCO2e",
        quantity=Quantity.EMISSIONS,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(IGT, MAPPED),
        dimensions=("sector", "category"),
        default_categories=(WHOLE,),
        cautions_fr=(ALLOCATED_FR,),
        bars_follow_up=("industry", "tertiary", "waste", "energy"),
    ),
    Indicator(
        key="pollutant_emissions",
        title_fr="Émissions de polluants de l’air",
        unit="t",
        quantity=Quantity.EMISSIONS,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(MAPPED,),
        dimensions=("sector", "energy", "category"),
        # A tonne of one pollutant and a tonne of another make nothing: each is asked by its name.
        default_categories=(WHOLE,),
        cautions_fr=("Un polluant ne s’ajoute pas à un autre : demandez-les par catégorie.",),
    ),
    Indicator(
        key="median_income",
        title_fr="Niveau de vie médian",
        unit="EUR/UC/year",
        quantity=Quantity.MONEY,
        aggregation=Aggregation.NEVER,
        secrecy=Secrecy.PUBLISHER,
        sources=(FILOSOFI,),
        dimensions=("category",),
        default_categories=(WHOLE,),
        cautions_fr=(NO_MEDIAN_FR,),
    ),
    Indicator(
        key="poverty_rate",
        title_fr="Taux de pauvreté à 60 %",
        unit="%",
        quantity=Quantity.SHARE,
        aggregation=Aggregation.NEVER,
        secrecy=Secrecy.PUBLISHER,
        sources=(FILOSOFI,),
        dimensions=("category",),
        default_categories=(WHOLE,),
        cautions_fr=("L’Insee ne le publie que pour les communes les plus peuplées.",),
    ),
    Indicator(
        key="tax_households",
        title_fr="Ménages fiscaux",
        unit="households",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(FILOSOFI,),
    ),
    Indicator(
        key="dpe_count",
        title_fr="Diagnostics de performance énergétique",
        unit="dpe",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=DPE,
        dimensions=("category",),
        default_categories=(WHOLE,),
        cautions_fr=(
            "Diagnostics enregistrés depuis juillet 2021 : des logements vendus ou loués, non tout le parc.",
        ),
    ),
    Indicator(
        key="consumption_emissions",
        title_fr="Émissions de l’énergie consommée",
        unit="tCO2e",
        quantity=Quantity.EMISSIONS,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=CONSUMPTION,
        dimensions=("sector", "energy"),
        cautions_fr=(
            "Consommation en PCI × facteur de la Base Empreinte de l’année (combustion et amont). Sans "
            "facteur publié pour l’année, pas de chiffre.",
        ),
    ),
    Indicator(
        key="energy_poverty_share",
        title_fr="Part des ménages en précarité énergétique (estimation, TEE 8 %)",
        unit="%",
        quantity=Quantity.SHARE,
        aggregation=Aggregation.WEIGHTED_MEAN,
        secrecy=Secrecy.PUBLISHER,
        sources=(MODEL,),
        dimensions=("category",),
        default_categories=("tee",),
        cautions_fr=(CAUTION_FR,),
    ),
    Indicator(
        key="energy_poverty_households",
        title_fr="Ménages en précarité énergétique (estimation, TEE 8 %)",
        unit="households",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(MODEL,),
        dimensions=("category",),
        default_categories=("tee",),
        cautions_fr=(CAUTION_FR,),
    ),
    Indicator(
        key="cases_opened",
        title_fr="Dossiers ouverts dans la plateforme",
        unit="cases",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.HOUSEHOLDS,
        sources=(CASES,),
        dimensions=("category",),
        default_categories=(WHOLE,),
        cautions_fr=(FEW_CASES_FR,),
    ),
)

CATALOGUE = MappingProxyType(
    {one.key: one for one in (*_ALL, *CLIMATE_INDICATORS, *INSEE_INDICATORS)}
)


class UnknownIndicator(LookupError):
    """An indicator that the catalogue does not have; `message_fr` lists those it has."""

    def __init__(self, key: str) -> None:
        self.message_fr = (
            f"« {key} » n’est pas un indicateur. Ceux que l’on a : {', '.join(CATALOGUE)}."
        )
        super().__init__(self.message_fr)


def indicator(key: str) -> Indicator:
    """One indicator. Raises UnknownIndicator."""
    try:
        return CATALOGUE[key]
    except KeyError:
        raise UnknownIndicator(key) from None
