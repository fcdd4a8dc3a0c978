"""The year of one energy of one dwelling, in words: how much, of which how much was added, why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from atre.calc.bills.annual import (
    LEAST_COVERED_SHARE,
    LEAST_DEGREE_DAYS_SHARE,
    AnnualEstimates,
    AnnualStatus,
    annualise,
)
from atre.calc.bills.coverage import Days
from atre.calc.bills.daily_series import DailySeries
from atre.calc.bills.energies import BILL_KWH_BASIS, Energy
from atre.calc.bills.load_shape import (
    LoadShape,
    ShapeReason,
    cost_shape,
    shape_from_bills,
    shape_from_share,
)
from atre.calc.bills.model import Bill
from atre.calc.bills.readings import BillRows, stretches_between_readings
from atre.calc.bills.rows import rows_of
from atre.calc.bills.tariff import SplitReason, split_by_regression
from atre.calc.errors import RefusedInput
from atre.calc.wording import NO_BREAK, date_fr, number_fr


@dataclass(frozen=True, slots=True)
class AnnualAnswer:
    """A year of one energy, fuels in PCS; None with the reason in `sentence_fr`.

    `euros_ttc` follows the bills' amounts by the same days; None where one amount is missing.
    """

    energy: Energy
    status: AnnualStatus
    kwh: float | None
    covered_kwh: float | None
    added_kwh: float | None
    euros_ttc: float | None
    covered_days: int
    window_start: date
    window_end: date
    estimated_days: int
    degree_days_share: float | None
    heating_share: float | None
    sentence_fr: str
    cautions_fr: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, fit for a JSON column or a template."""
        return {
            "energy": str(self.energy),
            "status": self.status.name.lower(),
            "kwh": self.kwh,
            "kwh_basis": BILL_KWH_BASIS,
            "covered_kwh": self.covered_kwh,
            "added_kwh": self.added_kwh,
            "euros_ttc": self.euros_ttc,
            "covered_days": self.covered_days,
            "window_start": self.window_start.isoformat(),
            "window_end": self.window_end.isoformat(),
            "estimated_days": self.estimated_days,
            "degree_days_share": self.degree_days_share,
            "heating_share": self.heating_share,
            "sentence_fr": self.sentence_fr,
            "cautions_fr": list(self.cautions_fr),
        }


def annualise_bills(
    bills: Sequence[Bill],
    *,
    heating_share: float | None = None,
    degree_days: DailySeries | None = None,
    window_end: date | None = None,
) -> AnnualAnswer:
    """A year of one energy of one dwelling, from whatever bills were kept.

    Parameters
    ----------
    bills : of one energy, in any order; quantities converted to kWh (PCS).
    heating_share : share of a year of this energy that heats the dwelling, 0 to 1; None asks the
        bills themselves, which needs `degree_days`, one winter and one summer.
    degree_days : degree days a day near the dwelling, one place.
    window_end : the day after the last day of the year; None = the end of the last bill.

    Raises `RefusedInput` for no bill, several energies, or a share outside 0 to 1.

    >>> from decimal import Decimal
    >>> from atre.calc.bills.energies import QuantityUnit
    >>> bill = Bill(energy=Energy.ELECTRICITY, start=date(2025, 1, 1), end=date(2025, 12, 1),
    ...     quantity=Decimal(3340), unit=QuantityUnit.KWH, euros_ttc=None, estimated=False)
    >>> without_heating, not_said = annualise_bills([bill], heating_share=0.0), annualise_bills([bill])
    >>> without_heating.kwh, without_heating.added_kwh  # ten kWh a day, 31 days added to 334
    (3650.0, 310.0)
    >>> not_said.kwh, not_said.status.name
    (None, 'SHAPE_UNKNOWN')
    """
    if not bills or len({bill.energy for bill in bills}) != 1:
        raise RefusedInput("Il faut des factures d’une seule énergie.", field="bills")
    rows = rows_of(bills)
    closes = window_end or max(bill.end for bill in bills)
    window = np.array([closes], dtype="datetime64[D]")
    opens = window - 365
    shape = _shape(rows, heating_share, degree_days, window)
    found = annualise(rows, opens, window, shape, degree_days)
    euros, split = _euros(bills, rows, opens, window, shape, degree_days)
    cautions = _cautions(bills, found)
    if euros is not None and not split and found.status[0] == AnnualStatus.EXTENDED:
        cautions += ("Abonnement réparti comme la consommation, faute de prix séparés.",)
    return AnnualAnswer(
        energy=bills[0].energy,
        status=AnnualStatus(int(found.status[0])),
        kwh=_known(found.kwh),
        covered_kwh=_known(found.covered_kwh),
        added_kwh=_known(found.added_kwh),
        euros_ttc=euros,
        covered_days=int(found.covered_days[0]),
        window_start=opens[0].item(),
        window_end=window[0].item(),
        estimated_days=int(found.estimated_days[0]),
        degree_days_share=_known(found.degree_days_share, 4),
        heating_share=_heating_share(shape, opens, window, degree_days),
        sentence_fr=_sentence(found, shape, opens, window),
        cautions_fr=cautions,
    )


