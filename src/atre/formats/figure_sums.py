"""Figures of one file added up by territory, year, sector and energy: an operator, an address or a
division of activity is a line of its publisher, not a figure of the territory.

Memory: one row a figure given, not a line read.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.reading import PART_ROWS, Part
from atre.formats.territory_figures import FIGURES, Status

# What a figure is about, besides its territory: some hundred combinations in a file.
_SUBJECT = ("level", "year", "measure", "sector", "energy", "category", "unit", "basis")
# Beyond, what was read is added up before more is kept.
MOST_ROWS = 500_000
_SAID = (
    Status.PUBLISHED,
    Status.ESTIMATED,
    Status.PARTIAL,
    Status.SECRET,
    Status.MISSING,
)
_SUMS = [
    ("value", "sum", pc.ScalarAggregateOptions(min_count=1)),
    *((str(status), "any") for status in _SAID),
    ("line", "min"),
]
_NAMES = ["key", "value", *(str(status) for status in _SAID), "line"]
# A key is the number of a subject, then, in the low bits, that of a territory.
_TERRITORY_BITS = 32


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


class _Numbers:
    """Gives each text a number, the same from block to block."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def of(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        found = pc.unique(column)
        numbers = [self.texts.setdefault(text, len(self.texts)) for text in found.to_pylist()]
        return pa.array(numbers, pa.int64()).take(pc.index_in(column, found))


class FigureSums:
    """Adds figures that fall on one key. A sum of which some part is secret, missing or already
    partial is `partial`: a lower bound, not a total."""

    def __init__(self) -> None:
        self._kept: list[pa.Table] = []
        self._rows = 0
        self._most = MOST_ROWS
        self._subjects, self._territories = _Numbers(), _Numbers()
        self._rows_of_subjects: list[dict[str, str | int | None]] = []
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
        if not figures.num_rows:
            return
        subject = self._subject_numbers(figures)
        territory = self._territories.of(figures["territory"])
        key = pc.add(pc.shift_left(subject, _TERRITORY_BITS), territory)
        said = [pc.equal(figures["status"], str(status)) for status in _SAID]
        self._kept.append(pa.table([key, figures["value"], *said, figures["line"]], names=_NAMES))
        self.added += figures.num_rows
        self._rows += figures.num_rows
        if self._rows > self._most:
            self._kept = [self._summed()]
            self._rows = self._kept[0].num_rows
            # Adding up each time would take the square of the file.
            self._most = max(MOST_ROWS, 2 * self._rows)

    def _subject_numbers(self, figures: pa.Table) -> pa.ChunkedArray:
        texts = [pc.fill_null(figures[name].cast(pa.string()), "") for name in _SUBJECT]
        joined = pc.binary_join_element_wise(*texts, "\x1f")
        numbers = self._subjects.of(joined)
        for text in [*self._subjects.texts][len(self._rows_of_subjects) :]:
            at = pc.index(joined, pa.scalar(text)).as_py()
            row = figures.select([*_SUBJECT]).slice(at, 1).to_pylist()[0]
            self._rows_of_subjects.append(row)
        return numbers

    def _summed(self) -> pa.Table:
        whole = pa.concat_tables(self._kept)
        found = whole.group_by("key", use_threads=False).aggregate(_SUMS)
        names = ["key", *(f"{name}_{how}" for name, how, *_ in _SUMS)]
        return found.select(names).rename_columns(_NAMES)

    def parts(self) -> Iterator[Part]:
        """The figures as parts of bounded size, one row a key, in the order met.

        >>> [*FigureSums().parts()]
        []
        """
        if not self._kept:
            return
        found = self._summed()
        subjects = pa.Table.from_pylist(
            self._rows_of_subjects, schema=pa.schema([FIGURES.field(name) for name in _SUBJECT])
        )
        territories = pa.array([*self._territories.texts], pa.string())
        for offset in range(0, found.num_rows, PART_ROWS):
            some = found.slice(offset, PART_ROWS).combine_chunks()
            about = subjects.take(pc.shift_right(some["key"], _TERRITORY_BITS))
            place = pc.bit_wise_and(some["key"], (1 << _TERRITORY_BITS) - 1)
            columns = {name: about[name] for name in _SUBJECT} | {
                "territory": territories.take(place),
                "value": some["value"],
                "status": _status(some),
                "line": some["line"],
            }
            rows = figure_columns(some.num_rows, columns).combine_chunks()
            yield Part(rows=rows.to_batches()[0])


def _status(sums: pa.Table) -> pa.ChunkedArray:
    known = pc.is_valid(sums["value"])
    lacks = pc.or_(pc.or_(sums["secret"], sums["missing"]), sums["partial"])
    return pc.case_when(
        pc.make_struct(
            pc.and_(known, lacks), pc.and_(known, sums["estimated"]), known, sums["secret"]
        ),
        *(
            pa.scalar(str(each))
            for each in (Status.PARTIAL, Status.ESTIMATED, Status.PUBLISHED, Status.SECRET)
        ),
        pa.scalar(str(Status.MISSING)),
    )
