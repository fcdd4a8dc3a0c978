"""Low income, high expenditure (bas revenus, dépenses élevées, BRDE), by m² and by unit.

A household is in the indicator when it spends more on energy than the median household, and
when what it has left to live on, once housing other than energy is paid, is below 60 % of the
median. The medians are those of one survey and one year: no euro threshold was found published
with its year, so the caller gives both; without them the answer stays unknown unless the other
half already forces a « no ».

Source: Observatoire national de la précarité énergétique (onpe.org), definitions; after J. Hills.
"""

from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.errors import RefusedInput
from atre.calc.parameters import parameter
from atre.calc.three_valued import Codes, all_of, codes_from_condition

BRDE_SHARE_KEY = "energy_poverty.brde_residual_share"

Floats = NDArray[np.float64]


def residual_income_per_unit(
    disposable_income_eur_per_year: ArrayLike,
    housing_eur_per_year: ArrayLike,
    units: ArrayLike,
) -> Floats:
    """What is left by consumption unit once housing is paid, energy not counted (reste à vivre).

    Parameters
    ----------
    disposable_income_eur_per_year : euros a year, shape (n,); NaN = unknown. It may be negative.
    housing_eur_per_year : rent, loan and charges without energy, less housing benefits, shape (n,).
    units : INSEE consumption units (`effort.insee_units`), shape (n,).

    Returns
    -------
    float64, shape (n,), euros a year by unit; NaN where one input is unknown; it may be negative.

    Raises `RefusedInput` for units below 1, negative housing costs, or an infinite amount.

    >>> residual_income_per_unit([20_000, 20_000], [7_400, np.nan], [2.1, 2.1]).tolist()
    [6000.0, nan]
    """
    income, housing, scale = (
        np.atleast_1d(np.asarray(values, dtype=np.float64))
        for values in (disposable_income_eur_per_year, housing_eur_per_year, units)
    )
    if np.isinf(income).any():
        raise RefusedInput(
            "Le revenu disponible doit être un montant.", field="disposable_income_eur_per_year"
        )
    if (housing < 0).any() or np.isinf(housing).any():
        raise RefusedInput(
            "Les dépenses de logement doivent être un montant positif ou nul.",
            field="housing_eur_per_year",
        )
    if (scale < 1).any() or np.isinf(scale).any():
        raise RefusedInput("Un ménage compte au moins une unité de consommation.", field="units")
    return np.asarray((income - housing) / scale)


def energy_per_basis(energy_eur_per_year: ArrayLike, basis: ArrayLike) -> Floats:
    """Energy spending by m² of floor (BRDE_m²) or by consumption unit (BRDE_UC).

    Parameters
    ----------
    energy_eur_per_year : euros TTC a year, every energy of the dwelling, shape (n,); NaN = unknown.
    basis : floor area in m² or consumption units, shape (n,); NaN = unknown.

    Returns float64, shape (n,). Raises `RefusedInput` for a negative spending or a basis of zero
    or less.

    >>> energy_per_basis([1500, 1500], [75, np.nan]).tolist()
    [20.0, nan]
    """
    energy = np.atleast_1d(np.asarray(energy_eur_per_year, dtype=np.float64))
    size = np.atleast_1d(np.asarray(basis, dtype=np.float64))
    if (energy < 0).any() or np.isinf(energy).any():
        raise RefusedInput(
            "La dépense d’énergie d’une année doit être un montant positif ou nul.",
            field="energy_eur_per_year",
        )
    if (size <= 0).any() or np.isinf(size).any():
        raise RefusedInput(
            "La surface ou le nombre d’unités de consommation doit être positif.", field="basis"
        )
    return np.asarray(energy / size)


def brde(
    energy_per_basis_eur: ArrayLike,
    energy_median_eur: ArrayLike | None,
    residual_per_unit_eur: ArrayLike,
    residual_median_per_unit_eur: ArrayLike | None,
    on: date,
) -> Codes:
    """The BRDE indicator of n households.

    Parameters
    ----------
    energy_per_basis_eur : from `energy_per_basis`, by m² or by unit, shape (n,).
    energy_median_eur : the median of the same figure in the reference population, one number or
        shape (n,); None or NaN = unknown.
    residual_per_unit_eur : from `residual_income_per_unit`, shape (n,).
    residual_median_per_unit_eur : its median in the reference population, likewise.
    on : the day whose share of the median (60 %) applies.

    Returns int8, shape (n,): 1 yes, 0 no, -1 unknown. Both comparisons are strict: a household
    at the median is not above it. Raises `UnknownParameter`, or `RefusedInput` for a median of
    zero or less.

    >>> brde([20, 12, 20], 14.0, [6000, 6000, 6000], [15_000, 15_000, np.nan],
    ...      date(2026, 1, 1)).tolist()
    [1, 0, -1]
    """
    spending = np.atleast_1d(np.asarray(energy_per_basis_eur, dtype=np.float64))
    residual = np.atleast_1d(np.asarray(residual_per_unit_eur, dtype=np.float64))
    spending_median = _median(energy_median_eur, "energy_median_eur")
    residual_median = _median(residual_median_per_unit_eur, "residual_median_per_unit_eur")
    share = parameter(BRDE_SHARE_KEY, on=on).number
    high = codes_from_condition(
        spending > spending_median, ~np.isnan(spending) & ~np.isnan(spending_median)
    )
    low = codes_from_condition(
        residual < share * residual_median, ~np.isnan(residual) & ~np.isnan(residual_median)
    )
    return all_of(*np.broadcast_arrays(high, low))


def _median(values: ArrayLike | None, field: str) -> Floats:
    median = np.atleast_1d(np.asarray(np.nan if values is None else values, dtype=np.float64))
    if (median <= 0).any() or np.isinf(median).any():
        raise RefusedInput("Une médiane est un montant positif.", field=field)
    return median
