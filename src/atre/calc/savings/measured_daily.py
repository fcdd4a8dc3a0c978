"""Measured savings of meters read every day: from aligned arrays to avoided use and its interval."""

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.balance_points import Floats
from atre.calc.savings.cautions import Bits, extreme_values
from atre.calc.savings.completing import by_batches, completed
from atre.calc.savings.daily_sums import daily_sums
from atre.calc.savings.least_squares import best_models
from atre.calc.savings.method import CALTRACK_2, CaltrackMethod
from atre.calc.savings.model import predicted_kwh_per_day
from atre.calc.savings.result import MeasuredSavings
from atre.calc.savings.sufficiency import DayCounts, baseline_bits
from atre.calc.savings.uncertainty import baseline_fit, saving_half_width_kwh

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


def measure_daily(
    baseline_kwh: Floats,
    baseline_temperature_c: Floats,
    reporting_kwh: Floats,
    reporting_temperature_c: Floats,
    *,
    method: CaltrackMethod = CALTRACK_2,
    refusals: Bits | None = None,
) -> MeasuredSavings:
    """Measure the avoided use of m meters read every day.

    baseline_kwh : use of the days before the works, shape (m, n), oldest first, NaN where unknown;
        n is the length of the baseline asked for (365), the last column the eve of the works.
    reporting_kwh : use of the days from the end of the works, shape (m, r), NaN where unknown.
    *_temperature_c : daily mean, °C, the same shapes, or (n,) and (r,) when shared.
    refusals : reasons found before, while the readings were put in windows, shape (m,).

    Validity: outdoor temperatures in °C (`weather_range` refuses Fahrenheit); no production behind
    the meter. Source: CalTRACK 2.0 methods, https://docs.caltrack.org.

    >>> day = np.arange(365)
    >>> temperature = 12 - 9 * np.cos(day * 2 * np.pi / 365)
    >>> use = 5 + 2 * np.maximum(15 - temperature, 0)
    >>> found = measure_daily(use[None], temperature, 0.9 * use[None], temperature)
    >>> found.as_dict(0)["model"]["kind"], round(float(found.saving_kwh[0] / use.sum()), 3)
    ('hdd_only', 0.1)
    """
    meters = len(baseline_kwh)
    before = np.broadcast_to(baseline_temperature_c, baseline_kwh.shape)
    after = np.broadcast_to(reporting_temperature_c, reporting_kwh.shape)
    known = np.zeros(meters, dtype=np.int64) if refusals is None else refusals

    def some(part: slice) -> MeasuredSavings:
        return _daily_batch(
            baseline_kwh[part], before[part], reporting_kwh[part], after[part], method, known[part]
        )

    return by_batches(meters, some)


def _daily_batch(
    baseline_kwh: Floats,
    before_c: Floats,
    reporting_kwh: Floats,
    after_c: Floats,
    method: CaltrackMethod,
    refusals: Bits,
) -> MeasuredSavings:
    sums = daily_sums(baseline_kwh, before_c, method)
    models = best_models(sums, method)
    fit = baseline_fit(baseline_kwh, predicted_kwh_per_day(models, before_c), models.slopes)
    expected = predicted_kwh_per_day(models, after_c)
    compared = np.isfinite(reporting_kwh) & np.isfinite(after_c)
    counts = _daily_counts(baseline_kwh, before_c)
    with np.errstate(invalid="ignore"):
        refusals = refusals | baseline_bits(
            counts, np.count_nonzero(baseline_kwh < 0, axis=1) > 0, method
        )
    days = compared.sum(axis=1)
    asked = np.isfinite(reporting_kwh) | np.isfinite(after_c)
    span = np.where(asked.any(axis=1), asked.shape[1] - np.argmax(asked[:, ::-1], axis=1), 0)
    extremes = extreme_values(baseline_kwh).sum(axis=1)
    width = saving_half_width_kwh(
        fit,
        models.slopes,
        reporting_observations=days.astype(np.float64),
        reporting_days=days.astype(np.float64),
        billing=False,
        confidence=method.confidence,
    )
    return completed(
        method=method,
        models=models,
        fit=fit,
        refusals=refusals,
        counts=counts,
        baseline_kwh=sums.y_mean * sums.rows,
        counterfactual_kwh=np.where(compared, expected, 0.0).sum(axis=1),
        reported_kwh=np.where(compared, reporting_kwh, 0.0).sum(axis=1),
        saving_half_width_kwh=width,
        reporting_days=days,
        days_left_out=_reported_span(reporting_kwh, span) - days,
        extreme_values=extremes,
        days_outside_baseline=_days_outside(before_c, after_c, compared),
    )


def _reported_span(reporting_kwh: Floats, weather_span: Integers) -> Integers:
    """Days from the works to the last reading known: later blanks are the future, not holes."""
    known = np.isfinite(reporting_kwh)
    last = np.where(known.any(axis=1), known.shape[1] - np.argmax(known[:, ::-1], axis=1), 0)
    return np.minimum(last, np.maximum(weather_span, last))


def _daily_counts(kwh: Floats, temperature_c: Floats) -> DayCounts:
    read, warm = np.isfinite(kwh), np.isfinite(temperature_c)
    any_read = read.any(axis=1)
    first = np.argmax(read, axis=1)
    end = read.shape[1] - np.argmax(read[:, ::-1], axis=1)
    return DayCounts(
        span=np.where(any_read, end - first, 0),
        readings=read.sum(axis=1),
        temperatures=warm.sum(axis=1),
        usable=(read & warm).sum(axis=1),
        ends_early=np.where(any_read, read.shape[1] - end, 0),
    )


def _days_outside(before_c: Floats, after_c: Floats, compared: Mask) -> Integers:
    """Reporting days colder or warmer than every day of the baseline."""
    known = np.isfinite(before_c)
    coldest = np.where(known, before_c, np.inf).min(axis=1, initial=np.inf)
    warmest = np.where(known, before_c, -np.inf).max(axis=1, initial=-np.inf)
    with np.errstate(invalid="ignore"):
        outside = (after_c < coldest[:, None]) | (after_c > warmest[:, None])
    days: Integers = (outside & compared).sum(axis=1)
    return days
