"""Figures of one file added up by territory, year, sector and energy: an operator, an address or a
division of activity is a line of its publisher, not a figure of the territory.

Memory: one row a figure given, not a line read.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.reading import PART_ROWS, Part
from atre.formats.territory_figures import FIGURES, Status

KEYS = ("level", "territory", "year", "measure", "sector", "energy", "category", "unit", "basis")
# Beyond, what was read is added up before more is kept.
MOST_ROWS = 500_000
_COUNTS = {
    "published": Status.PUBLISHED,
    "estimated": Status.ESTIMATED,
    "partial": Status.PARTIAL,
    "secret": Status.SECRET,
    "missing": Status.MISSING,
}
_SUMS = [
    ("value", "sum", pc.ScalarAggregateOptions(min_count=1)),
    *((name, "sum") for name in _COUNTS),
    ("line", "min"),
]
_NAMES = [*KEYS, "value", *_COUNTS, "line"]


def figure_columns(count: int, given: Mapping[str, pa.Array | str | int | None]) -> pa.Table:
    """A table of `FIGURES` of `count` rows; a plain value stands for the whole column, and what is
    not given is null.

    >>> figure_columns(1, {"level": "commune", "territory": "95002", "measure": "sites",
    ...     "unit": "sites", "status": "missing"})["status"].to_pylist()
    ['missing']
    """
    columns = []
    for field in FIGURES:
        value = given.get(field.name)
        if value is None or isinstance(value, str | int):
            columns.append(pa.repeat(pa.scalar(value, field.type), count))
        else:
            columns.append(value.cast(field.type))
    return pa.Table.from_arrays(columns, schema=FIGURES)


class FigureSums:
    """Adds figures that fall on one key. A sum of which some part is secret, missing or already
    partial is `partial`: a lower bound, not a total."""

    def __init__(self) -> None:
        self._kept: list[pa.Table] = []
        self._rows = 0
        self.added = 0

    def add(self, figures: pa.Table) -> None:
        """Takes rows of `FIGURES`.

        >>> row = {"level": "commune", "territory": "95002", "measure": "sites", "unit": "sites"}
        >>> sums = FigureSums()
        >>> sums.add(figure_columns(1, row | {"value": pa.array([3.0]), "status": "published"}))
        >>> sums.add(figure_columns(1, row | {"status": "secret"}))
        >>> [part.rows.select(["value", "status"]).to_pylist() for part in sums.parts()]
        [[{'value': 3.0, 'status': 'partial'}]]
        """
        for name, status in _COUNTS.items():
            said = pc.equal(figures["status"], str(status)).cast(pa.int64())
            figures = figures.append_column(name, said)
        self.added += figures.num_rows
        self._kept.append(figures.select(_NAMES))
        self._rows += figures.num_rows
        if self._rows > MOST_ROWS:
            self._kept = [self._summed()]
            self._rows = self._kept[0].num_rows

    def _summed(self) -> pa.Table:
        grouped = pa.concat_tables(self._kept).group_by(list(KEYS), use_threads=False)
        found = grouped.aggregate(_SUMS)
        return found.select([*KEYS, *(f"{name}_{how}" for name, how, *_ in _SUMS)]).rename_columns(
            _NAMES
        )

    def summed(self) -> pa.Table:
        """The figures, one a key, in the order met; value null where no part is known.

        >>> FigureSums().summed().num_rows
        0
        """
        if not self._kept:
            return FIGURES.empty_table()
        found = self._summed()

        def some(name: str) -> pa.ChunkedArray:
            return pc.greater(found[name], 0)

        known = pc.is_valid(found["value"])
        lacks = pc.or_(pc.or_(some("secret"), some("missing")), some("partial"))
        status = pc.case_when(
            pc.make_struct(
                pc.and_(known, lacks), pc.and_(known, some("estimated")), known, some("secret")
            ),
            *(
                pa.scalar(str(each))
                for each in (Status.PARTIAL, Status.ESTIMATED, Status.PUBLISHED, Status.SECRET)
            ),
            pa.scalar(str(Status.MISSING)),
        )
        return pa.Table.from_arrays(
            [status if name == "status" else found[name] for name in FIGURES.names], schema=FIGURES
        )

    def parts(self) -> Iterator[Part]:
        """The figures as parts of bounded size.

        >>> [*FigureSums().parts()]
        []
        """
        whole = self.summed().combine_chunks()
        for batch in whole.to_batches(max_chunksize=PART_ROWS):
            yield Part(rows=batch)
