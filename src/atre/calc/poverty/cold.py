"""The cold indicator (FR, FR_3D): declared cold, for a reason that is energy poverty.

Feeling cold is not enough: the Observatoire counts those who were cold because the dwelling is
badly insulated, its heating too weak or lastingly broken, or the heat restricted for its cost;
other reasons do not count. The Enquête nationale logement 2013 offered seven such reasons, whose
exact wording we did not find: the caller says whether one of them was given.

Source: Observatoire national de la précarité énergétique (onpe.org), definitions.
"""

import numpy as np
from numpy.typing import ArrayLike

from atre.calc.three_valued import (
    Codes,
    all_of,
    any_of,
    codes_from_condition,
    known_flags,
)


def cold_discomfort(declared_cold: ArrayLike, reason_is_poverty: ArrayLike) -> Codes:
    """The FR indicator: cold last winter, for at least one reason that is energy poverty.

    Parameters
    ----------
    declared_cold : booleans or codes 1, 0, -1 (masked = unknown), shape (n,).
    reason_is_poverty : the same, shape (n,), or (reasons, n) with one row a reason of the list.

    Returns int8, shape (n,): 1 yes, 0 no, -1 unknown. Who was not cold is a « no » whatever the
    reasons; who was cold without a reason asked stays unknown.

    >>> cold_discomfort([True, True, False], np.array([1, -1, -1], np.int8)).tolist()
    [1, -1, 0]
    >>> cold_discomfort([True], [[False], [True]]).tolist()
    [1]
    """
    cold = np.atleast_1d(known_flags(declared_cold))
    reasons = np.atleast_1d(known_flags(reason_is_poverty))
    given = any_of(*reasons) if reasons.ndim == 2 else reasons
    return all_of(*np.broadcast_arrays(cold, given))


def cold_discomfort_3d(
    declared_cold: ArrayLike,
    reason_is_poverty: ArrayLike,
    income_per_unit_eur: ArrayLike,
    third_decile_per_unit_eur: float | None,
) -> Codes:
    """The FR_3D indicator: FR, and income within the three lowest deciles.

    `income_per_unit_eur` and `third_decile_per_unit_eur` as in `effort.tee_3d`: disposable income
    a year by INSEE unit, shape (n,); the upper bound of the third decile, or None while unknown.

    >>> cold_discomfort_3d([True, True, False], [True] * 3, [9000, 30_000, 9000], None).tolist()
    [-1, -1, 0]
    """
    incomes = np.atleast_1d(np.asarray(income_per_unit_eur, dtype=np.float64))
    bound = np.nan if third_decile_per_unit_eur is None else third_decile_per_unit_eur
    within = codes_from_condition(incomes <= bound, ~np.isnan(incomes) & ~np.isnan(bound))
    cold = cold_discomfort(declared_cold, reason_is_poverty)
    return all_of(*np.broadcast_arrays(cold, within))
