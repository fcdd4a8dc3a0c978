"""Linked tables as one linear system: every cell is a variable, every total an equation.

`equations @ x = 0`, each row « parts − total ». Two tables that share a cell are linked by it,
whatever the axis: a date, a filter, another cutting of the same communes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from atre.calc.errors import RefusedInput

Floats = NDArray[np.float64]
SEPARATOR = " · "


@dataclass(frozen=True, slots=True, eq=False)
class LinkedTables:
    """`cells`: (n,) unique French labels. `equations`: sparse CSR (m, n), rows sum to zero."""

    cells: NDArray[np.object_]
    equations: sparse.csr_array

    @property
    def size(self) -> int:
        return len(self.cells)

    def positions(self, labels: Sequence[str]) -> NDArray[np.intp]:
        """Where labels stand; refuses one that is not a cell."""
        known = {label: place for place, label in enumerate(self.cells)}
        for label in labels:
            if label not in known:
                raise RefusedInput(f"La case « {label} » n’existe pas.", field="cells")
        return np.array([known[label] for label in labels], dtype=np.intp)

    def equation_fr(self, row: int) -> str:
        """Write one equation with its cells: « total = part + part ».

        >>> tables_from_totals({"EPCI": ["A", "B"]}).equation_fr(0)
        'EPCI = A + B'
        """
        start, stop = self.equations.indptr[row : row + 2]
        terms = zip(
            self.equations.indices[start:stop], self.equations.data[start:stop], strict=True
        )
        parts: list[str] = []
        totals: list[str] = []
        for place, weight in terms:
            times = "" if abs(weight) == 1 else f"{abs(weight):g} × "
            (parts if weight > 0 else totals).append(f"{times}{self.cells[place]}")
        return f"{' + '.join(totals) or '0'} = {' + '.join(parts) or '0'}"


def tables_from_totals(
    totals: Mapping[str, Sequence[str]] | Sequence[tuple[str, Sequence[str]]],
) -> LinkedTables:
    """Tables written as « total: its parts », cells in order of appearance.

    Pairs are for a total that is cut in several ways: by commune and by energy.

    >>> tables_from_totals({"EPCI": ["A", "B"], "A": ["A, gaz", "A, bois"]}).size
    5
    """
    place: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    pairs = list(totals.items() if isinstance(totals, Mapping) else totals)
    for row, (total, parts) in enumerate(pairs):
        for label, weight in [(total, -1.0), *((part, 1.0) for part in parts)]:
            rows.append(row)
            columns.append(place.setdefault(label, len(place)))
            weights.append(weight)
    shape = (len(pairs), len(place))
    matrix = sparse.csr_array((weights, (rows, columns)), shape=shape)
    return LinkedTables(np.array(list(place), dtype=object), matrix)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One axis as a tree: `labels` (k,), `parents` (k,) positions, −1 for a root."""

    labels: Sequence[str]
    parents: Sequence[int]

    def totals(self) -> sparse.csr_array:
        """Rows « children − parent » of this axis, one for each parent; shape (parents, k)."""
        parents = np.asarray(self.parents, dtype=np.intp)
        if len(parents) != len(self.labels) or bool((parents >= len(parents)).any()):
            raise RefusedInput(
                "Chaque modalité a un parent, donné par son rang, ou −1.", field="parents"
            )
        if len(set(self.labels)) != len(self.labels):
            raise RefusedInput("Une modalité est écrite deux fois.", field="labels")
        children = np.flatnonzero(parents >= 0)
        above, row_of_child = np.unique(parents[children], return_inverse=True)
        rows = np.concatenate([row_of_child, np.arange(len(above))])
        columns = np.concatenate([children, above])
        weights = np.concatenate([np.ones(len(children)), -np.ones(len(above))])
        return sparse.csr_array((weights, (rows, columns)), shape=(len(above), len(parents)))


def crossed_tables(dimensions: Sequence[Dimension]) -> LinkedTables:
    """Every combination of the dimensions, with every margin of every axis.

    Cells are in C order: the last dimension varies fastest. Cost: about 60 bytes a cell for its
    label and 12 a term of an equation; build it EPCI by EPCI for a national cube.

    >>> place = Dimension(["EPCI", "A", "B"], [-1, 0, 0])
    >>> energy = Dimension(["toutes", "gaz", "bois"], [-1, 0, 0])
    >>> crossed = crossed_tables([place, energy])
    >>> crossed.size, crossed.equations.shape[0], str(crossed.cells[4])
    (9, 6, 'A · gaz')
    """
    sizes = [len(dimension.labels) for dimension in dimensions]
    blocks = []
    for axis, dimension in enumerate(dimensions):
        before = sparse.eye_array(int(np.prod(sizes[:axis], dtype=np.int64)))
        after = sparse.eye_array(int(np.prod(sizes[axis + 1 :], dtype=np.int64)))
        inner = sparse.kron(before, dimension.totals(), format="csr")
        blocks.append(sparse.kron(inner, after, format="csr"))
    labels = [np.array(dimension.labels, dtype=object) for dimension in dimensions]
    crossed = reduce(
        lambda left, right: (left[:, None] + SEPARATOR + right[None, :]).ravel(), labels
    )
    stacked = sparse.csr_array(sparse.vstack(blocks, format="csr"))
    # The Kronecker product may store zeros, which would pass for terms of an equation.
    stacked.eliminate_zeros()
    return LinkedTables(crossed, stacked)


def join_tables(tables: Sequence[LinkedTables]) -> tuple[LinkedTables, list[NDArray[np.intp]]]:
    """One system from several; cells with the same label are the same cell.

    Returns the joined tables and, for each one given, where its cells went: (n_i,) positions.

    >>> one, two = tables_from_totals({"T": ["A", "B"]}), tables_from_totals({"S": ["B", "C"]})
    >>> joined, where = join_tables([one, two])
    >>> list(joined.cells), where[1].tolist()
    (['T', 'A', 'B', 'S', 'C'], [3, 2, 4])
    """
    place: dict[str, int] = {}
    where = [
        np.array([place.setdefault(label, len(place)) for label in table.cells], dtype=np.intp)
        for table in tables
    ]
    moved = []
    for table, positions in zip(tables, where, strict=True):
        entries = table.equations.tocoo()
        moved.append(
            sparse.coo_array(
                (entries.data, (entries.row, positions[entries.col])),
                shape=(table.equations.shape[0], len(place)),
            )
        )
    stacked = sparse.csr_array(sparse.vstack(moved))
    return LinkedTables(np.array(list(place), dtype=object), stacked), where


def table_values(tables: LinkedTables, values: ArrayLike, field: str = "values") -> Floats:
    """Read one number a cell, shape (n,), table units, NaN = unknown.

    `field` names the input in the refusal: `RefusedInput` for another length, a negative or an
    infinite number (additive tables of magnitudes or counts only).

    >>> tables = tables_from_totals({"EPCI": ["A", "B"]})
    >>> table_values(tables, [100, 60, float("nan")]).tolist()
    [100.0, 60.0, nan]
    >>> table_values(tables, [100, 60])
    Traceback (most recent call last):
        ...
    atre.calc.errors.RefusedInput: Il faut autant de nombres que de cases.
    """
    read = np.asarray(values, dtype=np.float64)
    if read.shape != (tables.size,):
        raise RefusedInput("Il faut autant de nombres que de cases.", field=field)
    if bool((read < 0).any() or np.isinf(read).any()):
        raise RefusedInput("Les cases d’un tableau additif sont positives ou nulles.", field=field)
    return read
