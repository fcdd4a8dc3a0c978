"""Maximum entropy under totals: the table closest to a prior that closes exactly.

Without a ceiling this is what iterative proportional fitting converges to; with ceilings each
cell moves on a logistic curve between its own two, and never leaves them. Solved in the dual by
Newton's method, all groups of cells at once.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu
from scipy.special import expit

from atre.calc.secrecy.tables import Floats

MOST_STEPS = 300
# Beyond e^30 around its prior a cell is at its bound: exp must not overflow on the way there.
LONGEST_STEP = 4.0
CLOSED = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """How each cell answers a pressure s: floor + prior·e^s, or a logistic up to its ceiling."""

    floor: Floats
    ceiling: Floats
    prior: Floats

    def values(self, pressure: Floats) -> tuple[Floats, Floats, Floats]:
        """Value, slope, and integral of each curve at a pressure; (k,) each."""
        limited = np.isfinite(self.ceiling)
        room = np.where(limited, self.ceiling - self.floor, 1.0)
        share = np.clip(np.where(limited, (self.prior - self.floor) / room, 0.5), 1e-6, 1 - 1e-6)
        odds = np.log(share / (1 - share))
        at = expit(odds + pressure)
        open_part = np.where(limited, 0.0, np.maximum(self.prior - self.floor, 1e-300))
        grown = open_part * np.exp(np.clip(pressure, -600, 600))
        value = self.floor + np.where(limited, room * at, grown)
        slope = np.where(limited, room * at * (1 - at), grown)
        softplus = np.logaddexp(0.0, odds + pressure) - np.logaddexp(0.0, odds)
        integral = self.floor * pressure + np.where(limited, room * softplus, grown - open_part)
        return value, slope, integral


def maximum_entropy(matrix: sparse.csr_array, target: Floats, curves: Curves) -> Floats:
    """The cells (k,) on their curves for which `matrix @ x = target`, as nearly as can be.

    The caller checks the closure: a system with no solution inside its bounds does not close.

    >>> both = sparse.csr_array([[1.0, 1.0]])
    >>> curves = Curves(np.zeros(2), np.full(2, np.inf), np.array([1.0, 3.0]))
    >>> maximum_entropy(both, np.array([100.0]), curves).round(6).tolist()
    [25.0, 75.0]
    """
    weights = np.zeros(len(target))
    scale = np.maximum(abs(matrix) @ curves.values(np.zeros(matrix.shape[1]))[0], np.abs(target))
    scale = np.maximum(scale, 1e-300)
    value, slope, integral = curves.values(matrix.T @ weights)
    for _ in range(MOST_STEPS):
        gap = target - matrix @ value
        if bool((np.abs(gap) <= CLOSED * scale).all()):
            break
        step = _newton_step(matrix, slope, gap)
        step *= min(1.0, LONGEST_STEP / max(float(np.abs(matrix.T @ step).max()), 1e-300))
        gain, merit = float(gap @ step), float(target @ weights - integral.sum())
        length = 1.0
        while length > 1e-6:
            value, slope, integral = curves.values(matrix.T @ (weights + length * step))
            reached = float(target @ (weights + length * step) - integral.sum())
            if reached >= merit + 1e-4 * length * gain - 1e-12 * abs(merit):
                break
            length /= 2
        weights = weights + length * step
    return _close(matrix, target, value, slope)


def _newton_step(matrix: sparse.csr_array, slope: Floats, gap: Floats) -> Floats:
    hessian = sparse.csc_array(matrix @ sparse.diags_array(slope) @ matrix.T)
    size = np.sqrt(np.maximum(hessian.diagonal(), 1e-300))
    scaling = sparse.diags_array(1 / size)
    # Totals of totals repeat each other: the ridge keeps the factorisation from failing on them.
    ridge = sparse.eye_array(len(gap)) * 1e-11
    solved = splu(sparse.csc_array(scaling @ hessian @ scaling + ridge)).solve(gap / size)
    return np.asarray(solved / size, dtype=np.float64)


def _close(matrix: sparse.csr_array, target: Floats, value: Floats, slope: Floats) -> Floats:
    """Share out what rounding left, in proportion to what each cell can still move."""
    for _ in range(2):
        step = _newton_step(matrix, slope, target - matrix @ value)
        value = value + slope * (matrix.T @ step)
    return value
