"""Bills priced far from the dated reference: what the same kWh and days would have cost there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.coverage import YEAR_SHORTEST_DAYS, Days
from atre.calc.bills.finding import Finding, FindingKind, cannot_check
from atre.calc.bills.model import Bill
from atre.calc.bills.option_check import LOW_CONFIDENCE_FR
from atre.calc.bills.reference_prices import (
    Reference,
    ReferenceMean,
    days_between,
    mean_reference,
    sources_fr,
)
from atre.calc.bills.rows import rows_of
from atre.calc.bills.tariff import YEAR_DAYS
from atre.calc.errors import RefusedInput
from atre.calc.three_valued import Answer, Codes, codes_from_condition
from atre.calc.wording import NO_BREAK, number_fr

Floats = NDArray[np.float64]

# Offers differ by some per cent from the reference as a matter of course, and a mean price over
# the days of a bill misses its true mean by one or two more.
FAR_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class PriceGaps:
    """Each bill against its reference, shape (n,); NaN where a figure or a reference is unknown.

    `reference_eur` is what the same kWh and days cost at the reference; `gap_share` how far the
    bill is from it, positive above; `unknown_days` the bill's days without a reference.
    """

    reference_eur: Floats
    gap_share: Floats
    unknown_days: NDArray[np.int64]
    low_confidence: NDArray[np.bool_]


def price_gaps(
    start: Days,
    end: Days,
    kwh: Floats,
    euros_ttc: Floats,
    price: Reference,
    standing: Reference,
    off_peak: tuple[Reference, ArrayLike] | None = None,
) -> PriceGaps:
    """Compare n whole bills, subscription included, with a dated reference.

    Parameters
    ----------
    start, end : [start, end), datetime64[D], shape (n,).
    kwh, euros_ttc : shape (n,), NaN = unknown; gas in kWh PCS as billed.
    price, standing : the references of the kWh and of the subscription.
    off_peak : for a peak/off-peak contract, the reference of the off-peak kWh and their share of
        each bill, from 0 to 1, shape (n,) or one number, NaN = unknown; `price` is then the peak's.

    Raises `RefusedInput` for a share outside 0 to 1.

    >>> days = lambda text: np.array([text], dtype="datetime64[D]")
    >>> gaps = price_gaps(days("2025-10-01"), days("2025-12-01"), np.array([2000.0]),
    ...                   np.array([313.54]), Reference.GAS_HEATING, Reference.GAS_HEATING_STANDING)
    >>> gaps.reference_eur.round(2).tolist(), gaps.gap_share.round(2).tolist()
    ([261.28], [0.2])
    """
    by_kwh, by_year = mean_reference(price, start, end), mean_reference(standing, start, end)
    if off_peak is not None:
        by_kwh = _mixed(by_kwh, mean_reference(off_peak[0], start, end), off_peak[1])
    reference = by_kwh.price * kwh + by_year.price * days_between(start, end) / YEAR_DAYS
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(reference > 0, euros_ttc / reference - 1, np.nan)
    return PriceGaps(
        reference,
        share,
        np.maximum(by_kwh.unknown_days, by_year.unknown_days),
        by_kwh.low_confidence | by_year.low_confidence,
    )


def _mixed(peak: ReferenceMean, off_peak: ReferenceMean, share: ArrayLike) -> ReferenceMean:
    off = np.asarray(share, dtype=np.float64)
    if ((off < 0) | (off > 1)).any():
        raise RefusedInput("La part des heures creuses est entre 0 et 1.", field="off_peak")
    return ReferenceMean(
        peak.price * (1 - off) + off_peak.price * off,
        np.maximum(peak.unknown_days, off_peak.unknown_days),
        peak.low_confidence | off_peak.low_confidence,
    )


def far_from_reference(gaps: PriceGaps) -> Codes:
    """Whether a bill costs over 10 % more than the reference: 1, 0, -1, shape (n,).

    >>> share = np.array([0.11, 0.10, np.nan])
    >>> far_from_reference(PriceGaps(share, share, np.zeros(3, np.int64), np.zeros(3, bool))).tolist()
    [1, 0, -1]
    """
    return codes_from_condition(gaps.gap_share > FAR_SHARE, ~np.isnan(gaps.gap_share))


def check_price(
    bills: Sequence[Bill],
    price: Reference,
    standing: Reference,
    off_peak: tuple[Reference, float] | None = None,
) -> Finding:
    """Check the bills of one energy together against a dated reference (see `price_gaps`).

    Bills without a figure or without a reference on each of their days are left out and counted.
    Euros a year are given only when the others cover a year. `evidence` numbers the bills
    compared, in the order given. Raises `RefusedInput` for no bill or several energies.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from atre.calc.bills.energies import Energy, QuantityUnit
    >>> bill = Bill(energy=Energy.NATURAL_GAS, start=date(2025, 10, 1), end=date(2025, 12, 1),
    ...     quantity=Decimal(2000), unit=QuantityUnit.KWH, euros_ttc=Decimal("313.54"), estimated=False)
    >>> found = check_price([bill], Reference.GAS_HEATING, Reference.GAS_HEATING_STANDING)
    >>> found.euros_once, found.euros_per_year  # 261.28 at the reference; two months are no year
    (52.26, None)
    """
    if not bills or len({bill.energy for bill in bills}) != 1:
        raise RefusedInput("Il faut des factures d’une seule énergie.", field="bills")
    kind = FindingKind.UNIT_PRICE_FAR
    rows = rows_of(bills)
    euros = np.array([np.nan if b.euros_ttc is None else float(b.euros_ttc) for b in bills])
    gaps = price_gaps(rows.start, rows.end, rows.kwh, euros, price, standing, off_peak)
    compared = np.flatnonzero(~np.isnan(gaps.gap_share))
    if not compared.size:
        return cannot_check(kind, _missing(gaps, euros, rows.kwh))
    paid, reference = float(euros[compared].sum()), float(gaps.reference_eur[compared].sum())
    days = int((rows.end - rows.start)[compared].astype(np.int64).sum())
    share = paid / reference - 1
    found = share > FAR_SHARE
    yearly = days >= YEAR_SHORTEST_DAYS
    return Finding(
        kind=kind,
        answer=Answer.YES if found else Answer.NO,
        sentence_fr=_sentence(share, paid, reference, days, len(bills), compared.size),
        euros_per_year=(
            round((paid - reference) / days * YEAR_DAYS, 2) if found and yearly else None
        ),
        euros_once=round(paid - reference, 2) if found else None,
        euros_reason_fr=_no_euros(found, days, yearly),
        evidence=tuple(int(row) for row in compared),
        caution_fr=(
            "La référence est un repère, pas le prix du contrat : comparez les offres avant de "
            "conclure, sans oublier les services compris."
            + (LOW_CONFIDENCE_FR if gaps.low_confidence[compared].any() else "")
        ),
        sources_fr=sources_fr(
            price, rows.start[compared].min().item(), rows.end[compared].max().item()
        ),
    )


def _no_euros(found: bool, days: int, yearly: bool) -> str | None:
    if not found:
        return "Pas d’écart à chiffrer."
    if yearly:
        return None
    return f"Les factures comparées couvrent {days} jours{NO_BREAK}: pas un an."


def _sentence(
    share: float, paid: float, reference: float, days: int, bills: int, compared: int
) -> str:
    side = "au-dessus" if share > 0 else "au-dessous"
    percent = number_fr(100 * abs(share))
    gap = "au niveau" if percent == "0" else f"{percent}{NO_BREAK}% {side}"
    left_out = (
        f" {bills - compared} facture{'s' if bills - compared > 1 else ''} sur {bills} sans "
        "référence connue ou sans montant."
        if compared < bills
        else ""
    )
    return (
        f"{number_fr(paid)}{NO_BREAK}€ payés pour {number_fr(days)} jours, soit "
        f"{gap} de la référence de ces dates "
        f"({number_fr(reference)}{NO_BREAK}€).{left_out}"
    )


def _missing(gaps: PriceGaps, euros: Floats, kwh: Floats) -> str:
    if np.isnan(euros).all():
        return "le montant des factures"
    if np.isnan(kwh).all():
        return "les kWh des factures"
    days = int(gaps.unknown_days.sum())
    return f"la référence de prix de {number_fr(days)} jours de ces factures"
