"""Where communes stand: the frame and the middle of each one drawn, for maps."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from atre.warehouse.folders import Folders

CONTOURS_FILE = "commune-contours.parquet"
EDGES = ("west", "south", "east", "north")
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Contours:
    """`codes`: INSEE codes of the communes drawn, shape (n,). `edges`: degrees, shape (n, 4):
    west, south, east, north."""

    codes: NDArray[np.object_]
    edges: NDArray[np.float64]

    @cached_property
    def places(self) -> dict[str, int]:
        """The row of each commune."""
        return {code: place for place, code in enumerate(self.codes)}

    def box(self, communes: Iterable[str]) -> Box | None:
        """The frame that holds these communes; None when none of them is drawn."""
        rows = [self.places[code] for code in communes if code in self.places]
        if not rows:
            return None
        edges = self.edges[rows]
        west, south = edges[:, :2].min(axis=0).tolist()
        east, north = edges[:, 2:].max(axis=0).tolist()
        return west, south, east, north


def contours(folders: Folders) -> Contours:
    """The communes drawn on this installation's map, read once a process; none before it is made."""
    path = folders.reference / CONTOURS_FILE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return Contours(np.empty(0, dtype=object), np.empty((0, 4)))


@lru_cache(maxsize=2)
def _read(path: Path, stamp: int) -> Contours:
    table = pq.read_table(path, columns=["code", *EDGES])
    edges = np.column_stack([table[edge].to_numpy() for edge in EDGES]).astype(np.float64)
    return Contours(np.asarray(table["code"].to_pylist(), dtype=object), edges)
