"""The figures of a territory, from the marts: one question for an indicator, a perimeter, years.

Callers outside the warehouse ask through `gate.py`, which applies each indicator's secrecy.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from atre.warehouse import engine as e
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import Aggregation, Flag, Indicator
from atre.warehouse.staging.geography import COMMUNES_FILE, GEOGRAPHY_YEAR
from atre.warehouse.territories import COLUMNS, PUBLISHED_LEVELS, Kind, Territory

# A list of codes longer than this is joined rather than written in the question.
MOST_CODES = 200
PCS = "pcs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. `value` is null when nothing is known; it is what is known of the sum when
    `secret_share` is above zero, and `lower` and `upper` bound the whole when something does.

    secret_share: secret cells among the published cells added up, 0 to 1. known, territories: how
    many communes of the perimeter have a figure, of how many. as_published: whether the producer
    gives this total itself, instead of our sum of its communes.
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


def figures(
    engine: Engine,
    folders: Folders,
    edition: Edition,
    *,
    indicator: Indicator,
    territory: Territory,
    years: Sequence[int] | None = None,
    by: Sequence[str] = (),
    basis: str = "pci",
) -> list[Figure]:
    """The figures of a perimeter, a row a year and cutting, from the preferred source of each year.

    `years`: None for all there are. `by`: among the indicator's dimensions; what is not cut is
    added up. `basis`: gas in « pci » or « pcs ».
    """
    rows = _rows_of(engine, folders, edition, indicator, territory)
    rows = _of_years(_of_category(rows, indicator, by), years)
    found = engine.rows(_summed(rows, indicator, by, basis)).to_pylist()
    return _preferred([_figure(line, indicator, territory) for line in found], indicator)


def _rows_of(
    engine: Engine, folders: Folders, edition: Edition, indicator: Indicator, territory: Territory
) -> Table:
    """The rows of the communes of a territory, and those published for it as a whole."""
    rows = engine.table(edition.files(folders))
    rows = rows.filter(rows.indicator == indicator.key)
    own = PUBLISHED_LEVELS.get(territory.kind)
    parts = rows.filter(rows.level == "commune")
    if territory.kind is not Kind.COUNTRY:
        parts = within(engine, folders, parts, territory)
    if own is None:
        return parts
    whole = rows.filter((rows.level == own.value) & (rows.territory == (territory.code or "FR")))
    return e.union(parts, whole)


def within(engine: Engine, folders: Folders, rows: Table, territory: Territory) -> Table:
    """The rows of `rows` whose territory is a commune of this one."""
    if territory.kind in COLUMNS:
        communes = engine.table([folders.reference / COMMUNES_FILE])
        members = communes.filter(communes[COLUMNS[territory.kind]] == territory.code)
        return rows.semi_join(members, rows.territory == members.code)
    if len(territory.communes) <= MOST_CODES:
        return rows.filter(rows.territory.isin(list(territory.communes)))
    codes = e.in_memory(pa.table({"member": pa.array(territory.communes, pa.string())}))
    return rows.semi_join(codes, rows.territory == codes.member)


def _of_category(rows: Table, indicator: Indicator, by: Sequence[str]) -> Table:
    """Categories that overlap (all dwellings, houses, main homes) are not added up."""
    default = indicator.default_category
    if default is None or "category" in by:
        return rows
    if default.endswith(":"):
        return rows.filter(rows.category.startswith(default))
    return rows.filter(rows.category == default)


def _of_years(rows: Table, years: Sequence[int] | None) -> Table:
    return rows if years is None else rows.filter(rows.year.isin(list(years)))


def _summed(rows: Table, indicator: Indicator, by: Sequence[str], basis: str) -> Table:
    value = rows.value_pcs if basis == PCS else rows.value
    rows = rows.mutate(shown=value, scale=_scale(rows, basis))
    hidden = (rows.secret_cells > 0) & rows.upper.isnull()
    keys = ["year", "level", "source", "unit", *by]
    adds_up = indicator.aggregation is Aggregation.SUM
    return rows.group_by(*keys).agg(
        value=rows.shown.sum() if adds_up else _only(rows.shown),
        lower=e.coalesce(rows.lower * rows.scale, rows.shown, 0.0).sum(),
        upper=e.coalesce(rows.upper * rows.scale, rows.shown).sum(),
        unbounded=hidden.ifelse(1, 0).sum(),
        bounded=rows.upper.count(),
        cells=rows.cells.sum(),
        known_cells=rows.known_cells.sum(),
        secret_cells=rows.secret_cells.sum(),
        estimated=rows.flag.isin([Flag.ESTIMATED.value]).ifelse(1, 0).sum(),
        reconstructed=rows.flag.isin([Flag.RECONSTRUCTED.value]).ifelse(1, 0).sum(),
        known=(rows.known_cells > 0).ifelse(rows.territory, e.null("string")).nunique(),
    )


def _scale(rows: Table, basis: str) -> e.Column:
    """Bounds are kept in our calorific value: the ratio of the row brings them to the file's."""
    if basis != PCS:
        return e.literal(1.0)
    return e.coalesce(rows.value_pcs / rows.value.nullif(0.0), 1.0)


def _only(column: e.Column) -> e.Column:
    """The value of a lone row; nothing where there are several, which do not add up."""
    return (column.count() == 1).ifelse(column.max(), e.null("float64"))


def _figure(line: dict[str, Any], indicator: Indicator, territory: Territory) -> Figure:
    cells, secret = line["cells"] or 0, line["secret_cells"] or 0
    is_bounded = bool(line["bounded"]) and not line["unbounded"]
    is_whole = line["level"] != "commune"
    return Figure(
        indicator=indicator.key,
        territory=territory.key,
        year=line["year"],
        sector=line.get("sector"),
        energy=line.get("energy"),
        category=line.get("category"),
        value=line["value"],
        lower=line["lower"] if is_bounded else None,
        upper=line["upper"] if is_bounded else None,
        unit=line["unit"],
        flag=_flag(line),
        secret_share=secret / cells if cells else 0.0,
        known=line["known"],
        territories=1 if is_whole else len(territory.communes),
        source=line["source"],
        as_published=is_whole,
    )


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
