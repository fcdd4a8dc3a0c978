"""The attacker's linear programme: between which bounds each hidden cell can be computed.

Whatever is published is known to the attacker, with the fact that cells are not negative.
Integrality is not used: on counts a real attacker may do slightly better.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.secrecy.hidden_system import HiddenSystem, hidden_flags, hidden_system
from atre.calc.secrecy.linear_programme import minimise
from atre.calc.secrecy.propagation import Places, propagate
from atre.calc.secrecy.tables import Floats, LinkedTables, table_values

# A call that pushes all cells costs what one aimed at a single cell does.
MASS_CALL_WORTH = 3


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Bounds of every cell, (n,), table units; equal for a published cell, inf = no bound.

    `exact` (n,) is false where the attack stopped early because the bound asked for was
    already passed (the true interval is then wider still), or where none was asked for.
    """

    lower: Floats
    upper: Floats
    exact: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Enough:
    """Bounds (n,) beyond which the attack on a cell need not go on.

    NaN asks for the exact bound; an infinite one (lower +inf, upper −inf) asks for none, and the
    cell keeps bounds that are wide enough but maybe too wide.
    """

    lower: Floats
    upper: Floats


def attack_intervals(
    tables: LinkedTables,
    values: ArrayLike,
    hidden: ArrayLike,
    *,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    rounding: float = 0.0,
    enough: Enough | None = None,
) -> Intervals:
    """The tightest interval of each hidden cell, knowing the published ones; shapes (n,).

    `values` of hidden cells are not read. `lower` and `upper` are what the attacker knows
    beforehand (0 and no limit by default). `rounding` is the largest error of one published
    value; each equation may then be off by the sum of its own, so the interval is never too
    narrow. Precision: 1e-7 of the largest residual total of a group of linked cells.
    Raises `RefusedInput` when published values contradict each other, `AttackFailed` when the
    solver gives up. Method: Fischetti and Salazar, attacker sub-problems; HiGHS dual simplex.

    >>> from atre.calc.secrecy.tables import tables_from_totals
    >>> tables = tables_from_totals({"EPCI": ["A", "B", "C"]})
    >>> found = attack_intervals(tables, [100, 60, 0, 0], [False, False, True, True])
    >>> found.lower.tolist(), found.upper.tolist()
    ([100.0, 60.0, 0.0, 0.0], [100.0, 60.0, 40.0, 40.0])
    """
    flags = hidden_flags(tables, hidden)
    system = hidden_system(tables, values, flags, lower=lower, upper=upper, rounding=rounding)
    bounds = propagate(system, tables)
    found = system.with_bounds(bounds.lower, bounds.upper)
    exact = np.ones(tables.size, dtype=bool)
    if bounds.loops:
        search = _Search(found, _of_cells(enough, system.cells))
        search.run(bounds.loops)
        found = system.with_bounds(search.lower, search.upper)
        exact[system.cells] = search.exact
    published = np.where(flags, 0.0, table_values(tables, values))
    low, high = published.copy(), published.copy()
    low[system.cells], high[system.cells] = found.lower, found.upper
    return Intervals(low, high, exact)


def _of_cells(enough: Enough | None, cells: Places) -> Enough:
    if enough is None:
        nothing = np.full(len(cells), np.nan)
        return Enough(nothing, nothing)
    return Enough(enough.lower[cells], enough.upper[cells])


