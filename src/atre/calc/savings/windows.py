"""Which readings are the baseline and which are reported: arrays aligned on each meter's works."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.balance_points import Floats
from atre.calc.savings.method import CaltrackMethod
from atre.calc.savings.sufficiency import Bits, Insufficiency, flagged

Integers = NDArray[np.int64]

# Furthest a year of whole bills may be from 365 days, as for declared savings (350 to 380 days).
BILL_YEAR_SLACK = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyWindows:
    """Daily readings on each side of the works: (m, n) and (m, r), NaN where there is none."""

    baseline_kwh: Floats
    reporting_kwh: Floats
    refusals: Bits


def daily_windows(
    meter: Integers,
    day: Integers,
    kwh: Floats,
    *,
    works_start: Integers,
    works_end: Integers,
    method: CaltrackMethod,
) -> DailyWindows:
    """Lay readings out around each meter's works.

    meter : position of the meter of each reading, from 0 ; day : its day number ; kwh : its use,
    NaN where unknown; all of shape (k,), in any order.
    works_start, works_end : first day of the works and first day after them, shape (m,).
    A day read twice with two values refuses its meter; twice the same value is once.

    Works from day 400 to day 402 included: the eve is the last day of the baseline, day 403 the
    first one reported; day 401 is on neither side.

    >>> found = daily_windows(np.zeros(3, np.int64), np.array([399, 401, 403]),
    ...     np.array([8.0, 9.0, 7.0]), works_start=np.array([400]), works_end=np.array([403]),
    ...     method=CaltrackMethod())
    >>> found.baseline_kwh[0, -1].item(), found.reporting_kwh[0, 0].item()
    (8.0, 7.0)
    >>> [int(np.isfinite(side).sum()) for side in (found.baseline_kwh, found.reporting_kwh)]
    [1, 1]
    """
    before, repeated_before = _laid_out(
        meter, day - (works_start - method.baseline_days)[meter], kwh, method.baseline_days,
        len(works_start),
    )  # fmt: skip
    after, repeated_after = _laid_out(
        meter, day - works_end[meter], kwh, method.reporting_days, len(works_start)
    )
    return DailyWindows(
        baseline_kwh=before,
        reporting_kwh=after,
        refusals=flagged(Insufficiency.REPEATED_DAYS, repeated_before | repeated_after),
    )


def _laid_out(
    meter: Integers, column: Integers, kwh: Floats, width: int, meters: int
) -> tuple[Floats, NDArray[np.bool_]]:
    inside = (column >= 0) & (column < width) & np.isfinite(kwh)
    cells = meter[inside] * width + column[inside]
    table = np.full(meters * width, np.nan)
    table[cells] = kwh[inside]
    # Written in order, the last value of a day stays: another one that differs is a contradiction.
    contradicted = table[cells] != kwh[inside]
    repeated = np.zeros(meters, dtype=np.bool_)
    repeated[meter[inside][contradicted]] = True
    return table.reshape(meters, width), repeated


def temperatures_around(
    temperature_c: Floats, first_day: int, place: Integers, from_day: Integers, days: int
) -> Floats:
    """The temperatures of `days` days from a day of each meter, °C, shape (m, days).

    temperature_c : °C, shape (places, d), first column `first_day` ; place : row of each meter,
    -1 where unknown. NaN outside what is known: nothing is prolonged.

    >>> temperatures_around(np.array([[4.0, 5.0, 6.0]]), 100, np.array([0, -1]),
    ...     np.array([101, 101]), days=3).tolist()
    [[5.0, 6.0, nan], [nan, nan, nan]]
    """
    column = from_day[:, None] - first_day + np.arange(days)
    inside = (column >= 0) & (column < temperature_c.shape[1]) & (place >= 0)[:, None]
    found = temperature_c[
        np.maximum(place, 0)[:, None], column.clip(0, max(temperature_c.shape[1] - 1, 0))
    ]
    return np.where(inside, found, np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillWindows:
    """Bills on each side of the works, shapes (m, p); empty (start = end) and NaN where there is none.

    baseline_span : days from the first to the last bill of the baseline, (m,).
    ends_early : days between its end and the works, (m,). refusals : reasons found on the way, (m,).
    """

    baseline_start: Integers
    baseline_end: Integers
    baseline_kwh: Floats
    reporting_start: Integers
    reporting_end: Integers
    reporting_kwh: Floats
    baseline_span: Integers
    ends_early: Integers
    refusals: Bits

    def some(self, meters: slice) -> "BillWindows":
        return BillWindows(**{one.name: getattr(self, one.name)[meters] for one in fields(self)})


def bill_windows(
    start_day: Integers,
    end_day: Integers,
    kwh: Floats,
    *,
    works_start: Integers,
    works_end: Integers,
    method: CaltrackMethod,
) -> BillWindows:
    """Choose the bills of the year before the works and of the year after, kWh.

    start_day, end_day : day numbers, the end not included, shape (m, p), in order of start; equal
    where there is no bill. kwh : (m, p), NaN where unknown. works_* : as `daily_windows`.

    The baseline is the run of whole bills ended by the works whose length is closest to 365 days
    (CalTRACK 2.2.1.1); a bill that holds days of the works is on neither side. A bill shorter than
    25 days is joined to the one that follows it; those still shorter, or longer than 70 days, are
    not fitted, but can be reported.

    Bills of sixty days, works during the eighth one: six bills before, from day 60, and one after.

    >>> start = np.arange(0, 540, 60)[None]
    >>> found = bill_windows(start, start + 60, np.full((1, 9), 300.0),
    ...     works_start=np.array([430]), works_end=np.array([440]), method=CaltrackMethod())
    >>> found.baseline_span.tolist(), np.flatnonzero(np.isfinite(found.baseline_kwh)).tolist()
    ([360], [1, 2, 3, 4, 5, 6])
    >>> np.flatnonzero(np.isfinite(found.reporting_kwh)).tolist(), found.ends_early.tolist()
    ([8], [10])
    """
    there = end_day > start_day
    kwh = np.where(there, kwh, np.nan)
    shared = there[:, 1:] & there[:, :-1] & (start_day[:, 1:] < end_day[:, :-1])
    overlap = np.count_nonzero(shared, axis=1) > 0
    start_day, kwh = _short_bills_joined(start_day, end_day, kwh, works_start, works_end, method)
    there = end_day > start_day
    ended = there & (end_day <= works_start[:, None])
    last = np.where(ended, end_day, np.iinfo(np.int32).min).max(axis=1, initial=0)
    far = np.iinfo(np.int32).max
    distance = np.where(ended, np.abs(last[:, None] - start_day - method.baseline_days), far)
    chosen = np.argmin(distance, axis=1)
    first = np.take_along_axis(start_day, chosen[:, None], axis=1)
    found = ended.any(axis=1)
    baseline = ended & (start_day >= first)
    length = end_day - start_day
    fitted = baseline & (length >= method.bill_days[0]) & (length <= method.bill_days[1])
    begun = there & (start_day >= works_end[:, None])
    begin = np.where(begun, start_day, far).min(axis=1, initial=far)
    limit = method.reporting_days + BILL_YEAR_SLACK
    reported = begun & (end_day - begin[:, None] <= limit)
    ends_early = np.where(found, works_start - last, 0)
    lost = np.where(baseline & ~fitted, length, 0).sum(axis=1)
    refusals = flagged(Insufficiency.OVERLAPPING_BILLS, overlap)
    refusals |= flagged(Insufficiency.BASELINE_ENDS_EARLY, ends_early > method.bill_days[1])
    allowed = (1 - method.minimum_coverage) * method.baseline_days
    refusals |= flagged(Insufficiency.BILLS_TOO_LONG, lost > allowed)
    return BillWindows(
        baseline_start=np.where(baseline, start_day, 0),
        baseline_end=np.where(baseline, end_day, 0),
        baseline_kwh=np.where(fitted, kwh, np.nan),
        reporting_start=np.where(reported, start_day, 0),
        reporting_end=np.where(reported, end_day, 0),
        reporting_kwh=np.where(reported, kwh, np.nan),
        baseline_span=np.where(found, last - first[:, 0], 0),
        ends_early=ends_early,
        refusals=refusals,
    )


def _short_bills_joined(
    start_day: Integers,
    end_day: Integers,
    kwh: Floats,
    works_start: Integers,
    works_end: Integers,
    method: CaltrackMethod,
) -> tuple[Integers, Floats]:
    """Each short bill put with the next one, when they touch and are on the same side of the works.

    Distributors publish the two days between a reading and the end of the month as a bill of their
    own; two days tell nothing of the cold, yet they are days of the year. A joined bill is left empty.
    """
    start_day, kwh = start_day.copy(), kwh.copy()
    for place in range(start_day.shape[1] - 1):
        start, end, following = start_day[:, place], end_day[:, place], end_day[:, place + 1]
        touches = (end > start) & (start_day[:, place + 1] == end) & (following > end)
        same_side = (following <= works_start) | (start >= works_end)
        short = (end - start < method.bill_days[0]) & (following - start <= method.bill_days[1])
        joined = touches & same_side & short & (kwh[:, place] >= 0)
        start_day[joined, place + 1] = start[joined]
        kwh[joined, place + 1] += kwh[joined, place]
        start_day[joined, place] = end_day[joined, place]
    return start_day, kwh
