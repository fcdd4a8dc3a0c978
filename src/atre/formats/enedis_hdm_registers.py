"""Indexes of an HDM file.

Registers F1 to F10 follow the supplier's calendar, D1 to D4 the grid's, T is the total; the table
that names their classes (BASE, HP, HC…) comes after the rows, so a section's rows wait for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from atre.formats.curve_points import NO_DATE_FR
from atre.formats.enedis_hdm_section import (
    DELIMITER,
    Heading,
    cut_rows,
    is_active,
    is_consumption,
    not_a_row,
)
from atre.formats.energy_units import unit_of
from atre.formats.instants import instants_of, numbers_of
from atre.formats.local_time import (
    Instants,
    Mask,
    ParisClock,
    paris_days_to_utc,
    utc_to_paris,
)
from atre.formats.reading import INDEXES, PART_ROWS, Part, Reject, without_rows
from atre.formats.text_files import WarningTally, fields_of, plain, rejected

NO_NUMBER_FR = "Index qui n’est pas un nombre."
NEGATIVE_FR = "Index négatif."
BLANK_INDEX_FR = "Relève sans aucun index : gardée comme inconnue."
AT_23_FR = (
    "Index daté de 23 h (heure d’hiver) : c’est celui de 0 h du même jour, il y est replacé. Au Wh "
    "près, la courbe de charge le confirme."
)
SAME_FR = "Relève écrite deux fois (changement d’heure), avec les mêmes index : ligne en double."
OTHER_FR = "Seconde relève pour la même heure, avec d’autres index : la première a été gardée."
NOT_ENERGY_ROW_FR = "Ligne qui n’est pas un index d’énergie active consommée : elle n’est pas lue."
PERIOD = re.compile(r"du (\S+) au ?(\S*)", re.IGNORECASE)
REGISTER = re.compile(r"eas (f(?:10|[1-9])|d[1-4]|t)")


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """Between two instants (NaT for none): the calendar and the class of each register."""

    since: np.datetime64
    until: np.datetime64
    calendars: dict[str, str]
    classes: dict[str, str]

    def holds(self, at: np.datetime64) -> bool:
        return bool(
            (np.isnat(self.since) or at >= self.since) and (np.isnat(self.until) or at < self.until)
        )


@dataclass
class Registers:
    """Columns of `INDEXES` being filled."""

    meter: list[str | None] = field(default_factory=list)
    at: list[np.datetime64] = field(default_factory=list)
    calendar: list[str | None] = field(default_factory=list)
    register: list[str] = field(default_factory=list)
    kwh: list[float | None] = field(default_factory=list)
    quality: list[str | None] = field(default_factory=list)
    temporal_class: list[str | None] = field(default_factory=list)

    def batch(self) -> pa.RecordBatch:
        return pa.RecordBatch.from_arrays(
            [
                pa.array(self.meter, pa.string()),
                pa.array(np.array(self.at, "datetime64[us]"), INDEXES.field("read_at").type),
                pa.array(self.calendar, pa.string()),
                pa.array(self.register, pa.string()),
                pa.array(self.kwh, pa.float64()),
                pa.array(self.quality, pa.string()),
                pa.array(self.temporal_class, pa.string()),
            ],
            schema=INDEXES,
        )


class IndexSection:
    """The section « Index » of one meter: a row a day, a column a register, in Wh."""

    def __init__(self, heading: Heading, columns: list[str], warnings: WarningTally) -> None:
        self._meter_id = heading.meter_id
        self._warnings = warnings
        self._time = columns.index("horodate")
        self._kind = columns.index("type de releve")
        self._registers = {
            place: column.removeprefix("eas ").upper()
            for place, column in enumerate(columns)
            if REGISTER.fullmatch(column)
        }
        unit = unit_of(heading["unite"] or "Wh")
        self._kwh = unit.kwh if unit and unit.kwh else 0.001
        self._rows: list[tuple[int, list[str]]] = []
        self._periods: list[CalendarPeriod] = []
        self._given_rows: dict[np.datetime64, tuple[str, ...]] = {}

    def rows(self, numbers: Sequence[int], lines: Sequence[str]) -> Iterator[Part]:
        width = max(self._time, self._kind) + 1
        cells, kept, rejects = cut_rows(numbers, lines, width)
        if rejects:
            yield without_rows(rejects=tuple(rejects))
        self._rows += zip(kept, cells, strict=True)
        if len(self._rows) >= PART_ROWS:  # 180 years of days: no one file of one meter
            yield from self._given()

    def frame(self, number: int, line: str) -> Iterator[Part]:
        cells = fields_of(line, DELIMITER)
        if plain(cells[0]) == "periode":
            return
        period = _calendar_period(cells)
        if period is None:
            yield from not_a_row(number, line)
        else:
            self._periods.append(period)

    def finish(self) -> Iterator[Part]:
        yield from self._given()

    def _given(self) -> Iterator[Part]:
        rows, self._rows = self._rows, []
        if not rows:
            return
        read = instants_of([cells[self._time] for _, cells in rows], ParisClock())
        instants, moved = _at_midnight(read.utc)
        if moved.any():
            line = rows[int(np.argmax(moved))][0]
            self._warnings.add(AT_23_FR, line=line, count=int(moved.sum()))
        rejects: list[Reject] = []
        filled = Registers()
        for (number, cells), at in zip(rows, instants, strict=True):
            why_not = self._why_not(cells, at)
            if why_not:
                rejects.append(rejected(number, why_not, found=cells[self._time]))
                continue
            rejects += self._fill(filled, number, cells, at)
        yield Part(rows=filled.batch(), rejects=tuple(rejects))

    def _why_not(self, cells: list[str], at: np.datetime64) -> str | None:
        if np.isnat(at):
            return NO_DATE_FR
        indexes = tuple(cells[self._kind + 1 :])
        known = self._given_rows.setdefault(at, indexes)
        if known is indexes:
            return None
        return SAME_FR if known == indexes else OTHER_FR

    def _fill(
        self, filled: Registers, number: int, cells: list[str], at: np.datetime64
    ) -> list[Reject]:
        rejects = []
        period = next((found for found in self._periods if found.holds(at)), None)
        given = False
        for place, register in self._registers.items():
            text = cells[place].strip() if place < len(cells) else ""
            if not text:
                continue
            values, unreadable = numbers_of([text])
            if unreadable[0] or values[0] < 0:
                reason = NO_NUMBER_FR if unreadable[0] else NEGATIVE_FR
                rejects.append(rejected(number, reason, place=f"EAS {register}", found=text))
                continue
            given = True
            self._append(filled, at, register, float(values[0]) * self._kwh, cells, period)
        if not given and not rejects:
            self._warnings.add(BLANK_INDEX_FR, line=number)
            self._append(filled, at, "T", None, cells, period)
        return rejects

    def _append(
        self,
        filled: Registers,
        at: np.datetime64,
        register: str,
        kwh: float | None,
        cells: list[str],
        period: CalendarPeriod | None,
    ) -> None:
        filled.meter.append(self._meter_id)
        filled.at.append(at)
        filled.register.append(register)
        filled.kwh.append(kwh)
        filled.quality.append(cells[self._kind] or None)
        filled.calendar.append(period.calendars.get(register[:1]) if period else None)
        filled.temporal_class.append(period.classes.get(register) if period else None)


def _at_midnight(utc: Instants) -> tuple[Instants, Mask]:
    """The true instants of daily indexes, and which ones were moved.

    Enedis adds days of 24 hours to a midnight of summer: in winter its file says « 23:00 » of a day
    for the index of 00:00 of that same day. On the published files, the curve between two indexes
    so placed equals their difference to the Wh, and so does R151 with R50.

    >>> _at_midnight(np.array(["2022-02-02T22:00"], "datetime64[us]"))[0]
    array(['2022-02-01T23:00:00.000000'], dtype='datetime64[us]')
    """
    local = utc_to_paris(utc)
    days = local.astype("datetime64[D]")
    moved: Mask = local - days == np.timedelta64(23, "h")
    placed = utc.copy()
    placed[moved] = paris_days_to_utc(days[moved])
    return placed, moved


def _calendar_period(cells: list[str]) -> CalendarPeriod | None:
    """« Du … au …;calendar;label;(class;label;register)×10;calendar;label;(class;label;register)×4 »."""
    told = PERIOD.fullmatch(cells[0])
    if told is None:
        return None
    bounds, _ = _at_midnight(instants_of([told[1], told[2] or "?"], ParisClock()).utc)
    if np.isnat(bounds[0]):
        return None
    classes, calendars = {}, {}
    for owner, first, count in (("F", 1, 10), ("D", 33, 4)):
        if len(cells) > first and cells[first] not in {"", "INCONNU"}:
            calendars[owner] = cells[first]
        for rank in range(count):
            triple = cells[first + 2 + 3 * rank : first + 5 + 3 * rank]
            if len(triple) == 3 and triple[0] and triple[2].startswith("EAS "):
                classes[triple[2].removeprefix("EAS ")] = triple[0]
    return CalendarPeriod(bounds[0], bounds[1], calendars, classes)


class FlatRegisters:
    """The flat layout of indexes: each row names its meter, calendar, class and register."""

    def __init__(self, titles: list[str], warnings: WarningTally) -> None:
        self._warnings = warnings
        self._place = {title: place for place, title in reversed(list(enumerate(titles)))}
        self._width = max(self._place["horodate"], self._place.get("valeur", 0)) + 1

    def _cell(self, row: list[str], title: str) -> str:
        place = self._place.get(title, len(row))
        return row[place].strip() if place < len(row) else ""

    def rows(self, numbers: Sequence[int], lines: Sequence[str]) -> Iterator[Part]:
        cells, kept, rejects = cut_rows(numbers, lines, self._width)
        read = instants_of([self._cell(row, "horodate") for row in cells], ParisClock())
        values, unreadable = numbers_of([self._cell(row, "valeur") for row in cells])
        filled = Registers()
        for place, (number, row) in enumerate(zip(kept, cells, strict=True)):
            why_not = self._why_not(row, read.utc[place], unreadable=bool(unreadable[place]))
            if why_not:
                rejects.append(rejected(number, why_not, found=DELIMITER.join(row)))
                continue
            unit = unit_of(self._cell(row, "unite"))
            kwh = float(values[place]) * (unit.kwh if unit and unit.kwh else 0.001)
            filled.meter.append(self._cell(row, "identifiant prm") or None)
            filled.at.append(read.utc[place])
            filled.calendar.append(self._cell(row, "identifiant calendrier") or None)
            filled.register.append(self._cell(row, "cadran") or "T")
            filled.kwh.append(None if np.isnan(kwh) else kwh)
            filled.quality.append(self._cell(row, "type releve") or None)
            filled.temporal_class.append(self._cell(row, "identifiant classe temporelle") or None)
        yield Part(rows=filled.batch(), rejects=tuple(rejects))

    def _why_not(self, row: list[str], at: np.datetime64, *, unreadable: bool) -> str | None:
        unit = unit_of(self._cell(row, "unite"))
        if not (
            is_consumption(self._cell(row, "grandeur metier"))
            and is_active(self._cell(row, "grandeur physique"))
            and unit is not None
            and unit.kwh is not None
        ):
            return NOT_ENERGY_ROW_FR
        if np.isnat(at):
            return NO_DATE_FR
        return NO_NUMBER_FR if unreadable else None

    def frame(self, number: int, line: str) -> Iterator[Part]:
        yield from not_a_row(number, line)

    def finish(self) -> Iterator[Part]:
        yield from ()
