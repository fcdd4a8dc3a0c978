"""Measured savings of meters known by bills: from windows of bills to avoided use and its interval."""

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.balance_points import Floats
from atre.calc.savings.bill_periods import (
    BillWeather,
    bill_sums,
    bill_weather,
    predicted_bill_kwh,
)
from atre.calc.savings.completing import by_batches, completed
from atre.calc.savings.least_squares import best_models
from atre.calc.savings.method import CALTRACK_2, CaltrackMethod
from atre.calc.savings.result import MeasuredSavings
from atre.calc.savings.sufficiency import Bits, DayCounts, Insufficiency, baseline_bits
from atre.calc.savings.uncertainty import baseline_fit, saving_half_width_kwh
from atre.calc.savings.windows import BillWindows

Integers = NDArray[np.int64]


def measure_bills(
    windows: BillWindows,
    temperature_c: Floats,
    first_day: Integers,
    *,
    method: CaltrackMethod = CALTRACK_2,
) -> MeasuredSavings:
    """Measure the avoided use of m meters known by bills.

    windows : bills of the baseline and of the reporting period, from `windows.bill_windows`.
    temperature_c : daily mean, °C, shape (m, d), NaN where unknown, covering both periods.
    first_day : day number of its first column, shape (m,).

    Validity: as `measure_daily`; bills of 25 to 70 days make the baseline. Each bill weighs its days.
    Source: CalTRACK 2.0 methods, https://docs.caltrack.org.

    Two years of bills every thirty days, the second one lower by a fifth in the same weather:

    >>> from atre.calc.savings.windows import bill_windows
    >>> day = np.arange(720)
    >>> temperature = 12 - 9 * np.cos(day * 2 * np.pi / 360)
    >>> daily = (5 + 2 * np.maximum(15 - temperature, 0)) * np.where(day < 360, 1.0, 0.8)
    >>> start, works = np.arange(0, 720, 30)[None], np.array([360])
    >>> windows = bill_windows(start, start + 30, daily.reshape(1, 24, 30).sum(axis=2),
    ...     works_start=works, works_end=works, method=CALTRACK_2)
    >>> found = measure_bills(windows, temperature[None], np.array([0]))
    >>> (found.saving_kwh / found.baseline_kwh).round(3).tolist()
    [0.2]
    """
    return by_batches(
        len(windows.refusals),
        lambda part: _bill_batch(windows.some(part), temperature_c[part], first_day[part], method),
    )


def _bill_batch(
    windows: BillWindows, temperature_c: Floats, first_day: Integers, method: CaltrackMethod
) -> MeasuredSavings:
    before = _weather_of(
        windows.baseline_start, windows.baseline_end, temperature_c, first_day, method
    )
    after = _weather_of(
        windows.reporting_start, windows.reporting_end, temperature_c, first_day, method
    )
    sums = bill_sums(windows.baseline_kwh, before, method)
    models = best_models(sums, method)
    # Bills that were not fitted do not count in the scatter either.
    observed = np.where(before.known, windows.baseline_kwh, np.nan)
    fit = baseline_fit(observed, predicted_bill_kwh(models, before), models.slopes)
    compared = after.known & np.isfinite(windows.reporting_kwh)
    days = np.where(compared, after.days, 0).sum(axis=1)
    counts = _bill_counts(windows, before)
    with np.errstate(invalid="ignore", divide="ignore"):
        negative = np.count_nonzero(windows.baseline_kwh < 0, axis=1) > 0
        bill_length = counts.usable / sums.rows
        observations = np.where(sums.rows > 0, days / bill_length, 0.0)
    width = saving_half_width_kwh(
        fit,
        models.slopes,
        reporting_observations=observations,
        reporting_days=days.astype(np.float64),
        billing=True,
        confidence=method.confidence,
    )
    expected = predicted_bill_kwh(models, after)
    left_out = np.where(compared, 0, after.days).sum(axis=1)
    return completed(
        method=method,
        models=models,
        fit=fit,
        refusals=_refusals(windows.refusals, baseline_bits(counts, negative, method)),
        counts=counts,
        baseline_kwh=np.where(np.isfinite(observed), observed, 0.0).sum(axis=1),
        counterfactual_kwh=np.where(compared, expected, 0.0).sum(axis=1),
        reported_kwh=np.where(compared, windows.reporting_kwh, 0.0).sum(axis=1),
        saving_half_width_kwh=width,
        reporting_days=days,
        days_left_out=left_out,
        extreme_values=np.zeros(len(days), dtype=np.int64),
        days_outside_baseline=np.zeros(len(days), dtype=np.int64),
    )


def _weather_of(
    start_day: Integers,
    end_day: Integers,
    temperature_c: Floats,
    first_day: Integers,
    method: CaltrackMethod,
) -> BillWeather:
    """`bill_weather` on the only columns that these bills reach: the other period's cost as much."""
    days = temperature_c.shape[1]
    there = end_day > start_day
    first = np.where(there, start_day - first_day[:, None], days).min(initial=days)
    last = np.where(there, end_day - first_day[:, None], 0).max(initial=0)
    used = slice(int(np.clip(first, 0, days)), int(np.clip(last, 0, days)))
    kept = temperature_c[:, used]
    return bill_weather(start_day, end_day, kept, first_day + used.start, method)


def _refusals(found_before: Bits, found_after: Bits) -> Bits:
    """Both, except where bills overlap: their days were then counted wrongly, and mean nothing."""
    overlap = Insufficiency.OVERLAPPING_BILLS.bit
    return np.where(found_before & overlap, overlap, found_before | found_after)


def _bill_counts(windows: BillWindows, weather: BillWeather) -> DayCounts:
    read = np.isfinite(windows.baseline_kwh)
    return DayCounts(
        span=windows.baseline_span,
        readings=np.where(read, weather.days, 0).sum(axis=1),
        temperatures=weather.kept_days.sum(axis=1).astype(np.int64),
        usable=np.where(read & weather.known, weather.days, 0).sum(axis=1),
        ends_early=windows.ends_early,
    )
