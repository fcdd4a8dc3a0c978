"""The table that Enedis' exports hold: which columns are which, told by their titles, and its rows as
points of a load curve."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from atre.formats.curve_points import points_of
from atre.formats.curve_steps import MINUTE, Integers, written_lengths
from atre.formats.energy_units import Unit, unit_of
from atre.formats.instants import instants_of, written_instants
from atre.formats.load_curve import LoadCurve, Stamp
from atre.formats.local_time import ParisClock, day_hours
from atre.formats.reading import Part, without_rows
from atre.formats.text_files import WarningTally, plain, rejected

LONGEST_STEP = 60 * MINUTE
START_TITLES = {"debut", "date de debut", "dateheure de debut"}
END_TITLES = {"fin", "date de fin", "dateheure de fin"}
DAY_TITLES = {"date", "jour"}
VALUE = re.compile(r"(?:valeur|consommation|conso)?\s*[(\[]?\s*(?:en )?(k?wh?)\s*[)\]]?")
ABSENT = {"na", "n/a", "nan", "-", "null"}

KWH_OF_HALF_HOURS_FR = (
    "L’unité est celle du titre de la colonne : kWh. Si le total paraît double, le fichier "
    "contient des kW sous un mauvais titre."
)
ABSENT_FR = "Valeur écrite « NA » : gardée comme inconnue."
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


class ExportTable:
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
