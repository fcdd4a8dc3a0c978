"""From bills to stretches between two real readings: estimates are added to what corrects them.

An estimated bill and the bill on a real reading that follows hold together what was consumed; one
without the other holds a guess. CalTRACK 2.0 merges them too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.coverage import Days, Indices, overlapping_pairs, sort_periods
from atre.calc.bills.sums import sums_by_group
from atre.calc.errors import RefusedInput
from atre.calc.three_valued import UNKNOWN_CODE, YES_CODE, Codes, known_flags

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class BillRows:
    """n bills of many meters. `group` numbers what must not be mixed, from 0 to `groups` - 1.

    A period is [start, end) in days. `kwh` is NaN where unknown; it may be negative, when a bill
    takes back what an estimate had counted too much. `estimated` holds codes 1, 0, -1: whether
    the index at the bill's end is an estimate.
    """

    group: Indices
    start: Days
    end: Days
    kwh: Floats
    estimated: Codes
    groups: int

    @classmethod
    def from_arrays(
        cls,
        group: ArrayLike,
        start: ArrayLike,
        end: ArrayLike,
        kwh: ArrayLike,
        estimated: ArrayLike,
        groups: int | None = None,
    ) -> "BillRows":
        """Read n rows; raises `RefusedInput` for shapes that differ, an infinite quantity, or a
        group out of range. A missing date (NaT) makes its meter impossible, see below."""
        which = np.asarray(group, dtype=np.int64)
        rows = cls(
            which,
            np.asarray(start, dtype="datetime64[D]"),
            np.asarray(end, dtype="datetime64[D]"),
            np.asarray(kwh, dtype=np.float64),
            np.atleast_1d(known_flags(estimated)),
            (int(which.max()) + 1 if which.size else 0) if groups is None else groups,
        )
        columns = (rows.start, rows.end, rows.kwh, rows.estimated)
        if any(column.shape != which.shape for column in columns):
            raise RefusedInput("Les colonnes des factures n’ont pas la même longueur.", field="kwh")
        if ((which < 0) | (which >= rows.groups)).any():
            raise RefusedInput("Une facture n’est d’aucun compteur connu.", field="group")
        if np.isinf(rows.kwh).any():
            raise RefusedInput("Une quantité est infinie.", field="kwh")
        return rows

    def impossible_groups(self) -> Flags:
        """Meters with two bills on the same days, or a bill that ends before it starts, (groups,).

        They are set aside with that reason rather than stopping a million others.
        """
        wrong = np.zeros(self.groups, dtype=bool)
        backwards = ~(self.end > self.start)
        wrong[self.group[backwards]] = True
        right = np.flatnonzero(~backwards)
        pairs = overlapping_pairs(self.group[right], self.start[right], self.end[right])
        wrong[self.group[right[pairs[:, 0]]]] = True
        return wrong

    def without(self, groups: Flags) -> "BillRows":
        """The same meters, without the bills of those flagged; `groups` of shape (groups,)."""
        kept = ~groups[self.group]
        return BillRows(
            self.group[kept],
            self.start[kept],
            self.end[kept],
            self.kwh[kept],
            self.estimated[kept],
            self.groups,
        )


@dataclass(frozen=True, slots=True)
class Stretches:
    """m stretches that follow real readings; arrays of shape (m,), by group then date.

    `kwh` is NaN where one bill's is unknown, or where the whole is negative (an estimate before
    the first bill was too high). `ends_estimated`: no real reading has closed the stretch yet.
    `unsaid`: a bill inside does not say whether its index is real. `of_bill` numbers the stretch
    of each input bill, shape (n,).
    """

    group: Indices
    start: Days
    end: Days
    kwh: Floats
    bills: Indices
    ends_estimated: Flags
    unsaid: Flags
    of_bill: Indices


def stretches_between_readings(rows: BillRows) -> Stretches:
    """Merge each estimated bill with those that follow, up to a real reading or a gap.

    The caller has set aside the impossible groups. A bill that says nothing of its index counts
    as a real reading, and is told by `unsaid`.

    >>> days = np.array(["2025-01-01", "2025-03-01", "2025-05-01", "2025-07-01"], "datetime64[D]")
    >>> rows = BillRows.from_arrays([0, 0, 0], days[:-1], days[1:], [500, 700, 100], [0, 1, 0])
    >>> found = stretches_between_readings(rows)
    >>> found.kwh.tolist(), found.of_bill.tolist(), found.ends_estimated.tolist()
    ([500.0, 800.0], [0, 1, 1], [False, False])
    """
    periods = sort_periods(rows.group, rows.start, rows.end)
    order = periods.order
    estimated = rows.estimated[order]
    opens = np.ones(order.size, dtype=bool)
    opens[1:] = (periods.run[1:] != periods.run[:-1]) | (estimated[:-1] != YES_CODE)
    number = np.cumsum(opens) - 1
    first = np.flatnonzero(opens)
    last = np.append(first[1:], order.size)[: first.size] - 1
    kwh = np.add.reduceat(rows.kwh[order], first) if first.size else np.empty(0)
    of_bill = np.empty(order.size, dtype=np.int64)
    of_bill[order] = number
    unsaid = sums_by_group(number, estimated == UNKNOWN_CODE, first.size)
    return Stretches(
        group=periods.group[first],
        start=periods.day_start[first].astype("datetime64[D]"),
        end=periods.day_end[last].astype("datetime64[D]"),
        kwh=np.where(kwh < 0, np.nan, kwh),
        bills=last - first + 1,
        ends_estimated=estimated[last] == YES_CODE,
        unsaid=unsaid > 0,
        of_bill=of_bill,
    )
