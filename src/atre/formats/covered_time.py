"""The stretches of time that a file has already given, kept small however many rows it has."""

import numpy as np
from numpy.typing import NDArray

from atre.formats.local_time import Instants, Mask


class CoveredTime:
    """Stretches that do not overlap, in order; those that touch are one.

    >>> covered = CoveredTime()
    >>> hours = np.arange("2021-01-01T00", "2021-01-01T04", dtype="datetime64[h]")
    >>> instants = hours.astype("datetime64[us]")
    >>> covered.add(instants[:2], instants[1:3])
    >>> covered.overlaps(instants[1:], instants[1:] + np.timedelta64(1, "h")).tolist()
    [True, False, False]
    """

    def __init__(self) -> None:
        self._starts: NDArray[np.datetime64] = np.zeros(0, dtype="datetime64[us]")
        self._ends: NDArray[np.datetime64] = np.zeros(0, dtype="datetime64[us]")

    def overlaps(self, start: Instants, end: Instants) -> Mask:
        """Which intervals, shape (n,), share time with what is covered; touching is not sharing."""
        if not self._starts.size:
            return np.zeros(start.shape, dtype=np.bool_)
        # The last stretch to begin before the interval ends is the only one that can reach it.
        place = np.searchsorted(self._starts, end, side="left") - 1
        shares: Mask = (place >= 0) & (self._ends[np.maximum(place, 0)] > start)
        return shares

    def add(self, start: Instants, end: Instants) -> None:
        """Covers intervals, in any order."""
        starts = np.concatenate((self._starts, start))
        if not starts.size:
            return
        order = np.argsort(starts, kind="stable")
        starts = starts[order]
        until = np.maximum.accumulate(np.concatenate((self._ends, end))[order])
        begins = np.concatenate(([True], starts[1:] > until[:-1]))
        self._starts = starts[begins]
        self._ends = until[np.concatenate((begins[1:], [True]))]
