"""What the chart of a saving draws: use and expected use, month by month or bill by bill."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.model import number_or_none
from atre.formats.meter_series import EPOCH

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One step of the chart: days from `start` to `end` (not included), in kWh per day; None is unknown."""

    start: date
    end: date
    after_works: bool
    used_kwh_per_day: float | None
    expected_kwh_per_day: float | None


def monthly_stretches(
    first_day: int, used: Floats, expected: Floats, *, after_works: bool
) -> list[Stretch]:
    """Mean use per day by calendar month, on the days where both are known."""
    days = np.arange(first_day, first_day + len(used)).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    stretches = []
    for month in np.unique(months):
        inside = months == month
        both = inside & np.isfinite(used)
        compared = both & np.isfinite(expected)
        if not both.any():
            continue
        stretches.append(
            Stretch(
                start=days[inside][0].astype(date),
                end=days[inside][-1].astype(date) + timedelta(days=1),
                after_works=after_works,
                used_kwh_per_day=float(used[compared if compared.any() else both].mean()),
                expected_kwh_per_day=float(expected[compared].mean()) if compared.any() else None,
            )
        )
    return stretches


def stretches_of_bills(
    start: Integers, end: Integers, kwh: Floats, expected: Floats, *, after_works: bool
) -> list[Stretch]:
    """One step a bill; empty places of the arrays are no bill."""
    stretches = []
    for place in np.flatnonzero(end > start):
        length = int(end[place] - start[place])
        stretches.append(
            Stretch(
                start=EPOCH + timedelta(days=int(start[place])),
                end=EPOCH + timedelta(days=int(end[place])),
                after_works=after_works,
                used_kwh_per_day=number_or_none(kwh[place] / length),
                expected_kwh_per_day=number_or_none(expected[place] / length),
            )
        )
    return stretches
