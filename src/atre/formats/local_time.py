"""Legal time in mainland France and UTC, on arrays: days of 23 and 25 hours included.

The rule of Directive 2000/84/CE, applied in France since 1996: summer time from the last Sunday of
March, 01:00 UTC, to the last Sunday of October, 01:00 UTC. Before 1996 the dates differed; instants
out of 1996-2099 are told apart and never converted.
"""

from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.datetime64]
Mask = NDArray[np.bool_]

FIRST_YEAR, LAST_YEAR = 1996, 2099
ORDER_ROWS = 200  # four days of half hours tell the order of a file
HOUR = np.timedelta64(3_600_000_000, "us")
DAY = np.timedelta64(1, "D")
SECOND_OF_TWO_FR = (
    "Heure vécue deux fois (passage à l’heure d’hiver) : départagée par l’ordre des lignes."
)
NEVER_EXISTED_FR = "Heure qui n’existe pas (passage à l’heure d’été)."


@cache
def _transitions() -> tuple[Instants, Instants]:
    """UTC instants at which summer time begins, and those at which it ends, year by year."""
    return _last_sundays(3) + np.timedelta64(1, "h"), _last_sundays(10) + np.timedelta64(1, "h")


def _last_sundays(month: int) -> Instants:
    days = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        last = date(year, month, 31)
        days.append(np.datetime64(last, "us") - last.isoweekday() % 7 * DAY)
    return np.array(days, dtype="datetime64[us]")


def _is_between(instants: Instants, begins: Instants, ends: Instants) -> Mask:
    """Whether an instant is at or after the last beginning and before the end that follows."""
    place = np.searchsorted(begins, instants, side="right") - 1
    inside: Mask = (place >= 0) & (instants < ends[np.maximum(place, 0)])
    return inside


def within_rule(instants: Instants) -> Mask:
    """Whether each instant is of a year this module knows; a missing one (NaT) is not.

    >>> within_rule(np.array(["2021-01-07T00:00", "1980-01-01T00:00"], dtype="datetime64[us]"))
    array([ True, False])
    """
    first = np.datetime64(f"{FIRST_YEAR}-01-02", "us")
    last = np.datetime64(f"{LAST_YEAR}-12-30", "us")
    known: Mask = (instants >= first) & (instants <= last)
    return known


def utc_to_paris(utc: Instants) -> Instants:
    """Legal time of UTC instants, shape (n,), datetime64[us] without zone.

    >>> utc_to_paris(np.array(["2021-07-01T22:00", "2021-12-31T23:00"], dtype="datetime64[us]"))
    array(['2021-07-02T00:00:00.000000', '2022-01-01T00:00:00.000000'],
          dtype='datetime64[us]')
    """
    begins, ends = _transitions()
    local: Instants = utc + HOUR + _is_between(utc, begins, ends) * HOUR
    return local


def paris_days(utc: Instants) -> NDArray[np.datetime64]:
    """The legal day (datetime64[D]) of each UTC instant.

    >>> paris_days(np.array(["2021-06-30T22:00"], dtype="datetime64[us]"))
    array(['2021-07-01'], dtype='datetime64[D]')
    """
    return utc_to_paris(utc).astype("datetime64[D]")


def paris_days_to_utc(days: NDArray[np.datetime64], *, hour: int = 0) -> Instants:
    """The UTC instant at which each legal day reaches `hour` (0 midnight, 6 a gas day).

    `hour` is never 2: that one is missing or repeated once a year.

    >>> paris_days_to_utc(np.array(["2021-03-28", "2021-03-29"], dtype="datetime64[D]"))
    array(['2021-03-27T23:00:00.000000', '2021-03-28T22:00:00.000000'],
          dtype='datetime64[us]')
    """
    if hour == 2:
        raise ValueError("02:00 is no hour of every day")
    local: Instants = days.astype("datetime64[us]")
    utc, _, _ = ParisClock().to_utc(np.add(local, hour * HOUR))
    return utc


