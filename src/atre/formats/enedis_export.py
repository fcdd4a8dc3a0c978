"""What a household downloads from its own Enedis account: the XLSX export of 2025 and the CSV files
that tools make of the same data (« debut;fin;kWh », « debut,kW », « Début;Fin;Valeur (en Kw) »).

Columns are found by their titles, wherever the table begins; the unit is the one that the title of
the value names. Times carry no offset: they are legal times of mainland France.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta
from itertools import islice
from typing import BinaryIO

import numpy as np

from atre.formats.curve_points import points_of
from atre.formats.curve_steps import MINUTE, Integers, written_lengths
from atre.formats.energy_units import Unit, unit_of
from atre.formats.instants import instants_of, written_instants
from atre.formats.load_curve import LoadCurve, Stamp
from atre.formats.local_time import ParisClock, day_hours
from atre.formats.reading import PART_ROWS, Format, Part, UnreadableFile, without_rows
from atre.formats.text_files import (
    DELIMITERS,
    WarningTally,
    fields_of,
    head_lines,
    line_blocks,
    plain,
    rejected,
)
from atre.formats.workbook_files import MAX_ARCHIVE_BYTES, Cell, is_archive, sheets_of

SEARCHED_ROWS = 60
LONGEST_STEP = 60 * MINUTE
START_TITLES = {"debut", "date de debut", "dateheure de debut"}
END_TITLES = {"fin", "date de fin", "dateheure de fin"}
DAY_TITLES = {"date", "jour"}
VALUE = re.compile(r"(?:valeur|consommation|conso)?\s*[(\[]?\s*(?:en )?(k?wh?)\s*[)\]]?")
METER = re.compile(r"\d{14}")
ABSENT = {"na", "n/a", "nan", "-", "null"}

KWH_OF_HALF_HOURS_FR = (
    "L’unité est celle du titre de la colonne : kWh. Si le total paraît double, le fichier "
    "contient des kW sous un mauvais titre."
)
ABSENT_FR = "Valeur écrite « NA » : gardée comme inconnue."
OTHER_SHEETS_FR = "Feuille du classeur qui n’est pas lue : une seule l’est."
NO_TABLE_FR = "Ce fichier n’a pas de tableau aux colonnes « Début, Fin, Valeur (en kW) »."
SHORT_FR = "Ligne à laquelle il manque des colonnes."


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the table is: places of its columns, and what its values are."""

    start: int
    end: int | None
    value: int
    unit: Unit
    is_daily: bool

    @property
    def width(self) -> int:
        return max(self.start, self.end or 0, self.value) + 1


def columns_of(titles: Sequence[str]) -> Columns | None:
    """The columns of a line of titles, None when it is not the one of a table of consumption.

    >>> columns_of(["Début", "Fin", "Valeur (en kW)"]).value
    2
    """
    names = [plain(title) for title in titles]
    start = next((place for place, name in enumerate(names) if name in START_TITLES), None)
    day = next((place for place, name in enumerate(names) if name in DAY_TITLES), None)
    for place, name in enumerate(names):
        named = VALUE.fullmatch(name)
        unit = unit_of(named[1]) if named else None
        if unit is None:
            continue
        if start is not None:
            end = next((at for at, title in enumerate(names) if title in END_TITLES), None)
            return Columns(start, end, place, unit, is_daily=False)
        if day is not None and unit.kwh is not None and "valeur" in name:
            return Columns(day, None, place, unit, is_daily=True)
    return None


