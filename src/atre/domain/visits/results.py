"""What the bills of a visit add up to, computed once when the visit is finished and kept with it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from atre.calc.bills.coverage import (
    YEAR_LONGEST_DAYS,
    YEAR_SHORTEST_DAYS,
    latest_years,
    sort_periods,
)
from atre.calc.bills.energies import Energy, QuantityUnit
from atre.calc.bills.model import Bill, EnergySummary
from atre.calc.bills.summary import summarise_bills
from atre.domain.visits import catalogue
from atre.domain.visits.validation import bill_name_fr, bill_period

WATER = "water"


def compute_results(document: dict[str, Any]) -> dict[str, Any]:
    """Consumption by energy, and what could not be counted. The document has passed `validate`.

    {"uses": [{energy, label, unit, quantity, euros, period_start, period_end, covered_days,
    reading, annual_quantity, annual_euros, annual_unknown_because, notes}], "set_aside": [...]}.
    Quantities are strings in kWh (fuels PCS) or m³, periods as `bill_period` has them. None is
    unknown.
    """
    visited_on = date.fromisoformat(document["visited_on"])
    usable: list[tuple[int, dict[str, Any], tuple[date, date]]] = []
    set_aside = []
    for rank, bill in enumerate(document["bills"]):
        period = bill_period(bill)
        if bill["energy"] is None or period is None:
            missing = "l’énergie" if bill["energy"] is None else "la période"
            set_aside.append(f"La {bill_name_fr(rank, bill)} n’est pas comptée : {missing} manque.")
        else:
            usable.append((rank, bill, period))
    energy_bills = [
        _calc_bill(rank, bill, period) for rank, bill, period in usable if bill["energy"] != WATER
    ]
    summaries = summarise_bills(energy_bills, visited_on) if energy_bills else ()
    uses = [
        _use(summary, [bill for bill in energy_bills if bill.energy is summary.energy])
        for summary in summaries
    ]
    water = [(bill, period) for _, bill, period in usable if bill["energy"] == WATER]
    if water:
        uses.append(_water(water))
    return {"uses": uses, "set_aside": set_aside}


def _calc_bill(rank: int, bill: dict[str, Any], period: tuple[date, date]) -> Bill:
    # Without a quantity the unit says nothing; the calculation still wants one.
    unit = bill["unit"] or catalogue.UNITS_OF[bill["energy"]][0]
    return Bill(
        energy=Energy(bill["energy"]),
        start=period[0],
        end=period[1],
        quantity=_decimal(bill["quantity"]),
        unit=QuantityUnit(unit),
        euros_ttc=_decimal(bill["euros"]),
        estimated=bill["estimated"],
        kwh_per_m3=None if bill["kwh_per_m3"] is None else float(bill["kwh_per_m3"]),
        reference=bill["reference"] or str(rank + 1),
    )


def _use(summary: EnergySummary, bills: Sequence[Bill]) -> dict[str, Any]:
    annual = summary.annual
    start, end = min(bill.start for bill in bills), max(bill.end for bill in bills)
    reasons = list(summary.reasons_fr)
    missing = summary.no_annual_reason_fr
    if annual is not None and (annual.kwh is None or annual.euros_ttc is None):
        missing = " ".join(reasons) or "Un montant ou une quantité manque sur une facture."
    return {
        "energy": str(summary.energy),
        "label": catalogue.BILLED[summary.energy],
        "unit": "kWh",
        "quantity": _text(summary.kwh),
        "euros": _text(summary.euros_ttc),
        "period_start": start.isoformat(),
        "period_end": end.isoformat(),
        "covered_days": (end - start).days - sum(gap.days for gap in summary.gaps),
        "reading": _reading([bill.estimated for bill in bills]),
        "annual_quantity": _text(annual.kwh) if annual else None,
        "annual_euros": _text(annual.euros_ttc) if annual else None,
        "annual_unknown_because": missing,
        "notes": [*reasons, *summary.cautions_fr],
    }


def _water(rows: Sequence[tuple[dict[str, Any], tuple[date, date]]]) -> dict[str, Any]:
    """Cubic metres have no common measure with kWh: the same rule of the year, counted apart."""
    rows = sorted(rows, key=lambda row: row[1])
    periods = sort_periods(
        np.zeros(len(rows), np.int64),
        np.array([period[0] for _, period in rows], dtype="datetime64[D]"),
        np.array([period[1] for _, period in rows], dtype="datetime64[D]"),
    )
    firsts, lasts = latest_years(periods, 1)
    year = [bill for bill, _ in rows[firsts[0] : lasts[0] + 1]] if firsts[0] >= 0 else []
    everything = [bill for bill, _ in rows]
    start, end = rows[0][1][0], rows[-1][1][1]
    known_year = bool(year)
    quantity, euros = _total(year, "quantity"), _total(year, "euros")
    because = None
    if not known_year:
        because = (
            f"Pas de total annuel : une année demande {YEAR_SHORTEST_DAYS} à {YEAR_LONGEST_DAYS} "
            "jours de factures qui se suivent."
        )
    elif quantity is None or euros is None:
        because = "Un montant ou une quantité manque sur une facture d’eau."
    return {
        "energy": WATER,
        "label": catalogue.BILLED[WATER],
        "unit": "m³",
        "quantity": _text(_total(everything, "quantity")),
        "euros": _text(_total(everything, "euros")),
        "period_start": start.isoformat(),
        "period_end": end.isoformat(),
        "covered_days": int((periods.day_end - periods.day_start).sum()),
        "reading": _reading([bill["estimated"] for bill in everything]),
        "annual_quantity": _text(quantity) if known_year else None,
        "annual_euros": _text(euros) if known_year else None,
        "annual_unknown_because": because,
        "notes": [],
    }


def _total(bills: Sequence[dict[str, Any]], field: str) -> Decimal | None:
    values = [bill[field] for bill in bills]
    if any(value is None for value in values):
        return None
    return sum((Decimal(value) for value in values), Decimal(0))


def _reading(estimated: Sequence[bool | None]) -> str:
    """« read », « estimated », « partly_estimated » or « unknown »."""
    if any(value is None for value in estimated):
        return "unknown"
    if all(estimated):
        return "estimated"
    return "partly_estimated" if any(estimated) else "read"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(value: float | Decimal | None) -> str | None:
    if value is None:
        return None
    return str(Decimal(str(value)).quantize(Decimal("0.01")))
