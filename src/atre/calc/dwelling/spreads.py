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
        return Spread(self.low * factor, self.central * factor, self.high * factor)

    def plus(self, other: "Spread") -> "Spread":
        return Spread(*(own + more for own, more in zip(self, other, strict=True)))

    def with_added_resistance(self, r_m2k_w: Floats) -> "Spread":
        """Of heat transmission coefficients: what they become under an added layer."""
        return Spread(*(own / (1 + own * r_m2k_w) for own in self))


def certain(values: Floats) -> Spread:
    """A quantity without range."""
    return Spread(values, values, values)


def constant(numbers: Mapping[str, float], size: int) -> Spread:
    """The same low, central and high for all."""
    return Spread(*(np.full(size, numbers[name]) for name in ("low", "central", "high")))


def midway(first: Spread, second: Spread, share: float = 0.5) -> Spread:
    """A mix of two: `share` of the second."""
    return Spread(
        *((1 - share) * one + share * two for one, two in zip(first, second, strict=True))
    )


def either(lower: Spread, higher: Spread) -> Spread:
    """One or the other, not known which: from the first's central to the second's."""
    return Spread(lower.central, (lower.central + higher.central) / 2, higher.central)
