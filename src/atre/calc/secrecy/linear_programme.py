"""The one call to the solver: scaled, with room for rounding when exact totals have none."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from atre.calc.errors import CalcRefusal
from atre.calc.secrecy.tables import Floats

OPTIMAL, INFEASIBLE, UNBOUNDED = 0, 2, 3


class AttackFailed(CalcRefusal):
    """The solver gave no answer: the table set cannot be said safe, so it is not."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The best values (k,), and the weight of each equation (r,) in the proof that they are."""

    values: Floats
    weights: Floats


def minimise(
    cost: Floats,
    matrix: sparse.csr_array,
    target: Floats,
    bounds: tuple[Floats, Floats],
    *,
    slack: Floats,
    last_resort: Floats,
) -> Solution | None:
    """Minimise `cost @ x` where `matrix @ x` is within `target ± slack`; None when unbounded.

    Sums of floats disagree in their last digits: totals that leave no solution are given
    `last_resort` more room (r,) before the programme is given up.
    Raises `AttackFailed` when the solver has no answer even then.

    >>> both = sparse.csr_array([[1.0, 1.0]])
    >>> box, none = (np.zeros(2), np.full(2, np.inf)), np.zeros(1)
    >>> found = minimise(np.array([-1.0, 0.0]), both, np.array([40.0]), box,
    ...     slack=none, last_resort=none)
    >>> found.values.tolist()
    [40.0, 0.0]
    """
    for room in (slack, slack + last_resort):
        answer = _solve(cost, matrix, target, bounds, room)
        if answer.status != INFEASIBLE:
            break
    if answer.status == UNBOUNDED:
        return None
    if answer.status != OPTIMAL:
        raise AttackFailed(
            "Le calcul d’attaque n’a pas abouti : sans lui, rien ne dit que ces tableaux sont sûrs.",
            field="values",
        )
    return answer.solution


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    status: int
    solution: Solution


def _solve(
    cost: Floats,
    matrix: sparse.csr_array,
    target: Floats,
    bounds: tuple[Floats, Floats],
    slack: Floats,
) -> _Answer:
    # HiGHS accepts an error of 1e-7 whatever the unit: kWh or GWh, the largest total is one.
    scale = max(float(np.abs(target).max(initial=0.0)), float(slack.max(initial=0.0)), 1e-300)
    (low, high), count = bounds, len(cost)
    if slack.any():
        matrix = sparse.hstack([matrix, sparse.eye_array(len(target))], format="csr")
        low, high = np.concatenate([low, -slack]), np.concatenate([high, slack])
    answer = linprog(
        np.concatenate([cost, np.zeros(matrix.shape[1] - count)]),
        A_eq=matrix,
        b_eq=target / scale,
        bounds=np.column_stack([low, high]) / scale,
        method="highs-ds",
    )
    if answer.status != OPTIMAL:
        return _Answer(int(answer.status), Solution(np.empty(0), np.empty(0)))
    values = np.asarray(answer.x[:count] * scale, dtype=np.float64)
    return _Answer(OPTIMAL, Solution(values, np.asarray(answer.eqlin.marginals)))
