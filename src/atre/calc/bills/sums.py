"""Sums by group: what `numpy.bincount` does, always in floats, whatever the groups are."""

import numpy as np
from numpy.typing import NDArray


def sums_by_group(
    group: NDArray[np.int64], values: NDArray[np.generic], groups: int
) -> NDArray[np.float64]:
    """Add n values up by group, shape (groups,); a group without a value is 0, not unknown.

    >>> sums_by_group(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [1.0, 0.0, 5.0]
    """
    added = np.bincount(group, weights=values.astype(np.float64), minlength=groups)
    return np.asarray(added, dtype=np.float64)
