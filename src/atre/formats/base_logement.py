"""INSEE's census tables of dwellings: `base-cc-logement-AAAA.CSV` by commune and
`base-ic-logement-AAAA.CSV` by IRIS. The table by commune holds three censuses: each figure takes
the year of its own column.

Two measures, because they have two totals: `dwellings` (all of them, by occupancy and type) and
`main_dwellings` (main residences only, by period, tenure, size, type and heating). A category's
family comes before the colon: two families are never added to each other.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import BinaryIO

from atre.formats.figure_cells import Measured, full_year
from atre.formats.reading import Format, Part
from atre.formats.territory_figures import Energy, Level, Status
from atre.formats.text_files import WarningTally
from atre.formats.wide_figures import BLANK_FR, SECRET_FR, WideTable, is_wide, wide_parts

UNIT = "dwellings"


class DwellingCategory(StrEnum):
    """How dwellings are cut, in our words; what follows the colon is one class of its family."""

    OCCUPANCY_MAIN = "occupancy:main"
    OCCUPANCY_SECONDARY = "occupancy:secondary"
    OCCUPANCY_VACANT = "occupancy:vacant"
    TYPE_HOUSE = "type:house"
    TYPE_FLAT = "type:flat"
    PERIOD_KNOWN = "period:known"  # the sum of the classes: what was finished some years before
    PERIOD_BEFORE_1919 = "period:before_1919"
    PERIOD_1919_1945 = "period:1919_1945"
    PERIOD_1946_1970 = "period:1946_1970"
    PERIOD_1971_1990 = "period:1971_1990"
    PERIOD_1991_2005 = "period:1991_2005"
    PERIOD_SINCE_2006 = "period:since_2006"
    # The three classes of the census of 2011 and before.
    OLD_PERIOD_BEFORE_1946 = "old_period:before_1946"
    OLD_PERIOD_1946_1990 = "old_period:1946_1990"
    OLD_PERIOD_SINCE_1991 = "old_period:since_1991"
    TENURE_OWNER = "tenure:owner"
    TENURE_TENANT = "tenure:tenant"
    # Already among the tenants: « dont HLM loué vide ».
    AMONG_TENANTS_SOCIAL = "among_tenants:social"
    TENURE_FREE = "tenure:free"
    AREA_UNDER_30_M2 = "area:under_30_m2"
    AREA_30_40_M2 = "area:30_40_m2"
    AREA_40_60_M2 = "area:40_60_m2"
    AREA_60_80_M2 = "area:60_80_m2"
    AREA_80_100_M2 = "area:80_100_m2"
    AREA_100_120_M2 = "area:100_120_m2"
    AREA_120_M2_AND_OVER = "area:120_m2_and_over"
    # Main fuel of heating: `energy` says which.
    HEATING_FUEL = "heating:fuel"
    HEATING_CENTRAL_COLLECTIVE = "heating_system:central_collective"
    HEATING_CENTRAL_INDIVIDUAL = "heating_system:central_individual"
    HEATING_ELECTRIC_INDIVIDUAL = "heating_system:electric_individual"


_C = DwellingCategory
# Title without its prefix « P21_ » or « C21_ ».
DWELLINGS: dict[str, DwellingCategory | None] = {
    "LOG": None,
    "RP": _C.OCCUPANCY_MAIN,
    "RSECOCC": _C.OCCUPANCY_SECONDARY,
    "LOGVAC": _C.OCCUPANCY_VACANT,
    "MAISON": _C.TYPE_HOUSE,
    "APPART": _C.TYPE_FLAT,
}
MAIN_DWELLINGS: dict[str, DwellingCategory] = {
    "RPMAISON": _C.TYPE_HOUSE,
    "RPAPPART": _C.TYPE_FLAT,
    "RP_ACHTOT": _C.PERIOD_KNOWN,
    "RP_ACHT1": _C.OLD_PERIOD_BEFORE_1946,
    "RP_ACHT2": _C.OLD_PERIOD_1946_1990,
    "RP_ACHT3": _C.OLD_PERIOD_SINCE_1991,
    "RP_PROP": _C.TENURE_OWNER,
    "RP_LOC": _C.TENURE_TENANT,
    "RP_LOCHLMV": _C.AMONG_TENANTS_SOCIAL,
    "RP_GRAT": _C.TENURE_FREE,
    "RP_M30M2": _C.AREA_UNDER_30_M2,
    "RP_3040M2": _C.AREA_30_40_M2,
    "RP_4060M2": _C.AREA_40_60_M2,
    "RP_6080M2": _C.AREA_60_80_M2,
    "RP_80100M2": _C.AREA_80_100_M2,
    "RP_100120M2": _C.AREA_100_120_M2,
    "RP_120M2P": _C.AREA_120_M2_AND_OVER,
    "RP_CCCOLL": _C.HEATING_CENTRAL_COLLECTIVE,
    "RP_CCIND": _C.HEATING_CENTRAL_INDIVIDUAL,
    "RP_CINDELEC": _C.HEATING_ELECTRIC_INDIVIDUAL,
}
HEATING: dict[str, Energy] = {
    "RP_CGAZV": Energy.GAS,
    "RP_CFIOUL": Energy.OIL,
    "RP_CELEC": Energy.ELECTRICITY,
    "RP_CGAZB": Energy.LPG,  # in bottles or in a tank
    "RP_CAUT": Energy.OTHER,  # wood and heat networks, mostly
}
# The last year of a class ends its title, with two digits until the census of 2021.
PERIODS: dict[str, DwellingCategory] = {
    "1919": _C.PERIOD_BEFORE_1919,
    "1945": _C.PERIOD_1919_1945,
    "1970": _C.PERIOD_1946_1970,
    "1990": _C.PERIOD_1971_1990,
    "2005": _C.PERIOD_1991_2005,
}
TERRITORIES: dict[str, Level] = {"CODGEO": Level.COMMUNE, "IRIS": Level.IRIS}
# By IRIS, these say where the IRIS is: nothing is lost with them.
PLACES = frozenset({"COM", "TYP_IRIS", "LAB_IRIS", "LIBIRIS", "LIBCOM", "REG", "DEP", "LIBGEO"})
MARKS: dict[str, Status] = {
    "": Status.MISSING,
    "s": Status.SECRET,
    "nd": Status.MISSING,
    "n/a": Status.MISSING,
}
_TITLE = re.compile(r"[PC](?P<year>\d{2})_(?P<name>[A-Z0-9_]+)")
_PERIOD = re.compile(r"RP_ACH(?P<until>\d{2}|\d{4})")

UNKNOWN_FR = "Les titres ne sont pas ceux d’une base logement de l’INSEE (CODGEO ou IRIS, puis P21_LOG, P21_RP…)."
SAMPLE_FR = (
    "Recensement : les logements viennent d’un sondage et d’un calage, leurs nombres ne sont pas des "
    "entiers. Sous 200 logements, l’INSEE demande de les lire avec précaution."
)


def _period(name: str) -> DwellingCategory | None:
    found = _PERIOD.fullmatch(name)
    if found is None:
        return None
    until = found["until"]
    if len(until) == 2:
        # 19, 45, 70 and 90 end the classes of the last century; 05 and beyond are of this one. The
        # class that ends in 2019 has four digits.
        until = f"19{until}" if f"19{until}" in PERIODS else f"20{until}"
    if until in PERIODS:
        return PERIODS[until]
    return _C.PERIOD_SINCE_2006 if int(until) > 2005 else None


def _measured(title: str) -> Measured | None:
    found = _TITLE.fullmatch(title)
    if found is None:
        return None
    name, year = found["name"], full_year(found["year"])
    if name in DWELLINGS:
        return Measured(measure="dwellings", unit=UNIT, year=year, category=DWELLINGS[name])
    energy = HEATING.get(name)
    category = _C.HEATING_FUEL if energy else MAIN_DWELLINGS.get(name) or _period(name)
    if category is None:
        return None
    return Measured(
        measure="main_dwellings", unit=UNIT, year=year, energy=energy, category=category
    )


def _table(titles: Sequence[str]) -> WideTable | None:
    upper = [title.strip().upper() for title in titles]
    at = next((place for place, title in enumerate(upper) if title in TERRITORIES), None)
    if at is None:
        return None
    found = {place: _measured(title) for place, title in enumerate(upper)}
    columns = {place: measured for place, measured in found.items() if measured}
    if not any(each.measure == "dwellings" and not each.category for each in columns.values()):
        return None
    return WideTable(
        level=TERRITORIES[upper[at]],
        territory=at,
        columns=columns,
        marks=MARKS,
        watched=tuple(place for place, title in enumerate(upper) if title in PLACES),
        mark_sentences={Status.SECRET: SECRET_FR, Status.MISSING: BLANK_FR},
    )


def _is_base_logement(head: bytes) -> bool:
    return is_wide(head, _table)


def read_base_logement(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES`: `dwellings` and `main_dwellings`, with a category of `DwellingCategory`,
    at the level of the file; one year a column.

    Raises UnreadableFile for other titles and for a file without lines. Source: INSEE, census,
    complementary exploitation for titles in « C ».

    >>> import io
    >>> text = b"CODGEO;P21_LOG;P21_RP_ACH45;P10_LOG;P21_RP_CELEC\\n1004;7331.5;412,2;6800;2001\\n"
    >>> first, _ = read_base_logement(io.BytesIO(text))
    >>> for row in first.rows.to_pylist():
    ...     print(row["territory"], row["year"], row["category"], row["energy"], row["value"])
    01004 2021 None None 7331.5
    01004 2021 period:1919_1945 None 412.2
    01004 2010 None None 6800.0
    01004 2021 heating:fuel electricity 2001.0
    """
    tally = WarningTally()
    tally.add(SAMPLE_FR)
    yield from wide_parts(stream, _table, tally, unknown_fr=UNKNOWN_FR)


FORMATS: tuple[Format, ...] = (
    Format(
        key="base_logement",
        title_fr="logements du recensement de l’INSEE, par commune ou par IRIS (base-cc-logement, base-ic-logement, CSV)",
        recognises=_is_base_logement,
        read=read_base_logement,
    ),
)
