"""From the cells of an official table to rows of `FIGURES`: numbers as French files write them, what
a mark says instead of a number, and one column as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.territory_figures import FIGURES, Level, Status

_SPACES = r"[\s\x{00a0}\x{202f}']"
_NUMBER = r"^[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d{1,2})?$"

NOT_NUMBER_FR = "Cette cellule n’est ni un nombre, ni une marque de secret ou d’absence connue."


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a column measures: the fields of `FIGURES` that its title decides."""

    measure: str
    unit: str
    year: int | None = None
    sector: str | None = None
    energy: str | None = None
    category: str | None = None
    basis: str | None = None


def batch_of(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """Batches of `FIGURES` as one, empty when none has a row.

    >>> batch_of([]).num_rows
    0
    """
    whole = pa.Table.from_batches(batches, FIGURES).combine_chunks().to_batches()
    return whole[0] if whole else pa.RecordBatch.from_pylist([], schema=FIGURES)


def values_and_status(texts: pa.Array, marks: Mapping[str, Status]) -> tuple[pa.Array, pa.Array]:
    """Numbers as French and English files write them, and what is said of each: `marks` first, then
    `published`; a null status is a cell that is neither a mark nor a number.

    >>> values, status = values_and_status(pa.array(["1 234,5", "s", "", "0", "?"]),
    ...                                    {"s": Status.SECRET, "": Status.MISSING})
    >>> values.to_pylist(), status.to_pylist()
    ([1234.5, None, None, 0.0, None], ['published', 'secret', 'missing', 'published', None])
    """
    small = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    at = pc.index_in(small, pa.array([*marks], pa.string()))
    marked = pa.array([str(status) for status in marks.values()], pa.string()).take(at)
    bare = pc.replace_substring(pc.replace_substring_regex(texts, _SPACES, ""), ",", ".")
    is_number = pc.and_(pc.match_substring_regex(bare, _NUMBER), pc.is_null(marked))
    values = pc.if_else(is_number, bare, pa.scalar(None, pa.string())).cast(pa.float64())
    finite = pc.fill_null(pc.is_finite(values), False)
    nothing = pa.scalar(None, pa.string())
    published = pc.if_else(finite, pa.scalar(str(Status.PUBLISHED)), nothing)
    return pc.if_else(finite, values, pa.scalar(None, pa.float64())), pc.coalesce(marked, published)


def figure_rows(
    *,
    level: Level,
    territories: pa.Array,
    measured: Measured,
    values: pa.Array,
    status: pa.Array,
    lines: pa.Array,
) -> pa.RecordBatch:
    """One column of a table as rows of `FIGURES`; `status` may have nulls, to be filtered after.

    >>> people = Measured(measure="population", unit="persons", year=2021)
    >>> rows = figure_rows(level=Level.COMMUNE, territories=pa.array(["01004"]), measured=people,
    ...     values=pa.array([14035.0]), status=pa.array(["published"]), lines=pa.array([2]))
    >>> rows.select(["territory", "year", "measure", "value"]).to_pylist()
    [{'territory': '01004', 'year': 2021, 'measure': 'population', 'value': 14035.0}]
    """
    count = len(territories)

    def all_of(value: str | int | None, kind: pa.DataType) -> pa.Array:
        return pa.repeat(pa.scalar(value, kind), count)

    text = pa.string()
    columns = {
        "level": all_of(str(level), text),
        "territory": territories,
        "year": all_of(measured.year, pa.int16()),
        "measure": all_of(measured.measure, text),
        "sector": all_of(measured.sector, text),
        "energy": all_of(measured.energy, text),
        "category": all_of(measured.category, text),
        "value": values,
        "unit": all_of(measured.unit, text),
        "basis": all_of(measured.basis, text),
        "status": status,
        "line": lines,
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in FIGURES.names], schema=FIGURES)


def full_year(two_digits: str) -> int:
    """The year that INSEE writes with two digits in its titles: the first census of this kind is
    of 1968.

    >>> full_year("21"), full_year("99")
    (2021, 1999)
    """
    short = int(two_digits)
    return short + (1900 if short >= 68 else 2000)
