"""How sure a saving is: fractional savings uncertainty of ASHRAE Guideline 14, on arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from atre.calc.savings.balance_points import Floats

Mask = NDArray[np.bool_]

# Sun and Baltazar's correction of ASHRAE 14's 1.26, by months of the reporting period (CalTRACK 4.3).
DAILY_CORRECTION = (-0.00024, 0.03535, 1.00286)
BILLING_CORRECTION = (-0.00022, 0.03306, 0.94054)
DAYS_A_MONTH = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineFit:
    """How well each model follows its own baseline; every array has shape (m,).

    rows : observations ; mean_kwh : mean use of one ; rmse_kwh : root of the sum of squared
    residuals over rows minus slopes ; autocorrelation : of residuals that follow each other.
    """

    rows: Floats
    mean_kwh: Floats
    rmse_kwh: Floats
    autocorrelation: Floats

    @property
    def cvrmse(self) -> Floats:
        """Scatter of the residuals over mean use, without unit; NaN when the mean is zero."""
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio: Floats = np.where(self.mean_kwh > 0, self.rmse_kwh / self.mean_kwh, np.nan)
        return ratio


def baseline_fit(
    observed_kwh: Floats, predicted_kwh: Floats, slopes: NDArray[np.int64]
) -> BaselineFit:
    """Residuals of each model on its baseline, kWh.

    observed_kwh, predicted_kwh : shape (m, n), NaN where either is unknown; slopes : (m,).
    The autocorrelation is Pearson's between observations next to each other, both known. Source:
    ASHRAE Guideline 14-2014, 4.2.11.

    Residuals of 1, -1, 1, -1 and one not known: RMSE √(4 / (4 - 1)), one slope fitted.

    >>> fit = baseline_fit(np.array([[10.0, 10.0, 10.0, 10.0, np.nan]]),
    ...     np.array([[11.0, 9.0, 11.0, 9.0, 9.0]]), np.array([1]))
    >>> fit.rows.tolist(), fit.rmse_kwh.round(4).tolist(), fit.autocorrelation.round(4).tolist()
    ([4.0], [1.1547], [-1.0])
    """
    residual = predicted_kwh - observed_kwh
    known = np.isfinite(residual)
    rows = known.sum(axis=1).astype(np.float64)
    clean = np.where(known, residual, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, np.abs(observed_kwh), 0.0).sum(axis=1) / rows
        rmse = np.sqrt((clean * clean).sum(axis=1) / (rows - slopes))
    return BaselineFit(
        rows=rows,
        mean_kwh=mean,
        rmse_kwh=rmse,
        autocorrelation=_autocorrelation(clean, known),
    )


def fitted_parameters(slopes: NDArray[np.int64]) -> NDArray[np.int64]:
    """All that a model fits: its intercept, and a slope and a balance point by use found, (m,).

    >>> fitted_parameters(np.array([0, 1, 2])).tolist()
    [1, 3, 5]
    """
    parameters: NDArray[np.int64] = 1 + 2 * slopes
    return parameters


def _autocorrelation(residual: Floats, known: Mask) -> Floats:
    both = (known[:, 1:] & known[:, :-1]).astype(np.float64)
    first, second = residual[:, :-1], residual[:, 1:]
    pairs = both.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        first_mean = ((first * both).sum(axis=1) / pairs)[:, None]
        second_mean = ((second * both).sum(axis=1) / pairs)[:, None]
        left, right = (first - first_mean) * both, (second - second_mean) * both
        scale = np.sqrt((left * left).sum(axis=1) * (right * right).sum(axis=1))
        correlation: Floats = (left * right).sum(axis=1) / scale
    return correlation


def saving_half_width_kwh(
    fit: BaselineFit,
    slopes: NDArray[np.int64],
    *,
    reporting_observations: Floats,
    reporting_days: Floats,
    billing: bool,
    confidence: float,
) -> Floats:
    """Half the width of the interval around an avoided use, kWh, shape (m,); NaN when unknown.

    t · (aM² + bM + c) · RMSE · √(m · n/n′ · (1 + 2/n′)), with n baseline observations, m reporting
    ones, M months reported, and n′ = n(1 − ρ)/(1 + ρ) for residuals whose autocorrelation is ρ. It
    is eemeter 3.1.1's « FSU error band » with three deliberate differences. RMSE and t have n − p
    degrees of freedom with p all that was fitted, balance points included, as ASHRAE 14 counts them:
    nothing on 365 days, much on six bills. For m ≠ n the width follows m, as in ASHRAE 14. A
    negative ρ counts as zero, so that a dozen bills do not narrow the interval by chance.

    Validity: one month reported or more, n > p; the error of the readings is not in it.
    Source: ASHRAE Guideline 14-2014, 4.2.11 and annex B; Sun and Baltazar, ICEBO 2013.

    >>> fit = BaselineFit(rows=np.array([365.0]), mean_kwh=np.array([30.0]),
    ...                   rmse_kwh=np.array([5.0]), autocorrelation=np.array([0.5]))
    >>> saving_half_width_kwh(fit, np.array([1]), reporting_observations=np.array([365.0]),
    ...                       reporting_days=np.array([365.0]), billing=False,
    ...                       confidence=0.9).round(1).tolist()
    [385.5]
    """
    a, b, c = BILLING_CORRECTION if billing else DAILY_CORRECTION
    months = reporting_days / DAYS_A_MONTH
    with np.errstate(invalid="ignore", divide="ignore"):
        rho = np.clip(np.nan_to_num(fit.autocorrelation, nan=0.0), 0.0, 1.0)
        effective = fit.rows * (1 - rho) / (1 + rho)
        freedom = fit.rows - fitted_parameters(slopes)
        freedom = np.where(freedom > 0, freedom, np.nan)
        student = special.stdtrit(freedom, 1 - (1 - confidence) / 2)
        rmse = fit.rmse_kwh * np.sqrt((fit.rows - slopes) / freedom)
        scatter = fit.rows / effective * (1 + 2 / effective) * reporting_observations
        width: Floats = student * (a * months**2 + b * months + c) * rmse * np.sqrt(scatter)
    return np.where(np.isfinite(width), width, np.nan)
