"""Which rows of the tables a question reads.

What is asked goes in small tables joined by equality: the engine then reads, of each file, only the
blocks whose least and greatest values allow an answer.
"""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from atre.formats.territory_figures import Level
from atre.warehouse.engine import Table
from atre.warehouse.indicators import DIMENSIONS, WHOLE, Indicator
from atre.warehouse.territories import PUBLISHED_LEVELS, Territory

COUNTRY_CODE = "FR"
Given = Mapping[str, pa.Table]
Asked = Mapping[str, Table]


def asked_territory(territory: Territory) -> Given:
    """The communes of a territory, and itself where publishers give its own totals. A table
    `asked_territories`."""
    codes, levels = list(territory.communes), [Level.COMMUNE.value] * len(territory.communes)
    own = PUBLISHED_LEVELS.get(territory.kind)
    if own is not None:
        codes.append(territory.code or COUNTRY_CODE)
        levels.append(own.value)
    columns = {
        "asked_code": pa.array(codes, pa.string()),
        "asked_level": pa.array(levels, pa.string()),
    }
    return {"asked_territories": pa.table(columns)}


def asked_indicators(indicators: Sequence[Indicator], by: Sequence[str]) -> Given:
    """Indicators, with the categories to count: those that overlap are not added up. A table
    `asked_indicators`."""
    pairs: list[tuple[str, str | None]] = []
    for one in indicators:
        wanted = () if "category" in by else one.default_categories
        pairs += [(one.key, category) for category in wanted or (None,)]
    keys, only = [key for key, _ in pairs], [only for _, only in pairs]
    table = {"asked_key": pa.array(keys, pa.string()), "asked_only": pa.array(only, pa.string())}
    return {"asked_indicators": pa.table(table)}


def asked_cut(year: int | None, cut: Mapping[str, str]) -> Given:
    """A year and the sector, energy or category wanted, null where they are not. A table
    `asked_cut`."""
    columns = {
        "asked_year": pa.array([year], pa.int16()),
        **{f"asked_{name}": pa.array([cut.get(name)], pa.string()) for name in DIMENSIONS},
    }
    return {"asked_cut": pa.table(columns)}


def of_territory(rows: Table, asked: Asked) -> Table:
    """The rows of marts of the territory asked."""
    wanted = asked["asked_territories"]
    return rows.semi_join(
        wanted, [rows.territory == wanted.asked_code, rows.level == wanted.asked_level]
    )


def of_indicators(rows: Table, asked: Asked, *, named: str = "indicator") -> Table:
    """The rows of the indicators asked, of the categories that count. `named`: the column that says
    the indicator."""
    wanted = asked["asked_indicators"]
    rows = rows.join(wanted, rows[named] == wanted.asked_key)
    counts = rows.asked_only.isnull() | (rows.asked_only == rows.category.fill_null(WHOLE))
    return rows.filter(counts).drop("asked_key", "asked_only")


def named_of(cut: Mapping[str, str], *, dated: bool) -> tuple[str, ...]:
    """The columns that a question wants one value of: a part of the question's key."""
    return (*(("year",) if dated else ()), *(name for name in DIMENSIONS if cut.get(name)))


def of_cut(rows: Table, asked: Asked, named: Sequence[str]) -> Table:
    """The rows that have the asked value in each of the columns `named`."""
    wanted = asked["asked_cut"]
    if not named:
        return rows
    return rows.semi_join(wanted, [rows[name] == wanted[f"asked_{name}"] for name in named])
