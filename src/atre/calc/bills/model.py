"""A bill, and what the bills of one energy amount to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from atre.calc.bills.energies import BILL_KWH_BASIS, Energy, QuantityUnit
from atre.calc.errors import RefusedInput
from atre.calc.wording import NO_BREAK, date_fr


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One bill, from one reading or delivery to the next.

    `quantity` is in `unit`; `euros_ttc` includes every tax and the standing charge. None means
    that the bill does not show it or was not kept. `estimated` tells an estimated reading.
    `kwh_per_m3` is the coefficient printed on a gas bill in m³. `reference` names the bill to the
    person who typed it (a number, a row).
    """

    energy: Energy
    start: date
    end: date
    quantity: Decimal | None
    unit: QuantityUnit
    euros_ttc: Decimal | None
    estimated: bool | None
    kwh_per_m3: float | None = None
    reference: str = ""

    @property
    def name_fr(self) -> str:
        label = f"facture {self.reference}" if self.reference else "facture"
        return f"{label} ({self.energy.label_fr}, du {date_fr(self.start)} au {date_fr(self.end)})"


class OverlappingBills(RefusedInput):
    """Two bills of one energy cover the same days: one of them is a copy, or a date is wrong."""

    def __init__(self, first: Bill, second: Bill) -> None:
        super().__init__(
            f"Deux factures couvrent les mêmes jours{NO_BREAK}: {first.name_fr} et "
            f"{second.name_fr}. Corrigez les dates ou retirez l’une des deux.",
            field="bills",
        )
        self.first = first
        self.second = second


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without any bill between two bills: [start, end)."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Days without a bill; the day of `end` is billed."""
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True)
class AnnualTotal:
    """A year of whole bills: 350 to 380 days without a hole. Not scaled to 365 days."""

    start: date
    end: date
    days: int
    kwh: float | None
    euros_ttc: Decimal | None
    estimated_bills: int


@dataclass(frozen=True, slots=True)
class EnergySummary:
    """One energy. kWh are final energy, fuels in PCS; None where one bill's figure is unknown.

    `kwh` and `euros_ttc` add up every bill given; `days_covered_last_year` counts only days of
    the `window_days` before the visit. `annual` is None with the reason in `no_annual_reason_fr`.
    """

    energy: Energy
    bills: int
    kwh: float | None
    euros_ttc: Decimal | None
    days_covered_last_year: int
    window_days: int
    gaps: tuple[Gap, ...]
    annual: AnnualTotal | None
    no_annual_reason_fr: str | None
    reasons_fr: tuple[str, ...]
    cautions_fr: tuple[str, ...]

    @property
    def covered_share(self) -> float:
        """Share of the window's days that bills cover, 0 to 1."""
        return self.days_covered_last_year / self.window_days

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, fit for a JSON column or a template."""
        return {
            "energy": str(self.energy),
            "bills": self.bills,
            "kwh": self.kwh,
            "kwh_basis": BILL_KWH_BASIS,
            "euros_ttc": _text(self.euros_ttc),
            "days_covered_last_year": self.days_covered_last_year,
            "window_days": self.window_days,
            "covered_share": round(self.covered_share, 4),
            "gaps": [
                {"start": gap.start.isoformat(), "end": gap.end.isoformat(), "days": gap.days}
                for gap in self.gaps
            ],
            "annual": None
            if self.annual is None
            else {
                "start": self.annual.start.isoformat(),
                "end": self.annual.end.isoformat(),
                "days": self.annual.days,
                "kwh": self.annual.kwh,
                "euros_ttc": _text(self.annual.euros_ttc),
                "estimated_bills": self.annual.estimated_bills,
            },
            "no_annual_reason_fr": self.no_annual_reason_fr,
            "reasons_fr": list(self.reasons_fr),
            "cautions_fr": list(self.cautions_fr),
        }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