def _euros(
    bills: Sequence[Bill],
    rows: BillRows,
    opens: Days,
    closes: Days,
    shape: LoadShape,
    degree_days: DailySeries | None,
) -> tuple[float | None, bool]:
    """Euros TTC of the same year, and whether price and subscription could be told apart."""
    amounts = np.array([np.nan if b.euros_ttc is None else float(b.euros_ttc) for b in bills])
    # A missing amount is not a day without bill: the kWh of that day are known, its cost is not.
    if np.isnan(amounts).any() or rows.impossible_groups().any():
        return None, False
    days = (rows.end - rows.start).astype(np.float64)
    split = split_by_regression(rows.group, 1, days, rows.kwh, amounts)
    priced = BillRows(rows.group, rows.start, rows.end, amounts, rows.estimated, 1)
    costs = cost_shape(shape, split.eur_per_kwh, split.standing_eur_per_year)
    found = annualise(priced, opens, closes, costs, degree_days)
    return _known(found.kwh, 2), bool(split.reason[0] == SplitReason.KNOWN)


def _sentence(found: AnnualEstimates, shape: LoadShape, opens: Days, closes: Days) -> str:
    status = AnnualStatus(int(found.status[0]))
    days, window = int(found.covered_days[0]), int(found.window_days[0])
    period = f"du {date_fr(opens[0].item())} au {date_fr(closes[0].item())}"
    if status.is_known:
        total = f"{number_fr(float(found.kwh[0]))}{NO_BREAK}kWh {period}"
        if status is AnnualStatus.FULL:
            return f"{total}, entièrement couverts par les factures."
        added = number_fr(float(found.added_kwh[0]))
        return (
            f"{total}, dont {added}{NO_BREAK}kWh ajoutés pour {window - days} jours sans facture "
            f"({days} jours couverts sur {window})."
        )
    start = f"Pas de total annuel {period}{NO_BREAK}: "
    covered = f"{days} jours couverts sur {window}"
    return (
        start
        + {
            AnnualStatus.NO_BILL: "aucune facture avec une quantité sur cette période.",
            AnnualStatus.IMPOSSIBLE_BILLS: (
                "deux factures couvrent les mêmes jours, ou l’une finit avant de commencer."
            ),
            AnnualStatus.TOO_LITTLE_COVERED: (
                f"{covered}, il en faut au moins {number_fr(100 * LEAST_COVERED_SHARE)}{NO_BREAK}%."
            ),
            AnnualStatus.TOO_LITTLE_WINTER: (
                f"{covered}, mais moins de {number_fr(100 * LEAST_DEGREE_DAYS_SHARE)}{NO_BREAK}% "
                "du froid de l’année."
            ),
            AnnualStatus.SHAPE_UNKNOWN: (
                f"{covered}. {ShapeReason(int(shape.reason[0])).sentence_fr}"
            ),
            AnnualStatus.NO_DEGREE_DAYS: f"{covered}. {ShapeReason.NO_DEGREE_DAYS.sentence_fr}",
        }[status]
    )


def _cautions(bills: Sequence[Bill], found: AnnualEstimates) -> tuple[str, ...]:
    cautions = []
    if found.estimated_days[0]:
        cautions.append(
            f"{int(found.estimated_days[0])} jours reposent sur un index estimé qu’aucun relevé "
            "réel n’a encore corrigé."
        )
    if any(bill.estimated is None for bill in bills):
        cautions.append("Une facture ne dit pas si son index est relevé ou estimé.")
    if bills[0].energy.is_delivered_in_stock:
        cautions.append("Une livraison n’est pas une consommation : le stock n’est pas compté.")
    return tuple(cautions)


def _heating_share(
    shape: LoadShape, opens: Days, closes: Days, degree_days: DailySeries | None
) -> float | None:
    """The share of the window's expected kWh that follows the degree days."""
    if not shape.heat_kwh_per_degree_day[0] > 0:
        return 0.0 if shape.heat_kwh_per_degree_day[0] == 0 else None
    if degree_days is None:
        return None
    heat = float(shape.heat_kwh_per_degree_day[0] * degree_days.total(opens, closes)[0])
    base = float(shape.base_kwh_per_day[0]) * int((closes - opens)[0].astype(int))
    return None if np.isnan(heat) else round(heat / (heat + base), 4)


def _shape(
    rows: BillRows, heating_share: float | None, degree_days: DailySeries | None, closes: Days
) -> LoadShape:
    stretches = stretches_between_readings(rows.without(rows.impossible_groups()))
    if heating_share is None and degree_days is not None:
        return shape_from_bills(stretches, 1, degree_days)
    share = np.nan if heating_share is None else heating_share
    return shape_from_share(stretches, [share], degree_days, year_end=closes)


def _known(values: np.ndarray[Any, Any], decimals: int = 1) -> float | None:
    return None if np.isnan(values[0]) else round(float(values[0]), decimals)
