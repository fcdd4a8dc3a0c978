"""What an attacker has left once the published cells are put in: hidden cells and their totals."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from atre.calc.errors import RefusedInput
from atre.calc.secrecy.tables import Floats, LinkedTables, table_values

# Sums of a million float64 differ from their published total by about this, relatively.
RELATIVE_TOLERANCE = 1e-9
# What reaches totals whose cells are all hidden, from the published ones around them.
FLOAT_NOISE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class HiddenSystem:
    """`matrix @ x` within `target ± slack`, `lower ≤ x ≤ upper`, x the k hidden cells.

    `cells` (k,) positions in the tables; `rows` (r,) positions of the equations kept;
    `tolerance` (k,) the difference, in table units, under which two bounds are one, and
    `row_tolerance` (r,) what the digits of a published total cannot tell.
    """

    cells: NDArray[np.intp]
    rows: NDArray[np.intp]
    matrix: sparse.csr_array
    target: Floats
    slack: Floats
    lower: Floats
    upper: Floats
    tolerance: Floats
    row_tolerance: Floats

    def with_bounds(self, lower: Floats, upper: Floats) -> "HiddenSystem":
        return replace(self, lower=lower, upper=upper)


def hidden_system(
    tables: LinkedTables,
    values: ArrayLike,
    hidden: ArrayLike,
    *,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    rounding: float = 0.0,
) -> HiddenSystem:
    """Put the published values in; what is left binds the hidden cells.

    `values`, `hidden`, `lower` and `upper` (n,), in the table's unit; NaN only where hidden.
    Raises `RefusedInput` when a published cell has no value, and when an equation whose cells
    are all published does not close: nothing can be concluded from tables that contradict
    themselves. `rounding` is the largest error of one published value.

    A total of 100 and a part of 60 leave 40 to the two others together, give or take the rounding.

    >>> from atre.calc.secrecy.tables import tables_from_totals
    >>> tables = tables_from_totals({"EPCI": ["A", "B", "C"]})
    >>> left = hidden_system(tables, [100, 60, 0, 0], [False, False, True, True], rounding=0.5)
    >>> left.cells.tolist(), left.target.tolist(), left.slack.tolist()
    ([2, 3], [40.0], [1.0])
    """
    read = table_values(tables, values)
    is_hidden = hidden_flags(tables, hidden)
    missing = np.flatnonzero(~is_hidden & np.isnan(read))
    if missing.size:
        raise RefusedInput(
            f"La case « {tables.cells[missing[0]]} » est dite publiée et n’a pas de valeur.",
            field="values",
        )
    published = np.where(is_hidden, 0.0, read)
    sizes = abs(tables.equations)
    row_scale = np.asarray((sizes @ published), dtype=np.float64)
    target = -np.asarray(tables.equations @ published, dtype=np.float64)
    slack = rounding * np.asarray(sizes @ (~is_hidden).astype(np.float64))
    hidden_in_row = np.asarray(sizes @ is_hidden.astype(np.float64)) > 0
    largest = float(published.max(initial=0.0))
    row_tolerance = np.maximum(RELATIVE_TOLERANCE * row_scale, FLOAT_NOISE * largest)
    _refuse_open_totals(tables, target, slack + row_tolerance, hidden_in_row)
    # What subtracting equal sums leaves is noise, and would be the scale of a cell left at zero.
    target[np.abs(target) <= row_tolerance] = 0.0
    cells, rows = np.flatnonzero(is_hidden), np.flatnonzero(hidden_in_row)
    matrix = sparse.csr_array(tables.equations[rows][:, cells])
    touching = matrix.tocoo()
    tolerance = np.full(len(cells), FLOAT_NOISE * largest)
    np.maximum.at(tolerance, touching.col, row_tolerance[rows][touching.row])
    least = np.zeros(tables.size) if lower is None else table_values(tables, lower, "lower")
    most = np.full(tables.size, np.inf) if upper is None else _ceilings(upper, tables.size)
    return HiddenSystem(
        cells,
        rows,
        matrix,
        target[rows],
        slack[rows],
        least[cells],
        most[cells],
        tolerance,
        row_tolerance[rows],
    )


def hidden_flags(tables: LinkedTables, hidden: ArrayLike) -> NDArray[np.bool_]:
    """Read one yes or no a cell, shape (n,); refuses any other shape, a single answer for all too.

    >>> from atre.calc.secrecy.tables import tables_from_totals
    >>> tables = tables_from_totals({"EPCI": ["A", "B"]})
    >>> hidden_flags(tables, [0, 1, 1]).tolist()
    [False, True, True]
    >>> hidden_flags(tables, True)
    Traceback (most recent call last):
        ...
    atre.calc.errors.RefusedInput: Il faut dire de chaque case si elle est masquée.
    """
    flags = np.asarray(hidden, dtype=bool)
    if flags.shape != (tables.size,):
        raise RefusedInput("Il faut dire de chaque case si elle est masquée.", field="hidden")
    return flags


def _ceilings(upper: ArrayLike, size: int) -> Floats:
    read = np.asarray(upper, dtype=np.float64)
    if read.shape != (size,) or bool((read < 0).any()):
        raise RefusedInput("Il faut une borne supérieure positive par case.", field="upper")
    return np.where(np.isnan(read), np.inf, read)


def _refuse_open_totals(
    tables: LinkedTables, gap: Floats, allowed: Floats, hidden_in_row: NDArray[np.bool_]
) -> None:
    wrong = np.flatnonzero(~hidden_in_row & (np.abs(gap) > allowed))
    if wrong.size:
        raise RefusedInput(
            f"Les valeurs publiées ne ferment pas : {tables.equation_fr(int(wrong[0]))}.",
            field="values",
        )
