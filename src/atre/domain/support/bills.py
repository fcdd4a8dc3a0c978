"""Bills typed at the follow-up: the same rows as those of a visit, checked by the same rules."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from atre.calc.bills.energies import Energy, QuantityUnit
from atre.calc.bills.model import Bill
from atre.calc.bills.summary import summarise_bills
from atre.domain.visits import catalogue, schemas
from atre.domain.visits.faults import DocumentRefused
from atre.domain.visits.results import WATER
from atre.domain.visits.validation import bill_period, validate

Row = Mapping[str, Any]
FIELDS = (
    "energy",
    "start",
    "end",
    "quantity",
    "unit",
    "kwh_per_m3",
    "euros",
    "estimated",
    "reference",
)


def check(rows: Sequence[Row], *, on: date, today: date) -> None:
    """`DocumentRefused` with every fault of the rows, at paths ("bills", rank, field)."""
    document = schemas.empty(on.isoformat()) | {"bills": [dict(row) for row in rows]}
    if faults := validate(document, today=today):
        raise DocumentRefused(faults)


def calc_bills(rows: Iterable[Row]) -> list[Bill]:
    """The rows of energy (not of water) that name their energy and their period."""
    bills = []
    for rank, row in enumerate(rows, start=1):
        period = bill_period(dict(row))
        if period is None or row["energy"] in {None, WATER}:
            continue
        # Without a quantity the unit says nothing; the calculation still wants one.
        unit = row["unit"] or catalogue.UNITS_OF[row["energy"]][0]
        bills.append(
            Bill(
                energy=Energy(row["energy"]),
                start=period[0],
                end=period[1],
                quantity=_decimal(row["quantity"]),
                unit=QuantityUnit(unit),
                euros_ttc=_decimal(row["euros"]),
                estimated=row["estimated"],
                kwh_per_m3=None if row["kwh_per_m3"] is None else float(row["kwh_per_m3"]),
                reference=row["reference"] or str(rank),
            )
        )
    return bills


def energies_in_use(document: Mapping[str, Any]) -> set[str]:
    """What the dwelling was seen to use at the visit. Every dwelling uses electricity."""
    seen = {
        document["heating"]["energy"],
        document["hot_water"]["energy"],
        document["uses"]["cooking_energy"],
        str(Energy.ELECTRICITY),
    }
    return {energy for energy in seen if energy is not None}


def year_of_every_energy(
    bills: Sequence[Bill], *, on: date, in_use: set[str]
) -> tuple[Decimal | None, float | None]:
    """Euros TTC and kWh of one year of the whole dwelling, None unless every energy is known.

    A year without one of the energies in use is not the dwelling's year: no figure rather than a
    smaller one.
    """
    if not bills:
        return None, None
    summaries = summarise_bills(bills, on)
    if in_use - {str(one.energy) for one in summaries}:
        return None, None
    years = [one.annual for one in summaries]
    euros = [year.euros_ttc if year else None for year in years]
    kwh = [year.kwh if year else None for year in years]
    return (
        None if None in euros else sum((e for e in euros if e is not None), Decimal(0)),
        None if None in kwh else sum(k for k in kwh if k is not None),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
