"""The figures of a territory, from the marts: one question whatever the indicators and the years.

Callers outside the warehouse ask through `gate.py`, which applies each indicator's secrecy.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from atre.formats.territory_figures import Level
from atre.warehouse import engine as e
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import DIMENSIONS, Aggregation, Flag, Indicator
from atre.warehouse.reading import asked_indicators, asked_territory, of_indicators, of_territory
from atre.warehouse.served import served, tables_of
from atre.warehouse.staging.geography import GEOGRAPHY_YEAR
from atre.warehouse.territories import Territory

PCS = "pcs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. `value` is null when nothing is known; it is what is known of the sum when
    `secret_share` is above zero, and `lower` and `upper` bound the whole when something does.

    secret_share: secret cells among the published cells added up, 0 to 1. known, territories: how
    many communes of the perimeter have a figure, of how many. as_published: whether the producer
    gives this total itself, instead of our sum of its communes. geography_year: of the communes it
    is made of. reason_fr: why it is unknown, in whole or in part, where that can be said.
    """

    indicator: str
    territory: str
    year: int | None
    sector: str | None
    energy: str | None
    category: str | None
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    flag: Flag
    secret_share: float
    known: int
    territories: int
    source: str
    as_published: bool
    geography_year: int = GEOGRAPHY_YEAR
    reason_fr: str | None = None


def figures(
    engine: Engine,
    folders: Folders,
    edition: Edition,
    *,
    indicators: Sequence[Indicator],
    territory: Territory,
    years: Sequence[int] | None = None,
    by: Sequence[str] = (),
    basis: str = "pci",
) -> list[Figure]:
    """The figures of a perimeter, a row an indicator, year and cutting, in the order asked; of each
    year, those of the preferred source.

    `years`: None for all there are. `by`: what an indicator is not cut by is added up. `basis`: gas
    in « pci » or « pcs ».
    """
    keys = [one.key for one in indicators]
    given = {**asked_territory(territory), **asked_indicators(indicators, by)}
    stated = stated_by_category(indicators, by)

    def ask(asked: Mapping[str, Table]) -> Table:
        narrow = partial(of_territory, asked=asked)
        rows = served(engine, folders, edition, keys, narrow=narrow)
        is_grain = set(DIMENSIONS) <= set(by)
        return summed(of_indicators(rows, asked), by, basis, stated, is_grain=is_grain)

    key = ("figures", edition.key, tables_of(keys), tuple(by), basis, stated)
    lines = lines_of(engine.asked(key, given, ask))
    return told(lines, indicators, territory, years)


def lines_of(rows: pa.Table) -> list[dict[str, Any]]:
    """The rows of a table, found column by column: several times as quick as one by one."""
    names, columns = rows.column_names, [column.to_pylist() for column in rows.columns]
    return [dict(zip(names, line, strict=True)) for line in zip(*columns, strict=True)]


def told(
    lines: Iterable[dict[str, Any]],
    indicators: Sequence[Indicator],
    territory: Territory,
    years: Sequence[int] | None,
) -> list[Figure]:
    """Figures of lines of `summed`: the years asked, of each those of the preferred source."""
    found: dict[str, list[Figure]] = defaultdict(list)
    known = {one.key: one for one in indicators}
    for line in lines:
        if years is None or line["year"] in years:
            one = known[line["indicator"]]
            found[one.key].append(_figure(line, one, territory))
    return [figure for one in indicators for figure in _preferred(found[one.key], one)]


def stated_by_category(indicators: Sequence[Indicator], by: Sequence[str]) -> tuple[str, ...]:
    """The indicators whose category is told though it was not asked."""
    if "category" in by:
        return ()
    return tuple(one.key for one in indicators if "category" in one.stated_by)


