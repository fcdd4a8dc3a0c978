"""Plain CSV that a person writes: `date,kwh`, `start,end,kwh` and `date,temperature_c`.

The titles name the columns, in English or in French, in any order; the rows may be in any order too.
Dates are legal days in France, « 2024-11-15 » or « 15/11/2024 ». A daily row holds the use of its
day; a bill goes from its first day to its end, which is the next bill's first day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from atre.formats.daily_temperatures import DailySeries
from atre.formats.local_time import FIRST_YEAR, LAST_YEAR, paris_days_to_utc
from atre.formats.plain_limits import Row, UseByMeter, possible_temperatures
from atre.formats.reading import (
    DAILY_TEMPERATURES,
    INTERVALS,
    Format,
    Part,
    Reject,
    UnreadableFile,
    without_rows,
)
from atre.formats.text_files import (
    LineBlock,
    WarningTally,
    fields_of,
    head_lines,
    line_blocks,
    number_of,
    plain,
    rejected,
    sniffed_delimiter,
)

TITLES: Mapping[str, tuple[str, ...]] = {
    "day": ("date", "jour", "day"),
    # « debut;fin;kWh » is Enedis' own wording, for load curves: `enedis_export` reads it.
    "start": ("start", "start_date", "date_debut"),
    "end": ("end", "end_date", "date_fin"),
    "kwh": ("kwh", "energie_kwh", "energy_kwh", "consommation_kwh", "energie (kwh)"),
    "temperature_c": (
        "temperature_c",
        "temperature (°c)",
        "temperature moyenne (°c)",
        "temperature_moyenne_c",
    ),
    "meter_id": ("meter_id", "compteur", "pdl", "prm", "pce"),
    "place": ("place", "lieu", "station"),
}
NO_DATE_FR = "La date ne se lit pas : écrivez 2024-11-15 ou 15/11/2024."
CELLS_FR = "La ligne n’a pas autant de cellules que la ligne de titres."
YEARS_FR = f"La date n’est pas entre {FIRST_YEAR} et {LAST_YEAR}."
BLANK_FR = "Valeur absente : elle reste inconnue, ce n’est pas zéro."
UNSORTED_FR = "Les lignes ne sont pas dans l’ordre des dates : elles ont été lues telles quelles."
TWICE_FR = "Date déjà vue dans ce fichier."
LAST_DAY_FR = (
    "La fin de chaque période est la veille du début de la suivante : elle a été comprise comme le "
    "dernier jour compté."
)
REVERSED_FR = "La période finit avant de commencer."


@dataclass(slots=True)
class _Layout:
    """Where each column is, and what the rows read so far have taught."""

    delimiter: str
    columns: dict[str, int]
    width: int
    includes_last_day: bool = False
    last: Any = None
    seen: set[tuple[str, date]] = field(default_factory=set)
    use: UseByMeter = field(default_factory=UseByMeter)
    temperatures: DailySeries | None = None


def _layout(line: str) -> _Layout | None:
    """The columns of a line of titles; None when it does not have those of a plain file."""
    for delimiter in (sniffed_delimiter([line]), ",", ";", "\t"):
        titles = [plain(title) for title in fields_of(line, delimiter)]
        columns = {
            name: titles.index(known)
            for name, accepted in TITLES.items()
            for known in accepted
            if known in titles
        }
        if _kind(columns):
            return _Layout(delimiter=delimiter, columns=columns, width=len(titles))
    return None


def _kind(columns: Mapping[str, int]) -> str | None:
    if {"day", "kwh"} <= columns.keys():
        return "daily"
    if {"start", "end", "kwh"} <= columns.keys():
        return "bills"
    return "temperatures" if {"day", "temperature_c"} <= columns.keys() else None


def _recognises(kind: str, head: bytes) -> bool:
    lines = head_lines(head, 1)
    layout = _layout(lines[0]) if lines and not lines[0].startswith(("<", "{")) else None
    return layout is not None and _kind(layout.columns) == kind


def _read(stream: BinaryIO) -> Iterator[Part]:
    warnings = WarningTally()
    layout: _Layout | None = None
    for block in line_blocks(stream, warnings):
        start = 0
        if layout is None:
            start, layout = _titles(block)
        yield _part(block, start, layout, warnings)
    if layout is None:
        raise UnreadableFile("Ce fichier est vide.")
    layout.use.doubt(warnings)
    yield without_rows(warnings=warnings.take())


def _titles(block: LineBlock) -> tuple[int, _Layout]:
    for place, line in enumerate(block.lines):
        if not line.strip():
            continue
        layout = _layout(line)
        if layout is not None:
            _learn_ends(block.lines[place + 1 :], layout)
            return place + 1, layout
        break
    raise UnreadableFile(
        "La première ligne doit nommer les colonnes : date,kwh (par jour), start,end,kwh "
        "(factures) ou date,temperature_c."
    )


def _learn_ends(lines: Sequence[str], layout: _Layout) -> None:
    """Whether a bill's end is its last day: when each next one starts the day after, always."""
    if "end" not in layout.columns:
        return
    spans = []
    for line in lines:
        cells = fields_of(line, layout.delimiter)
        if len(cells) == layout.width:
            days = [_day(cells[layout.columns[name]]) for name in ("start", "end")]
            if days[0] and days[1]:
                spans.append((days[0], days[1]))
    spans.sort()
    gaps = {(later[0] - earlier[1]).days for earlier, later in pairwise(spans)}
    layout.includes_last_day = gaps == {1}


