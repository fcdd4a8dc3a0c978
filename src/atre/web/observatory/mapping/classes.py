"""Classes of a map: as many communes in each, with limits that the legend can say exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atre.web.design.formatting import number

MOST = 6
# Shades of the ramp in the stylesheet, the lightest first.
SHADES = 6
OUTSIDE = -1
SIGNIFICANT = 3


@dataclass(frozen=True)
class Class:
    """One line of the legend: `shade` from 1, the lightest."""

    label: str
    shade: int
    count: int


def decimals_for(values: NDArray[np.float64]) -> int:
    """Decimals that leave three meaningful figures to a middling value; none where none is known.

    values: shape (n,), NaN where unknown.
    """
    known = np.abs(values[np.isfinite(values) & (values != 0)])
    if not known.size:
        return 0
    whole = int(np.floor(np.log10(np.median(known)))) + 1
    return min(max(SIGNIFICANT - whole, 0), 4)


def limits(values: NDArray[np.float64], decimals: int, most: int = MOST) -> list[float]:
    """Where a class ends and the next begins: quantiles, rounded to what is shown, each one once.

    values: shape (n,), NaN where unknown, rounded to `decimals`. Values that are often the same
    leave fewer classes than `most`; a single value leaves one class, so no limit.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return []
    # A limit that some commune has: between two of them, a class could be of nobody.
    cuts = np.quantile(known, np.linspace(0, 1, most + 1)[1:-1], method="higher")
    cuts = np.unique(np.round(cuts, decimals))
    return [float(cut) for cut in cuts if known.min() < cut <= known.max()]


def classed(values: NDArray[np.float64], limits: Sequence[float]) -> NDArray[np.int64]:
    """The class of each value, from 0: a limit is in the class above it. OUTSIDE where unknown."""
    found = np.searchsorted(np.asarray(limits, dtype=np.float64), values, side="right")
    return np.where(np.isfinite(values), found, OUTSIDE).astype(np.int64)


def legend(limits: Sequence[float], found: NDArray[np.int64], decimals: int) -> list[Class]:
    """The lines of the legend, the lowest values first. None where nothing is known."""
    if not (found >= 0).any():
        return []
    count = len(limits) + 1
    return [
        Class(_label(limits, place, decimals), shade_of(place, count), int(n))
        for place, n in enumerate(np.bincount(found[found >= 0], minlength=count))
    ]


def shade_of(place: int, count: int) -> int:
    """Which shade of the ramp a class takes: the first and the last are used whatever the count."""
    return 1 + round(place * (SHADES - 1) / (count - 1)) if count > 1 else SHADES // 2


def _label(limits: Sequence[float], place: int, decimals: int) -> str:
    if not limits:
        return "une seule valeur"
    texts = [number(one, decimals) for one in limits]
    if place == 0:
        return f"moins de {texts[0]}"
    if place == len(limits):
        return f"{texts[-1]} et plus"
    return f"de {texts[place - 1]} à moins de {texts[place]}"
