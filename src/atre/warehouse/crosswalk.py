"""Our figures under the names of others: the `cae_*` identifiers of Territoires en transitions.

Only identifiers whose definition was read, and that count what one of our cuts counts. Left out for
want of an equal: `cae_2.c` (heat as a use, not as a network), `cae_2.p` (wood and coal together),
`cae_2.m` and `cae_1.k` (two sectors), `cae_2.r` (energies not identified), `cae_3.a` and `cae_25.a`
(renewable alone, and with heat), `cae_3.aq` (currents without tides), all of heat and injected gas.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from atre.formats.generation import Generation
from atre.formats.territory_figures import Energy, Sector
from atre.warehouse.catalogue import CATALOGUE

REPOSITORY = "https://github.com/incubateur-ademe/territoires-en-transitions"
COMMIT = "5365cbc5801cbdc29a3169dff9ea7ffec7705c81"
FILE = "apps/backend/src/indicateurs/import-indicateurs/samples/import-indicateur-definitions.csv"
SOURCE = f"{REPOSITORY}/blob/{COMMIT}/{FILE}"
# Units of Territoires en transitions, and how many of ours make one.
GWH, MWH, KT, MW = ("GWh", 1e6), ("MWh", 1e3), ("kteq CO2", 1e3), ("MW", 1e3)

NETWORKS_FR = (
    "Nos fichiers de consommation ne donnent souvent que l’électricité, le gaz et les réseaux de "
    "chaleur : sans les produits pétroliers ni le bois, ce chiffre est en dessous de l’indicateur."
)
ELECTRICITY_ONLY_FR = "Électricité seule."
WIND_FR = "Nos registres comptent aussi l’éolien en mer raccordé dans la commune."
WASTE_FR = (
    "Territoires en transitions tient la moitié de l’incinération pour renouvelable ; nos registres "
    "donnent le total."
)

Cut = tuple[str, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """One of their identifiers and the cut of ours that counts the same thing.

    `title_fr`: theirs. A value of ours divided by `ours_in_theirs` is in their `unit`. `caution_fr`:
    what makes the two differ, empty when nothing does.
    """

    cae: str
    title_fr: str
    unit: str
    ours_in_theirs: float
    indicator: str
    sector: str | None = None
    energy: str | None = None
    category: str | None = None
    caution_fr: str = ""

    @property
    def cut(self) -> Cut:
        return self.indicator, self.sector, self.energy, self.category

    def in_theirs(self, value: float | None) -> float | None:
        """A value of ours in their unit; unknown stays unknown.

        >>> BY_CAE["cae_2.e"].in_theirs(12_000_000.0)
        12.0
        """
        return None if value is None else value / self.ours_in_theirs

    def in_ours(self, value: float | None) -> float | None:
        """The way back.

        >>> BY_CAE["cae_2.e"].in_ours(12.0)
        12000000.0
        """
        return None if value is None else value * self.ours_in_theirs


def _of(
    cae: str, title_fr: str, unit: tuple[str, float], indicator: str, caution_fr: str = "",
    **cut: str,
) -> Equivalent:  # fmt: skip
    name, size = unit
    return Equivalent(
        cae=cae,
        title_fr=title_fr,
        unit=name,
        ours_in_theirs=size,
        indicator=indicator,
        caution_fr=caution_fr,
        **cut,
    )


# Identifier of their sectors in consumption and in emissions, and our name of the sector.
_SECTORS = (
    ("cae_2.e", "cae_1.c", Sector.RESIDENTIAL, "résidentiel"),
    ("cae_2.f", "cae_1.d", Sector.TERTIARY, "tertiaire"),
    ("cae_2.g", "cae_1.e", Sector.ROAD_TRANSPORT, "transport routier"),
    ("cae_2.h", "cae_1.f", Sector.OTHER_TRANSPORT, "autres transports"),
    ("cae_2.i", "cae_1.g", Sector.AGRICULTURE, "agriculture"),
    ("cae_2.j", "cae_1.h", Sector.WASTE, "déchets"),
    ("cae_2.k", "cae_1.i", Sector.INDUSTRY, "industrie hors branche énergie"),
    ("cae_2.l_pcaet", "cae_1.j", Sector.ENERGY, "industrie branche énergie"),
)
_CONSUMED, _EMITTED = "Consommation énergétique", "Émissions de gaz à effet de serre"
_PRODUCED = "Production d’énergie renouvelable - Électrique"

EQUIVALENTS: tuple[Equivalent, ...] = (
    _of("cae_2.a", f"{_CONSUMED} finale", GWH, "consumption", NETWORKS_FR),
    *(
        _of(theirs, f"{_CONSUMED} - {name}", GWH, "consumption", NETWORKS_FR, sector=ours)
        for theirs, _, ours, name in _SECTORS
    ),
    _of("cae_2.d", f"{_CONSUMED} - électricité", GWH, "consumption", energy=Energy.ELECTRICITY),
    _of("cae_2.n", f"{_CONSUMED} - gaz", GWH, "consumption", energy=Energy.GAS),
    _of("cae_1.a", _EMITTED, KT, "emissions"),
    *(
        _of(theirs, f"{_EMITTED} - {name}", KT, "emissions", sector=ours)
        for _, theirs, ours, name in _SECTORS
    ),
    *(
        _of(theirs, f"{_PRODUCED} - {name}", MWH, "production", caution, category=ours)
        for theirs, ours, name, caution in (
            ("cae_3.aa", Generation.BIOGAS, "Méthanisation", ELECTRICITY_ONLY_FR),
            ("cae_3.ab", Generation.WOOD, "Biomasse solide", ELECTRICITY_ONLY_FR),
            ("cae_3.ac", Generation.SOLAR, "Solaire photovoltaïque", ""),
            ("cae_3.ad", Generation.WIND, "Éolien terrestre", WIND_FR),
            ("cae_3.ae", Generation.WASTE, "Incinération des déchets", WASTE_FR),
        )
    ),
    _of(
        "crte_3.2", "Production annuelle d’énergie hydroélectrique (ou hydraulique) du territoire",
        MWH, "production", category=Generation.HYDRO,
    ),
    _of(
        "cae_26.aa", "Puissance photovoltaïque installée - Photovoltaïque", MW, "installed_power",
        category=Generation.SOLAR,
    ),
    _of(
        "cae_26.ab", "Puissance photovoltaïque installée - Thermodynamique", MW, "installed_power",
        category=Generation.SOLAR_THERMODYNAMIC,
    ),
)  # fmt: skip

BY_CAE: Mapping[str, Equivalent] = MappingProxyType({one.cae: one for one in EQUIVALENTS})
BY_CUT: Mapping[Cut, Equivalent] = MappingProxyType({one.cut: one for one in EQUIVALENTS})


def equivalent_of(
    indicator: str,
    *,
    sector: str | None = None,
    energy: str | None = None,
    category: str | None = None,
) -> Equivalent | None:
    """What they call a cut of ours, None where they count no such thing.

    >>> equivalent_of("consumption", sector="residential").cae
    'cae_2.e'
    >>> equivalent_of("consumption", sector="residential", energy="gas") is None
    True
    """
    return BY_CUT.get((indicator, sector, energy, category))


def of_indicator(key: str) -> tuple[Equivalent, ...]:
    """Every equivalent of an indicator, its total first. Empty for an indicator they do not have.

    >>> [one.cae for one in of_indicator("installed_power")]
    ['cae_26.aa', 'cae_26.ab']
    >>> of_indicator("degree_days")
    ()
    """
    assert key in CATALOGUE, key
    return tuple(one for one in EQUIVALENTS if one.indicator == key)
