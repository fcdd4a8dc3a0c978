"""Where large tables are cut to be sorted by parts: years of about as many rows, and codes of
territories within a year that alone has too many."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from atre.warehouse.engine import Engine, Range, Slice, Table
from atre.warehouse.folders import Folders
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.marts.registry import Mart
from atre.warehouse.sources.receipts import FIGURES_FILE, Receipt, folder_of

# About 200 MB in memory; below twice as many, cutting costs more than it spares.
ROWS_OF_A_SLICE = 1_000_000
# The first characters of a code: a department, or part of one.
PREFIX = 3
YEAR = "year"
# Rows of a year by the first characters of their codes; None for what has none.
Counts = Mapping[int | None, Mapping[str | None, int]]


def received_slices(
    engine: Engine, folders: Folders, received: Sequence[Receipt]
) -> tuple[Slice, ...]:
    """The slices of all rows received, by year and the code their file has; none where one sort
    does."""
    if sum(receipt.rows for receipt in received) < 2 * ROWS_OF_A_SLICE:
        return ()
    files = [folder_of(folders, receipt.key) / FIGURES_FILE for receipt in received]
    return slices("published_territory", _counted(engine, engine.table(files)))


def mart_slices(inputs: Inputs, mart: Mart) -> tuple[Slice, ...]:
    """The slices of a mart, by what is staged of its measures; none where one sort does."""
    staged = inputs.staged
    is_ours = staged.measure.isin(mart.indicators)
    rows = staged.filter(is_ours) if mart.is_received else staged
    return slices("territory", _counted(inputs.engine, rows))


def _counted(engine: Engine, rows: Table) -> Counts:
    counted = rows.group_by("year", prefix=rows.territory.substr(0, PREFIX)).agg(rows=rows.count())
    found: dict[int | None, dict[str | None, int]] = defaultdict(dict)
    for line in engine.rows(counted).to_pylist():
        found[line["year"]][line["prefix"]] = line["rows"]
    return found


def slices(code: str, counts: Counts) -> tuple[Slice, ...]:
    """Slices of at least ROWS_OF_A_SLICE rows where there are as many, in the order of years then
    of `code`, the column of territories. Each row counted is in one of them and in one only."""
    if sum(sum(rows.values()) for rows in counts.values()) < 2 * ROWS_OF_A_SLICE:
        return ()
    found: list[Slice] = []
    if None in counts:
        found += _of_years(Range(YEAR, missing=True), code, counts[None])
    for first, last in _spans(counts):
        within = Range(YEAR, low=first, high=last + 1)
        found += _of_years(within, code, counts[first] if first == last else {})
    return tuple(found)


def _spans(counts: Counts) -> Iterator[tuple[int, int]]:
    """The first and the last of years that follow each other in one slice."""
    span: list[int] = []
    since = 0
    for year in sorted(year for year in counts if year is not None):
        rows = sum(counts[year].values())
        # A year that may be cut by code stands alone.
        if span and since + rows > 2 * ROWS_OF_A_SLICE:
            yield span[0], span[-1]
            span, since = [], 0
        span, since = [*span, year], since + rows
        if since >= ROWS_OF_A_SLICE:
            yield span[0], span[-1]
            span, since = [], 0
    if span:
        yield span[0], span[-1]


def _of_years(within: Range, code: str, rows: Mapping[str | None, int]) -> Iterator[Slice]:
    """One slice, or several by code where the rows of a year alone are too many."""
    prefixes = sorted(prefix for prefix in rows if prefix is not None)
    if sum(rows.values()) <= 2 * ROWS_OF_A_SLICE or not prefixes:
        yield (within,)
        return
    low, since = "", 0
    for prefix in prefixes:
        if since >= ROWS_OF_A_SLICE:
            yield within, Range(code, low=low, high=prefix)
            low, since = prefix, 0
        since += rows[prefix]
    yield within, Range(code, low=low)
    if None in rows:
        yield within, Range(code, missing=True)