class _Table:
    """Rows under the titles, as points of a curve stamped at their beginning."""

    def __init__(self, columns: Columns, meter_id: str | None, warnings: WarningTally) -> None:
        self._columns = columns
        self._warnings = warnings
        self._clock = ParisClock(descending=None)
        self._curve = LoadCurve(meter_id, columns.unit, Stamp.START, warnings)

    def rows(self, numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> Iterator[Part]:
        columns = self._columns
        short = [place for place, row in enumerate(rows) if len(row) < columns.width]
        if short:
            yield without_rows(
                rejects=tuple(
                    rejected(numbers[place], SHORT_FR, found=" ; ".join(rows[place]))
                    for place in short
                )
            )
            refused = set(short)
            numbers = [n for place, n in enumerate(numbers) if place not in refused]
            rows = [row for place, row in enumerate(rows) if place not in refused]
        times = [row[columns.start] for row in rows]
        values = [self._value(row[columns.value], n) for n, row in zip(numbers, rows, strict=True)]
        points, rejects = points_of(
            times,
            values,
            numbers,
            clock=self._clock,
            warnings=self._warnings,
            steps=self._steps(times, rows),
        )
        if rejects:
            yield without_rows(rejects=tuple(rejects))
        is_curve = (points.steps > 0) & (points.steps < LONGEST_STEP)
        if self._columns.unit.kwh is not None and is_curve.any():
            self._warnings.add(KWH_OF_HALF_HOURS_FR)
        yield from self._curve.add(points)

    def _value(self, text: str, number: int) -> str:
        if text.casefold() in ABSENT:
            self._warnings.add(ABSENT_FR, line=number)
            return ""
        return text

    def _steps(self, times: list[str], rows: Sequence[Sequence[str]]) -> Integers | int:
        """The length that the end says, or that of a legal day; 0 where neither can be told."""
        if self._columns.is_daily:
            days = written_instants(times).astype("datetime64[D]")
            days[np.isnat(days)] = np.datetime64("2000-01-01")
            return day_hours(days) * 60 * MINUTE
        if self._columns.end is None:
            return 0
        ends = [row[self._columns.end] for row in rows]
        lengths = written_lengths(written_instants(times), written_instants(ends))
        longer = instants_of(ends, ParisClock()).utc - instants_of(times, ParisClock()).utc
        longer = np.where(np.isnat(longer), np.timedelta64(0), longer).astype(np.int64)
        # A period between two readings: the end says it, and an energy needs no step.
        is_period = (lengths == 0) & (longer >= LONGEST_STEP) & (self._columns.unit.kwh is not None)
        return np.where(is_period, longer, lengths)

    def finish(self) -> Iterator[Part]:
        yield from self._curve.finish()


def recognises_csv(head: bytes) -> bool:
    """Whether one of the first lines has the titles of a table of consumption."""
    return not is_archive(head) and any(
        _titles_of(line) is not None for line in head_lines(head, SEARCHED_ROWS)
    )


def _titles_of(line: str) -> tuple[Columns, str] | None:
    for delimiter in DELIMITERS:
        if delimiter in line:
            columns = columns_of(fields_of(line, delimiter))
            if columns is not None:
                return columns, delimiter
    return None


def read_csv(stream: BinaryIO) -> Iterator[Part]:
    """The parts of a CSV table. Lines before the titles may name the meter."""
    warnings = WarningTally()
    table: _Table | None = None
    meter_id, delimiter = None, ";"
    for block in line_blocks(stream, warnings):
        if block.rejects:
            yield without_rows(rejects=block.rejects)
        first = 0
        while table is None and first < len(block.lines):
            found = _titles_of(block.lines[first])
            if found is not None:
                table, delimiter = _Table(found[0], meter_id, warnings), found[1]
            meter_id = meter_id or _meter_in(block.lines[first])
            first += 1
        if table is None:
            raise UnreadableFile(NO_TABLE_FR)
        kept = [place for place in range(first, len(block.lines)) if block.lines[place].strip()]
        yield from table.rows(
            [block.numbers[place] for place in kept],
            [fields_of(block.lines[place], delimiter) for place in kept],
        )
    if table is None:
        raise UnreadableFile(NO_TABLE_FR)
    yield from table.finish()
    yield without_rows(warnings=warnings.take())


def _meter_in(text: str) -> str | None:
    found = METER.search(text)
    return found[0] if found else None


def recognises_workbook(head: bytes) -> bool:
    """Whether a sheet of a workbook has the titles of a table of consumption."""
    if not is_archive(head):
        return False
    try:
        return any(
            _header(sheet.rows) is not None for sheet in sheets_of(head, first_rows=SEARCHED_ROWS)
        )
    except UnreadableFile:
        return False


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[int, Columns] | None:
    for place, row in enumerate(islice(rows, SEARCHED_ROWS)):
        columns = columns_of([cell_text(cell) for cell in row])
        if columns is not None:
            return place, columns
    return None


def read_workbook(stream: BinaryIO) -> Iterator[Part]:
    """The parts of the first sheet that has the titles; the others are named in a warning."""
    warnings = WarningTally()
    content = stream.read(MAX_ARCHIVE_BYTES + 1)
    is_read = False
    for sheet in sheets_of(content):
        found = None if is_read else _header(sheet.rows)
        if found is None:
            warnings.add(OTHER_SHEETS_FR, count=1)
            continue
        is_read = True
        above, columns = found
        meter_id = _meter_above(sheet.rows[:above])
        table = _Table(columns, meter_id, warnings)
        texts = [[cell_text(cell) for cell in row] for row in sheet.rows[above + 1 :]]
        kept = [place for place, row in enumerate(texts) if any(row)]
        for offset in range(0, len(kept), PART_ROWS):
            places = kept[offset : offset + PART_ROWS]
            yield from table.rows(
                [above + 2 + place for place in places], [texts[place] for place in places]
            )
        yield from table.finish()
    if not is_read:
        raise UnreadableFile(NO_TABLE_FR)
    yield without_rows(warnings=warnings.take())


def _meter_above(rows: Sequence[Sequence[Cell]]) -> str | None:
    texts = (cell_text(cell) for row in rows for cell in row)
    return next((meter for text in texts if (meter := _meter_in(text)) is not None), None)


def cell_text(cell: Cell) -> str:
    """A cell as the text a CSV would hold; a date that a spreadsheet kept as a fraction of days is
    rounded to its second.

    >>> cell_text(datetime(2023, 3, 2, 0, 29, 59, 999_999)), cell_text(12.0), cell_text(None)
    ('2023-03-02T00:30:00', '12', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        rounded = cell + timedelta(microseconds=500_000) if cell.year < MAXYEAR else cell
        return rounded.replace(microsecond=0).isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


FORMATS = (
    Format(
        key="enedis_export_xlsx",
        title_fr="l’export XLSX de l’espace client d’Enedis",
        recognises=recognises_workbook,
        read=read_workbook,
    ),
    Format(
        key="enedis_export_csv",
        title_fr="les CSV « debut, fin, kW » tirés de l’espace client ou de Conso API",
        recognises=recognises_csv,
        read=read_csv,
    ),
)
