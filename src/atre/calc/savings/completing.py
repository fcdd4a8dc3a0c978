"""What daily and billing measurements share: batches of meters, last refusals, cautions.

`METERS_A_BATCH` meters are measured at a time, so that memory does not follow their number.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.cautions import (
    FEWEST_ROWS,
    POOR_CVRMSE,
    UNCERTAIN_P_VALUE,
    Bits,
    Caution,
)
from atre.calc.savings.method import CaltrackMethod
from atre.calc.savings.model import NO_MODEL, FittedModels
from atre.calc.savings.result import MeasuredSavings
from atre.calc.savings.sufficiency import DayCounts, Insufficiency, flagged
from atre.calc.savings.uncertainty import BaselineFit

Mask = NDArray[np.bool_]

# Their arrays of degree days (bills × balance points × intervals) then stay in the processor's cache.
METERS_A_BATCH = 64


def completed(
    *,
    method: CaltrackMethod,
    models: FittedModels,
    fit: BaselineFit,
    refusals: Bits,
    counts: DayCounts,
    **found: Any,
) -> MeasuredSavings:
    """Add what can only be said once everything is known: no model, no reporting, cautions.

    found : the other fields of `MeasuredSavings`, arrays of shape (m,), energies in kWh. Source:
    CalTRACK 2.0 for the lengths asked (`CaltrackMethod`); the cautions are ours.

    Both measures end here. Twenty days after the works are too few to conclude, whatever they say:

    >>> from atre.calc.savings.measured_daily import measure_daily
    >>> mild, use = np.full((1, 365), 12.0), np.full((1, 365), 7.0)
    >>> [measure_daily(use, mild, use[:, :days], mild[:, :days]).is_measured.item()
    ...  for days in (20, 30)]
    [False, True]
    """
    days, width = found["reporting_days"], found["saving_half_width_kwh"]
    refusals = refusals | flagged(Insufficiency.NO_REPORTING_DATA, days == 0)
    short = (days > 0) & (days < method.minimum_reporting_days)
    refusals = refusals | flagged(Insufficiency.REPORTING_TOO_SHORT, short)
    no_model = (models.kind == NO_MODEL) & (counts.usable > 0)
    refusals = refusals | flagged(Insufficiency.NO_MODEL, no_model)
    # Without an interval a saving is a number nobody can judge.
    unsure = (models.kind != NO_MODEL) & (days > 0) & ~np.isfinite(width)
    refusals = refusals | flagged(Insufficiency.TOO_FEW_OBSERVATIONS, unsure)
    saving = found["counterfactual_kwh"] - found["reported_kwh"]
    with np.errstate(invalid="ignore"):
        uncertain = (models.beta_hdd_p_value > UNCERTAIN_P_VALUE) | (
            models.beta_cdd_p_value > UNCERTAIN_P_VALUE
        )
        bits = _caution(Caution.INTERVAL_HOLDS_ZERO, np.abs(saving) <= width)
        bits |= _caution(Caution.POOR_FIT, fit.cvrmse > POOR_CVRMSE)
    year = method.baseline_days - method.edge_days_at_most
    bits |= _caution(Caution.REPORTING_NOT_A_YEAR, days < year)
    bits |= _caution(Caution.DAYS_LEFT_OUT, found["days_left_out"] > 0)
    bits |= _caution(Caution.EXTREME_VALUES, found["extreme_values"] > 0)
    bits |= _caution(Caution.UNCERTAIN_SLOPE, uncertain)
    bits |= _caution(Caution.FEW_BILLS, fit.rows < FEWEST_ROWS)
    bits |= _caution(Caution.OUTSIDE_BASELINE_WEATHER, found["days_outside_baseline"] > 0)
    return MeasuredSavings(
        method=method,
        models=models,
        fit=fit,
        refusals=refusals,
        counts=counts,
        caution_bits=bits,
        **found,
    )


def _caution(caution: Caution, where: Mask) -> Bits:
    return np.where(where, caution.bit, 0).astype(np.int64)


def by_batches(meters: int, measure: Callable[[slice], MeasuredSavings]) -> MeasuredSavings:
    """Measure m meters `METERS_A_BATCH` at a time, so that memory follows the batch and not m.

    measure : from a slice of meters to their results, in order. Arrays come back of shape (m,).

    >>> from atre.calc.savings.measured_daily import measure_daily
    >>> seen, mild = [], np.full((100, 365), 12.0)
    >>> def measure(part):
    ...     seen.append(part)
    ...     return measure_daily(mild[part], mild[part], mild[part], mild[part])
    >>> len(by_batches(100, measure)), [(part.start, part.stop) for part in seen]
    (100, [(0, 64), (64, 128)])
    """
    starts = range(0, max(meters, 1), METERS_A_BATCH)
    parts = [measure(slice(start, start + METERS_A_BATCH)) for start in starts]
    return parts[0] if len(parts) == 1 else _joined(parts)


def _joined(parts: list[Any]) -> Any:
    """The same dataclass with its arrays end to end; what is not an array is the first's."""
    first = parts[0]
    values = {}
    for one in fields(first):
        found = [getattr(part, one.name) for part in parts]
        if isinstance(found[0], np.ndarray):
            values[one.name] = np.concatenate(found)
        elif is_dataclass(found[0]) and not isinstance(found[0], CaltrackMethod):
            values[one.name] = _joined(found)
        else:
            values[one.name] = found[0]
    return type(first)(**values)
