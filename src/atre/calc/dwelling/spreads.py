"""A physical quantity that is not known exactly: its low, central and high values.

The estimate moves one quantity at a time between the three and keeps the lowest and the highest
result, so that it does not matter in which direction a quantity pushes.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from atre.calc.dwelling.inputs import Flags, Floats


class Spread(NamedTuple):
    """Three arrays of shape (n,)."""

    low: Floats
    central: Floats
    high: Floats

    @property
    def is_certain(self) -> bool:
        """No dwelling of the batch has a range for this quantity."""
        return bool(np.array_equal(self.low, self.high, equal_nan=True))

    def where(self, mask: Flags, other: "Spread") -> "Spread":
        """This spread, and `other` where the mask holds."""
        return Spread(*(np.where(mask, new, old) for old, new in zip(self, other, strict=True)))

    def given(self, values: Floats) -> "Spread":
        """This spread, and the value alone where one is known."""
        known = ~np.isnan(values)
        return Spread(*(np.where(known, values, own) for own in self))

    def times(self, factor: Floats | float) -> "Spread":
        """Each side times a factor that is 0 or more, (n,) or one."""
        return Spread(self.low * factor, self.central * factor, self.high * factor)

    def plus(self, other: "Spread") -> "Spread":
        """Low with low, central with central, high with high."""
        return Spread(*(own + more for own, more in zip(self, other, strict=True)))

    def with_added_resistance(self, r_m2k_w: Floats) -> "Spread":
        """Of heat transmission coefficients: what they become under an added layer."""
        return Spread(*(own / (1 + own * r_m2k_w) for own in self))


def certain(values: Floats) -> Spread:
    """A quantity without range: `values` of shape (n,) on the three sides, in their own unit.

    >>> certain(np.array([0.8, np.nan])).is_certain
    True
    """
    return Spread(values, values, values)


def constant(numbers: Mapping[str, float], size: int) -> Spread:
    """The same low, central and high for `size` dwellings, in the unit of `numbers`.

    Raises `KeyError` when one of the three is absent: a range has no default.

    >>> constant({"low": 17.0, "central": 19.0, "high": 21.0}, 2).high.tolist()
    [21.0, 21.0]
    """
    return Spread(*(np.full(size, numbers[name]) for name in ("low", "central", "high")))


def midway(first: Spread, second: Spread, share: float = 0.5) -> Spread:
    """A mix of two, side by side: `share` (0 to 1) of the second, the rest of the first; (n,).

    >>> bare, insulated = (constant({"low": u, "central": u, "high": u}, 1) for u in (2.0, 0.4))
    >>> midway(bare, insulated, 0.25).central.tolist()
    [1.6]
    """
    return Spread(
        *((1 - share) * one + share * two for one, two in zip(first, second, strict=True))
    )


def either(lower: Spread, higher: Spread) -> Spread:
    """One or the other, not known which: from the first's central to the second's, (n,).

    Their own ranges are left out: which of the two it is makes the range.

    >>> insulated = constant({"low": 0.25, "central": 0.5, "high": 0.75}, 1)
    >>> bare = constant({"low": 1.0, "central": 2.0, "high": 3.0}, 1)
    >>> [float(side[0]) for side in either(insulated, bare)]
    [0.5, 1.25, 2.0]
    """
    return Spread(lower.central, (lower.central + higher.central) / 2, higher.central)