def _part(block: LineBlock, start: int, layout: _Layout, warnings: WarningTally) -> Part:
    rows: list[Row] = []
    numbers: list[int] = []
    rejects: list[Reject] = list(block.rejects)
    for number, line in zip(block.numbers[start:], block.lines[start:], strict=True):
        if not line.strip():
            continue
        found = _row(line, number, layout, warnings)
        if isinstance(found, Reject):
            rejects.append(found)
        else:
            rows.append(found)
            numbers.append(number)
    if "temperature_c" in layout.columns:
        layout.temperatures = layout.temperatures or DailySeries(warnings, has_extremes=False)
        rows, refused = possible_temperatures(rows, numbers, layout.temperatures, warnings)
    else:
        rows, refused = layout.use.counted(rows, numbers, layout.includes_last_day)
    rejects += refused
    if layout.includes_last_day:
        warnings.add(LAST_DAY_FR, count=len(rows))
    batch = _temperatures(rows) if "temperature_c" in layout.columns else _intervals(rows, layout)
    return Part(rows=batch, rejects=tuple(rejects))


def _row(line: str, number: int, layout: _Layout, warnings: WarningTally) -> Row | Reject:
    cells = fields_of(line, layout.delimiter)
    if len(cells) != layout.width:
        return rejected(number, CELLS_FR, found=line)
    columns = layout.columns
    name = "day" if "day" in columns else "start"
    first = _day(cells[columns[name]])
    end = _day(cells[columns["end"]]) if name == "start" else None
    if first is None or (name == "start" and end is None):
        return rejected(number, NO_DATE_FR, found=line)
    if not FIRST_YEAR < first.year < LAST_YEAR or (end and not FIRST_YEAR < end.year < LAST_YEAR):
        return rejected(number, YEARS_FR, found=line)
    if end is not None and end < first:
        return rejected(number, REVERSED_FR, found=line)
    text = cells[columns["kwh" if "kwh" in columns else "temperature_c"]]
    try:
        value = number_of(text)
    except ValueError as fault:
        return rejected(number, str(fault), found=text)
    if value is None:
        warnings.add(BLANK_FR, line=number)
    whose = columns.get("meter_id", columns.get("place"))
    owner = None if whose is None else cells[whose] or None
    _notice_order(first, owner, number, layout, warnings)
    return first, end, value, owner


def _notice_order(
    first: date, owner: str | None, number: int, layout: _Layout, warnings: WarningTally
) -> None:
    key = (owner or "", first)
    if layout.last is not None and layout.last[0] == key[0] and first < layout.last[1]:
        warnings.add(UNSORTED_FR, line=number)
    if key in layout.seen:
        warnings.add(TWICE_FR, line=number)
    layout.last = key
    # A life of daily readings is 30 000 rows; beyond a million, doubles are left to the calculation.
    if len(layout.seen) < 1_000_000:
        layout.seen.add(key)


def _day(text: str) -> date | None:
    """A legal day; a time other than midnight is not a day."""
    bare = text.strip()
    for midnight in ("T00:00:00", " 00:00:00", "T00:00", " 00:00"):
        bare = bare.removesuffix(midnight)
    try:
        if len(bare) == 10 and bare[2] == bare[5] == "/":
            return date(int(bare[6:]), int(bare[3:5]), int(bare[:2]))
        return date.fromisoformat(bare) if len(bare) == 10 else None
    except ValueError:
        return None


def _temperatures(rows: Sequence[Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [
            pa.array([row[3] for row in rows], pa.string()),
            pa.array([row[0] for row in rows], pa.date32()),
            pa.array([row[2] for row in rows], pa.float64()),
        ],
        schema=DAILY_TEMPERATURES,
    )


def _intervals(rows: Sequence[Any], layout: _Layout) -> pa.RecordBatch:
    starts = np.array([row[0] for row in rows], dtype="datetime64[D]")
    ends = np.array([row[1] or row[0] for row in rows], dtype="datetime64[D]")
    if "day" in layout.columns or layout.includes_last_day:
        ends = ends + np.timedelta64(1, "D")
    blank = pa.nulls(len(rows), pa.string())
    return pa.RecordBatch.from_arrays(
        [
            pa.array([row[3] for row in rows], pa.string()),
            pa.array(paris_days_to_utc(starts), INTERVALS.field("start").type),
            pa.array(paris_days_to_utc(ends), INTERVALS.field("end").type),
            pa.array([row[2] for row in rows], pa.float64()),
            blank,
            pa.nulls(len(rows), pa.float64()),
            blank,
        ],
        schema=INTERVALS,
    )


FORMATS: tuple[Format, ...] = (
    Format(
        key="plain_daily",
        title_fr="un CSV simple « date,kwh », une ligne par jour",
        recognises=lambda head: _recognises("daily", head),
        read=_read,
    ),
    Format(
        key="plain_bills",
        title_fr="un CSV simple « start,end,kwh », une ligne par facture",
        recognises=lambda head: _recognises("bills", head),
        read=_read,
    ),
    Format(
        key="plain_temperatures",
        title_fr="un CSV simple « date,temperature_c », une ligne par jour",
        recognises=lambda head: _recognises("temperatures", head),
        read=_read,
    ),
)
