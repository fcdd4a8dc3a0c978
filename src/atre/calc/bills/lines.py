"""Straight lines through the points of many groups at once, by closed-form weighted least squares."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atre.calc.bills.sums import sums_by_group

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lines:
    """y = intercept + slope·x for each group; arrays of shape (groups,).

    `points` counts the points used, `x_low` and `x_high` bound them; NaN where no line exists
    (fewer than two points, or all at the same x). `r2` is the share of the weighted variance of y.
    """

    intercept: Floats
    slope: Floats
    r2: Floats
    points: Indices
    x_low: Floats
    x_high: Floats


def weighted_lines(group: Indices, groups: int, x: Floats, y: Floats, weight: Floats) -> Lines:
    """Fit one line a group. Arrays of shape (n,); a point with a NaN is left out.

    Sums are taken around each group's own means, so that a slope is not the small difference of
    two large numbers.

    >>> line = weighted_lines(np.array([0, 0, 0, 1]), 2, np.array([0.0, 1, 2, 5]),
    ...                       np.array([1.0, 3, 5, 2]), np.ones(4))
    >>> line.slope.tolist(), line.intercept.tolist(), line.points.tolist()
    ([2.0, nan], [1.0, nan], [3, 1])
    """
    used = ~(np.isnan(x) | np.isnan(y) | np.isnan(weight))
    which, x, y, weight = group[used], x[used], y[used], weight[used]

    def added(values: Floats) -> Floats:
        return sums_by_group(which, values, groups)

    mass = added(weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        x_mean, y_mean = added(weight * x) / mass, added(weight * y) / mass
        dx, dy = x - x_mean[which], y - y_mean[which]
        x_spread, y_spread = added(weight * dx * dx), added(weight * dy * dy)
        # Points at one x up to rounding have no slope.
        some = x_spread > 1e-12 * np.maximum(mass * x_mean**2, np.finfo(float).tiny)
        slope = np.where(some, added(weight * dx * dy) / x_spread, np.nan)
        residual = y_spread - slope * slope * x_spread
        r2 = np.where(y_spread > 0, 1 - np.maximum(residual, 0) / y_spread, np.nan)
    low, high = np.full(groups, np.inf), np.full(groups, -np.inf)
    np.minimum.at(low, which, x)
    np.maximum.at(high, which, x)
    return Lines(
        intercept=y_mean - slope * x_mean,
        slope=slope,
        r2=np.where(np.isnan(slope), np.nan, r2),
        points=np.bincount(which, minlength=groups).astype(np.int64),
        x_low=np.where(np.isinf(low), np.nan, low),
        x_high=np.where(np.isinf(high), np.nan, high),
    )
