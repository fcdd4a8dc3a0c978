"""Everything an adviser looks for on one energy of one home, in one list: what was found first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from atre.calc.bills.daily_series import DailySeries
from atre.calc.bills.energies import Energy
from atre.calc.bills.finding import Finding, FindingKind, cannot_check
from atre.calc.bills.model import Bill
from atre.calc.bills.option_check import OptionPrices, TariffOption, check_option
from atre.calc.bills.power_check import check_power
from atre.calc.bills.price_check import check_price
from atre.calc.bills.readings_check import check_readings
from atre.calc.bills.reference_prices import Reference
from atre.calc.bills.standby_check import check_permanent_power
from atre.calc.errors import RefusedInput
from atre.calc.three_valued import Answer

_ORDER = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What the contract says. None = not seen. `prices` are the supplier's own, if they were."""

    option: TariffOption | None = None
    kva: int | None = None
    eur_per_kwh: float | None = None
    prices: OptionPrices | None = None
    gas_heats: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterYear:
    """What a Linky meter says of about a year. None = no such file; NaN = a day without value."""

    kwh_hp_per_year: float | None = None
    kwh_hc_per_year: float | None = None
    daily_max_kva: ArrayLike | None = None
    daily_min_w: ArrayLike | None = None

    @property
    def off_peak_share(self) -> float | None:
        """Off-peak kWh over all kWh, 0 to 1; None when one is not known or nothing was used."""
        if self.kwh_hp_per_year is None or self.kwh_hc_per_year is None:
            return None
        total = self.kwh_hp_per_year + self.kwh_hc_per_year
        return self.kwh_hc_per_year / total if total > 0 else None


def review_energy(
    bills: Sequence[Bill],
    *,
    on: date,
    contract: Contract,
    meter: MeterYear,
    heating_share: float | None = None,
    degree_days: DailySeries | None = None,
) -> tuple[Finding, ...]:
    """Every check that this energy allows, what was found first, then what could not be checked.

    `on` is the day of the advice: it sets the offers compared. `evidence` numbers the bills for
    readings and prices, the days of the meter for powers. Checks that an energy does not have
    (an option for gas) are absent; those that lack an input are there, unknown, and say which.
    Raises `RefusedInput` for no bill, several energies, or bills on the same days.

    >>> from decimal import Decimal
    >>> from atre.calc.bills.energies import QuantityUnit
    >>> gas = Bill(energy=Energy.NATURAL_GAS, start=date(2025, 10, 1), end=date(2025, 12, 1),
    ...     quantity=Decimal(2000), unit=QuantityUnit.KWH, euros_ttc=Decimal("313.54"), estimated=False)
    >>> def found(heats):
    ...     told = review_energy([gas], on=date(2026, 1, 5), contract=Contract(gas_heats=heats),
    ...                          meter=MeterYear())
    ...     return [(str(one.kind), str(one.answer)) for one in told]
    >>> found(True)[0], found(None)[0]  # without the use of the gas, no reference to compare
    (('unit_price_far', 'yes'), ('unit_price_far', 'unknown'))
    """
    if not bills or len({bill.energy for bill in bills}) != 1:
        raise RefusedInput("Il faut des factures d’une seule énergie.", field="bills")
    found = list(
        check_readings(
            bills,
            heating_share=heating_share,
            degree_days=degree_days,
            eur_per_kwh=contract.eur_per_kwh,
        )
    )
    energy = bills[0].energy
    if energy in {Energy.ELECTRICITY, Energy.NATURAL_GAS}:
        found.append(_price(bills, contract, meter))
    if energy is Energy.ELECTRICITY:
        found.extend(_electricity(contract, meter, on))
    return tuple(sorted(found, key=lambda one: (_ORDER[one.answer], -_euros(one))))


def _electricity(contract: Contract, meter: MeterYear, on: date) -> list[Finding]:
    option = check_option(
        option=contract.option,
        kva=contract.kva,
        kwh_hp_per_year=meter.kwh_hp_per_year,
        kwh_hc_per_year=meter.kwh_hc_per_year,
        on=on,
        prices=contract.prices,
    )
    powers = check_power(
        daily_max_kva=_days(meter.daily_max_kva),
        subscribed_kva=contract.kva,
        option=contract.option,
        on=on,
    )
    permanent = check_permanent_power(
        _days(meter.daily_min_w), on=on, eur_per_kwh=contract.eur_per_kwh
    )
    return [option, *powers, permanent]


def _price(bills: Sequence[Bill], contract: Contract, meter: MeterYear) -> Finding:
    if bills[0].energy is Energy.NATURAL_GAS:
        if contract.gas_heats is None:
            return cannot_check(FindingKind.UNIT_PRICE_FAR, "l’usage du gaz (chauffage ou cuisson)")
        if contract.gas_heats:
            return check_price(bills, Reference.GAS_HEATING, Reference.GAS_HEATING_STANDING)
        return check_price(bills, Reference.GAS_COOKING, Reference.GAS_COOKING_STANDING)
    if contract.option is None or contract.kva is None:
        return cannot_check(FindingKind.UNIT_PRICE_FAR, "l’option et la puissance du contrat")
    in_base = contract.option is TariffOption.BASE
    name = f"electricity_{'base' if in_base else 'hphc'}_standing_{contract.kva}_kva"
    if name not in set(Reference):
        return cannot_check(
            FindingKind.UNIT_PRICE_FAR, f"l’abonnement de référence à {contract.kva} kVA"
        )
    standing = Reference(name)
    if in_base:
        low = contract.kva <= 6
        return check_price(
            bills,
            Reference.ELECTRICITY_BASE_TO_6_KVA if low else Reference.ELECTRICITY_BASE_FROM_9_KVA,
            standing,
        )
    share = meter.off_peak_share
    if share is None:
        return cannot_check(FindingKind.UNIT_PRICE_FAR, "la part des heures creuses")
    return check_price(bills, Reference.ELECTRICITY_HP, standing, (Reference.ELECTRICITY_HC, share))


def _days(values: ArrayLike | None) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.empty(0) if values is None else np.atleast_1d(np.asarray(values, dtype=np.float64))


def _euros(finding: Finding) -> float:
    return max(finding.euros_per_year or 0.0, finding.euros_once or 0.0)
