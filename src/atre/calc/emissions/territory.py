"""Consumption of a territory in other bases: PCS to PCI, final to primary, and CO2, row by row.

Rows carry their energy as a code, a place in `Carrier` or −1 when it is not one of them: a batch of
a million rows is one look-up in a table of nine. Factors are those of one day, the same for all
rows: a series keeps one version, or mixes method with trend. The answer says which version, and a
row whose factor is not known that day is unknown, with its energy named.

Factors are by energy. None is published by sector; those of the DPE differ by use and are not for
a territory's totals, where the yearly mean of the Base Empreinte is the one to use.

Source: parameters `energy.*` and `emissions.base_empreinte.*`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.energies import Energy
from atre.calc.dwelling.conversions import pcs_per_pci, primary_coefficients
from atre.calc.emissions.carriers import UNLISTED, Carrier, CarrierCodes, by_carrier
from atre.calc.emissions.factors import FactorSet, emission_factors
from atre.calc.errors import RefusedInput
from atre.calc.parameters import UnknownParameter, parameter
from atre.calc.wording import NO_BREAK, date_fr, list_fr

Floats = NDArray[np.float64]


class CalorificBasis(StrEnum):
    """The basis of a kWh of fuel: higher (PCS, as gas is billed) or lower calorific value (PCI)."""

    PCS = "pcs"
    PCI = "pci"

    @property
    def label_fr(self) -> str:
        return _BASES_FR[self]


_BASES_FR = {
    CalorificBasis.PCS: "pouvoir calorifique supérieur (PCS)",
    CalorificBasis.PCI: "pouvoir calorifique inférieur (PCI)",
}


@dataclass(frozen=True)
class Converted:
    """A converted column of n rows, NaN unknown, with the version of its factors.

    `factors` : what each row was multiplied by, shape (n,). `version_fr` goes with every figure.
    `without_factor` : carriers of the batch that have no factor that day.
    """

    values: Floats
    factors: Floats
    version_fr: str
    without_factor: tuple[Carrier, ...]

    @property
    def missing_fr(self) -> str | None:
        """What is unknown for want of a factor, None when nothing is."""
        if not self.without_factor:
            return None
        names = list_fr([carrier.label_fr for carrier in self.without_factor])
        return f"Pas de facteur connu à cette date pour{NO_BREAK}: {names}."


def kwh_in_basis(
    kwh: ArrayLike, carriers: CarrierCodes, basis: CalorificBasis, target: CalorificBasis, on: date
) -> Converted:
    """Final energy from one calorific basis to the other, shape (n,).

    kwh : any unit of energy, shape (n,), NaN unknown or secret. Electricity and heat networks have
    one basis and do not change. A row of another energy is unknown unless the basis stays.

    >>> from atre.calc.emissions.carriers import carrier_codes
    >>> found = kwh_in_basis([1111.0, 500.0], carrier_codes(["gas", "electricity"]),
    ...     CalorificBasis.PCS, CalorificBasis.PCI, date(2026, 1, 1))
    >>> found.values.round(1).tolist()
    [1000.0, 500.0]
    """
    if basis is target:
        table = np.ones(len(Carrier))
        return _converted(kwh, carriers, table, f"{target.label_fr}, sans conversion", other=1.0)
    ratio = pcs_per_pci(on)
    table = ratio if target is CalorificBasis.PCS else 1 / ratio
    return _converted(
        kwh, carriers, by_carrier(table), f"{target.label_fr}, coefficients au {date_fr(on)}"
    )


def primary_kwh(kwh_pci: ArrayLike, carriers: CarrierCodes, on: date) -> Converted:
    """Primary energy of n rows of final energy (PCI), shape (n,).

    Electricity counts 2.3 until the end of 2025, 1.9 from 2026: the date is that of the convention,
    one for a whole series. Before July 2021 every row is unknown.

    >>> from atre.calc.emissions.carriers import carrier_codes
    >>> rows = carrier_codes(["electricity", "gas"])
    >>> primary_kwh([100.0, 100.0], rows, date(2026, 1, 1)).values.tolist()
    [190.0, 100.0]
    >>> primary_kwh([100.0, 100.0], rows, date(2020, 1, 1)).values.tolist()
    [nan, nan]
    """
    try:
        table = by_carrier(primary_coefficients(on))
    except UnknownParameter:
        table = np.full(len(Carrier), np.nan)
    return _converted(kwh_pci, carriers, table, f"énergie primaire, coefficients au {date_fr(on)}")


def kg_co2e(kwh_pci: ArrayLike, carriers: CarrierCodes, on: date) -> Converted:
    """Kilograms of CO2 equivalent of n rows of final energy (PCI), shape (n,).

    Base Empreinte, combustion and upstream, electricity as a yearly mean; biogenic CO2 of wood left
    out. The version of 2024 for electricity is not carried back: before, its rows are unknown.

    >>> from atre.calc.emissions.carriers import carrier_codes
    >>> rows = carrier_codes(["electricity", "gas", None])
    >>> kg_co2e([1000.0, 1000.0, 1000.0], rows, date(2024, 1, 1)).values.tolist()
    [51.9, 239.0, nan]
    >>> before = kg_co2e([1000.0], carrier_codes(["electricity"]), date(2023, 1, 1))
    >>> before.values.tolist(), before.missing_fr.replace(NO_BREAK, " ")
    ([nan], 'Pas de facteur connu à cette date pour : électricité.')
    """
    return _converted(
        kwh_pci,
        carriers,
        by_carrier(_carbon_table(on)),
        f"{FactorSet.BASE_EMPREINTE.label_fr}, version au {date_fr(on)}",
    )


def _carbon_table(on: date) -> Floats:
    try:
        return np.asarray(emission_factors(FactorSet.BASE_EMPREINTE, on)[0])
    except UnknownParameter:
        return _fuels_alone(on)


def _fuels_alone(on: date) -> Floats:
    """The factors of fuels on a day that has none for electricity."""
    table = np.full(len(Energy), np.nan)
    try:
        fuels = parameter("emissions.base_empreinte.fuels", on=on).named_numbers
    except UnknownParameter:
        return table
    for name, factor in fuels.items():
        table[list(Energy).index(Energy(name))] = factor
    return table


def _converted(
    values: ArrayLike, carriers: CarrierCodes, table: Floats, version_fr: str, other: float = np.nan
) -> Converted:
    kwh = np.atleast_1d(np.asarray(values, dtype=np.float64))
    codes = np.asarray(carriers)
    if kwh.shape != codes.shape:
        raise RefusedInput("Chaque consommation a une énergie.", field="carriers")
    if (kwh < 0).any() or np.isinf(kwh).any():
        raise RefusedInput("Une consommation est positive ou nulle.", field="kwh")
    if ((codes < UNLISTED) | (codes >= len(Carrier))).any():
        raise RefusedInput("Code d’énergie hors de la liste.", field="carriers")
    factors = np.append(table, other)[codes]
    used = set(np.unique(codes).tolist())
    lacking = tuple(
        carrier for place, carrier in enumerate(Carrier) if place in used and np.isnan(table[place])
    )
    return Converted(kwh * factors, factors, version_fr, lacking)
