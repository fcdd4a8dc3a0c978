"""Invented bills of a home's last twelve months, with the gaps that real envelopes have."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from atre.jobs.demonstration.homes import Home

# Euros all taxes included: (per unit, a year's standing charge). Orders of magnitude of
# household bills in 2024-2026; these are invented bills and not a tariff.
PRICES = {
    "electricity": (Decimal("0.235"), Decimal(172)),
    "natural_gas": (Decimal("0.118"), Decimal(258)),
    "fuel_oil": (Decimal("1.21"), Decimal(0)),
    "wood_logs": (Decimal(98), Decimal(0)),
    "water": (Decimal("4.55"), Decimal(62)),
}
KWH_PER_LITRE, KWH_PER_STERE = 10, 1700
# How a year of heating spreads over six bills of two months, from January.
HEATING_SEASONS = (Decimal("0.29"), Decimal("0.2"), Decimal("0.09"), Decimal("0.05"), Decimal("0.12"), Decimal("0.25"))  # fmt: skip


def bills_of(
    rng: Random, home: Home, *, last: date, heat_kwh: int, power_kwh: int
) -> list[dict[str, Any]]:
    """Bills ending on `last` at the latest; sometimes none, sometimes a hole in the year."""
    fate = rng.random()
    if fate < 0.06:
        return []
    rows = _power(rng, last, power_kwh, heated=home.energy == "electricity")
    rows += _heating(rng, home, last, heat_kwh)
    if rng.random() < 0.45:
        rows.append(_water(rng, last))
    if fate < 0.18 and len(rows) > 2:
        rows.pop(rng.randrange(len(rows)))
    return rows


def _bill(energy: str, start: date, end: date, quantity: int, unit: str, share: Decimal) -> dict[str, Any]:  # fmt: skip
    price, standing = PRICES[energy]
    return {
        "energy": energy,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "quantity": str(quantity),
        "unit": unit,
        "kwh_per_m3": None,
        "euros": format((quantity * price + standing * share).quantize(Decimal("0.01")), "f"),
        "estimated": False,
        "reference": None,
    }


def _power(rng: Random, last: date, kwh: int, *, heated: bool) -> list[dict[str, Any]]:
    if rng.random() < 0.4:
        start = last - timedelta(days=365)
        return [_bill("electricity", start, last, kwh, "kwh", Decimal(1))]
    return _six_bills(rng, "electricity", last, kwh, seasonal=heated)


def _six_bills(
    rng: Random, energy: str, last: date, kwh: int, *, seasonal: bool
) -> list[dict[str, Any]]:
    rows = []
    end = last
    for rank in range(6):
        start = end - timedelta(days=61 if rank % 2 else 60)
        season = HEATING_SEASONS[(start.month - 1) // 2] if seasonal else Decimal(1) / 6
        bill = _bill(energy, start, end, int(kwh * season), "kwh", Decimal(1) / 6)
        bill["estimated"] = rng.random() < 0.2
        if rng.random() < 0.04:
            bill["quantity"] = None
        rows.append(bill)
        end = start
    return rows[::-1]


def _heating(rng: Random, home: Home, last: date, kwh: int) -> list[dict[str, Any]]:
    if home.energy == "natural_gas":
        if rng.random() < 0.5:
            start = last - timedelta(days=365)
            return [_bill("natural_gas", start, last, kwh, "kwh", Decimal(1))]
        return _six_bills(rng, "natural_gas", last, kwh, seasonal=True)
    if home.energy == "fuel_oil":
        middle = last - timedelta(days=170)
        litres = kwh // KWH_PER_LITRE
        first = litres * 3 // 5
        return [
            _bill("fuel_oil", last - timedelta(days=362), middle, first, "litre", Decimal(0)),
            _bill("fuel_oil", middle, last, litres - first, "litre", Decimal(0)),
        ]
    if home.energy == "wood_logs":
        start = last - timedelta(days=365)
        return [_bill("wood_logs", start, last, max(1, kwh // KWH_PER_STERE), "stere", Decimal(0))]
    return []


def _water(rng: Random, last: date) -> dict[str, Any]:
    return _bill("water", last - timedelta(days=365), last, rng.randint(45, 160), "m3", Decimal(1))
