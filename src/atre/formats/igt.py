"""ADEME's greenhouse gas inventory by commune (IGT, « pouvoir de réchauffement global »): tonnes of
CO2 equivalent by sector. A model shares out national totals: several sectors are constant ratios of
population or of jobs, and the file says neither its year nor its commune list."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import BinaryIO

from atre.formats.figure_cells import Measured
from atre.formats.reading import Format, Part
from atre.formats.territory_figures import Level, Sector, Status
from atre.formats.text_files import WarningTally, plain
from atre.formats.wide_figures import BLANK_FR, WideTable, is_wide, wide_parts


class EmissionCategory(StrEnum):
    """What a territory's total leaves out."""

    INTERNATIONAL = "international_transport"
    BIOMASS = "biomass_co2_outside_total"


UNIT = "tCO2e"
# Title without accents: sector, category.
TITLES: dict[str, tuple[Sector | None, EmissionCategory | None]] = {
    "agriculture": (Sector.AGRICULTURE, None),
    "autres transports": (Sector.OTHER_TRANSPORT, None),
    "autres transports international": (Sector.OTHER_TRANSPORT, EmissionCategory.INTERNATIONAL),
    "co2 biomasse hors-total": (None, EmissionCategory.BIOMASS),
    "dechets": (Sector.WASTE, None),
    "energie": (Sector.ENERGY, None),
    "industrie hors-energie": (Sector.INDUSTRY, None),
    "residentiel": (Sector.RESIDENTIAL, None),
    "routier": (Sector.ROAD_TRANSPORT, None),
    "tertiaire": (Sector.TERTIARY, None),
}
NEEDED = frozenset({"residentiel", "routier", "industrie hors-energie"})
TERRITORY = "insee commune"
NAME = "commune"
# Constant ratios from one commune to the next: shares of a total, that no local action moves.
ALLOCATED = frozenset({Sector.INDUSTRY, Sector.TERTIARY, Sector.WASTE, Sector.ENERGY})

UNKNOWN_FR = (
    "Les titres ne sont pas ceux de l’inventaire de gaz à effet de serre de l’ADEME (INSEE commune, "
    "Agriculture, Résidentiel, Routier…)."
)
ALLOCATION_FR = (
    "Industrie, tertiaire, déchets et énergie sont des répartitions d’un total (population, emplois), "
    "pas des mesures : à ne pas prendre pour suivre une action locale."
)
NO_YEAR_FR = (
    "Le fichier ne dit pas son année (l’inventaire publié est d’environ 2016, avec les communes "
    "d’alors) : à préciser à l’import."
)
OUTSIDE_FR = (
    "Transports internationaux et CO2 de la biomasse sont hors du total d’un territoire : ils ont leur "
    "catégorie, à ne pas additionner au reste."
)


def _table(titles: Sequence[str]) -> WideTable | None:
    bare = [plain(title) for title in titles]
    if TERRITORY not in bare or not set(bare) >= NEEDED:
        return None
    columns = {}
    for place, title in enumerate(bare):
        if title in TITLES:
            sector, category = TITLES[title]
            columns[place] = Measured(
                measure="emissions", unit=UNIT, sector=sector, category=category
            )
    names = tuple(place for place, title in enumerate(bare) if title == NAME)
    return WideTable(
        level=Level.COMMUNE,
        territory=bare.index(TERRITORY),
        columns=columns,
        marks={"": Status.MISSING},
        watched=names,
        mark_sentences={Status.MISSING: BLANK_FR},
    )


def _is_igt(head: bytes) -> bool:
    return is_wide(head, _table)


def read_igt(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES`, measure `emissions` (tCO2e), by sector, year null: the file has none.

    Raises UnreadableFile for other titles and for a file without lines. Source: ADEME, IGT.

    >>> import io
    >>> text = "INSEE commune,Commune,Industrie hors-énergie,Résidentiel,Routier\\n83002,X,6.9,113.4,\\n"
    >>> first, _ = read_igt(io.BytesIO(text.encode()))
    >>> first.rows.select(["sector", "value", "status"]).to_pylist()[1:]
    [{'sector': 'residential', 'value': 113.4, 'status': 'published'}, {'sector': 'road_transport', 'value': None, 'status': 'missing'}]
    """
    tally = WarningTally()
    for sentence in (ALLOCATION_FR, NO_YEAR_FR, OUTSIDE_FR):
        tally.add(sentence)
    yield from wide_parts(stream, _table, tally, unknown_fr=UNKNOWN_FR)


FORMATS: tuple[Format, ...] = (
    Format(
        key="igt",
        title_fr="émissions de gaz à effet de serre par commune de l’ADEME, IGT (CSV)",
        recognises=_is_igt,
        read=read_igt,
    ),
)
