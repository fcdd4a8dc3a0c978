"""The household's bills as arrays: kWh by energy and period, and the days of each month in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.dwelling.climate import MONTH_DAYS
from atre.calc.dwelling.inputs import ENERGIES, Floats
from atre.calc.errors import RefusedInput


@dataclass(frozen=True)
class Readings:
    """m bills: `dwelling` is the row of its dwelling, kWh are as billed (fuels in PCS).

    `start` included, `end` excluded. `weather_ratio`: degree days of those days over those of the
    conventional year's same days; 1 when nobody computed it.
    """

    dwelling: NDArray[np.int64]
    energy: NDArray[np.int8]
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    kwh: Floats
    weather_ratio: Floats


def read_readings(
    dwelling: ArrayLike,
    energy: list[str],
    start: ArrayLike,
    end: ArrayLike,
    kwh: ArrayLike,
    weather_ratio: ArrayLike = 1.0,
) -> Readings:
    """Check and encode m bills, columns of shape (m,) as in `Readings`, the ratio (m,) or one.

    Raises `RefusedInput` naming the column: unknown energy, negative kWh, dates in disorder, a
    ratio outside 0 to 3, lengths that differ.

    >>> found = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [11110.0])
    >>> found.energy.tolist(), float(found.weather_ratio[0])
    ([1], 1.0)
    """
    unknown = next((one for one in energy if one not in ENERGIES), None)
    if unknown is not None:
        raise RefusedInput(f"Énergie inconnue sur une facture : {unknown}.", field="energy")
    amounts = np.asarray(kwh, dtype=np.float64)
    ratios = np.broadcast_to(np.asarray(weather_ratio, dtype=np.float64), amounts.shape).copy()
    found = Readings(
        np.asarray(dwelling, dtype=np.int64),
        np.array([ENERGIES.index(one) for one in energy], dtype=np.int8),
        np.asarray(start, dtype="datetime64[D]"),
        np.asarray(end, dtype="datetime64[D]"),
        amounts,
        ratios,
    )
    sizes = {len(column) for column in vars(found).values()}
    if len(sizes) != 1:
        raise RefusedInput("Il faut autant de dates et de kWh que de factures.", field="kwh")
    if not (np.isfinite(amounts) & (amounts >= 0)).all():
        raise RefusedInput("Une facture porte un nombre de kWh positif.", field="kwh")
    if not (found.end > found.start).all():
        raise RefusedInput("Une facture finit après son début.", field="end")
    if not (np.isfinite(ratios) & (ratios > 0) & (ratios < 3)).all():
        raise RefusedInput("Le rapport de degrés-jours est entre 0 et 3.", field="weather_ratio")
    return found


def days_by_month(start: NDArray[np.datetime64], end: NDArray[np.datetime64]) -> Floats:
    """Days of each calendar month within [start, end), shape (m, 12); 29 February is not counted.

    >>> spring = days_by_month(np.array(["2024-02-01"], "M8[D]"), np.array(["2024-04-11"], "M8[D]"))
    >>> spring[0, :5].tolist()
    [0.0, 28.0, 31.0, 10.0, 0.0]
    """
    return _days_since(end) - _days_since(start)


def _days_since(days: NDArray[np.datetime64]) -> Floats:
    years = days.astype("datetime64[Y]").astype(np.int64)
    months = days.astype("datetime64[M]").astype(np.int64) % 12
    day = (days - days.astype("datetime64[M]")).astype(np.int64)
    place = np.arange(12)
    done = np.where(place < months[:, None], MONTH_DAYS, 0.0)
    current = np.minimum(day[:, None], MONTH_DAYS)
    begun = np.where(place == months[:, None], current, done)
    return np.asarray(years[:, None] * MONTH_DAYS + begun, dtype=np.float64)