def day_hours(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """How many hours each legal day has: 23, 24 or 25.

    >>> day_hours(np.array(["2021-03-28", "2021-06-01", "2021-10-31"], dtype="datetime64[D]")).tolist()
    [23, 24, 25]
    """
    span = paris_days_to_utc(days + DAY) - paris_days_to_utc(days)
    hours: NDArray[np.int64] = span // HOUR
    return hours


class ParisClock:
    """Turns legal times without offset into UTC, in the order of a file.

    The repeated hour of October is read as summer time until the clock is seen going back, then as
    winter time; `descending` files, the latest first, meet winter time first; None lets the first
    piece that goes anywhere say which it is. The clock remembers the last time seen, so that a file
    may be given piece by piece.
    """

    def __init__(self, *, descending: bool | None = False) -> None:
        self._descending = descending
        self._last: np.datetime64 | None = None
        self._turned: np.datetime64 | None = None  # the day whose repeated hour went back

    def to_utc(self, local: Instants) -> tuple[Instants, Mask, Mask]:
        """UTC instants, and masks of the times lived twice and of those that never existed.

        local : datetime64[us], shape (n,), no NaT, years of `within_rule`.
        A time that never existed is given as if the clock had not been moved.

        >>> clock = ParisClock()
        >>> night = np.array(["2021-10-31T02:30", "2021-10-31T02:30"], dtype="datetime64[us]")
        >>> clock.to_utc(night)[0]
        array(['2021-10-31T00:30:00.000000', '2021-10-31T01:30:00.000000'],
              dtype='datetime64[us]')
        """
        if self._descending is None:
            self._descending = _goes_back(local)
        begins, ends = _transitions()
        is_summer = _is_between(local, begins + 2 * HOUR, ends + 2 * HOUR)
        # Local 02:00-03:00: skipped on the day summer time begins, lived twice when it ends.
        missing = _is_between(local, begins + HOUR, begins + 2 * HOUR)
        twice = _is_between(local, ends + HOUR, ends + 2 * HOUR)
        if twice.any():
            is_summer = np.where(twice, self._first_pass(local, twice), is_summer)
        if local.size:
            self._last = local[-1]
        utc: Instants = local - HOUR - is_summer * HOUR
        return utc, twice, missing

    def _first_pass(self, local: Instants, twice: Mask) -> Mask:
        """Whether each repeated time is lived in summer time."""
        places = np.flatnonzero(twice)
        before = np.concatenate(([self._last or local[0]], local[:-1]))
        if self._last is None:
            before[0] = local[0] + (HOUR if self._descending else -HOUR)
        backwards = (local >= before) if self._descending else (local <= before)
        is_summer = np.zeros(local.shape, dtype=np.bool_)
        for place in places:  # at most a few rows a year
            day = local[place].astype("datetime64[D]")
            if backwards[place]:
                self._turned = day
            is_summer[place] = (self._turned == day) == bool(self._descending)
        return is_summer


def _goes_back(local: Instants) -> bool | None:
    """Whether most of the first times go backwards; None when none goes anywhere. One step back is
    the repeated hour or a stray row, and says nothing of the file."""
    steps = np.diff(local[:ORDER_ROWS]).astype(np.int64)
    forward, back = int((steps > 0).sum()), int((steps < 0).sum())
    return None if forward == back else back > forward


def clock_changes(since: np.datetime64, until: np.datetime64) -> tuple[int, int]:
    """How many days of 23 hours, then of 25 hours, have their clock change in ]since, until].

    >>> clock_changes(np.datetime64("2021-01-01"), np.datetime64("2022-01-01"))
    (1, 1)
    """
    begins, ends = _transitions()
    short = (begins > since) & (begins <= until)
    long = (ends > since) & (ends <= until)
    return int(short.sum()), int(long.sum())
