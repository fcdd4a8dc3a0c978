"""Bills of any dates brought to the months of a calendar, so that meters can be compared."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atre.calc.bills.coverage import Days, Indices
from atre.calc.bills.daily_series import DailySeries
from atre.calc.bills.load_shape import LoadShape
from atre.calc.bills.readings import Stretches
from atre.calc.bills.sums import sums_by_group

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MonthlyKwh:
    """kWh and covered days by meter and month, shape (groups, months); kWh NaN without any day.

    A month half covered holds half a month's kWh: read it with its days.
    """

    months: Days
    kwh: Floats
    covered_days: Indices


def calendarise(
    stretches: Stretches,
    groups: int,
    months: Days,
    shape: LoadShape,
    degree_days: DailySeries | None = None,
    place: Indices | None = None,
) -> MonthlyKwh:
    """Spread each stretch between real readings over the months it touches.

    Parameters
    ----------
    stretches : from `stretches_between_readings`; those without a quantity cover nothing.
    months : first days of consecutive months, then the first day after them, shape (months + 1,).
    shape, degree_days, place : as in `annual.annualise`.

    What falls outside the months is left out; the rest keeps its total: the months of a meter add
    up to what its bills say of those days. A month whose share cannot be known (no shape, no
    degree days) has no kWh and no covered day. A stretch within one month needs no shape.

    >>> from atre.calc.bills.load_shape import shape_from_share
    >>> from atre.calc.bills.readings import BillRows, stretches_between_readings
    >>> rows = BillRows.from_arrays([0], ["2025-01-21"], ["2025-02-11"], [210.0], [0])
    >>> found = stretches_between_readings(rows)
    >>> months = np.array(["2025-01-01", "2025-02-01", "2025-03-01"], "datetime64[D]")
    >>> calendarise(found, 1, months, shape_from_share(found, [0.0], None)).kwh.round(6).tolist()
    [[110.0, 100.0]]
    """
    of_stretch, month = _pieces(stretches, months)
    group = stretches.group[of_stretch]
    start = np.maximum(stretches.start[of_stretch], months[month])
    end = np.minimum(stretches.end[of_stretch], months[month + 1])
    whole = shape.weights(stretches.group, stretches.start, stretches.end, degree_days, place)[
        of_stretch
    ]
    part = shape.weights(group, start, end, degree_days, place)
    days = (end - start).astype(np.int64)
    all_days = (stretches.end - stretches.start).astype(np.int64)[of_stretch]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole == 0, days / all_days, part / whole)
    kwh = stretches.kwh[of_stretch] * np.where(days == all_days, 1.0, share)
    known = ~np.isnan(kwh)
    cell = group[known] * (months.size - 1) + month[known]
    size = groups * (months.size - 1)
    covered = sums_by_group(cell, days[known], size).astype(np.int64)
    total = sums_by_group(cell, kwh[known], size)
    return MonthlyKwh(
        months[:-1],
        np.where(covered > 0, total, np.nan).reshape(groups, -1),
        covered.reshape(groups, -1),
    )


def _pieces(stretches: Stretches, months: Days) -> tuple[Indices, Indices]:
    """Each stretch once for each month it touches: positions of the stretch and of the month."""
    first = np.maximum(np.searchsorted(months, stretches.start, side="right") - 1, 0)
    last = np.minimum(np.searchsorted(months, stretches.end, side="left"), months.size - 1)
    touched = np.maximum(last - first, 0)
    of_stretch = np.repeat(np.arange(touched.size), touched)
    rank = np.arange(of_stretch.size) - np.repeat(np.cumsum(touched) - touched, touched)
    return of_stretch.astype(np.int64), (first[of_stretch] + rank).astype(np.int64)
