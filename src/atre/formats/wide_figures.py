"""Official tables with one line a territory and one column a measure, as INSEE and the ADEME
publish them: cells become rows of `FIGURES`, each with its line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.figure_cells import NOT_NUMBER_FR as NOT_NUMBER_FR
from atre.formats.figure_cells import Measured, figure_rows
from atre.formats.figure_cells import batch_of as batch_of
from atre.formats.figure_cells import values_and_status as values_and_status
from atre.formats.figure_lines import NO_LINE_FR, WIDTH_FR
from atre.formats.reading import Part, Reject, UnreadableFile, without_rows
from atre.formats.territory_codes import official_codes, tell_repaired, unknown_code_fr
from atre.formats.territory_figures import Level, Status
from atre.formats.text_files import (
    WarningTally,
    fields_of,
    head_lines,
    line_blocks,
    rejected,
    sniffed_delimiter,
)

# A table of 40 columns then gives parts of some 160 000 figures.
BLOCK_LINES = 4_096
# A spreadsheet saved as CSV keeps the paragraph that INSEE writes above its titles.
PREAMBLE_LINES = 10
# IRIS of France: 49 000. Beyond, codes are invented and their list would fill the memory.
MAX_TERRITORIES = 200_000

SAME_FR = (
    "Territoire déjà lu plus haut avec les mêmes chiffres : ligne en double, comptée une fois."
)
OTHER_FR = "Territoire déjà lu plus haut avec d’autres chiffres : la première ligne a été gardée."
TOO_MANY_FR = "Ce fichier nomme plus de territoires que la France n’a de communes et d’IRIS : il n’a pas été lu."
SECRET_FR = "Valeurs « s » (secret statistique) : gardées comme secrètes, jamais comme zéro."
BLANK_FR = "Cellules vides : gardées comme absentes, jamais comme zéro."
# Whole, and the beginning of its municipal districts: summing both counts their people twice.
WHOLE_CITIES = {"75056": "751", "69123": "6938", "13055": "132"}
TWICE_FR = (
    "Paris, Lyon ou Marseille : donnée entière et par arrondissement dans le même fichier. Ne jamais "
    "additionner les deux."
)
PREAMBLE_FR = "Lignes au-dessus des titres de colonnes : laissées de côté."
UNREAD_COLUMNS_FR = (
    "Colonnes du fichier que l’on ne reprend pas : elles ne disent rien de ce que l’on suit ici."
)


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

    def tell_cities(self, tally: WarningTally) -> None:
        for whole, district in WHOLE_CITIES.items():
            if whole in self.prints:
                cut = (code.startswith(district) for code in self.prints)
                tally.add(TWICE_FR, count=int(any(cut)))


Told = Callable[[Sequence[str]], WideTable | None]


def is_wide(head: bytes, told: Told) -> bool:
    """Whether one of the first lines of a file is a line of titles that `told` understands.

    >>> only = WideTable(level=Level.COMMUNE, territory=0, columns={}, marks={})
    >>> is_wide(b"Revenus de 2021\\nCODGEO;MED21\\n", lambda titles: only if "MED21" in titles else None)
    True
    """
    lines = head_lines(head, PREAMBLE_LINES)
    return any(told(fields_of(line, sniffed_delimiter([line]))) for line in lines)


@dataclass
class _Titles:
    """The line of titles of a file, once met."""

    told: Told
    tally: WarningTally
    table: WideTable | None = None
    titles: list[str] = field(default_factory=list)
    delimiter: str = ";"
    above: int = 0

    def taken(self, rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """The lines under the titles; none as long as these were not met."""
        if self.table is not None:
            return rows
        for at, (number, line) in enumerate(rows[: PREAMBLE_LINES - self.above]):
            self.delimiter = sniffed_delimiter([line])
            self.titles = fields_of(line, self.delimiter)
            self.table = self.told(self.titles)
            if self.table is not None:
                self.tally.add(PREAMBLE_FR, line=1, count=self.above + at)
                self._tell_unread(self.table, number)
                return rows[at + 1 :]
        self.above += len(rows)
        return []

    def _tell_unread(self, table: WideTable, line: int) -> None:
        read = {table.territory, *table.columns, *table.watched}
        unread = [title for at, title in enumerate(self.titles) if title and at not in read]
        self.tally.add(UNREAD_COLUMNS_FR, line=line, count=len(unread))


def wide_parts(
    stream: BinaryIO, told: Told, tally: WarningTally, *, unknown_fr: str
) -> Iterator[Part]:
    """The figures of a stream whose titles `told` understands; doubts come with the last part.

    Raises UnreadableFile(`unknown_fr`) when none of the first lines are such titles, and another
    when no line of data follows them.

    >>> from io import BytesIO
    >>> people = Measured(measure="population", unit="persons", year=2021)
    >>> table = WideTable(level=Level.COMMUNE, territory=0, columns={1: people}, marks={})
    >>> first, _ = wide_parts(BytesIO(b"CODGEO;P\\n01004;14035\\n99999;1"), lambda titles: table,
    ...     WarningTally(), unknown_fr="?")
    >>> first.rows["value"].to_pylist(), first.rejects[0].found
    ([14035.0], '99999')
    """
    titles = _Titles(told, tally)
    lines_read = 0
    seen = _Seen()
    for block in line_blocks(stream, tally, rows=BLOCK_LINES):
        numbered = zip(block.numbers, block.lines, strict=True)
        rows = titles.taken([each for each in numbered if each[1] and not each[1].isspace()])
        if titles.table is None and titles.above >= PREAMBLE_LINES:
            raise UnreadableFile(unknown_fr)
        lines_read += len(rows)
        rejects = [*block.rejects]
        if titles.table is not None and rows:
            cells = _split(rows, titles.delimiter, len(titles.titles), rejects)
            yield _part(cells, titles.titles, titles.table, seen, rejects, tally)
        elif rejects:
            yield without_rows(rejects=tuple(rejects))
    if not lines_read:
        raise UnreadableFile(unknown_fr if titles.table is None else NO_LINE_FR)
    seen.tell_cities(tally)
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
