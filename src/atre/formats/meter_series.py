"""From intervals as a file gives them to one meter's days or bills, and from weather to daily means.

A load curve becomes days of legal time: a day counts when more than half of it is known, and is then
brought to its whole (CalTRACK 2.2.2.1). Intervals longer than a day are bills.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from atre.formats.epw import TYPICAL_TEMPERATURES
from atre.formats.local_time import day_hours, paris_days
from atre.formats.reading import (
    DAILY_TEMPERATURES,
    HOURLY_TEMPERATURES,
    INTERVALS,
    Reading,
    UnreadableFile,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

HOUR_US = 3_600_000_000
# A gas or a legal day of 25 hours is still a day; two days are a short bill.
LONGEST_DAY_HOURS = 25
EPOCH = date(1970, 1, 1)
TYPICAL_FR = (
    "Ce fichier est une année météo type : ses mois viennent d’années différentes. Il dit le climat "
    "d’un lieu, pas le temps qu’il a fait pendant la période mesurée : il ne peut pas corriger des "
    "consommations. Prenez des températures mesurées aux mêmes dates (Météo-France, ou un EPW d’une "
    "année réelle)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterSeries:
    """One meter; day numbers count from 1 January 1970, NaN is unknown, shapes (n,).

    start_day, end_day : a day (end = start + 1), or a bill whose end is not included.
    is_daily : whether the rows are days. basis : « pcs » or « pci » for a gas, else None.
    incomplete_days : days of a load curve known for half or less, kept unknown.
    """

    meter_id: str | None
    start_day: Integers
    end_day: Integers
    kwh: Floats
    is_daily: bool
    basis: str | None
    incomplete_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyTemperatures:
    """Daily means of one place, °C as the file says, from `first_day`, NaN where unknown."""

    place: str | None
    first_day: int
    mean: Floats
    contradicted_days: int = 0


def meter_series(reading: Reading, meter_id: str | None = None) -> MeterSeries:
    r"""The readings of one meter of a file, as days or bills, in kWh.

    `meter_id` is needed only when the file has several. A day of a load curve counts when more than
    half of it is known, and is then brought to its whole (CalTRACK 2.2.2.1). Raises UnreadableFile
    when the file has no energy by interval, or several meters and none asked.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> from atre.formats.recognition import recognise
    >>> bills = b"start,end,kwh\n2024-01-01,2024-02-01,310\n2024-02-01,2024-03-01,\n"
    >>> meter = meter_series(collect(recognise(bills), recognise(bills).read(BytesIO(bills))))
    >>> meter.is_daily, (meter.end_day - meter.start_day).tolist(), meter.kwh.tolist()
    (False, [31, 29], [310.0, nan])
    """
    table = _table(reading, (INTERVALS,), "de consommation")
    table = _only(table, "meter_id", meter_id, "compteurs", "--meter-id")
    start, end = _instants(table, "start"), _instants(table, "end")
    kwh = table["kwh"].to_numpy(zero_copy_only=False).astype(np.float64)
    hours = (end - start).astype("timedelta64[us]").astype(np.int64) / HOUR_US
    known = hours > 0
    start, end, kwh, hours = start[known], end[known], kwh[known], hours[known]
    if not len(hours):
        raise UnreadableFile("Ce fichier ne contient aucun relevé lisible.")
    bases = [one for one in table["basis"].unique().to_pylist() if one]
    meter = next(iter(table["meter_id"].unique().to_pylist()), None)
    basis = bases[0] if bases else None
    if float(np.median(hours)) > LONGEST_DAY_HOURS:
        order = np.argsort(start, kind="stable")
        return MeterSeries(
            start_day=_day_numbers(start[order]),
            end_day=_day_numbers(end[order]),
            kwh=kwh[order],
            is_daily=False,
            meter_id=meter,
            basis=basis,
        )
    days, totals, incomplete = _days(start, hours, kwh)
    return MeterSeries(
        start_day=days,
        end_day=days + 1,
        kwh=totals,
        is_daily=True,
        incomplete_days=incomplete,
        meter_id=meter,
        basis=basis,
    )


def _days(
    start: NDArray[np.datetime64], hours: Floats, kwh: Floats
) -> tuple[Integers, Floats, int]:
    """Use of each day; rows that are already days are kept as they are, doubles included."""
    day = _day_numbers(start)
    whole = (hours >= 23) & (hours <= LONGEST_DAY_HOURS)
    parts = ~whole & (hours < 23)
    # A hole of about a day in a load curve is no day: the hours around it say what is known of one.
    whole &= np.isfinite(kwh) | ~np.isin(day, day[parts])
    numbers, place = np.unique(day[parts], return_inverse=True)
    used = np.isfinite(kwh[parts])
    covered = np.bincount(place, weights=hours[parts] * used, minlength=len(numbers))
    total = np.bincount(place, weights=np.where(used, kwh[parts], 0.0), minlength=len(numbers))
    length = day_hours(numbers.astype("datetime64[D]"))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = covered / length
        # More than a day in a day is a double: it is left as it is, for the calculation to refuse.
        enough = share > 0.5
        brought = np.where(enough, total / np.minimum(share, 1.0), np.nan)
    days = np.concatenate([day[whole], numbers])
    return days, np.concatenate([kwh[whole], brought]), int(np.count_nonzero(~enough))


def daily_temperatures(reading: Reading, place: str | None = None) -> DailyTemperatures:
    r"""The daily means of one place of a weather file; hourly ones are averaged by legal day.

    A day of hours counts when more than half of it is known (CalTRACK 2.2.2.3). A day given twice
    with two values is unknown. Raises UnreadableFile as `meter_series`, and for a typical year,
    which has no dates of its own.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> from atre.formats.recognition import recognise
    >>> weather = b"date,temperature_c\n2024-01-01,4.5\n2024-01-03,6\n"
    >>> read = collect(recognise(weather), recognise(weather).read(BytesIO(weather)))
    >>> daily_temperatures(read).mean.tolist()
    [4.5, nan, 6.0]
    """
    if any(table.schema.names == TYPICAL_TEMPERATURES.names for table in reading.tables):
        raise UnreadableFile(TYPICAL_FR)
    table = _table(reading, (DAILY_TEMPERATURES, HOURLY_TEMPERATURES), "de température")
    table = _only(table, "place", place, "lieux", "--place")
    found = next(iter(table["place"].unique().to_pylist()), None)
    values = table["temperature_c"].to_numpy(zero_copy_only=False).astype(np.float64)
    hourly = "at" in table.column_names
    days = (
        _day_numbers(_instants(table, "at"))
        if hourly
        else table["date"].to_numpy(zero_copy_only=False).astype("datetime64[D]").astype(np.int64)
    )
    known = np.isfinite(values)
    days, values = days[known], values[known]
    if not len(days):
        raise UnreadableFile("Ce fichier ne contient aucune température lisible.")
    first = int(days.min())
    if int(days.max()) - first > 366 * 200:
        raise UnreadableFile("Les dates de ce fichier s’étendent sur plus de deux siècles.")
    count = np.bincount(days - first)
    mean = np.bincount(days - first, weights=values) / np.maximum(count, 1)
    if hourly:
        return DailyTemperatures(
            place=found, first_day=first, mean=np.where(count > 12, mean, np.nan)
        )
    contradicted = np.zeros(len(count), dtype=np.bool_)
    contradicted[(days - first)[np.abs(values - mean[days - first]) > 1e-6]] = True
    return DailyTemperatures(
        place=found,
        first_day=first,
        mean=np.where((count > 0) & ~contradicted, mean, np.nan),
        contradicted_days=int(np.count_nonzero(contradicted)),
    )


def _table(reading: Reading, schemas: tuple[pa.Schema, ...], what_fr: str) -> pa.Table:
    for table in reading.tables:
        if any(table.schema.names == schema.names for schema in schemas) and table.num_rows:
            return table
    raise UnreadableFile(
        f"Ce fichier est lu comme {reading.format.title_fr}, mais il n’y a pas de relevé {what_fr} "
        "par jour ou par période."
    )


def _only(
    table: pa.Table, column: str, asked: str | None, several_fr: str, option: str
) -> pa.Table:
    """The rows of one meter or place."""
    names = [one for one in table[column].unique().to_pylist() if one is not None]
    if asked is not None:
        if asked not in names:
            raise UnreadableFile(
                f"« {asked} » n’est pas parmi les {len(names)} {several_fr} de ce fichier "
                f"({_some_fr(names)})."
            )
        return table.filter(pa.compute.equal(table[column], asked))
    if len(names) > 1:
        raise UnreadableFile(
            f"Ce fichier contient {len(names)} {several_fr} ({_some_fr(names)}) : choisissez avec "
            f"{option}."
        )
    return table


def _some_fr(names: list[str]) -> str:
    return ", ".join(names[:5]) + ("…" if len(names) > 5 else "")


def _instants(table: pa.Table, column: str) -> NDArray[np.datetime64]:
    instants: NDArray[np.datetime64] = (
        table[column].cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
    )
    return instants.astype("datetime64[us]")


def _day_numbers(utc: NDArray[np.datetime64]) -> Integers:
    numbers: Integers = paris_days(utc).astype(np.int64)
    return numbers
