"""A year of energy from bills that do not make one: calendarised, extended if need be, and said so.

Each stretch between real readings is spread over its days by the meter's shape (so much a day, so
much a degree day). The days of the window that bills cover keep exactly what was billed; the
others get what the shape expects, and are counted apart. Nothing is ever scaled in silence.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from atre.calc.bills.coverage import Days, Indices
from atre.calc.bills.daily_series import DailySeries
from atre.calc.bills.load_shape import LoadShape
from atre.calc.bills.readings import BillRows, Stretches, stretches_between_readings
from atre.calc.bills.sums import sums_by_group

Floats = NDArray[np.float64]

# A share of the window and of its cold, below which a year would be mostly our own guess: half a
# year of days holds no promise of half a winter, hence the two conditions.
LEAST_COVERED_SHARE = 0.5
LEAST_DEGREE_DAYS_SHARE = 0.5


class AnnualStatus(IntEnum):
    """What an annual figure is: measured on the whole window, extended, or unknown and why."""

    FULL = 0
    EXTENDED = 1
    NO_BILL = 2
    IMPOSSIBLE_BILLS = 3
    TOO_LITTLE_COVERED = 4
    TOO_LITTLE_WINTER = 5
    SHAPE_UNKNOWN = 6
    NO_DEGREE_DAYS = 7

    @property
    def is_known(self) -> bool:
        return self in {AnnualStatus.FULL, AnnualStatus.EXTENDED}


@dataclass(frozen=True, slots=True)
class AnnualEstimates:
    """One line a meter, arrays of shape (groups,).

    `kwh` = `covered_kwh` (what bills say of the covered days) + `added_kwh` (what the shape
    expects of the others); NaN when `status` is not known. `covered_days` of `window_days` (a bill
    without a quantity covers nothing);
    `estimated_days` of them rest on an estimate no real reading has corrected;
    `degree_days_share` is the share of the window's degree days that the covered days hold, NaN
    where they are unknown.
    """

    kwh: Floats
    covered_kwh: Floats
    added_kwh: Floats
    covered_days: Indices
    window_days: Indices
    estimated_days: Indices
    degree_days_share: Floats
    status: NDArray[np.int8]


def annualise(
    rows: BillRows,
    window_start: Days,
    window_end: Days,
    shape: LoadShape,
    degree_days: DailySeries | None = None,
    place: Indices | None = None,
) -> AnnualEstimates:
    """kWh of each meter over its own window, usually the twelve months that end with its last bill.

    Parameters
    ----------
    rows : bills of n rows in any order, in kWh on one basis (PCS for gas).
    window_start, window_end : datetime64[D], shape (groups,), [start, end).
    shape : from `load_shape`, one line a meter.
    degree_days, place : as in `load_shape`.

    Returns `AnnualEstimates`. A window wholly covered by whole stretches needs no shape. Linear:
    twice the kWh gives twice the year; a covered day keeps exactly what was billed.

    >>> from atre.calc.bills.load_shape import shape_from_share
    >>> start = np.array(["2025-01-01"], "datetime64[D]"); end = start + 334
    >>> rows = BillRows.from_arrays([0], start, end, [3340.0], [0])
    >>> shape = shape_from_share(stretches_between_readings(rows), [0.0], None)
    >>> year = annualise(rows, start, start + 365, shape)
    >>> year.kwh.round(6).tolist(), year.added_kwh.round(6).tolist(), AnnualStatus(year.status[0]).name
    ([3650.0], [310.0], 'EXTENDED')
    """
    impossible = rows.impossible_groups()
    stretches = _with_quantity(stretches_between_readings(rows.without(impossible)))
    inside = _cut(stretches, window_start, window_end)
    share = _share_inside(stretches, inside, shape, degree_days, place)
    found = _add_up(stretches, inside, share, rows.groups)
    windows = np.arange(rows.groups, dtype=np.int64)
    expected = shape.weights(windows, window_start, window_end, degree_days, place)
    covered_expected = _summed(
        inside, shape.weights(inside.group, inside.start, inside.end, degree_days, place), rows
    )
    window_days = (window_end - window_start).astype(np.int64)
    whole = found.covered_days == window_days
    with np.errstate(invalid="ignore", divide="ignore"):
        added = found.kwh * (expected / covered_expected - 1)
    # A meter that neither used nor is expected to use anything stays at zero: 0 × 0 / 0.
    idle = (found.kwh == 0) & (expected == 0)
    added = np.where(whole | idle, 0.0, added)
    cold_share = _degree_days_share(inside, window_start, window_end, degree_days, place, rows)
    status = _status(found, whole, window_days, cold_share, shape, added)
    status[impossible] = AnnualStatus.IMPOSSIBLE_BILLS
    known = status <= AnnualStatus.EXTENDED
    return AnnualEstimates(
        kwh=np.where(known, found.kwh + added, np.nan),
        covered_kwh=np.where(found.covered_days > 0, found.kwh, np.nan),
        added_kwh=np.where(known, added, np.nan),
        covered_days=found.covered_days,
        window_days=window_days,
        estimated_days=found.estimated_days,
        degree_days_share=cold_share,
        status=status.astype(np.int8),
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    """The part of each stretch inside its meter's window; `start` = `end` where there is none."""

    group: Indices
    start: Days
    end: Days

    @property
    def days(self) -> Indices:
        return (self.end - self.start).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Found:
    kwh: Floats
    covered_days: Indices
    estimated_days: Indices


