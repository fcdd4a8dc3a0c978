"""What would have changed anyway, read on dwellings without works, taken off the treated ones.

A measured saving holds everything that changed: the works, but also a price shock, an absence, a new
habit of the whole town. The same measurement on comparable dwellings without works gives that part.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from atre.calc.errors import RefusedInput
from atre.calc.savings.balance_points import Floats

# Fewer dwellings give a mean whose spread cannot be judged.
FEWEST_COMPARED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonGroup:
    """How dwellings without works changed: share of the expected use that was not used.

    share : mean of saving / counterfactual, positive when less is used; half_width : of its
    two-sided interval at `confidence` ; meters : dwellings it rests on.
    """

    share: float
    half_width: float
    meters: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedSavings:
    """Savings net of the comparison group, kWh, shape (m,), NaN where unknown."""

    saving_kwh: Floats
    half_width_kwh: Floats


def comparison_group(
    counterfactual_kwh: Floats, reported_kwh: Floats, *, confidence: float = 0.9
) -> ComparisonGroup:
    """The common change of dwellings without works, from their own measurements, shape (k,).

    Unknown (NaN) ones and those whose expected use is not positive are left out. Each dwelling
    counts the same. Refuses fewer than 8 dwellings. Student's interval of a mean.
    Source: comparison-group adjustment of CalTRACK users (« difference of differences », percent).

    >>> group = comparison_group(np.full(10, 1000.0), np.linspace(940.0, 980.0, 10))
    >>> round(group.share, 3), group.meters
    (0.04, 10)
    """
    known = np.isfinite(counterfactual_kwh) & np.isfinite(reported_kwh)
    with np.errstate(invalid="ignore"):
        known &= counterfactual_kwh > 0
    shares = 1 - reported_kwh[known] / counterfactual_kwh[known]
    count = len(shares)
    if count < FEWEST_COMPARED:
        raise RefusedInput(
            f"Le groupe de comparaison compte {count} logements mesurés ; "
            f"il en faut au moins {FEWEST_COMPARED}.",
            field="comparison_group",
        )
    student = float(special.stdtrit(count - 1, 1 - (1 - confidence) / 2))
    return ComparisonGroup(
        share=float(shares.mean()),
        half_width=student * float(shares.std(ddof=1)) / float(np.sqrt(count)),
        meters=count,
        confidence=confidence,
    )


def adjusted_savings(
    counterfactual_kwh: Floats,
    reported_kwh: Floats,
    half_width_kwh: Floats,
    group: ComparisonGroup,
) -> AdjustedSavings:
    """Savings of treated dwellings net of the group's common change, shapes (m,), kWh.

    counterfactual · (1 − share) − reported. The two uncertainties are independent: their squares
    add up. `half_width_kwh` must be at the group's confidence.

    >>> group = ComparisonGroup(share=0.04, half_width=0.01, meters=50, confidence=0.9)
    >>> net = adjusted_savings(np.array([10000.0]), np.array([8500.0]), np.array([300.0]), group)
    >>> net.saving_kwh.tolist(), net.half_width_kwh.round(1).tolist()
    ([1100.0], [316.2])
    """
    return AdjustedSavings(
        saving_kwh=counterfactual_kwh * (1 - group.share) - reported_kwh,
        half_width_kwh=np.hypot(half_width_kwh, counterfactual_kwh * group.half_width),
    )
