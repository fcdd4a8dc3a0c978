"""The workbooks that the distributor's site exports, « Donnees_informatives_PCE »: a row a gas day, a
week or a month under the header « Date de relevé ».

A month or a week that the export cuts (its first, its last) is refused: read as whole, it would make
a mild month of a cold one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import BinaryIO

from atre.calc.wording import MONTHS
from atre.formats.grdf_intervals import GasReading, gas_parts
from atre.formats.reading import Part, Reject, UnreadableFile
from atre.formats.text_files import WarningTally, number_of, plain, rejected
from atre.formats.workbook_files import MAX_ARCHIVE_BYTES, Cell, Sheet, is_archive, sheets_of

HEADER_ROWS = 40
COLUMN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PERIOD_TITLE = "date de releve"
# Titles by how they begin, once plain: the ends tell the unit, and have changed with the years.
TITLES = {
    "index de debut": "index_start",
    "index de fin": "index_end",
    "volume consomme": "volume_m3",
    "energie consommee": "kwh",
    "coefficient de conversion": "coefficient",
    "qualification": "quality",
}
UNITS = {"kwh": "(kwh)", "volume_m3": "(m3)"}
EXPORTED_ON = re.compile(r"export du (\d{2}/\d{2}/\d{4})")
METER = re.compile(r"\b\d{14}\b|\bGI\d{6}\b", re.IGNORECASE)
DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
MONTH = re.compile(r"([a-z]+) (\d{4})")
WEEK = re.compile(r"du (\d{2}/\d{2}/\d{4}) au (\d{2}/\d{2}/\d{4})")

PERIOD_FR = (
    "Ce n’est ni une journée (24/11/2020), ni une semaine (Du 23/11/2020 au 29/11/2020), ni un "
    "mois (Novembre 2020)."
)
CUT_END_FR = "Période que l’export coupe : elle n’était pas finie le jour de l’export."
CUT_START_FR = (
    "Premier mois de l’export, le même que celui où il a été fait : il ne commence pas au 1er."
)
UNKNOWN_ENDS_FR = "Premier ou dernier mois d’un export sans date : on ne sait pas s’il est complet."
FIRST_MONTH_FR = "Le premier mois peut être incomplet : vérifiez la date du début du contrat."


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are in a sheet: row and columns from 0."""

    header: int
    period: int
    columns: dict[str, int]
    meter_id: str | None
    exported_on: date | None


@dataclass(slots=True)
class Period:
    """What a row's first cell says; `is_month` for what an export may cut without saying."""

    first_day: date
    end_day: date
    is_month: bool = False


