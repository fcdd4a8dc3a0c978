"""The proof that a cell is open: the published cells, and the totals, an attacker adds up.

It is the dual of the attack: a weight for each equation such that, added up, they leave the
attacked cell alone on one side. Anyone can check it by hand, without a solver.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from atre.calc.errors import RefusedInput
from atre.calc.secrecy.hidden_system import HiddenSystem, hidden_flags, hidden_system
from atre.calc.secrecy.linear_programme import minimise
from atre.calc.secrecy.tables import Floats, LinkedTables, table_values

# Weights of a vertex of these systems are small fractions: less than this is solver noise.
NEGLIGIBLE_WEIGHT = 1e-7


class Side(StrEnum):
    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class Certificate:
    """`bound` = sum of weight × published value; `equations` are the totals that were added up."""

    cell: str
    side: Side
    bound: float
    published: tuple[tuple[str, float], ...]
    equations: tuple[str, ...]

    @property
    def formula_fr(self) -> str:
        """The published cells as a sum, without any value: a log may keep it.

        >>> Certificate("A", Side.UPPER, 40.0, (("EPCI", 1.0), ("B", -1.0)), ()).formula_fr
        '« EPCI » − « B »'
        """
        terms = ""
        for label, weight in self.published:
            times = "" if np.isclose(abs(weight), 1.0) else f"{abs(weight):.4g} × "
            sign = "−" if weight < 0 else "+" if terms else ""
            terms += f" {sign} {times}« {label} »" if terms else f"{sign}{times}« {label} »"
        return terms or "0"


def certificate(
    tables: LinkedTables, values: ArrayLike, hidden: ArrayLike, cell: int, side: Side
) -> Certificate | None:
    """Which published cells bound a hidden one on one side; None when nothing bounds it.

    `values` (n,) of published cells, `hidden` (n,), `cell` a position. A lower bound of zero
    needs no published cell: the certificate is then empty.

    >>> from atre.calc.secrecy.tables import tables_from_totals
    >>> tables = tables_from_totals({"EPCI": ["A", "B", "C"]})
    >>> proof = certificate(tables, [100, 60, 0, 0], [0, 0, 1, 1], 2, Side.UPPER)
    >>> proof.bound, proof.formula_fr, proof.equations
    (40.0, '« EPCI » − « A »', ('EPCI = A + B + C',))
    """
    flags = hidden_flags(tables, hidden)
    if not flags[cell]:
        raise RefusedInput("La case est publiée : il n’y a rien à attaquer.", field="cell")
    system = hidden_system(tables, values, flags)
    weights = _dual_weights(system, int(np.searchsorted(system.cells, cell)), side)
    if weights is None:
        return None
    used = np.abs(weights) > NEGLIGIBLE_WEIGHT
    published = np.where(flags, 0.0, table_values(tables, values))
    combined = -np.asarray(weights[used] @ tables.equations[system.rows[used]])
    combined[flags] = 0.0
    kept = np.flatnonzero(np.abs(combined) > NEGLIGIBLE_WEIGHT)
    order = kept[np.argsort(-combined[kept], kind="stable")]
    return Certificate(
        cell=str(tables.cells[cell]),
        side=side,
        bound=round(float(combined @ published), 9),
        published=tuple((str(tables.cells[place]), float(combined[place])) for place in order),
        equations=tuple(tables.equation_fr(int(row)) for row in system.rows[used]),
    )


def _dual_weights(system: HiddenSystem, cell: int, side: Side) -> Floats | None:
    """The weight of each equation (r,) in the bound of one hidden cell; None without a bound."""
    rows, cells = _linked_to(system, cell)
    cost = np.where(cells == cell, 1.0 if side is Side.LOWER else -1.0, 0.0)
    found = minimise(
        cost,
        system.matrix[rows][:, cells],
        system.target[rows],
        (system.lower[cells], system.upper[cells]),
        slack=system.slack[rows],
        last_resort=system.row_tolerance[rows],
    )
    if found is None:
        return None
    weights = np.zeros(len(system.rows))
    weights[rows] = found.weights * (1.0 if side is Side.LOWER else -1.0)
    return weights


def _linked_to(system: HiddenSystem, cell: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Equations and hidden cells that a chain of totals links to this cell."""
    rows, count = system.matrix.shape
    entries = system.matrix.tocoo()
    graph = sparse.coo_array(
        (np.ones(entries.nnz), (entries.row, rows + entries.col)),
        shape=(rows + count, rows + count),
    )
    _, group = connected_components(graph, directed=False)
    same = group == group[rows + cell]
    return np.flatnonzero(same[:rows]), np.flatnonzero(same[rows:])
