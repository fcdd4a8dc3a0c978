"""Sums of degree days of daily readings, at every balance point at once.

Days are sorted into the intervals between balance points; cumulative sums over the intervals then
give, for each balance point h, Σ(h − T) over the days under it, and its squares and products with
use: Σ(h − T)² = h²n − 2hΣT + ΣT². No day is looked at twice.
"""

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.balance_points import Floats
from atre.calc.savings.least_squares import DegreeDaySums
from atre.calc.savings.method import CaltrackMethod

Integers = NDArray[np.int64]


def daily_sums(kwh: Floats, temperature_c: Floats, method: CaltrackMethod) -> DegreeDaySums:
    """The sums of `least_squares` for daily readings.

    kwh : use of each day, kWh, shape (m, d), NaN where unknown.
    temperature_c : daily mean, °C, shape (m, d), or (d,) when shared; NaN where unknown.
    A day lacking either is left out of both. Every day weighs the same. Source: CalTRACK 2.0, 3.3.4.

    At a balance point of 18 °C, days of 10 °C and 20 °C have 8 and 0 degree days: 4 on average.

    >>> method = CaltrackMethod(balance_points_c=np.array([18.0]))
    >>> sums = daily_sums(np.array([[30.0, 10.0, 99.0]]), np.array([10.0, 20.0, np.nan]), method)
    >>> sums.rows.tolist(), sums.y_mean.tolist(), sums.hdd_mean.tolist()
    ([2.0], [20.0], [[4.0]])
    """
    known = np.isfinite(kwh) & np.isfinite(temperature_c)
    rows = known.sum(axis=1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        y_mean = np.where(known, kwh, 0.0).sum(axis=1) / rows
    # Centring use first keeps the sums of products exact for a large, nearly constant use.
    y = np.where(known, kwh - y_mean[:, None], 0.0)
    degrees = np.broadcast_to(np.where(np.isfinite(temperature_c), temperature_c, 0.0), kwh.shape)
    grid = method.balance_points_c
    place = np.searchsorted(grid, temperature_c, side="right")
    cells = _cells(np.broadcast_to(place, kwh.shape), known, len(grid))
    shape = (kwh.shape[0], len(grid) + 2)
    count, t, t2, y_sum, yt = (
        _by_interval(cells, values, shape)
        for values in (None, degrees, degrees * degrees, y, y * degrees)
    )
    under = [np.cumsum(one, axis=1)[:, : len(grid)] for one in (count, t, t2, y_sum, yt)]
    total = [
        one[:, : len(grid) + 1].sum(axis=1, keepdims=True) for one in (count, t, t2, y_sum, yt)
    ]
    over = [whole - below for whole, below in zip(total, under, strict=True)]
    hdd = _degree_day_moments(grid, under, rows, 1.0)
    cdd = _degree_day_moments(grid, over, rows, -1.0)
    return DegreeDaySums(
        rows=rows,
        weight=rows,
        y_mean=y_mean,
        y_ss=(y * y).sum(axis=1),
        hdd_mean=hdd[0],
        hdd_ss=hdd[1],
        hdd_y=hdd[2],
        hdd_allowed=_allowed(hdd[0], under[0], rows, method),
        cdd_mean=cdd[0],
        cdd_ss=cdd[1],
        cdd_y=cdd[2],
        cdd_allowed=_allowed(cdd[0], over[0], rows, method),
    )


def _cells(place: Integers, known: NDArray[np.bool_], points: int) -> Integers:
    """One number by meter and interval; days left out go to a last interval that is not read."""
    meters = np.arange(place.shape[0])[:, None]
    cells: Integers = (np.where(known, place, points + 1) + meters * (points + 2)).ravel()
    return cells


def _by_interval(cells: Integers, values: Floats | None, shape: tuple[int, int]) -> Floats:
    weights = None if values is None else values.ravel()
    found = np.bincount(cells, weights=weights, minlength=shape[0] * shape[1])
    return found.astype(np.float64, copy=False).reshape(shape)


def _degree_day_moments(
    grid: Floats, sums: list[Floats], rows: Floats, sign: float
) -> tuple[Floats, Floats, Floats]:
    """Mean, centred sum of squares, product with centred use, of sign·(h − T) over some days."""
    count, t, t2, y, yt = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        degree_days = sign * (grid * count - t)
        mean = degree_days / rows[:, None]
        squares = (grid * grid) * count - 2 * grid * t + t2 - degree_days * mean
    return mean, np.maximum(squares, 0.0), sign * (grid * y - yt)


def _allowed(mean: Floats, days: Floats, rows: Floats, method: CaltrackMethod) -> NDArray[np.bool_]:
    """CalTRACK 3.2.2: enough days under (or over) the balance point, and enough degree days."""
    enough: NDArray[np.bool_] = mean * rows[:, None] >= method.minimum_degree_days_c
    return enough & (days >= method.minimum_days_with_degree_days)
