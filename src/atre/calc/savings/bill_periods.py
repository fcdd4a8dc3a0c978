"""Bills as observations: mean use and mean degree days per day of each period, weighted by days.

The degree days of a bill are those of its days (CalTRACK 3.3.4.1 and 3.3.5.1), not those of its mean
temperature: a mild month with a cold week does heat. They come from counts and sums of daily
temperatures by period and by interval between balance points, as in `daily_sums`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.balance_points import Floats
from atre.calc.savings.least_squares import DegreeDaySums
from atre.calc.savings.method import CaltrackMethod
from atre.calc.savings.model import FittedModels

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillWeather:
    """What is known of the weather of each bill, shapes (m, p).

    days : days of the bill ; kept_days : those with a temperature that count in degree days.
    known : whether enough of its days have a temperature (CalTRACK 2.2.3.2).
    interval : position of each day's temperature among the balance points, (m, d).
    period : number of the bill each day is in, from 0, p where in none or not kept, (m, d).
    temperature_c : (m, d), 0 where unknown.
    """

    days: Integers
    kept_days: Floats
    known: Mask
    period: Integers
    temperature_c: Floats


def bill_weather(
    start_day: Integers,
    end_day: Integers,
    temperature_c: Floats,
    first_day: Integers,
    method: CaltrackMethod,
) -> BillWeather:
    """Attach each day's temperature to the bill it is in.

    start_day, end_day : day numbers, shape (m, p), the end not included; empty (equal) where there
        is no bill. The bills of a meter do not overlap.
    temperature_c : daily mean, °C, (m, d), NaN where unknown. first_day : day number of its first
        column, (m,).
    Source: CalTRACK 2.0, rule 2.2.3.2, for how many days must be known.

    A bill of two days, both known, then one of three of which a day is not: too few to know it.

    >>> temperature = np.array([[5.0, 6.0, 7.0, np.nan, 9.0]])
    >>> found = bill_weather(np.array([[100, 102]]), np.array([[102, 105]]), temperature,
    ...     np.array([100]), CaltrackMethod())
    >>> found.kept_days.tolist(), found.known.tolist()
    ([[2.0, 2.0]], [[True, False]])
    """
    meters, days = temperature_c.shape
    bills = start_day.shape[1]
    asked = end_day - start_day
    used = (
        asked
        if method.bill_temperature_days is None
        else asked.clip(max=method.bill_temperature_days)
    )
    first = (start_day - first_day[:, None]).clip(0, days)
    last = (start_day + used - first_day[:, None]).clip(0, days)
    # +p at the first day of bill p and −p after its last one, then a running sum: the bill of a day.
    steps = np.zeros((meters, days + 1), dtype=np.int64)
    rows = np.arange(meters)[:, None]
    numbers = np.where(asked > 0, np.arange(1, bills + 1), 0)
    np.add.at(steps, (rows, first), numbers)
    np.subtract.at(steps, (rows, last), numbers)
    period = np.cumsum(steps, axis=1)[:, :-1] - 1
    measured = np.isfinite(temperature_c)
    period = np.where((period >= 0) & measured, period, bills)
    cells = (period + rows * (bills + 1)).ravel()
    kept = np.bincount(cells, minlength=meters * (bills + 1)).reshape(meters, bills + 1)
    kept_days = kept[:, :bills].astype(np.float64)
    return BillWeather(
        days=asked,
        kept_days=kept_days,
        known=(kept_days > 0) & (kept_days >= method.minimum_period_coverage * used),
        period=period,
        temperature_c=np.where(measured, temperature_c, 0.0),
    )


def bill_sums(kwh: Floats, weather: BillWeather, method: CaltrackMethod) -> DegreeDaySums:
    """The sums of `least_squares` for bills.

    kwh : energy of each bill, shape (m, p), NaN where unknown; a bill is left out when its weather
    is not known well enough. Weights are the days kept (CalTRACK 3.4.2): one day at 60 kWh weighs a
    third of two days at 30 kWh each.

    >>> weather = bill_weather(np.array([[0, 1]]), np.array([[1, 3]]), np.array([[2.0, 8.0, 9.0]]),
    ...     np.array([0]), CaltrackMethod())
    >>> sums = bill_sums(np.array([[60.0, 60.0]]), weather, CaltrackMethod())
    >>> sums.weight.tolist(), sums.y_mean.tolist()
    ([3.0], [40.0])
    """
    usable = np.isfinite(kwh) & weather.known
    weights = np.where(usable, weather.kept_days, 0.0)
    total = weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        per_day = np.where(usable, kwh / weather.days, 0.0)
        y_mean = (weights * per_day).sum(axis=1) / total
        y = np.where(usable, per_day - y_mean[:, None], 0.0)
    hdd, cdd = _mean_degree_days(weather, method.balance_points_c)
    hdd_moments = _moments(hdd, y, weights, total)
    cdd_moments = _moments(cdd, y, weights, total)
    cross = np.matmul((hdd * weights[:, :, None]).transpose(0, 2, 1), cdd)
    least = method.minimum_degree_days_c
    return DegreeDaySums(
        rows=usable.sum(axis=1).astype(np.float64),
        weight=total,
        y_mean=y_mean,
        y_ss=(weights * y * y).sum(axis=1),
        hdd_mean=hdd_moments[0],
        hdd_ss=hdd_moments[1],
        hdd_y=hdd_moments[2],
        hdd_allowed=hdd_moments[0] * total[:, None] >= least,
        cdd_mean=cdd_moments[0],
        cdd_ss=cdd_moments[1],
        cdd_y=cdd_moments[2],
        cdd_allowed=cdd_moments[0] * total[:, None] >= least,
        cross=cross,
    )


def _mean_degree_days(weather: BillWeather, grid: Floats) -> tuple[Floats, Floats]:
    """Heating and cooling degree days per day of each bill, at each balance point, (m, p, b)."""
    meters, bills = weather.days.shape
    intervals = len(grid) + 1
    interval = np.searchsorted(grid, weather.temperature_c, side="right")
    rows = np.arange(meters)[:, None]
    cells = (((rows * (bills + 1)) + weather.period) * intervals + interval).ravel()
    shape = (meters, bills + 1, intervals)
    size = meters * (bills + 1) * intervals
    count = np.bincount(cells, minlength=size).astype(np.float64).reshape(shape)[:, :bills]
    t = np.bincount(cells, weights=weather.temperature_c.ravel(), minlength=size)
    t = t.reshape(shape)[:, :bills]
    under_count = np.cumsum(count, axis=2)[:, :, :-1]
    under_t = np.cumsum(t, axis=2)[:, :, :-1]
    over_count = count.sum(axis=2, keepdims=True) - under_count
    over_t = t.sum(axis=2, keepdims=True) - under_t
    days = np.maximum(weather.kept_days, 1.0)[:, :, None]
    return (grid * under_count - under_t) / days, (over_t - grid * over_count) / days


def _moments(
    degree_days: Floats, y: Floats, weights: Floats, total: Floats
) -> tuple[Floats, Floats, Floats]:
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.einsum("mp,mpb->mb", weights, degree_days) / total[:, None]
    around = degree_days - mean[:, None, :]
    squares = np.einsum("mp,mpb,mpb->mb", weights, around, around)
    return mean, squares, np.einsum("mp,mpb->mb", weights * y, degree_days)


def predicted_bill_kwh(models: FittedModels, weather: BillWeather) -> Floats:
    """Use of each bill according to each model, kWh, shape (m, p).

    The degree days are those of the bill's known days, brought to all its days; NaN where too few
    are known.

    Ten kWh a day and two by degree below 18 °C: (10 + 2 × 3) × 2 days at 15 °C.

    >>> one, nothing = np.array([1.0]), np.array([np.nan])
    >>> model = FittedModels(kind=np.array([1], np.int8), intercept_kwh_per_day=10 * one,
    ...     beta_hdd=2 * one, heating_balance_point_c=18 * one, beta_cdd=nothing,
    ...     cooling_balance_point_c=nothing, r2_adj=one, beta_hdd_p_value=0 * one,
    ...     beta_cdd_p_value=nothing)
    >>> weather = bill_weather(np.array([[0, 2]]), np.array([[2, 4]]),
    ...     np.array([[15.0, 15.0, np.nan, np.nan]]), np.array([0]), CaltrackMethod())
    >>> predicted_bill_kwh(model, weather).tolist()
    [[32.0, nan]]
    """
    meters, bills = weather.days.shape
    cells = (weather.period + np.arange(meters)[:, None] * (bills + 1)).ravel()

    def per_day(parts: Floats) -> Floats:
        found = np.bincount(cells, weights=parts.ravel(), minlength=meters * (bills + 1))
        sums = found.astype(np.float64, copy=False).reshape(meters, bills + 1)[:, :bills]
        mean: Floats = sums / np.maximum(weather.kept_days, 1.0)
        return mean

    heats, cools = np.isfinite(models.beta_hdd), np.isfinite(models.beta_cdd)
    h = np.where(heats, models.heating_balance_point_c, 0.0)[:, None]
    c = np.where(cools, models.cooling_balance_point_c, 0.0)[:, None]
    heating = per_day(np.maximum(h - weather.temperature_c, 0.0))
    cooling = per_day(np.maximum(weather.temperature_c - c, 0.0))
    use = (
        models.intercept_kwh_per_day[:, None]
        + np.where(heats, models.beta_hdd, 0.0)[:, None] * heating
        + np.where(cools, models.beta_cdd, 0.0)[:, None] * cooling
    )
    return np.where(weather.known, use * weather.days, np.nan)
