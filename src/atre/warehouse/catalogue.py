"""The indicators we have: what each counts, from whom, how it adds up, and what to beware of."""

from types import MappingProxyType

from atre.warehouse.indicators import Aggregation, Indicator, Quantity, Secrecy

ORE, SDES, MAPPED = "ore_consumption", "sdes_consumption", "mapped_columns"
REGISTER, ENEDIS_COMMUNES = "odre_production_register", "enedis_production_communes"
FILOSOFI = ("filosofi_commune", "filosofi_iris")
CENSUS, POPULATIONS, DEGREE_DAYS = "installed_census", "installed_populations", "installed_climate"
IGT, DPE, BASE_LOGEMENT = "ademe_igt", "ademe_dpe", "insee_base_logement"
MODEL, CASES = "model_energy_poverty", "platform_cases"

ALLOCATED_FR = (
    "Industrie, tertiaire, déchets et énergie de l’inventaire territorial sont répartis d’après des "
    "clés nationales (emplois, habitants) : ils ne mesurent pas une action locale."
)
BREAK_2018_FR = (
    "Les secteurs changent de définition en 2018 : les petits professionnels forment une catégorie à "
    "part. Ne comparez pas avant et après."
)
GAS_FR = "Gaz publié en PCS, montré en PCI (÷ 1,111) comme le demande un PCAET."
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
        default_categories=("all",),
    ),
    Indicator(
        key="degree_days",
        title_fr="Degrés-jours de chauffage conventionnels",
        unit="degree_days",
        quantity=Quantity.DEGREE_DAYS,
        aggregation=Aggregation.WEIGHTED_MEAN,
        weight="population",
        weight_categories=("municipal",),
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
        sources=(ORE, SDES, MAPPED),
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
        sources=(ORE, SDES),
        dimensions=("sector", "energy"),
    ),
    Indicator(
        key="production",
        title_fr="Production d’électricité renouvelable et autre",
        unit="kWh",
        quantity=Quantity.ENERGY,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(REGISTER, ENEDIS_COMMUNES, MAPPED),
        dimensions=("category",),
    ),
    Indicator(
        key="installed_power",
        title_fr="Puissance installée",
        unit="kW",
        quantity=Quantity.POWER,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(REGISTER, ENEDIS_COMMUNES),
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
        dimensions=("sector",),
        cautions_fr=(ALLOCATED_FR,),
        bars_follow_up=("industry", "tertiary", "waste", "energy"),
    ),
    Indicator(
        key="median_income",
        title_fr="Niveau de vie médian",
        unit="EUR/UC/year",
        quantity=Quantity.MONEY,
        aggregation=Aggregation.NEVER,
        secrecy=Secrecy.PUBLISHER,
        sources=FILOSOFI,
        cautions_fr=(NO_MEDIAN_FR,),
    ),
    Indicator(
        key="poverty_rate",
        title_fr="Taux de pauvreté à 60 %",
        unit="%",
        quantity=Quantity.SHARE,
        aggregation=Aggregation.NEVER,
        secrecy=Secrecy.PUBLISHER,
        sources=FILOSOFI,
        cautions_fr=("L’Insee ne le publie que pour les communes les plus peuplées.",),
    ),
    Indicator(
        key="tax_households",
        title_fr="Ménages fiscaux",
        unit="households",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=FILOSOFI,
    ),
    Indicator(
        key="dpe_count",
        title_fr="Diagnostics de performance énergétique",
        unit="dpe",
        quantity=Quantity.COUNT,
        aggregation=Aggregation.SUM,
        secrecy=Secrecy.PUBLISHER,
        sources=(DPE,),
        dimensions=("category",),
        default_categories=tuple(f"dpe:{letter}" for letter in "ABCDEFG"),
        cautions_fr=(
            "Diagnostics enregistrés depuis juillet 2021 : des logements vendus ou loués, non tout le parc.",
        ),
    ),
)

CATALOGUE = MappingProxyType({indicator.key: indicator for indicator in _ALL})


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