def _with_quantity(stretches: Stretches) -> Stretches:
    known = ~np.isnan(stretches.kwh)
    if known.all():
        return stretches
    return Stretches(
        stretches.group[known],
        stretches.start[known],
        stretches.end[known],
        stretches.kwh[known],
        stretches.bills[known],
        stretches.ends_estimated[known],
        stretches.unsaid[known],
        stretches.of_bill,
    )


def _cut(stretches: Stretches, window_start: Days, window_end: Days) -> _Cut:
    start = np.maximum(stretches.start, window_start[stretches.group])
    end = np.minimum(stretches.end, window_end[stretches.group])
    return _Cut(stretches.group, start, np.maximum(end, start))


def _share_inside(
    stretches: Stretches,
    inside: _Cut,
    shape: LoadShape,
    degree_days: DailySeries | None,
    place: Indices | None,
) -> Floats:
    """The share of each stretch's kWh that falls in the window: 1 for a whole one, whatever."""
    part = shape.weights(inside.group, inside.start, inside.end, degree_days, place)
    all_of_it = shape.weights(stretches.group, stretches.start, stretches.end, degree_days, place)
    days = (stretches.end - stretches.start).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        # Nothing expected of a whole stretch (heating only, in summer): by days for want of better.
        share = np.where(all_of_it == 0, inside.days / days, part / all_of_it)
    return np.where(inside.days == days, 1.0, share)


def _add_up(stretches: Stretches, inside: _Cut, share: Floats, groups: int) -> _Found:
    touched = inside.days > 0
    group = inside.group[touched]
    days = inside.days[touched]
    estimated = stretches.ends_estimated[touched]
    return _Found(
        sums_by_group(group, (stretches.kwh * share)[touched], groups),
        sums_by_group(group, days, groups).astype(np.int64),
        sums_by_group(group, days * estimated, groups).astype(np.int64),
    )


def _summed(inside: _Cut, values: Floats, rows: BillRows) -> Floats:
    touched = inside.days > 0
    return sums_by_group(inside.group[touched], values[touched], rows.groups)


def _degree_days_share(
    inside: _Cut,
    window_start: Days,
    window_end: Days,
    degree_days: DailySeries | None,
    place: Indices | None,
    rows: BillRows,
) -> Floats:
    if degree_days is None:
        return np.full(rows.groups, np.nan)
    covered = degree_days.total(
        inside.start, inside.end, None if place is None else place[inside.group]
    )
    whole = degree_days.total(window_start, window_end, place)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(_summed(inside, covered, rows) / whole)


def _status(
    found: _Found,
    whole: NDArray[np.bool_],
    window_days: Indices,
    cold_share: Floats,
    shape: LoadShape,
    added: Floats,
) -> NDArray[np.int64]:
    """The first reason that stops, else FULL or EXTENDED. Later lines are stronger."""
    status = np.where(whole, AnnualStatus.FULL, AnnualStatus.EXTENDED).astype(np.int64)
    shape_unknown = np.isnan(shape.base_kwh_per_day)
    heats = shape.heat_kwh_per_degree_day > 0
    little_winter = ~whole & heats & (cold_share < LEAST_DEGREE_DAYS_SHARE)
    status[little_winter] = AnnualStatus.TOO_LITTLE_WINTER
    lost = np.isnan(found.kwh) | np.isnan(added)
    status[lost] = AnnualStatus.NO_DEGREE_DAYS
    status[lost & shape_unknown] = AnnualStatus.SHAPE_UNKNOWN
    status[found.covered_days < LEAST_COVERED_SHARE * window_days] = AnnualStatus.TOO_LITTLE_COVERED
    status[found.covered_days == 0] = AnnualStatus.NO_BILL
    return status
