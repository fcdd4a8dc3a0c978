"""Monthly payments of a loan without interest, exact to the cent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from atre.calc.aids.result import Euros
from atre.calc.errors import RefusedInput

MONTHS_PER_YEAR = 12


@dataclass(frozen=True, slots=True)
class Payments:
    """What n borrowers pay: `monthly_eur` each month but the last, which takes the odd cents.

    All float64, shape (n,), NaN where the principal or the term is unknown.
    """

    months: Euros
    monthly_eur: Euros
    last_eur: Euros


def zero_rate_payments(principal_eur: ArrayLike, years: ArrayLike) -> Payments:
    """Payments of loans at 0 %, without deferment nor insurance.

    Parameters
    ----------
    principal_eur : euros borrowed, shape (n,), at least 0; NaN = unknown; rounded to the cent.
    years : term, shape (n,), above 0; NaN = unknown. A part of a month is not counted.

    Raises `RefusedInput` for a negative principal or a term under one month.

    >>> paid = zero_rate_payments([10000.0, np.nan], [15.0, 15.0])
    >>> paid.monthly_eur.tolist(), paid.last_eur.tolist()
    ([55.55, nan], [56.55, nan])
    >>> round(179 * 55.55 + 56.55, 2)
    10000.0
    """
    principal, term = np.broadcast_arrays(
        np.atleast_1d(np.asarray(principal_eur, dtype=np.float64)),
        np.atleast_1d(np.asarray(years, dtype=np.float64)),
    )
    if (principal < 0).any():
        raise RefusedInput("Un montant emprunté ne peut pas être négatif.", field="loan_wanted_eur")
    # A hair is added before flooring: 1.25 years, or 15 months, may be held as 14.999… months.
    months = np.floor(term * MONTHS_PER_YEAR + 1e-9)
    if (months < 1).any():
        raise RefusedInput("Un prêt se rembourse en un mois au moins.", field="loan_years")
    cents = np.round(principal * 100)
    monthly_cents = np.floor(cents / months)
    last_cents = cents - monthly_cents * (months - 1)
    return Payments(months, monthly_cents / 100, last_cents / 100)
