"""EnergyPlus weather files (EPW): hours of a measured year, or of a typical one made of months taken
from several years.

Hours are local standard time: no summer time, whatever the country's clocks do. Hour 1 is the one
from 00:00 to 01:00; `at` is its beginning.

A typical year has no year: it comes in a table of its own, so that no calculation that expects a
measured weather can take it for one.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atre.calc.savings.weather_range import FahrenheitSeries, plausible_daily_means
from atre.formats.daily_temperatures import HIGHEST_C, IMPOSSIBLE_FR, LOWEST_C
from atre.formats.reading import (
    HOURLY_TEMPERATURES,
    Format,
    Part,
    Reject,
    UnreadableFile,
    without_rows,
)
from atre.formats.text_files import (
    WarningTally,
    fields_of,
    head_lines,
    line_blocks,
    number_of,
    rejected,
)

# EnergyPlus Auxiliary Programs, EPW data dictionary: a dry bulb of 99.9 or more is missing.
MISSING_C = 99.9
HOURS_OF_YEAR = (8760, 8784)
MAX_ROWS = 8784 * 12  # a year by five minutes, which are kept until the last tells the kind of year
# An hour of a typical year, from its beginning, in local standard time.
TYPICAL_TEMPERATURES = pa.schema(
    [
        pa.field("place", pa.string()),
        pa.field("month", pa.int8(), nullable=False),
        pa.field("day", pa.int8(), nullable=False),
        pa.field("hour", pa.float64(), nullable=False),
        pa.field("temperature_c", pa.float64()),
    ]
)
TYPICAL_WORDS = re.compile(r"TMY|IWEC|IWYEC|WYEC|\bTRY\b|typical|\bRT2012\b", re.IGNORECASE)
HEADER_TITLES = frozenset(
    {
        "DESIGN CONDITIONS",
        "TYPICAL/EXTREME PERIODS",
        "GROUND TEMPERATURES",
        "HOLIDAYS/DAYLIGHT SAVINGS",
        "COMMENTS 1",
        "COMMENTS 2",
        "DATA PERIODS",
    }
)

TYPICAL_FR = (
    "Année type, faite de mois de plusieurs années : ce n’est pas un temps qu’il a fait. Elle sert à "
    "estimer un besoin, jamais à corriger une consommation mesurée."
)
YEARS_FR = "Les années changent d’un mois à l’autre : {} années différentes."
MISSING_FR = "Heures sans température (99,9) : gardées comme inconnues."
LENGTH_FR = "Le fichier n’a pas les 8 760 ou 8 784 heures d’une année."
SUMMER_FR = (
    "Le fichier annonce une heure d’été : l’EPW reste en heure normale, ses heures n’ont pas été "
    "décalées."
)
AGAIN_FR = "Heure déjà lue : la première valeur a été gardée."
ROW_FR = "Ligne illisible : année, mois, jour, heure de 1 à 24 et température attendus."


def _is_epw(head: bytes) -> bool:
    lines = head_lines(head, 1)
    cells = fields_of(lines[0], ",") if lines else []
    return len(cells) >= 10 and cells[0].upper() == "LOCATION"


class _Location:
    """What the first line says: the place, and its hours ahead of UTC."""

    def __init__(self, line: str) -> None:
        cells = fields_of(line, ",")
        try:
            numbers = [number_of(cell) for cell in cells[6:10]]
        except ValueError:
            numbers = [None]
        if len(cells) < 10 or any(number is None for number in numbers):
            raise UnreadableFile("La première ligne de ce fichier EPW (LOCATION) est incomplète.")
        hours = numbers[2] or 0.0
        if not -12 <= hours <= 14:
            raise UnreadableFile("Le fuseau horaire de ce fichier EPW n’existe pas.")
        self.ahead = timedelta(hours=hours)
        name, number = cells[1], cells[5]
        self.place = " ".join(part for part in (name, number) if part) or None
        self.is_typical = bool(TYPICAL_WORDS.search(cells[4]))


def read_epw(stream: BinaryIO) -> Iterator[Part]:
    """Hourly temperatures in °C: `HOURLY_TEMPERATURES` (the UTC instant at which each hour begins),
    or `TYPICAL_TEMPERATURES` for a typical year, whose hours are local standard time and have no
    year.

    99.9 is EnergyPlus' mark of a missing value and stays unknown (EnergyPlus Auxiliary Programs,
    EPW data dictionary). Raises `UnreadableFile` for a file cut in its header, or in °F.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> year = b'''LOCATION,NANTES,-,FRA,SRC,072220,47.15,-1.61,1.0,26.0
    ... 2019,1,1,1,0,?,6.2
    ... 2019,1,1,2,0,?,99.9
    ... 2019,1,1,25,0,?,5.8
    ... '''
    >>> found = collect(FORMATS[0], read_epw(BytesIO(year)))
    >>> [(hour["at"].isoformat(), hour["temperature_c"]) for hour in found.tables[0].to_pylist()]
    [('2018-12-31T23:00:00+00:00', 6.2), ('2019-01-01T00:00:00+00:00', None)]
    >>> found.rejects[0].reason_fr
    'Ligne illisible : année, mois, jour, heure de 1 à 24 et température attendus.'
    """
    tally = WarningTally()
    hours = _Hours(tally)
    for block in line_blocks(stream, tally):
        rejects: list[Reject] = [*block.rejects]
        hours.read(block.numbers, block.lines, rejects)
        yield without_rows(rejects=tuple(rejects))
    yield hours.finish()


class _Hours:
    def __init__(self, tally: WarningTally) -> None:
        self._tally = tally
        self._location: _Location | None = None
        self._kept: dict[datetime, float] = {}
        self._years: set[int] = set()
        self._is_typical = False

    def read(self, numbers: Sequence[int], lines: Sequence[str], rejects: list[Reject]) -> None:
        for number, line in zip(numbers, lines, strict=True):
            cells = fields_of(line, ",")
            if cells == [""]:
                continue
            if self._location is None:
                self._location = _Location(line)
                self._is_typical = self._location.is_typical
            elif cells[0].upper() in HEADER_TITLES:
                self._read_header(cells)
            else:
                self._read_hour(number, cells, rejects)
        if len(self._kept) > MAX_ROWS:
            raise UnreadableFile("Ce fichier EPW a plus de lignes qu’une année n’en demande.")

    def finish(self) -> Part:
        if not self._kept or self._location is None:
            raise UnreadableFile("Ce fichier EPW n’a aucune heure lisible.")
        self._is_typical |= len(self._years) > 2
        if self._is_typical:
            self._tally.add(TYPICAL_FR)
        if len(self._years) > 2:
            self._tally.add(YEARS_FR.format(len(self._years)))
        if len(self._kept) not in HOURS_OF_YEAR:
            self._tally.add(LENGTH_FR)
        values = np.array([*self._kept.values()], dtype=np.float64)
        _refuse_other_unit([*self._kept], values)
        batch = _typical if self._is_typical else _measured
        rows = batch(self._location, [*self._kept], values)
        return Part(rows=rows, warnings=self._tally.take())

    def _read_header(self, cells: Sequence[str]) -> None:
        title = cells[0].upper()
        if title.startswith("COMMENTS"):
            self._is_typical |= bool(TYPICAL_WORDS.search(",".join(cells[1:])))
        elif title.startswith("HOLIDAYS") and {*cells[2:4]} - {"0", ""}:
            self._tally.add(SUMMER_FR)

    def _read_hour(
        self,
        number: int,
        cells: Sequence[str],
        rejects: list[Reject],
    ) -> None:
        found = ",".join([*cells[:4], *cells[6:7]])
        try:
            moment, temperature = self._hour(cells)
        except (ValueError, OverflowError):
            rejects.append(rejected(number, ROW_FR, found=found))
            return
        if moment in self._kept:
            rejects.append(rejected(number, AGAIN_FR, found=found))
            return
        if temperature is None or temperature >= MISSING_C:
            self._tally.add(MISSING_FR, line=number)
            temperature = float("nan")
        elif not LOWEST_C <= temperature <= HIGHEST_C:
            rejects.append(rejected(number, IMPOSSIBLE_FR, found=found))
            return
        self._years.add(moment.year)
        self._kept[moment] = temperature

    def _hour(self, cells: Sequence[str]) -> tuple[datetime, float | None]:
        """When a row's hour begins, in local standard time, and its temperature."""
        if len(cells) < 7:
            raise ValueError(ROW_FR)
        year, month, day, hour = (int(cell) for cell in cells[:4])
        if not 1 <= hour <= 24 or not 1900 <= year <= 2100:
            raise ValueError(ROW_FR)
        # Minute 60 or 0 is the whole hour; others are the ends of shorter steps.
        minute = int(cells[4] or 0)
        into = timedelta(minutes=minute) if 0 < minute < 60 else timedelta()
        local = datetime(year, month, day) + timedelta(hours=hour - 1) + into  # noqa: DTZ001
        return local, number_of(cells[6])


