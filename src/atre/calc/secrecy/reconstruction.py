"""The secret cells that others published as such, with bounds: never a figure without its interval.

The interval is what the published totals prove. The central estimate is one table among all
those possible: the closest to a prior (dwellings, former years…) that closes on every total.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from atre.calc.errors import RefusedInput
from atre.calc.secrecy.attack import Intervals, attack_intervals
from atre.calc.secrecy.entropy import Curves, maximum_entropy
from atre.calc.secrecy.hidden_system import HiddenSystem, hidden_flags, hidden_system
from atre.calc.secrecy.rules import nonnegative
from atre.calc.secrecy.tables import Floats, LinkedTables, table_values

Flags = NDArray[np.bool_]

# A central estimate is given when it closes its totals this well, relatively; else none is.
CLOSURE = 1e-8


class CellFlag(StrEnum):
    """Where a figure comes from; shown beside it wherever it goes."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    RECONSTRUCTED = "reconstructed"
    SECRET = "secret"


class ReconstructionMethod(IntEnum):
    """How a central value was obtained, int8 codes."""

    PUBLISHED = 0
    DETERMINED = 1
    MAXIMUM_ENTROPY = 2
    INTERVAL_ONLY = 3


METHODS_FR = {
    ReconstructionMethod.PUBLISHED: "publiée",
    ReconstructionMethod.DETERMINED: "déduite exactement des totaux publiés",
    ReconstructionMethod.MAXIMUM_ENTROPY: "maximum d’entropie sous les totaux publiés",
    ReconstructionMethod.INTERVAL_ONLY: "encadrée seulement",
}


@dataclass(frozen=True, slots=True, eq=False)
class Reconstruction:
    """Arrays of shape (n,), table units: bounds, central estimate (NaN = none), method codes.

    `flags` are `CellFlag` values. A reconstructed cell that an agency republishes goes through
    the gate as any other: « déduite exactement » is exactly what the gate refuses.
    """

    lower: Floats
    upper: Floats
    central: Floats
    method: NDArray[np.int8]
    flags: NDArray[np.object_]


def reconstruct(
    tables: LinkedTables,
    values: ArrayLike,
    hidden: ArrayLike,
    *,
    prior: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    rounding: float = 0.0,
    published_flags: ArrayLike | None = None,
) -> Reconstruction:
    """Bounds and a central estimate for each hidden cell of published tables; shapes (n,).

    `prior`: relative sizes, any unit (dwellings, another year), NaN or absent: the middle of
    the interval. `lower`, `upper`: what the rules of the publisher say beforehand (hidden
    under 200 MWh). `rounding`: largest error of a published value. `published_flags`: measured
    or estimated, as the publisher says; measured if not given. A cell that nothing bounds gets
    no central estimate, nor do the cells linked to it.
    Raises `RefusedInput` when the published values contradict each other or the bounds.

    >>> from atre.calc.secrecy.tables import tables_from_totals
    >>> tables = tables_from_totals({"EPCI": ["A", "B", "C"]})
    >>> found = reconstruct(tables, [100, 60, 0, 0], [0, 0, 1, 1], prior=[0, 0, 30, 10])
    >>> found.central.round(6).tolist(), found.upper.tolist()
    ([100.0, 60.0, 30.0, 10.0], [100.0, 60.0, 40.0, 40.0])
    """
    flags = hidden_flags(tables, hidden)
    bounds = attack_intervals(tables, values, flags, lower=lower, upper=upper, rounding=rounding)
    system = hidden_system(tables, values, flags, lower=lower, upper=upper, rounding=rounding)
    central, method = _central(system, bounds, _prior_of(tables, prior))
    published = np.where(flags, np.nan, table_values(tables, values))
    found = np.where(flags, central, published)
    return Reconstruction(
        bounds.lower,
        bounds.upper,
        found,
        np.where(flags, method, ReconstructionMethod.PUBLISHED).astype(np.int8),
        _flags_of(tables, flags, found, published_flags),
    )


def _prior_of(tables: LinkedTables, prior: ArrayLike | None) -> Floats:
    if prior is None:
        return np.full(tables.size, np.nan)
    read = nonnegative(prior, "prior")
    if read.shape != (tables.size,):
        raise RefusedInput("Il faut autant de poids que de cases.", field="prior")
    return read


