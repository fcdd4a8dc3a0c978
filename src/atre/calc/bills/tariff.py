"""What a kWh and a day of subscription cost, from totals (regression) or from the bill's lines.

All euros TTC. A total divided by its kWh is the all-in price: it falls when consumption rises,
because the subscription is in it, and must not be compared with a price per kWh.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.lines import weighted_lines
from atre.calc.bills.sums import sums_by_group
from atre.calc.errors import RefusedInput

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

YEAR_DAYS = 365
# Three bills leave one degree of freedom to check that price and subscription did not move.
LEAST_BILLS = 3
# With daily uses within a quarter of each other, price and subscription cannot be told apart.
LEAST_USE_CONTRAST = 1.25
# A bill that the fit misses by more than this has another price: a tariff moved in between.
MOST_MISSED_SHARE = 0.03


class SplitReason(IntEnum):
    """Why price and subscription could not be separated; KNOWN when they were."""

    KNOWN = 0
    TOO_FEW_BILLS = 1
    NO_CONTRAST = 2
    PRICE_MOVED = 3
    IMPOSSIBLE = 4

    @property
    def sentence_fr(self) -> str:
        return _SENTENCES_FR[self]


_SENTENCES_FR = {
    SplitReason.KNOWN: "Le prix du kWh et l’abonnement sont séparés.",
    SplitReason.TOO_FEW_BILLS: f"Il faut au moins {LEAST_BILLS} factures complètes.",
    SplitReason.NO_CONTRAST: "Les factures se ressemblent trop pour séparer prix et abonnement.",
    SplitReason.PRICE_MOVED: "Le prix ou l’abonnement a changé entre ces factures.",
    SplitReason.IMPOSSIBLE: "Les factures donneraient un prix ou un abonnement négatif.",
}


@dataclass(frozen=True, slots=True)
class TariffSplit:
    """Price and subscription of each meter, shape (groups,); NaN with a `SplitReason` code."""

    eur_per_kwh: Floats
    standing_eur_per_year: Floats
    reason: NDArray[np.int8]


def all_in_price(euros_ttc: ArrayLike, kwh: ArrayLike) -> Floats:
    """Euros TTC by kWh, subscription and taxes included, shape (n,); NaN if unknown or no kWh.

    >>> all_in_price([120.0, 20.0], [1000.0, 0.0]).tolist()
    [0.12, nan]
    """
    euros, used = np.broadcast_arrays(
        np.atleast_1d(np.asarray(euros_ttc, dtype=np.float64)),
        np.atleast_1d(np.asarray(kwh, dtype=np.float64)),
    )
    price = np.full(euros.shape, np.nan)
    np.divide(euros, used, out=price, where=used > 0)
    return price


def split_by_regression(
    group: ArrayLike, groups: int, days: ArrayLike, kwh: ArrayLike, euros_ttc: ArrayLike
) -> TariffSplit:
    """Price per kWh and yearly subscription from the totals of several bills at one tariff.

    Parameters
    ----------
    group, days, kwh, euros_ttc : n bills, shape (n,); NaN = unknown. Bills must be on one tariff:
        the caller separates those before and after a price change.
    groups : number of meters.

    euros = subscription·days + price·kWh, least squares weighted by days. Refuses to answer (NaN
    and a reason) under three bills, when the daily uses are within a quarter of each other, when
    one bill is missed by more than 3 %, and when a result is negative.

    >>> split = split_by_regression([0, 0, 0], 1, [60, 61, 60], [900, 300, 600], [150.6, 60.86, 105.6])
    >>> split.eur_per_kwh.round(3).tolist(), split.standing_eur_per_year.round(1).tolist()
    ([0.15], [94.9])
    """
    which = np.asarray(group, dtype=np.int64)
    length, used, euros = (np.asarray(v, dtype=np.float64) for v in (days, kwh, euros_ttc))
    if (length <= 0).any():
        raise RefusedInput("Une facture couvre au moins un jour.", field="days")
    lines = weighted_lines(which, groups, used / length, euros / length, length)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = lines.intercept[which] * length + lines.slope[which] * used
        missed = np.abs(expected - euros) / np.abs(euros)
        contrast = lines.x_high / lines.x_low
    worst = np.zeros(groups)
    complete = ~np.isnan(missed)
    np.maximum.at(worst, which[complete], missed[complete])
    reason = np.full(groups, SplitReason.KNOWN)
    reason[(lines.slope <= 0) | (lines.intercept < 0)] = SplitReason.IMPOSSIBLE
    reason[worst > MOST_MISSED_SHARE] = SplitReason.PRICE_MOVED
    reason[~(contrast >= LEAST_USE_CONTRAST)] = SplitReason.NO_CONTRAST
    reason[lines.points < LEAST_BILLS] = SplitReason.TOO_FEW_BILLS
    known = reason == SplitReason.KNOWN
    return TariffSplit(
        np.where(known, lines.slope, np.nan),
        np.where(known, lines.intercept * YEAR_DAYS, np.nan),
        reason.astype(np.int8),
    )


class LineKind(IntEnum):
    """What a line of a bill pays for."""

    STANDING = 0
    ENERGY_BASE = 1
    ENERGY_HP = 2
    ENERGY_HC = 3
    TAX_ON_STANDING = 4
    TAX_ON_ENERGY = 5
    OTHER = 6


@dataclass(frozen=True, slots=True)
class BillLines:
    """What the lines of each bill add up to, shape (bills,). NaN where a line lacks a figure.

    `other_eur` (services, late fees, past balances) is neither price nor subscription.
    """

    standing_eur: Floats
    energy_eur: Floats
    other_eur: Floats
    kwh: Floats
    kwh_hp: Floats
    kwh_hc: Floats

    @property
    def eur_per_kwh(self) -> Floats:
        return all_in_price(self.energy_eur, self.kwh)

    def standing_eur_per_year(self, days: ArrayLike) -> Floats:
        """The subscription brought to 365 days; `days` covered by each bill, shape (bills,)."""
        return np.asarray(self.standing_eur / np.asarray(days, dtype=np.float64) * YEAR_DAYS)


def add_up_lines(
    bill: ArrayLike, bills: int, kind: ArrayLike, kwh: ArrayLike, euros_ttc: ArrayLike
) -> BillLines:
    """Sort the lines of bills into subscription, energy by register, and the rest.

    Parameters
    ----------
    bill : the bill of each line, 0 to `bills` - 1, shape (n,).
    kind : `LineKind` codes, shape (n,).
    kwh : kWh of the energy lines, shape (n,); ignored elsewhere; NaN = unknown.
    euros_ttc : each line with its VAT, shape (n,); NaN = unknown. Taxes on energy (accise) count
        in the price of the kWh, taxes on the subscription (CTA) in the subscription.

    Raises `RefusedInput` for a kind out of the list.

    >>> kinds = [LineKind.STANDING, LineKind.ENERGY_HP, LineKind.ENERGY_HC, LineKind.TAX_ON_ENERGY]
    >>> lines = add_up_lines([0] * 4, 1, kinds, [np.nan, 600, 400, np.nan], [30, 96, 48, 36])
    >>> lines.eur_per_kwh.tolist(), lines.standing_eur_per_year([60.0]).tolist()
    ([0.18], [182.5])
    """
    of_bill, kinds = np.asarray(bill, dtype=np.int64), np.asarray(kind, dtype=np.int64)
    quantity, euros = (np.asarray(v, dtype=np.float64) for v in (kwh, euros_ttc))
    if not np.isin(kinds, [int(one) for one in LineKind]).all():
        raise RefusedInput("Une ligne de facture n’est d’aucune sorte connue.", field="kind")

    def added(values: Floats, *which: LineKind) -> Floats:
        mine = np.isin(kinds, [int(one) for one in which])
        return sums_by_group(of_bill[mine], values[mine], bills)

    energies = (LineKind.ENERGY_BASE, LineKind.ENERGY_HP, LineKind.ENERGY_HC)
    return BillLines(
        standing_eur=added(euros, LineKind.STANDING, LineKind.TAX_ON_STANDING),
        energy_eur=added(euros, *energies, LineKind.TAX_ON_ENERGY),
        other_eur=added(euros, LineKind.OTHER),
        kwh=added(quantity, *energies),
        kwh_hp=added(quantity, LineKind.ENERGY_HP),
        kwh_hc=added(quantity, LineKind.ENERGY_HC),
    )


def annual_cost(
    kwh_per_year: ArrayLike, eur_per_kwh: ArrayLike, standing_eur_per_year: ArrayLike
) -> Floats:
    """Euros TTC of a year: subscription and price times kWh. Shapes (n,), NaN = unknown.

    >>> annual_cost([4000], [0.2], [190.0]).tolist()
    [990.0]
    """
    kwh, price, standing = (
        np.atleast_1d(np.asarray(v, dtype=np.float64))
        for v in (kwh_per_year, eur_per_kwh, standing_eur_per_year)
    )
    return np.asarray(standing + price * kwh)