def _measured(
    location: _Location, moments: Sequence[datetime], values: NDArray[np.float64]
) -> pa.RecordBatch:
    instants = pa.array([moment - location.ahead for moment in moments], pa.timestamp("us"))
    arrays = [
        pa.array([location.place] * len(moments), pa.string()),
        instants.cast(HOURLY_TEMPERATURES.field("at").type),
        pa.array(values, pa.float64(), mask=np.isnan(values)),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=HOURLY_TEMPERATURES)


def _typical(
    location: _Location, moments: Sequence[datetime], values: NDArray[np.float64]
) -> pa.RecordBatch:
    arrays = [
        pa.array([location.place] * len(moments), pa.string()),
        pa.array([moment.month for moment in moments], pa.int8()),
        pa.array([moment.day for moment in moments], pa.int8()),
        pa.array([moment.hour + moment.minute / 60 for moment in moments], pa.float64()),
        pa.array(values, pa.float64(), mask=np.isnan(values)),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=TYPICAL_TEMPERATURES)


def _refuse_other_unit(moments: Sequence[datetime], hourly: NDArray[np.float64]) -> None:
    """A day's mean is judged, not an hour: 42 °C is an afternoon, never a day."""
    days = hourly[: hourly.size // 24 * 24].reshape(-1, 24)
    whole = days[~np.isnan(days).any(axis=1)]
    if not whole.size:
        return
    try:
        plausible_daily_means(whole.mean(axis=1), on=moments[-1].date())
    except FahrenheitSeries as refused:
        raise UnreadableFile(refused.message_fr) from refused


FORMATS: tuple[Format, ...] = (
    Format(
        key="epw",
        title_fr="fichier météo EPW (EnergyPlus)",
        recognises=_is_epw,
        read=read_epw,
    ),
)