def _flags_of(
    tables: LinkedTables, hidden: Flags, central: Floats, published_flags: ArrayLike | None
) -> NDArray[np.object_]:
    if published_flags is None:
        given = np.full(tables.size, CellFlag.MEASURED, dtype=object)
    else:
        given = np.array([CellFlag(flag) for flag in np.asarray(published_flags)], dtype=object)
    given[hidden & np.isnan(central)] = CellFlag.SECRET
    given[hidden & ~np.isnan(central)] = CellFlag.RECONSTRUCTED
    return given


def _central(
    system: HiddenSystem, bounds: Intervals, prior: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    size = len(prior)
    low, high = bounds.lower[system.cells], bounds.upper[system.cells]
    single = high - low <= 10 * system.tolerance + CLOSURE * low
    central = np.full(len(system.cells), np.nan)
    central[single] = (low[single] + high[single]) / 2
    open_cells = ~single & ~_linked_to_endless(system, ~single, np.isinf(high))
    if open_cells.any():
        fitted = _fit(system, central, open_cells, low, high, prior[system.cells])
        central[open_cells] = fitted
    method = np.select(
        [single, np.isnan(central)],
        [ReconstructionMethod.DETERMINED, ReconstructionMethod.INTERVAL_ONLY],
        default=ReconstructionMethod.MAXIMUM_ENTROPY,
    )
    all_central, all_method = np.full(size, np.nan), np.zeros(size)
    all_central[system.cells], all_method[system.cells] = central, method
    return all_central, all_method.astype(np.int8)


def _linked_to_endless(system: HiddenSystem, free: Flags, endless: Flags) -> Flags:
    """Free cells that share totals, step by step, with one that nothing bounds."""
    links = sparse.csr_array(abs(system.matrix) @ sparse.diags_array(free.astype(np.float64)))
    reached = endless.copy()
    while True:
        rows = links @ reached.astype(np.float64) > 0
        grown = reached | (free & (links.T @ rows.astype(np.float64) > 0))
        if bool((grown == reached).all()):
            return reached
        reached = grown


def _fit(
    system: HiddenSystem,
    known: Floats,
    open_cells: Flags,
    low: Floats,
    high: Floats,
    prior: Floats,
) -> Floats:
    """Maximum entropy on the open cells, the determined ones put in; NaN where it cannot close."""
    columns = sparse.csr_array(system.matrix[:, open_cells])
    # Rows with an unbounded cell keep some free cell outside `open_cells`: they bind nothing.
    unknown = ~open_cells & np.isnan(known)
    rows = np.flatnonzero(np.diff(columns.indptr) > 0)
    bound = abs(system.matrix[rows]) @ unknown.astype(np.float64) == 0
    rows = rows[bound]
    matrix = columns[rows]
    target = (system.target - system.matrix @ np.where(np.isnan(known), 0.0, known))[rows]
    floor, ceiling = system.lower[open_cells], system.upper[open_cells]
    start = _start(low[open_cells], high[open_cells], prior[open_cells])
    count, slack = len(floor), system.slack[rows]
    if slack.any():
        matrix = sparse.csr_array(sparse.hstack([matrix, sparse.eye_array(len(rows))]))
        floor, ceiling = np.concatenate([floor, -slack]), np.concatenate([ceiling, slack])
        start = np.concatenate([start, np.zeros(len(rows))])
    found = maximum_entropy(matrix, target, Curves(floor, ceiling, start))
    closes = np.abs(matrix @ found - target) <= CLOSURE * np.maximum(
        abs(matrix) @ np.abs(found), np.abs(target)
    )
    in_open_row = (abs(matrix).T @ (~closes).astype(np.float64) > 0)[:count]
    inside = (found[:count] >= low[open_cells] - CLOSURE * (1 + high[open_cells])) & (
        found[:count] <= high[open_cells] + CLOSURE * (1 + high[open_cells])
    )
    return np.where(in_open_row | ~inside, np.nan, found[:count])


def _start(low: Floats, high: Floats, prior: Floats) -> Floats:
    """A prior above zero everywhere: a weight of zero would forbid a cell what totals may force."""
    middle = (low + high) / 2
    known = np.isfinite(prior)
    total = float(prior[known].sum())
    if not known.any() or total <= 0:
        return middle
    # Weights in dwellings are brought to the table's unit so that cells without one can mix in.
    scaled = prior * float(middle[known].sum()) / total
    least = 1e-6 * float(scaled[known].max())
    return np.where(known, np.maximum(scaled, least), middle)
