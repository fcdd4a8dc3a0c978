"""Every candidate model of many meters in one pass, from sums alone.

A regression on heating and cooling degree days needs only means, variances and covariances. Those
of all balance points come from cumulative sums (`daily_sums`, `bill_periods`); here the normal
equations of the 1 + 61 + 61 + 1891 candidates are solved in closed form, and the best is kept:
highest adjusted R² among those whose intercept and slopes are not negative (CalTRACK 3.4.3).
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from atre.calc.savings.balance_points import Floats
from atre.calc.savings.method import CaltrackMethod
from atre.calc.savings.model import (
    CDD_HDD,
    CDD_ONLY,
    HDD_ONLY,
    INTERCEPT_ONLY,
    NO_MODEL,
    FittedModels,
)

Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]

# Meters whose 1891 pairs are solved at once: their arrays then stay in the processor's cache.
METERS_AT_ONCE = 12
# Candidates whose R² differ by less are equal to the arithmetic: the first one listed is kept.
TIE = 1e-11
# Below this share of its two variances, a determinant is rounding: the two slopes are one.
SINGULAR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeDaySums:
    """What the normal equations need, for m meters and b balance points.

    rows : observations of each meter; weight : sum of their weights; both (m,).
    y_mean, y_ss : weighted mean of use per day and sum of squares around it, (m,).
    hdd_mean, hdd_ss, hdd_y : mean of heating degree days, centred sum of squares, centred sum of
        products with use, (m, b); the same for cdd.
    hdd_allowed, cdd_allowed : whether the balance point has enough degree days, (m, b).
    cross : weighted sums of products hdd × cdd, not centred, (m, b, b); None when all are zero, as
        they are for single days (a day is not both under h and above c when h ≤ c).
    """

    rows: Floats
    weight: Floats
    y_mean: Floats
    y_ss: Floats
    hdd_mean: Floats
    hdd_ss: Floats
    hdd_y: Floats
    hdd_allowed: Mask
    cdd_mean: Floats
    cdd_ss: Floats
    cdd_y: Floats
    cdd_allowed: Mask
    cross: Floats | None = None

    def some(self, meters: slice) -> "DegreeDaySums":
        """The same sums for some of the meters."""
        values: dict[str, Any] = {
            one.name: None if (value := getattr(self, one.name)) is None else value[meters]
            for one in fields(self)
        }
        return DegreeDaySums(**values)


@dataclass(slots=True)
class _Best:
    """The best candidate so far, meter by meter."""

    kind: NDArray[np.int8]
    r2_adj: Floats
    heating: Integers
    cooling: Integers

    def take(self, kind: int, better: Mask, r2_adj: Floats, at: Integers, other: Integers) -> None:
        self.kind[better] = kind
        self.r2_adj[better] = r2_adj[better]
        self.heating[better] = at[better]
        self.cooling[better] = other[better]


def best_models(sums: DegreeDaySums, method: CaltrackMethod) -> FittedModels:
    """The model CalTRACK selects for each meter; kind -1 where none qualifies. Shapes (m,).

    Candidates are listed in CalTRACK's order (intercept, heating, cooling, both; balance points
    rising, cooling first); among equals the first is kept. A constant use has only the intercept.
    Source: CalTRACK 2.0, rules 3.4.3; coefficients in kWh per day and kWh per °C·day.

    Five kWh a day and two by degree below 15 °C (59 °F, on the grid) are found again; a use
    that the weather does not move has no slope:

    >>> from atre.calc.savings.daily_sums import daily_sums
    >>> method = CaltrackMethod()
    >>> temperature = np.linspace(0.0, 30.0, 365)
    >>> heated = 5 + 2 * np.maximum(15 - temperature, 0)
    >>> found = best_models(daily_sums(np.stack([heated, 0 * heated + 7]), temperature, method), method)
    >>> found.beta_hdd.round(3).tolist(), found.heating_balance_point_c.round(3).tolist()
    ([2.0, nan], [15.0, nan])
    >>> found.intercept_kwh_per_day.round(3).tolist()
    [5.0, 7.0]
    """
    meters = len(sums.rows)
    parts = [
        _best_of_some(sums.some(slice(first, first + METERS_AT_ONCE)), method)
        for first in range(0, meters, METERS_AT_ONCE)
    ]
    if not parts:
        parts = [_best_of_some(sums, method)]
    return FittedModels(
        **{
            one.name: np.concatenate([getattr(part, one.name) for part in parts])
            for one in fields(FittedModels)
        }
    )


def _best_of_some(sums: DegreeDaySums, method: CaltrackMethod) -> FittedModels:
    meters = len(sums.rows)
    none = np.full(meters, -1, dtype=np.int64)
    best = _Best(
        np.full(meters, NO_MODEL, dtype=np.int8), np.full(meters, -np.inf), none.copy(), none.copy()
    )
    with np.errstate(all="ignore"):
        best.take(
            INTERCEPT_ONLY, (sums.rows > 0) & (sums.y_mean >= 0), np.zeros(meters), none, none
        )
        r2, at = _best_single(sums, method, "hdd")
        best.take(HDD_ONLY, r2 > best.r2_adj + TIE, r2, at, none)
        if method.fits_cooling:
            r2, at = _best_single(sums, method, "cdd")
            best.take(CDD_ONLY, r2 > best.r2_adj + TIE, r2, none, at)
            r2, at, other = _best_pair(sums, method)
            best.take(CDD_HDD, r2 > best.r2_adj + TIE, r2, at, other)
        return _coefficients(sums, method, best)


def _best_single(sums: DegreeDaySums, method: CaltrackMethod, side: str) -> tuple[Floats, Integers]:
    """Best adjusted R² of the models with one slope, and its balance point; -inf when none."""
    ss, xy = getattr(sums, f"{side}_ss"), getattr(sums, f"{side}_y")
    mean, allowed = getattr(sums, f"{side}_mean"), getattr(sums, f"{side}_allowed")
    r2 = xy * xy / (ss * sums.y_ss[:, None])
    freedom = sums.rows - 2
    qualifies = allowed & (ss > 0) & (xy >= 0) & (sums.y_mean[:, None] * ss >= xy * mean)
    qualifies &= (freedom > 0)[:, None] & (sums.y_ss > 0)[:, None]
    if method.beta_maximum_p_value < 1:
        limit = _critical_t2(freedom, method)[:, None]
        qualifies &= r2 * freedom[:, None] >= limit * (1 - r2)
    r2, at = _first_best(np.where(qualifies, r2, -np.inf))
    return 1 - (1 - r2) * (sums.rows - 1) / freedom, at


def _best_pair(sums: DegreeDaySums, method: CaltrackMethod) -> tuple[Floats, Integers, Integers]:
    """Best adjusted R² of the models with two slopes and their two balance points (h ≤ c)."""
    points = sums.hdd_ss.shape[1]
    cooling, heating = np.tril_indices(points)
    shh, scc = sums.hdd_ss[:, heating], sums.cdd_ss[:, cooling]
    shy, scy = sums.hdd_y[:, heating], sums.cdd_y[:, cooling]
    h_mean, c_mean = sums.hdd_mean[:, heating], sums.cdd_mean[:, cooling]
    shc = -(h_mean * c_mean) * sums.weight[:, None]
    if sums.cross is not None:
        shc += sums.cross[:, heating, cooling]
    determinant = shh * scc - shc * shc
    h_slope = shy * scc - scy * shc
    c_slope = scy * shh - shy * shc
    r2 = (h_slope * shy + c_slope * scy) / determinant / sums.y_ss[:, None]
    freedom = sums.rows - 3
    qualifies = sums.hdd_allowed[:, heating] & sums.cdd_allowed[:, cooling]
    qualifies &= (determinant > SINGULAR * shh * scc) & (h_slope >= 0) & (c_slope >= 0)
    qualifies &= sums.y_mean[:, None] * determinant >= h_slope * h_mean + c_slope * c_mean
    qualifies &= ((freedom > 0) & (sums.y_ss > 0))[:, None]
    if method.beta_maximum_p_value < 1:
        variance = _critical_t2(freedom, method)[:, None] * (1 - r2) * sums.y_ss[:, None]
        variance *= determinant / freedom[:, None]
        qualifies &= (h_slope * h_slope >= variance * scc) & (c_slope * c_slope >= variance * shh)
    r2, at = _first_best(np.where(qualifies, r2, -np.inf))
    return 1 - (1 - r2) * (sums.rows - 1) / freedom, heating[at], cooling[at]


def _first_best(r2: Floats) -> tuple[Floats, Integers]:
    """The highest of each row, and the first place that equals it to rounding."""
    highest = r2.max(axis=1)
    place: Integers = np.argmax(r2 >= highest[:, None] - TIE, axis=1)
    return highest, place


def _critical_t2(freedom: Floats, method: CaltrackMethod) -> Floats:
    quantile: Floats = special.stdtrit(np.maximum(freedom, 1), 1 - method.beta_maximum_p_value / 2)
    return quantile * quantile


def _coefficients(sums: DegreeDaySums, method: CaltrackMethod, best: _Best) -> FittedModels:
    """Slopes, intercept and p-values of the candidate kept, from the same sums."""
    meters = np.arange(len(best.kind))
    heats, cools = best.heating >= 0, best.cooling >= 0
    h, c = np.maximum(best.heating, 0), np.maximum(best.cooling, 0)
    # A slope that is not in the model is given a variance of 1 and no covariance: it comes out 0.
    shh = np.where(heats, sums.hdd_ss[meters, h], 1.0)
    scc = np.where(cools, sums.cdd_ss[meters, c], 1.0)
    shy = np.where(heats, sums.hdd_y[meters, h], 0.0)
    scy = np.where(cools, sums.cdd_y[meters, c], 0.0)
    h_mean, c_mean = sums.hdd_mean[meters, h], sums.cdd_mean[meters, c]
    shc = -h_mean * c_mean * sums.weight
    if sums.cross is not None:
        shc = shc + sums.cross[meters, h, c]
    shc = np.where(heats & cools, shc, 0.0)
    determinant = shh * scc - shc * shc
    beta_hdd = (shy * scc - scy * shc) / determinant
    beta_cdd = (scy * shh - shy * shc) / determinant
    freedom = sums.rows - 1 - heats - cools
    residual = np.maximum(sums.y_ss - beta_hdd * shy - beta_cdd * scy, 0.0) / freedom
    intercept = sums.y_mean - beta_hdd * h_mean * heats - beta_cdd * c_mean * cools
    fitted = best.kind != NO_MODEL
    grid = method.balance_points_c
    return FittedModels(
        kind=best.kind,
        intercept_kwh_per_day=np.where(fitted, intercept, np.nan),
        beta_hdd=np.where(heats, beta_hdd, np.nan),
        beta_cdd=np.where(cools, beta_cdd, np.nan),
        heating_balance_point_c=np.where(heats, grid[h], np.nan),
        cooling_balance_point_c=np.where(cools, grid[c], np.nan),
        r2_adj=np.where(fitted, best.r2_adj, np.nan),
        beta_hdd_p_value=_p_values(heats, beta_hdd, residual * scc / determinant, freedom),
        beta_cdd_p_value=_p_values(cools, beta_cdd, residual * shh / determinant, freedom),
    )


def _p_values(present: Mask, slope: Floats, variance: Floats, freedom: Floats) -> Floats:
    student = np.abs(slope) / np.sqrt(variance)
    p_values: Floats = 2 * special.stdtr(freedom, -student)
    return np.where(present, p_values, np.nan)
