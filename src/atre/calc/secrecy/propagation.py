"""Bounds passed from total to parts and back until nothing moves.

Costs one pass over the terms of the equations, and is exact where equations and hidden cells
form a tree (a plain hierarchy does; crossed margins do not): linear programming is kept for
the rest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from atre.calc.errors import RefusedInput
from atre.calc.secrecy.hidden_system import HiddenSystem
from atre.calc.secrecy.tables import Floats, LinkedTables

Places = NDArray[np.intp]

# A tree settles in as many passes as it is deep; what loops converges slowly and goes to the LP.
MOST_PASSES = 60


@dataclass(frozen=True, slots=True, eq=False)
class Propagated:
    """Bounds (k,), and the groups of cells they may not be exact for: arrays of positions."""

    lower: Floats
    upper: Floats
    loops: tuple[Places, ...]


def propagate(system: HiddenSystem, tables: LinkedTables) -> Propagated:
    """Tighten the bounds of the hidden cells, (k,), table units; exact outside the `loops`.

    `tables` only names the cells in refusals. Raises `RefusedInput` naming a cell when the
    published values contradict each other there. Method: bounds of a sum from those of its terms,
    until nothing moves.

    B and C share the 40 left of 100; C is D and a published 10, so that it is 10 to 40, and what it
    takes B cannot have.

    >>> from atre.calc.secrecy.hidden_system import hidden_system
    >>> from atre.calc.secrecy.tables import tables_from_totals
    >>> tables = tables_from_totals({"EPCI": ["A", "B", "C"], "C": ["D", "E"]})
    >>> system = hidden_system(tables, [100, 60, 0, 0, 0, 10], [False, False, True, True, True, False])
    >>> found = propagate(system, tables)
    >>> [str(tables.cells[cell]) for cell in system.cells]
    ['B', 'C', 'D']
    >>> found.lower.tolist(), found.upper.tolist(), found.loops
    ([0.0, 10.0, 0.0], [30.0, 40.0, 30.0], ())
    """
    entries = system.matrix.tocoo()
    lower, upper = system.lower.copy(), system.upper.copy()
    settled = False
    for _ in range(MOST_PASSES):
        new_lower, new_upper = _one_pass(system, entries, lower, upper)
        moved = _moved(lower, new_lower, system) | _moved(upper, new_upper, system)
        lower, upper = new_lower, new_upper
        _refuse_contradiction(system, tables, lower, upper)
        if not moved.any():
            settled = True
            break
    crossed = lower > upper
    middle = (lower[crossed] + upper[crossed]) / 2
    lower[crossed] = upper[crossed] = np.maximum(middle, 0.0)
    loops = _loops(entries, upper - lower > 2 * system.tolerance, settled, system.matrix.shape)
    return Propagated(lower, upper, loops)


def _moved(before: Floats, after: Floats, system: HiddenSystem) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        # inf − inf is NaN, which is not a move.
        return np.abs(after - before) > system.tolerance


def _one_pass(
    system: HiddenSystem, entries: sparse.coo_array, lower: Floats, upper: Floats
) -> tuple[Floats, Floats]:
    row, column, weight = entries.row, entries.col, entries.data
    positive = weight > 0
    at_least = weight * np.where(positive, lower[column], upper[column])
    at_most = weight * np.where(positive, upper[column], lower[column])
    rest_least = _sum_of_others(at_least, row, len(system.target), -np.inf)
    rest_most = _sum_of_others(at_most, row, len(system.target), np.inf)
    ceiling = ((system.target + system.slack)[row] - rest_least) / weight
    floor = ((system.target - system.slack)[row] - rest_most) / weight
    new_lower, new_upper = lower.copy(), upper.copy()
    np.minimum.at(new_upper, column, np.where(positive, ceiling, floor))
    np.maximum.at(new_lower, column, np.where(positive, floor, ceiling))
    return new_lower, new_upper


def _sum_of_others(terms: Floats, row: Places, rows: int, infinite: float) -> Floats:
    endless = np.isinf(terms)
    finite = np.where(endless, 0.0, terms)
    total = np.bincount(row, weights=finite, minlength=rows)[row] - finite
    others_endless = np.bincount(row, weights=endless, minlength=rows)[row] - endless > 0
    return np.where(others_endless, infinite, total)


def _refuse_contradiction(
    system: HiddenSystem, tables: LinkedTables, lower: Floats, upper: Floats
) -> None:
    # Errors of the terms of a row add up: a few tolerances, not one.
    wrong = np.flatnonzero(lower > upper + 10 * system.tolerance)
    if wrong.size:
        label = tables.cells[system.cells[wrong[0]]]
        raise RefusedInput(
            f"Les valeurs publiées se contredisent autour de « {label} » : aucune valeur positive "
            "ne ferme ses totaux.",
            field="values",
        )


def _loops(
    entries: sparse.coo_array, free: NDArray[np.bool_], settled: bool, shape: tuple[int, int]
) -> tuple[Places, ...]:
    """Groups of free cells linked by equations, where the links loop (or did not settle)."""
    rows, count = shape
    kept = free[entries.col]
    row, column = entries.row[kept], entries.col[kept]
    nodes = rows + count
    graph = sparse.coo_array((np.ones(len(row)), (row, rows + column)), shape=(nodes, nodes))
    _, group = connected_components(graph, directed=False)
    links = np.bincount(group[row], minlength=nodes)
    members = np.bincount(group, minlength=nodes)
    open_cells = np.flatnonzero(free)
    groups = group[rows + open_cells]
    looping = links[groups] >= members[groups] if settled else links[groups] > 0
    order = np.argsort(groups[looping], kind="stable")
    cells, ordered = open_cells[looping][order], groups[looping][order]
    if not cells.size:
        return ()
    return tuple(np.split(cells, np.flatnonzero(np.diff(ordered)) + 1))