def summed(
    rows: Table,
    by: Sequence[str],
    basis: str,
    stated: Sequence[str] = (),
    *,
    is_grain: bool = False,
) -> Table:
    """Rows of marts added up by indicator, year, level and cutting. `is_grain`: each territory has
    one row at most in each: to count who is known, counting rows costs less than counting names."""
    rows = rows.mutate(
        shown=rows.value_pcs if basis == PCS else rows.value, scale=_scale(rows, basis)
    )
    hidden = (rows.secret_cells > 0) & rows.upper.isnull()
    keys = ["indicator", "year", "level", "source", "unit", *by]
    if stated:
        told_of = rows.indicator.isin(list(stated))
        rows = rows.mutate(stated=told_of.ifelse(rows.category, e.null("string")))
        keys.append("stated")
    known = (rows.known_cells > 0).ifelse(rows.territory, e.null("string"))
    return rows.group_by(*keys).agg(
        value=rows.shown.sum(),
        values=rows.shown.count(),
        weighted=(rows.shown * rows.weight).sum(),
        weights=rows.shown.notnull().ifelse(rows.weight, e.null("float64")).sum(),
        lower=e.coalesce(rows.lower * rows.scale, rows.shown, 0.0).sum(),
        upper=e.coalesce(rows.upper * rows.scale, rows.shown).sum(),
        weighted_lower=(e.coalesce(rows.lower, rows.shown) * rows.weight).sum(),
        weighted_upper=(e.coalesce(rows.upper, rows.shown) * rows.weight).sum(),
        unbounded=hidden.ifelse(1, 0).sum(),
        bounded=rows.upper.count(),
        cells=rows.cells.sum(),
        known_cells=rows.known_cells.sum(),
        secret_cells=rows.secret_cells.sum(),
        estimated=(rows.flag == Flag.ESTIMATED.value).ifelse(1, 0).sum(),
        reconstructed=(rows.flag == Flag.RECONSTRUCTED.value).ifelse(1, 0).sum(),
        known=known.count() if is_grain else known.nunique(),
    )


def _scale(rows: Table, basis: str) -> e.Column:
    """Bounds are kept in our calorific value: the ratio of the row brings them to the file's."""
    if basis != PCS:
        return e.literal(1.0)
    return e.coalesce(rows.value_pcs / rows.value.nullif(0.0), 1.0)


def _figure(line: dict[str, Any], indicator: Indicator, territory: Territory) -> Figure:
    cells, secret = line["cells"] or 0, line["secret_cells"] or 0
    is_whole = line["level"] != Level.COMMUNE
    value, lower, upper = _aggregated(line, indicator.aggregation)
    is_bounded = bool(line["bounded"]) and not line["unbounded"]
    return Figure(
        indicator=indicator.key,
        territory=territory.key,
        year=line["year"],
        sector=line.get("sector"),
        energy=line.get("energy"),
        category=line.get("category") or line.get("stated"),
        value=value,
        lower=lower if is_bounded else None,
        upper=upper if is_bounded else None,
        unit=line["unit"],
        flag=_flag(line),
        secret_share=secret / cells if cells else 0.0,
        known=line["known"],
        territories=1 if is_whole else len(territory.communes),
        source=line["source"],
        as_published=is_whole,
    )


def _aggregated(
    line: dict[str, Any], aggregation: Aggregation
) -> tuple[float | None, float | None, float | None]:
    """The value of several communes and its bounds; nothing where they do not make one."""
    if line["values"] == 1 or aggregation is Aggregation.SUM:
        return line["value"], line["lower"], line["upper"]
    weights = line["weights"]
    if aggregation is Aggregation.WEIGHTED_MEAN and weights:
        return (
            line["weighted"] / weights,
            line["weighted_lower"] / weights,
            line["weighted_upper"] / weights,
        )
    return None, None, None


def _flag(line: dict[str, Any]) -> Flag:
    if not line["known_cells"] and not line["reconstructed"]:
        return Flag.SECRET if line["secret_cells"] else Flag.MISSING
    if line["reconstructed"]:
        return Flag.RECONSTRUCTED
    return Flag.ESTIMATED if line["estimated"] else Flag.MEASURED


def _preferred(found: Iterable[Figure], indicator: Indicator) -> list[Figure]:
    """Of each year, the figures of one source: the first of the catalogue that has any; the total
    that the producer publishes, where there is one, instead of our sum of its communes."""
    by_year: dict[int | None, list[Figure]] = defaultdict(list)
    for one in found:
        by_year[one.year].append(one)
    rank = {source: place for place, source in enumerate(indicator.sources)}
    kept: list[Figure] = []
    for year in sorted(by_year, key=lambda year: year or 0):
        best = min(rank.get(one.source, len(rank)) for one in by_year[year])
        ours = [one for one in by_year[year] if rank.get(one.source, len(rank)) == best]
        whole = [one for one in ours if one.as_published]
        kept += sorted(whole or ours, key=_order)
    return kept


def _order(one: Figure) -> tuple[str, str, str]:
    return one.sector or "", one.energy or "", one.category or ""