class _Search:
    """One linear programme after another; each solution is a table the attacker must admit.

    Groups that share no equation are solved side by side in one call, one aim in each: the
    number of calls is that of the largest group, not of the cells.
    """

    def __init__(self, system: HiddenSystem, enough: Enough) -> None:
        self.system = system
        self.lower, self.upper = system.lower.copy(), system.upper.copy()
        self.exact = np.ones(len(system.cells), dtype=bool)
        self.enough = enough
        self.seen_low = np.full(len(system.cells), np.inf)
        self.seen_high = np.full(len(system.cells), -np.inf)

    def run(self, groups: Sequence[Places]) -> None:
        bounded = [group for group in groups if np.isfinite(self.upper[group]).all()]
        endless = [group for group in groups if not np.isfinite(self.upper[group]).all()]
        self._work_through(bounded, mass_first=True)
        for group in endless:
            self._work_through([group], mass_first=False)

    def _work_through(self, groups: Sequence[Places], *, mass_first: bool) -> None:
        aims = [_aims_of(group) for group in groups]
        if mass_first and groups:
            self._push_all(np.concatenate(groups))
        while True:
            chosen = [(place, self._next_aim(list_)) for place, list_ in enumerate(aims)]
            active = [(place, aim) for place, aim in chosen if aim is not None]
            if not active:
                return
            cells = np.concatenate([groups[place] for place, _ in active])
            cost = np.zeros(len(cells))
            position = {int(cell): rank for rank, cell in enumerate(cells)}
            for _, (cell, sign) in active:
                cost[position[cell]] = sign
            solution = self._solve(cells, cost)
            for _, (cell, sign) in active:
                self._settle(cell, sign, None if solution is None else solution[position[cell]])

    def _push_all(self, cells: Places) -> None:
        """Push every open cell at once, as long as one call settles several of them."""
        for sign in (1.0, -1.0):
            open_before = len(cells) + MASS_CALL_WORTH
            unsettled = [cell for cell in cells if not self._already_known(int(cell), sign)]
            while unsettled and len(unsettled) + MASS_CALL_WORTH <= open_before:
                open_before = len(unsettled)
                self._solve(cells, np.where(np.isin(cells, unsettled), sign, 0.0))
                unsettled = [cell for cell in unsettled if not self._already_known(int(cell), sign)]

    def _next_aim(self, aims: list[tuple[int, float]]) -> tuple[int, float] | None:
        while aims:
            cell, sign = aims.pop()
            if not self._already_known(cell, sign):
                return cell, sign
        return None

    def _already_known(self, cell: int, sign: float) -> bool:
        tolerance = self.system.tolerance[cell]
        if sign > 0:
            seen, bound, enough = self.seen_low, self.lower, self.enough.lower
            at_bound = seen[cell] <= bound[cell] + tolerance
            passed = seen[cell] <= enough[cell] + tolerance
        else:
            seen, bound, enough = self.seen_high, self.upper, self.enough.upper
            at_bound = seen[cell] >= bound[cell] - tolerance
            passed = seen[cell] >= enough[cell] - tolerance
        if not at_bound and passed:
            self.exact[cell] = False
            if np.isfinite(enough[cell]):
                bound[cell] = seen[cell]
        return bool(at_bound or passed)

    def _settle(self, cell: int, sign: float, value: float | None) -> None:
        if value is None:
            # No bound that way: the propagated one (infinite) stands.
            return
        if sign > 0:
            self.lower[cell] = min(max(self.lower[cell], value), self.upper[cell])
        else:
            self.upper[cell] = max(min(self.upper[cell], value), self.lower[cell])

    def _solve(self, cells: Places, cost: Floats) -> Floats | None:
        """One admissible table, best for `cost`; None when it is unbounded."""
        solution = _solve_bounded(self.system, cells, cost)
        if solution is None:
            return None
        self.seen_low[cells] = np.minimum(self.seen_low[cells], solution)
        self.seen_high[cells] = np.maximum(self.seen_high[cells], solution)
        return solution


def _aims_of(group: Places) -> list[tuple[int, float]]:
    return [(int(cell), sign) for cell in group[::-1] for sign in (-1.0, 1.0)]


def _solve_bounded(system: HiddenSystem, cells: Places, cost: Floats) -> Floats | None:
    """Minimise `cost @ x` over whole groups of linked cells, the others at their single value."""
    inside = np.zeros(len(system.cells), dtype=bool)
    inside[cells] = True
    outside = np.where(inside, 0.0, (system.lower + np.minimum(system.upper, 1e300)) / 2)
    columns = system.matrix[:, cells]
    rows = np.flatnonzero(np.diff(columns.indptr))
    right = (system.target - system.matrix @ outside)[rows]
    loose = system.tolerance[cells]
    low, high = np.maximum(system.lower[cells] - loose, 0.0), system.upper[cells] + loose
    found = minimise(
        cost,
        columns[rows],
        right,
        (low, high),
        slack=system.slack[rows],
        last_resort=system.row_tolerance[rows],
    )
    return None if found is None else found.values
