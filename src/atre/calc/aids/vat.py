"""The rate of VAT on works in a dwelling: 5.5 %, 10 % or 20 %, by kind of works, age and day.

The day to give is that of the invoice, or, when a quote was accepted and a deposit paid before a
change, that of the deposit: the old rate then stays. The reduced rates ask for a dwelling finished
more than two years ago (two years to the day is not enough). Rates are those of mainland France;
overseas departments have others, and the answer there is unknown.

Whether an appliance meets the performances that 5.5 % asks for is not judged here: the firm
answers for it on its invoice.

Source: CGI, articles 278-0 bis A and 279-0 bis; parameters `vat.*`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.aids.plain_numbers import plain_fr
from atre.calc.aids.result import CONFIDENCE_BY_RANK, Euros, Flags, Ranks
from atre.calc.aids.vat_table import (
    ABOVE_POWER,
    NEW,
    NOT_KNOWN,
    OLD,
    VAT_WORKS_BY_CODE,
    VatTable,
    VatWorks,
    vat_table,
)
from atre.calc.errors import RefusedInput
from atre.calc.parameters import Confidence, DatedValue
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, Codes, known_flags
from atre.calc.wording import NO_BREAK, date_fr

PANELS = VAT_WORKS_BY_CODE.index(VatWorks.SOLAR_PANELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRates:
    """Rates of m works on one day.

    `rate_pct` float64 (m,): NaN unknown. `confidence` int8 (m,): 0 low, 1 medium, 2 high.
    `lacks`: by input name, the rows (m,) whose rate waits for it. `column` int64 (m,): where
    each row was read in the table of that day.
    """

    on: date
    rate_pct: Euros
    confidence: Ranks
    lacks: Mapping[str, Flags]
    column: NDArray[np.int64]

    def facts(self, row: int = 0) -> tuple[DatedValue, ...]:
        """The dated facts behind one rate."""
        return vat_table(self.on).facts[int(self.column[row])]

    def sentence_fr(self, row: int = 0) -> str:
        """One rate in words, with what it waits for, or how far to trust it.

        >>> one = vat_rates("fossil_boiler", 30, date(2026, 6, 1), in_metropole=True)
        >>> one.sentence_fr().replace(NO_BREAK, " ")
        'TVA au 1er juin 2026, chaudière au gaz, au fioul ou au charbon : 20 %.'
        """
        column = int(self.column[row])
        kind = "travaux inconnus" if column == NOT_KNOWN else _kind(column).label_fr
        head = f"TVA au {date_fr(self.on)}, {kind}{NO_BREAK}:"
        if np.isnan(self.rate_pct[row]):
            return f"{head} taux inconnu."
        text = f"{head} {plain_fr(float(self.rate_pct[row]))}{NO_BREAK}%."
        if CONFIDENCE_BY_RANK[int(self.confidence[row])] is Confidence.LOW:
            notes = [fact.note_fr for fact in self.facts(row) if fact.note_fr is not None]
            text += f" Taux connu avec une confiance faible, à vérifier. {' '.join(notes[:1])}"
        return text


def vat_rates(
    works: ArrayLike,
    dwelling_age_years: ArrayLike,
    on: date,
    *,
    in_metropole: ArrayLike,
    solar_power_kwc: ArrayLike = np.nan,
) -> VatRates:
    """Rates of VAT of m works.

    Parameters
    ----------
    works : int8 ranks in `VatWorks`, -1 unknown, or their names, shape (m,).
    dwelling_age_years : years since the dwelling was finished, shape (m,); NaN unknown.
    on : the day that sets the rate (see above).
    in_metropole : booleans or codes 1, 0, -1, shape (m,).
    solar_power_kwc : kWc, shape (m,), for solar panels only; NaN unknown.

    Raises `RefusedInput` for a negative age or power, or works of no known kind.

    >>> vat_rates(["energy", "improvement", "fossil_boiler"], 30, date(2026, 6, 1),
    ...     in_metropole=True).rate_pct.tolist()
    [5.5, 10.0, 20.0]
    >>> vat_rates("energy", [2.0, 2.1], date(2026, 6, 1), in_metropole=True).rate_pct.tolist()
    [20.0, 5.5]
    """
    codes, age, place, power = np.broadcast_arrays(
        _codes(works),
        _at_least_zero(dwelling_age_years, "dwelling_age_years"),
        np.atleast_1d(known_flags(in_metropole)),
        _at_least_zero(solar_power_kwc, "solar_power_kwc"),
    )
    table = vat_table(on)
    panels = codes == PANELS
    column = np.where(codes == UNKNOWN_CODE, NOT_KNOWN, codes).astype(np.int64)
    column[panels & (power > table.most_power_kwc)] = ABOVE_POWER
    rate, rank, unread = _read(table, column, age)
    lacks = {
        "vat_works": codes == UNKNOWN_CODE,
        "dwelling_in_metropole": place == UNKNOWN_CODE,
        "solar_power_kwc": panels & np.isnan(power),
        "dwelling_age_years": np.isnan(age) & ~np.isin(column, _indifferent_to_age(table)),
    }
    waits = np.any(list(lacks.values()), axis=0)
    # Overseas rates are others; elsewhere a known line without a rate lacks a published one.
    lacks["published_rule"] = (place == NO_CODE) | (unread & ~waits)
    rate[waits | lacks["published_rule"]] = np.nan
    return VatRates(
        on=on,
        rate_pct=rate,
        confidence=rank,
        lacks={name: rows for name, rows in lacks.items() if rows.any()},
        column=column,
    )


def _read(table: VatTable, column: NDArray[np.int64], age: Euros) -> tuple[Euros, Ranks, Flags]:
    """Rates, confidence and the rows without a rate; an unknown age reads where it is the same."""
    old = (age > table.least_age_years).astype(np.int64)
    old[np.isnan(age)] = OLD
    rate: Euros = table.rate_pct[old, column]
    rank: Ranks = table.rank[old, column]
    differs = table.rate_pct[NEW, column] != table.rate_pct[OLD, column]
    rate[np.isnan(age) & differs] = np.nan
    if np.isnan(table.least_age_years):
        rate[:] = np.nan
    return rate, rank, np.isnan(rate)


def _indifferent_to_age(table: VatTable) -> NDArray[np.int64]:
    return np.flatnonzero(table.rate_pct[NEW] == table.rate_pct[OLD])


def _kind(column: int) -> VatWorks:
    return VatWorks.SOLAR_PANELS if column == ABOVE_POWER else VAT_WORKS_BY_CODE[column]


def _codes(works: ArrayLike) -> Codes:
    given = np.atleast_1d(np.asarray(works))
    if given.dtype.kind in "US":
        unheard = sorted(set(given.tolist()) - set(VAT_WORKS_BY_CODE))
        if unheard:
            raise RefusedInput(
                f"« {unheard[0]} » n’est pas une nature de travaux connue pour la TVA.",
                field="vat_works",
            )
        given = np.array([VAT_WORKS_BY_CODE.index(VatWorks(name)) for name in given.tolist()])
    if ((given < UNKNOWN_CODE) | (given >= len(VAT_WORKS_BY_CODE))).any():
        raise RefusedInput("Nature de travaux inconnue pour la TVA.", field="vat_works")
    return given.astype(np.int8)


def _at_least_zero(values: ArrayLike, field: str) -> Euros:
    read = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if ((read < 0) | np.isinf(read)).any():
        raise RefusedInput("Un âge ou une puissance est un nombre positif ou nul.", field=field)
    return read
