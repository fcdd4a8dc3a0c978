"""The Anah income class of households: très modestes, modestes, intermédiaires, supérieurs.

What enters (facts that the caller must have settled):

- the revenu fiscal de référence (RFR) is the sum over every tax household living in the dwelling;
- the region is the dwelling's for an owner-occupier or a tenant, and that of the landlord's own
  main residence for a landlord (Mes Aides Réno, version 2.3);
- the date is the deposit date of the request.

« Jusqu'à 28 933 € » is read in whole euros: 28 933 € and its cents are inside, 28 934 € is not.
A tax notice has no cents; Mes Aides Réno reads the table the same way (its version 0.5.0:
« strictement inférieur » to the next euro). An income within that last euro is answered with a
caution and medium confidence.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.aids.ceilings import CLASSES_WITH_CEILING, UNKNOWN_CLASS, ceiling_tables
from atre.calc.errors import RefusedInput
from atre.calc.three_valued import UNKNOWN_CODE, known_flags
from atre.calc.wording import euros_fr

# Beyond these an entry is a typing slip, not a household: refused rather than classed.
MAX_RFR_EUR = 10_000_000
MAX_PERSONS = 30


def income_class(rfr_eur: Any, persons: Any, in_idf: Any, on: date) -> NDArray[np.int8]:
    """Class codes of n households, by the ceilings in force on one day.

    Parameters
    ----------
    rfr_eur : euros a year, shape (n,); NaN or masked = unknown; cents allowed.
    persons : whole persons in the household, shape (n,); NaN or masked = unknown.
    in_idf : booleans, or codes 1, 0, -1 (unknown), shape (n,).
    on : the deposit date.

    Returns
    -------
    int8, shape (n,): 0 très modestes, 1 modestes, 2 intermédiaires, 3 supérieurs, -1 unknown.

    Raises `RefusedInput` (negative or absurd values, half persons; nothing is classed then) and
    `UnknownParameter` (ceilings of that date not published).

    Source: arrêté du 24 mai 2013, amounts in `parameters/values/anah_ceilings.yaml`.

    >>> income_class([28933, 28934.2, np.nan], [1, 1, 1], [True] * 3, date(2025, 6, 1)).tolist()
    [1, 2, -1]
    """
    rfr, size, idf = np.broadcast_arrays(
        _checked_rfr(rfr_eur), _checked_persons(persons), np.atleast_1d(known_flags(in_idf))
    )
    tables = ceiling_tables(on)
    known = ~np.isnan(rfr) & ~np.isnan(size) & (idf != UNKNOWN_CODE)
    codes = np.full(rfr.shape, UNKNOWN_CLASS, dtype=np.int8)
    ceilings = tables.for_households(size[known].astype(np.int64), idf[known].astype(np.int64))
    # « Jusqu'à » in whole euros: below the next euro (see the module's docstring).
    above = rfr[known] >= ceilings + 1
    codes[known] = above.sum(axis=0)
    return codes


def class_ceilings_eur(persons: int, in_idf: bool, on: date) -> dict[str, Decimal]:
    """The three ceilings of one household, in euros of RFR a year, by class name.

    `persons`: 1 to 30. Raises as `income_class`. Source: the same.

    Five persons are listed, at 40 835 €; each one beyond adds 5 151 €.

    >>> class_ceilings_eur(7, in_idf=False, on=date(2026, 6, 1))["tres_modestes"]
    Decimal('51137')
    """
    size = _checked_persons(persons).astype(np.int64)
    row = ceiling_tables(on).for_households(size, np.array([int(in_idf)]))[:, 0]
    return {
        str(name): Decimal(int(value))
        for name, value in zip(CLASSES_WITH_CEILING, row, strict=True)
    }


def _checked_rfr(rfr_eur: ArrayLike) -> NDArray[np.float64]:
    """Incomes as float64 with NaN for unknown; refuses negative, infinite or absurd amounts."""
    rfr = _filled_with_nan(rfr_eur)
    wrong = (rfr < 0) | (rfr > MAX_RFR_EUR)
    if wrong.any():
        raise RefusedInput(
            "Le revenu fiscal de référence doit être un montant entre 0 € et "
            f"{euros_fr(MAX_RFR_EUR)}{_where(wrong)}.",
            field="rfr_eur",
        )
    return rfr


def _checked_persons(persons: ArrayLike) -> NDArray[np.float64]:
    """Household sizes as float64 with NaN for unknown; refuses zero, fractions and absurd sizes."""
    size = _filled_with_nan(persons)
    whole_or_unknown = np.isnan(size) | (size == np.floor(size))
    wrong = (size < 1) | (size > MAX_PERSONS) | ~whole_or_unknown
    if wrong.any():
        raise RefusedInput(
            f"Le nombre de personnes doit être un entier entre 1 et {MAX_PERSONS}{_where(wrong)}.",
            field="persons",
        )
    return size


def _filled_with_nan(values: ArrayLike) -> NDArray[np.float64]:
    # Masked arrays are slow: only who brings one pays for it.
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    return np.atleast_1d(np.asarray(values, dtype=np.float64))


def _where(wrong: NDArray[np.bool_]) -> str:
    """Which rows are wrong, without their values: a household's income never enters a message."""
    if wrong.size == 1:
        return ""
    rows = np.flatnonzero(wrong)
    shown = ", ".join(str(row + 1) for row in rows[:5])
    more = f" et {rows.size - 5} autres" if rows.size > 5 else ""
    return f" (ligne{'s' if rows.size > 1 else ''} {shown}{more})"
