"""Which days bills cover: overlaps, gaps, days inside a window, the latest full year. On arrays.

A period runs from one reading to the next: [start, end), the end day not consumed. Bills that
print inclusive dates (« du 12 mars au 11 mai », then « du 12 mai… ») leave a hole of one day
between two periods; one day is therefore no gap, and is counted as covered.

Groups are whatever must not be mixed (one energy of one dwelling): an integer per bill.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
Indices = NDArray[np.int64]

# A set of whole bills is called a year from 350 to 380 days. CalTRACK 2.0 asks twelve monthly
# readings of 25 to 35 days, which add up to the same few days around 365; eleven months (335
# days at most) is never a year, thirteen neither.
YEAR_SHORTEST_DAYS = 350
YEAR_LONGEST_DAYS = 380
YEAR_DAYS = 365

# « Du 1er au 30, puis du 1er… »: a hole of one day is a way of printing dates.
TOLERATED_HOLE_DAYS = 1

# Puts each group or run on its own stretch of one axis: far above any count of days since 1970.
STRIDE = 1 << 40


@dataclass(frozen=True, slots=True)
class SortedPeriods:
    """Bills ordered by group then start; `order` gives each one's place in the input.

    `day_start`, `day_end` are days since 1970, int64; the end already absorbs a tolerated hole.
    `run` numbers the unbroken sequences of bills.
    """

    order: Indices
    group: Indices
    day_start: Indices
    day_end: Indices
    run: Indices


def sort_periods(group: Indices, start: Days, end: Days) -> SortedPeriods:
    """Order n periods and number their unbroken runs. All arrays have shape (n,).

    The caller has refused overlaps (`overlapping_pairs`) and periods that end before they start.

    >>> days = lambda *texts: np.array(texts, dtype="datetime64[D]")
    >>> periods = sort_periods(np.array([0, 0, 0]), days("2025-05-01", "2025-02-01", "2025-01-01"),
    ...                        days("2025-06-01", "2025-03-01", "2025-01-31"))
    >>> periods.order.tolist(), periods.run.tolist()  # a hole of one day, then of two months
    ([2, 1, 0], [0, 0, 1])
    """
    first, last = _as_days(start), _as_days(end)
    order = np.lexsort((last, first, group)).astype(np.int64)
    groups, first, last = group[order], first[order], last[order].copy()
    same_group = groups[1:] == groups[:-1]
    hole = first[1:] - last[:-1]
    joined = same_group & (hole <= TOLERATED_HOLE_DAYS)
    last[:-1] = np.where(joined & (hole > 0), first[1:], last[:-1])
    run = np.concatenate(([0], np.cumsum(~joined))) if order.size else np.empty(0, np.int64)
    return SortedPeriods(order, groups, first, last, run.astype(np.int64))


def overlapping_pairs(group: Indices, start: Days, end: Days) -> Indices:
    """Pairs of bills of one group that share at least one day, as input positions, shape (m, 2).

    A bill is compared with the one before it that ends last, so that a short bill inside a long
    one is found. Two bills that share their reading day do not overlap.

    >>> days = lambda *texts: np.array(texts, dtype="datetime64[D]")
    >>> overlapping_pairs(np.array([0, 0, 1]), days("2025-01-01", "2025-02-01", "2025-01-15"),
    ...                   days("2025-02-10", "2025-03-01", "2025-02-15")).tolist()
    [[0, 1]]
    """
    first, last = _as_days(start), _as_days(end)
    order = np.lexsort((last, first, group)).astype(np.int64)
    if order.size < 2:
        return np.empty((0, 2), dtype=np.int64)
    # Each group on its own stretch of one axis, so that one running maximum serves them all.
    reach = group[order] * STRIDE + last[order]
    furthest = np.maximum.accumulate(reach)
    furthest_position = np.maximum.accumulate(np.where(reach == furthest, np.arange(reach.size), 0))
    begins = group[order] * STRIDE + first[order]
    later = np.flatnonzero(begins[1:] < furthest[:-1]) + 1
    return np.stack([order[furthest_position[later - 1]], order[later]], axis=1)


def gaps_between(periods: SortedPeriods) -> tuple[Indices, Indices]:
    """Uncovered stretches between two bills of one group.

    Returns the positions (in sorted order) of the bill before each gap, and the gap's days, (m,)
    each. A hole of one day is a way of printing dates, not a gap.

    >>> days = lambda *texts: np.array(texts, dtype="datetime64[D]")
    >>> periods = sort_periods(np.array([0, 0, 0]), days("2025-01-01", "2025-02-01", "2025-03-11"),
    ...                        days("2025-01-31", "2025-03-01", "2025-04-01"))
    >>> before, lost_days = gaps_between(periods)
    >>> before.tolist(), lost_days.tolist()
    ([1], [10])
    """
    same_group = periods.group[1:] == periods.group[:-1]
    hole = periods.day_start[1:] - periods.day_end[:-1]
    before = np.flatnonzero(same_group & (hole > TOLERATED_HOLE_DAYS)).astype(np.int64)
    return before, hole[before]


def days_inside(
    periods: SortedPeriods, window_start: Days, window_end: Days, groups: int
) -> Indices:
    """Covered days of each group inside its own window [start, end).

    `window_start` and `window_end` have shape (groups,); returns int64, shape (groups,); a group
    without any bill has 0.

    >>> days = lambda *texts: np.array(texts, dtype="datetime64[D]")
    >>> periods = sort_periods(np.array([0]), days("2024-12-22"), days("2025-01-11"))
    >>> january = days("2025-01-01", "2025-01-01"), days("2025-02-01", "2025-02-01")
    >>> days_inside(periods, *january, groups=2).tolist()
    [10, 0]
    """
    opens, closes = _as_days(window_start), _as_days(window_end)
    inside = np.minimum(periods.day_end, closes[periods.group]) - np.maximum(
        periods.day_start, opens[periods.group]
    )
    covered = np.bincount(periods.group, weights=np.maximum(inside, 0), minlength=groups)
    return covered.astype(np.int64)


def latest_years(periods: SortedPeriods, groups: int) -> tuple[Indices, Indices]:
    """The latest set of whole, unbroken bills of each group that makes a year.

    Among the sets of 350 to 380 days that end last, the one nearest to 365 days. Bills are never
    cut: a share of a bill by days would move winter into summer.

    Returns the first and last positions (in sorted order) for each group, -1 where there is none;
    int64, shape (groups,).

    >>> days = lambda *texts: np.array(texts, dtype="datetime64[D]")
    >>> group = np.array([0, 0, 1])
    >>> periods = sort_periods(group, days("2024-01-01", "2024-07-01", "2024-01-01"),
    ...                        days("2024-07-01", "2025-01-01", "2024-12-01"))
    >>> first, last = latest_years(periods, 2)
    >>> first.tolist(), last.tolist()  # 366 days in two bills; 335 days are no year
    ([0, -1], [1, -1])
    """
    first = np.full(groups, -1, dtype=np.int64)
    last = np.full(groups, -1, dtype=np.int64)
    if not periods.order.size:
        return first, last
    beginning = _nearest_beginning(periods)
    days = periods.day_end - periods.day_start[beginning]
    full = (
        (periods.run[beginning] == periods.run)
        & (days >= YEAR_SHORTEST_DAYS)
        & (days <= YEAR_LONGEST_DAYS)
    )
    ends = np.flatnonzero(full)
    # Sorted order puts the latest end of a group last: later assignments win.
    first[periods.group[ends]] = beginning[ends]
    last[periods.group[ends]] = ends
    return first, last


def _nearest_beginning(periods: SortedPeriods) -> Indices:
    """For each bill as an end, the bill whose start is nearest to 365 days earlier, in its run."""
    key = periods.run * STRIDE + periods.day_start
    target = periods.run * STRIDE + periods.day_end - YEAR_DAYS
    after = np.searchsorted(key, target).astype(np.int64)
    positions = np.arange(key.size, dtype=np.int64)
    after = np.minimum(after, positions)
    before = np.maximum(after - 1, 0)
    same_run = periods.run[before] == periods.run
    nearer = np.abs(key[before] - target) <= np.abs(key[after] - target)
    return np.where(same_run & nearer, before, after)


def _as_days(days: Days) -> Indices:
    return days.astype("datetime64[D]").astype(np.int64)
