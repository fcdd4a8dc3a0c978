"""Official tables with one line a territory and one column a measure, as INSEE and the ADEME
publish them: cells become rows of `FIGURES`, each with its line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.reading import Part, Reject, UnreadableFile, without_rows
from atre.formats.territory_codes import official_codes, tell_repaired, unknown_code_fr
from atre.formats.territory_figures import FIGURES, Level, Status
from atre.formats.text_files import (
    WarningTally,
    fields_of,
    line_blocks,
    rejected,
    sniffed_delimiter,
)

# A table of 40 columns then gives parts of some 160 000 figures.
BLOCK_LINES = 4_096
# IRIS of France: 49 000. Beyond, codes are invented and their list would fill the memory.
MAX_TERRITORIES = 200_000

_SPACES = r"[\s\x{00a0}\x{202f}']"
_NUMBER = r"^[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d{1,2})?$"

NOT_NUMBER_FR = "Cette cellule n’est ni un nombre, ni une marque de secret ou d’absence connue."
WIDTH_FR = "Cette ligne n’a pas autant de cellules que la ligne de titres."
SAME_FR = (
    "Territoire déjà lu plus haut avec les mêmes chiffres : ligne en double, comptée une fois."
)
OTHER_FR = "Territoire déjà lu plus haut avec d’autres chiffres : la première ligne a été gardée."
TOO_MANY_FR = "Ce fichier nomme plus de territoires que la France n’a de communes et d’IRIS : il n’a pas été lu."
NO_LINE_FR = "Ce fichier a des titres de colonnes et aucune ligne de données : rien n’a été lu."
SECRET_FR = "Valeurs « s » (secret statistique) : gardées comme secrètes, jamais comme zéro."
BLANK_FR = "Cellules vides : gardées comme absentes, jamais comme zéro."
UNREAD_COLUMNS_FR = (
    "Colonnes du fichier que l’on ne reprend pas : elles ne disent rien de ce que l’on suit ici."
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WideTable:
    """What a line of titles tells. `columns` goes from a column's place to what it measures;
    `marks` from a publisher's word, in small letters, to what it says; `""` is a blank.
    `checks` looks at each block's cells, those of `watched` columns too, to doubt aloud; it changes
    nothing. `mark_sentences` tells what becomes of the cells marked."""

    level: Level
    territory: int
    columns: Mapping[int, Measured]
    marks: Mapping[str, Status]
    checks: Callable[["Block", WarningTally], None] | None = None
    watched: tuple[int, ...] = ()
    mark_sentences: Mapping[Status, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a table, cell by cell: `cells[place]` has one text a line."""

    titles: Sequence[str]
    lines: list[int]
    territories: list[str]
    cells: Mapping[int, pa.Array]


@dataclass
class _Seen:
    """What each territory's line was, so that a second one is told the same or another."""

    prints: dict[str, int] = field(default_factory=dict)

    def refusal(self, code: str, cells: Sequence[str]) -> str | None:
        mark = hash(tuple(cells))
        if code in self.prints:
            return SAME_FR if self.prints[code] == mark else OTHER_FR
        if len(self.prints) >= MAX_TERRITORIES:
            raise UnreadableFile(TOO_MANY_FR)
        self.prints[code] = mark
        return None


def wide_parts(
    stream: BinaryIO,
    told: Callable[[Sequence[str]], WideTable | None],
    tally: WarningTally,
    *,
    unknown_fr: str,
) -> Iterator[Part]:
    """The figures of a stream whose titles `told` understands; doubts come with the last part.

    Raises UnreadableFile(`unknown_fr`) when `told` gives None, and when there is no line of data.
    """
    table: WideTable | None = None
    titles: list[str] = []
    delimiter, lines_read = ";", 0
    seen = _Seen()
    for block in line_blocks(stream, tally, rows=BLOCK_LINES):
        numbered = zip(block.numbers, block.lines, strict=True)
        rows = [(number, line) for number, line in numbered if line and not line.isspace()]
        rejects = [*block.rejects]
        if table is None and rows:
            _, first = rows.pop(0)
            delimiter = sniffed_delimiter([first])
            titles = fields_of(first, delimiter)
            table = told(titles)
            if table is None:
                raise UnreadableFile(unknown_fr)
            read = {table.territory, *table.columns, *table.watched}
            unread = [title for at, title in enumerate(titles) if title and at not in read]
            tally.add(UNREAD_COLUMNS_FR, line=block.numbers[0], count=len(unread))
        lines_read += len(rows)
        if table is not None and rows:
            yield _part(
                _split(rows, delimiter, len(titles), rejects), titles, table, seen, rejects, tally
            )
        elif rejects:
            yield without_rows(rejects=tuple(rejects))
    if not lines_read:
        raise UnreadableFile(NO_LINE_FR)
    yield without_rows(warnings=tally.take())


def _split(
    rows: Sequence[tuple[int, str]], delimiter: str, width: int, rejects: list[Reject]
) -> list[tuple[int, list[str]]]:
    found = []
    for number, line in rows:
        cells = fields_of(line, delimiter) if '"' in line else line.split(delimiter)
        if len(cells) != width:
            rejects.append(rejected(number, WIDTH_FR, found=line))
            continue
        found.append((number, cells))
    return found


def _part(
    rows: Sequence[tuple[int, list[str]]],
    titles: Sequence[str],
    table: WideTable,
    seen: _Seen,
    rejects: list[Reject],
    tally: WarningTally,
) -> Part:
    lines = [number for number, _ in rows]
    found = official_codes(
        pa.array([cells[table.territory] for _, cells in rows], pa.string()), table.level
    )
    tell_repaired(found, lines, tally)
    kept: list[tuple[int, str, list[str]]] = []
    for (number, cells), code in zip(rows, found.codes.to_pylist(), strict=True):
        written = cells[table.territory]
        reason = (
            unknown_code_fr(table.level)
            if code is None
            else seen.refusal(code, [cells[place].strip() for place in table.columns])
        )
        if reason:
            rejects.append(rejected(number, reason, found=written, place=titles[table.territory]))
        else:
            kept.append((number, code, cells))
    block = Block(
        titles=titles,
        lines=[number for number, _, _ in kept],
        territories=[code for _, code, _ in kept],
        cells={
            place: pc.utf8_trim_whitespace(
                pa.array([cells[place] for _, _, cells in kept], pa.string())
            )
            for place in (*table.columns, *table.watched)
        },
    )
    if table.checks:
        table.checks(block, tally)
    return Part(rows=_figures(block, table, rejects, tally), rejects=tuple(rejects))


def _figures(
    block: Block, table: WideTable, rejects: list[Reject], tally: WarningTally
) -> pa.RecordBatch:
    batches = []
    for place, measured in table.columns.items():
        values, status = values_and_status(block.cells[place], table.marks)
        known = pc.is_valid(status)
        for said, sentence in table.mark_sentences.items():
            tally.add(sentence, count=pc.sum(pc.equal(status, str(said))).as_py() or 0)
        for at in np.flatnonzero(~known.to_numpy(zero_copy_only=False)):
            found = block.cells[place][int(at)].as_py()
            rejects.append(
                rejected(block.lines[at], NOT_NUMBER_FR, found=found, place=block.titles[place])
            )
        batch = figure_rows(
            level=table.level,
            territories=pa.array(block.territories, pa.string()),
            measured=measured,
            values=values,
            status=status,
            lines=pa.array(block.lines, pa.int64()),
        )
        batches.append(batch.filter(known))
    return batch_of(batches)


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