@dataclass(slots=True)
class Rows:
    readings: list[tuple[Period, GasReading]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    tally: WarningTally = field(default_factory=WarningTally)


def is_grdf_workbook(head: bytes) -> bool:
    """Whether the first sheets of a workbook (its whole bytes) have the header of these exports.

    >>> from atre.formats.outgoing import xlsx_bytes
    >>> [is_grdf_workbook(xlsx_bytes(titles, [], sheet="Relevés")) for titles in
    ...  (["Date de relevé", "Énergie consommée (kWh)"], ["Date", "kWh"])]
    [True, False]
    """
    if not is_archive(head):
        return False
    try:
        return any(_header(sheet) is not None for sheet in _first_sheets(head, HEADER_ROWS))
    except UnreadableFile:
        return False


def read_grdf_workbook(stream: BinaryIO) -> Iterator[Part]:
    """Intervals of gas (`INTERVALS`), in kWh PCS, of a day, a week or a month, at 06:00 legal time.

    A period that the export cuts is refused. Raises `UnreadableFile` for a workbook without such a
    sheet, or whose columns are in other units.

    >>> from io import BytesIO
    >>> from atre.formats.outgoing import xlsx_bytes
    >>> rows = [("24/11/2020", 56), ("25/11/2020", None), ("hier", 60)]
    >>> book = xlsx_bytes(["Date de relevé", "Énergie consommée (kWh)"], rows, sheet="Relevés")
    >>> part, = read_grdf_workbook(BytesIO(book))
    >>> part.rows["kwh"].to_pylist(), part.rejects[0].place, part.rejects[0].found
    ([56.0, None], 'A4', 'hier')
    """
    content = stream.read(MAX_ARCHIVE_BYTES + 1)
    for sheet in _first_sheets(content, None):
        layout = _layout(sheet)
        if layout is None:
            continue
        rows = Rows()
        for number in range(layout.header + 1, len(sheet.rows)):
            _read_row(sheet.rows[number], number + 1, layout, rows)
        kept = [*_whole_periods(rows, layout)]
        yield from gas_parts(kept, rows.rejects, rows.tally)
        return
    raise UnreadableFile(
        "Ce classeur n’a pas de feuille de relevés de gaz (colonne « Date de relevé »)."
    )


def _first_sheets(content: bytes, first_rows: int | None) -> Iterator[Sheet]:
    return islice(sheets_of(content, first_rows=first_rows), 5)


def _header(sheet: Sheet) -> int | None:
    for number, row in enumerate(sheet.rows[:HEADER_ROWS]):
        titles = [plain(cell) for cell in row if isinstance(cell, str)]
        if PERIOD_TITLE in titles and any(t.startswith("energie consommee") for t in titles):
            return number
    return None


def _layout(sheet: Sheet) -> Layout | None:
    header = _header(sheet)
    if header is None:
        return None
    titles = [plain(cell) if isinstance(cell, str) else "" for cell in sheet.rows[header]]
    columns: dict[str, int] = {}
    for place, title in enumerate(titles):
        for beginning, name in TITLES.items():
            if title.startswith(beginning):
                columns.setdefault(name, place)
    for name, unit in UNITS.items():
        if name in columns and not titles[columns[name]].endswith(unit):
            raise UnreadableFile(
                f"La colonne « {sheet.rows[header][columns[name]]} » n’est pas en {unit[1:-1]} : "
                "exportez les données telles que le site les donne."
            )
    above = [cell for row in sheet.rows[:header] for cell in row if isinstance(cell, str)]
    return Layout(header, titles.index(PERIOD_TITLE), columns, _meter(above), _exported_on(above))


def _meter(texts: Sequence[str]) -> str | None:
    found = [METER.search(text) for text in texts]
    names = [match[0].upper() for match in found if match]
    return names[0] if len(names) == 1 else None


def _exported_on(texts: Sequence[str]) -> date | None:
    for text in texts:
        if found := EXPORTED_ON.search(plain(text)):
            return _day(found[1])
    return None


def _day(text: str) -> date | None:
    found = DAY.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def _read_row(row: list[Cell], number: int, layout: Layout, rows: Rows) -> None:
    if all(cell is None for cell in row):
        return
    said = row[layout.period]
    place = f"{_letter(layout.period)}{number}"
    period = _period(said)
    if period is None:
        rows.rejects.append(rejected(number, PERIOD_FR, place=place, found=str(said or "")))
        return
    values: dict[str, float | None] = {}
    for name, column in layout.columns.items():
        if name == "quality":
            continue
        try:
            values[name] = _number(row[column] if column < len(row) else None)
        except ValueError as fault:
            cell = f"{_letter(column)}{number}"
            rows.rejects.append(rejected(number, str(fault), place=cell, found=str(row[column])))
            return
    quality = row[layout.columns["quality"]] if "quality" in layout.columns else None
    reading = GasReading(
        line=number,
        place=place,
        meter_id=layout.meter_id,
        first_day=period.first_day,
        end_day=period.end_day,
        kwh=values.get("kwh"),
        volume_m3=values.get("volume_m3"),
        coefficient=values.get("coefficient"),
        index_start=values.get("index_start"),
        index_end=values.get("index_end"),
        quality=quality[:40] if isinstance(quality, str) else None,
    )
    rows.readings.append((period, reading))


def _letter(column: int) -> str:
    return COLUMN_LETTERS[column] if column < len(COLUMN_LETTERS) else f"colonne {column + 1}, "


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool | date) or not isinstance(cell, float | int | str | None):
        raise ValueError("Ce n’est pas un nombre.")
    if isinstance(cell, str):
        try:
            return number_of(cell)
        except ValueError:
            raise ValueError("Ce n’est pas un nombre.") from None
    return None if cell is None else float(cell)


def _period(cell: Cell) -> Period | None:
    try:
        return _said(cell)
    except (ValueError, OverflowError):
        return None


def _said(cell: Cell) -> Period | None:
    if isinstance(cell, datetime):
        return _days(cell.date(), cell.date())
    if isinstance(cell, date):
        return _days(cell, cell)
    if not isinstance(cell, str):
        return None
    if day := _day(cell):
        return _days(day, day)
    said = plain(cell)
    if week := WEEK.fullmatch(said):
        first, last = _day(week[1]), _day(week[2])
        return _days(first, last) if first and last else None
    month = MONTH.fullmatch(said)
    if month is None or month[1] not in PLAIN_MONTHS:
        return None
    first = date(int(month[2]), PLAIN_MONTHS.index(month[1]) + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(first, following, is_month=True)


PLAIN_MONTHS = [plain(month) for month in MONTHS]


def _days(first: date, last: date) -> Period:
    return Period(first, last + timedelta(days=1))


def _whole_periods(rows: Rows, layout: Layout) -> Iterator[GasReading]:
    """The readings whose period the export does not cut."""
    months = sorted(period.first_day for period, _ in rows.readings if period.is_month)
    for period, reading in rows.readings:
        reason = _cut(period, months, layout.exported_on)
        if reason:
            rows.rejects.append(
                rejected(
                    reading.line,
                    reason,
                    place=reading.place,
                    found=f"{reading.kwh} kWh, {reading.volume_m3} m³",
                )
            )
            continue
        if period.is_month and period.first_day == months[0]:
            rows.tally.add(FIRST_MONTH_FR, line=reading.line)
        yield reading


def _cut(period: Period, months: Sequence[date], exported_on: date | None) -> str:
    is_end = period.is_month and period.first_day in (months[0], months[-1])
    if exported_on is None:
        return UNKNOWN_ENDS_FR if is_end else ""
    if period.end_day > exported_on:
        return CUT_END_FR
    if period.is_month and period.first_day == months[0]:
        return CUT_START_FR if period.first_day.month == exported_on.month else ""
    return ""
