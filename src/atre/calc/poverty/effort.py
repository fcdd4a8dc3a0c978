"""The energy effort ratio (taux d'effort énergétique, TEE) and the indicator built on it.

The ratio compares a year of energy bills of the dwelling (every use, without mobility) with a
year of disposable income. Disposable income is not the revenu fiscal de référence: it counts
benefits and takes taxes off; the caller must not pass one for the other.

Source: Observatoire national de la précarité énergétique (onpe.org).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.errors import RefusedInput
from atre.calc.parameters import UnknownParameter, parameter
from atre.calc.three_valued import Codes, all_of, codes_from_condition

TEE_THRESHOLD_KEY = "energy_poverty.tee_threshold"
INSEE_UNITS_KEY = "consumption_units.insee"
CHEQUE_ENERGIE_UNITS_KEY = "consumption_units.cheque_energie"
THIRD_DECILE_KEY = "energy_poverty.third_decile_per_unit"


def effort_ratio(
    energy_eur_per_year: ArrayLike, disposable_income_eur_per_year: ArrayLike
) -> NDArray[np.float64]:
    """Energy spending over disposable income of n households.

    Parameters
    ----------
    energy_eur_per_year : euros TTC a year, shape (n,); NaN = unknown.
    disposable_income_eur_per_year : euros a year, shape (n,); NaN = unknown.

    Returns
    -------
    float64, shape (n,), without unit; NaN where an input is unknown, and where the income is zero
    or less (no ratio exists: the household is not thereby poor or rich in energy).

    Raises `RefusedInput` for a negative or infinite spending, or an infinite income.

    >>> effort_ratio([1600, 1600, np.nan], [20000, 0, 20000]).tolist()
    [0.08, nan, nan]
    """
    energy, income = np.broadcast_arrays(
        np.atleast_1d(np.asarray(energy_eur_per_year, dtype=np.float64)),
        np.atleast_1d(np.asarray(disposable_income_eur_per_year, dtype=np.float64)),
    )
    if (energy < 0).any() or np.isinf(energy).any():
        raise RefusedInput(
            "La dépense d’énergie d’une année doit être un montant positif ou nul.",
            field="energy_eur_per_year",
        )
    if np.isinf(income).any():
        raise RefusedInput(
            "Le revenu disponible doit être un montant.", field="disposable_income_eur_per_year"
        )
    ratio = np.full(energy.shape, np.nan)
    known = ~np.isnan(energy) & (income > 0)
    np.divide(energy, income, out=ratio, where=known)
    return ratio


def above_tee_threshold(ratio: ArrayLike, on: date) -> Codes:
    """Whether effort ratios exceed the threshold of that day (8 %, itself not exceeded).

    Returns int8, shape (n,): 1 above, 0 not, -1 unknown (NaN). Raises `UnknownParameter` before
    the threshold existed.

    >>> above_tee_threshold([0.08, 0.081, np.nan], date(2026, 1, 1)).tolist()
    [0, 1, -1]
    """
    values = np.atleast_1d(np.asarray(ratio, dtype=np.float64))
    threshold = parameter(TEE_THRESHOLD_KEY, on=on).number
    return codes_from_condition(values > threshold, ~np.isnan(values))


def tee_3d(
    ratio: ArrayLike,
    income_per_unit_eur: ArrayLike,
    third_decile_per_unit_eur: float | None,
    on: date,
) -> Codes:
    """The TEE indicator: ratio above the threshold and income within the three lowest deciles.

    Parameters
    ----------
    ratio : from `effort_ratio`, shape (n,).
    income_per_unit_eur : disposable income a year by INSEE consumption unit, shape (n,).
    third_decile_per_unit_eur : the upper bound of the third decile that year, in euros by
        consumption unit; None while the caller has no published figure, which leaves every
        household above the threshold unknown.
    on : the day whose threshold applies.

    Returns int8, shape (n,): 1 yes, 0 no, -1 unknown.

    >>> tee_3d([0.12, 0.05], [9000, 9000], None, date(2026, 1, 1)).tolist()
    [-1, 0]
    """
    incomes = np.atleast_1d(np.asarray(income_per_unit_eur, dtype=np.float64))
    bound = np.nan if third_decile_per_unit_eur is None else third_decile_per_unit_eur
    within = codes_from_condition(incomes <= bound, ~np.isnan(incomes) & ~np.isnan(bound))
    return all_of(*np.broadcast_arrays(above_tee_threshold(ratio, on), within))


def published_third_decile(income_year: int) -> float | None:
    """The upper bound of the third decile of living standards of one income year, in euros a unit.

    None for a year whose figure we do not have: it is never carried over to another year. INSEE
    ranks persons where the Observatoire ranks households: a household near the bound is not
    settled by it.

    >>> published_third_decile(2021), published_third_decile(2024)
    (18360.0, None)
    """
    try:
        return parameter(THIRD_DECILE_KEY, on=date(income_year, 7, 1)).number
    except UnknownParameter:
        return None


def insee_units(
    persons_14_or_more: ArrayLike, children_under_14: ArrayLike, on: date
) -> NDArray[np.float64]:
    """Consumption units on INSEE's scale: 1, then 0.5 from 14 years of age and 0.3 below.

    Shapes (n,) of whole numbers, NaN = unknown; returns float64 (n,), NaN = unknown. Not the scale
    of the chèque énergie. Raises `RefusedInput` for a household without anyone of 14 or more.

    >>> insee_units([2, 1], [2, 0], date(2026, 1, 1)).tolist()
    [2.1, 1.0]
    """
    older = _whole(persons_14_or_more, least=1, field="persons_14_or_more")
    younger = _whole(children_under_14, least=0, field="children_under_14")
    scale = _scale(INSEE_UNITS_KEY, on)
    units: NDArray[np.float64] = (
        scale["first_adult"]
        + (older - 1) * scale["other_14_or_more"]
        + younger * scale["child_under_14"]
    )
    return units


def cheque_energie_units(
    persons: ArrayLike, on: date, alternate_custody_children: ArrayLike = 0
) -> NDArray[np.float64]:
    """Consumption units of the chèque énergie: 1, then 0.5 for the second person, 0.3 after.

    Ages do not count. `persons` counts everyone, children in alternate custody included; each of
    those then counts for half a person, so that a parent and one child in alternate custody are
    one and a half persons, 1.25 units. Shapes (n,) of whole numbers, NaN = unknown. Raises
    `RefusedInput` for no person, or for nobody but children in alternate custody.

    >>> cheque_energie_units([1, 2, 4], date(2026, 1, 1)).tolist()
    [1.0, 1.5, 2.1]
    >>> cheque_energie_units([2, 3], date(2026, 1, 1), [1, 2]).tolist()
    [1.25, 1.5]
    """
    everyone = _whole(persons, least=1, field="persons")
    shared = _whole(alternate_custody_children, least=0, field="alternate_custody_children")
    if (shared >= everyone).any():
        raise RefusedInput(
            "Un foyer compte au moins une personne qui n’est pas en résidence alternée.",
            field="alternate_custody_children",
        )
    size = everyone - 0.5 * shared
    scale = _scale(CHEQUE_ENERGIE_UNITS_KEY, on)
    units: NDArray[np.float64] = (
        scale["first_person"]
        + np.clip(size - 1, 0, 1) * scale["second_person"]
        + np.maximum(size - 2, 0) * scale["other_person"]
    )
    return units


def _scale(key: str, on: date) -> Mapping[str, float]:
    return parameter(key, on=on).named_numbers


def _whole(values: Any, *, least: int, field: str) -> NDArray[np.float64]:
    numbers = np.atleast_1d(np.asarray(values, dtype=np.float64))
    known = ~np.isnan(numbers)
    if ((numbers < least) | (known & (numbers != np.floor(numbers)))).any():
        raise RefusedInput(f"Un nombre de personnes est un entier d’au moins {least}.", field=field)
    return numbers
