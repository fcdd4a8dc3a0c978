"""Energies, the units their bills are written in, and kWh from those units.

kWh are final energy; fuels are counted on the higher calorific value (PCS), as gas bills are, so
that the bills of one dwelling are on one basis.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.errors import RefusedInput
from atre.calc.parameters import UnknownParameter, parameter
from atre.calc.wording import NO_BREAK

BILL_KWH_BASIS = "pcs"


class Energy(StrEnum):
    """What a dwelling is billed for, and heated, lit or cooked with."""

    ELECTRICITY = "electricity"
    NATURAL_GAS = "natural_gas"
    DISTRICT_HEAT = "district_heat"
    FUEL_OIL = "fuel_oil"
    PROPANE = "propane"
    WOOD_LOGS = "wood_logs"
    WOOD_PELLETS = "wood_pellets"

    @property
    def label_fr(self) -> str:
        return _ENERGY_LABELS_FR[self]

    @property
    def is_delivered_in_stock(self) -> bool:
        """Bought by delivery: the bill's date is a purchase, not a consumption."""
        return self in _STOCK


class QuantityUnit(StrEnum):
    """The unit in which a bill writes its quantity; kWh and MWh of fuels are PCS."""

    KWH = "kwh"
    MWH = "mwh"
    M3 = "m3"
    LITRE = "litre"
    KG = "kg"
    TONNE = "tonne"
    STERE = "stere"


_ENERGY_LABELS_FR = {
    Energy.ELECTRICITY: "électricité",
    Energy.NATURAL_GAS: "gaz de réseau",
    Energy.DISTRICT_HEAT: "réseau de chaleur",
    Energy.FUEL_OIL: "fioul",
    Energy.PROPANE: "propane",
    Energy.WOOD_LOGS: "bois bûches",
    Energy.WOOD_PELLETS: "granulés de bois",
}

_STOCK = frozenset({Energy.FUEL_OIL, Energy.PROPANE, Energy.WOOD_LOGS, Energy.WOOD_PELLETS})

# Units that are energy already, or a multiple of a unit that has a dated energy content.
_ENERGY_UNITS = {QuantityUnit.KWH: 1.0, QuantityUnit.MWH: 1000.0}
_CONTENT_KEYS = {
    (Energy.FUEL_OIL, QuantityUnit.LITRE): ("energy.fuel_oil.kwh_pcs_per_litre", 1.0),
    (Energy.PROPANE, QuantityUnit.KG): ("energy.propane.kwh_pcs_per_kg", 1.0),
    (Energy.PROPANE, QuantityUnit.TONNE): ("energy.propane.kwh_pcs_per_kg", 1000.0),
    (Energy.WOOD_LOGS, QuantityUnit.STERE): ("energy.wood_logs.kwh_pcs_per_stere", 1.0),
    (Energy.WOOD_PELLETS, QuantityUnit.KG): ("energy.wood_pellets.kwh_pcs_per_kg", 1.0),
    (Energy.WOOD_PELLETS, QuantityUnit.TONNE): ("energy.wood_pellets.kwh_pcs_per_kg", 1000.0),
}


@dataclass(frozen=True, slots=True)
class KwhFactor:
    """kWh PCS in one unit of a bill, or None with the reason; `source_fr` when a table gave it."""

    kwh_per_unit: float | None
    reason_fr: str | None = None
    source_fr: str | None = None


def kwh_factor(
    energy: Energy, unit: QuantityUnit, on: date, kwh_per_m3: float | None = None
) -> KwhFactor:
    """How many kWh one unit of a bill holds.

    Gas in m³ has only the coefficient printed on the bill: it changes with the network, the
    altitude and the month. Other units use the dated energy contents, on the bill's last day.

    Raises `RefusedInput` for a coefficient outside 5 to 15 kWh/m³ (the coefficients of French
    networks lie near 8 to 13), or given for anything but gas in m³.

    >>> kwh_factor(Energy.FUEL_OIL, QuantityUnit.LITRE, date(2026, 1, 1)).kwh_per_unit
    10.67
    >>> kwh_factor(Energy.NATURAL_GAS, QuantityUnit.M3, date(2026, 1, 1)).kwh_per_unit is None
    True
    """
    gas_volume = (energy, unit) == (Energy.NATURAL_GAS, QuantityUnit.M3)
    if kwh_per_m3 is not None and not gas_volume:
        raise RefusedInput(
            "Un coefficient en kWh/m³ n’a de sens que pour du gaz en m³.", field="kwh_per_m3"
        )
    if kwh_per_m3 is not None and not 5 <= kwh_per_m3 <= 15:
        raise RefusedInput(
            "Le coefficient de conversion du gaz doit être entre 5 et 15 kWh/m³.",
            field="kwh_per_m3",
        )
    if unit in _ENERGY_UNITS:
        return KwhFactor(_ENERGY_UNITS[unit])
    if gas_volume:
        if kwh_per_m3 is not None:
            return KwhFactor(kwh_per_m3, source_fr="coefficient imprimé sur la facture")
        return KwhFactor(
            None, f"gaz en m³ sans le coefficient de conversion{NO_BREAK}: il est sur la facture"
        )
    return _factor_from_tables(energy, unit, on)


def gas_kwh_pci(kwh_pcs: ArrayLike, on: date) -> NDArray[np.float64]:
    """Gas kWh on the lower calorific value (PCI), the basis of the DPE, from billed kWh PCS.

    Shape (n,), NaN = unknown. Source: `energy.gas.kwh_pcs_per_kwh_pci` of the parameters.

    >>> gas_kwh_pci([11110], date(2026, 1, 1)).round().tolist()
    [10000.0]
    """
    ratio = parameter("energy.gas.kwh_pcs_per_kwh_pci", on=on).number
    return np.atleast_1d(np.asarray(kwh_pcs, dtype=np.float64)) / ratio


def gas_kwh_pcs(kwh_pci: ArrayLike, on: date) -> NDArray[np.float64]:
    """Gas kWh on the higher calorific value (PCS), the basis of bills, from kWh PCI (DPE).

    Shape (n,), NaN = unknown. A DPE compared with a bill without this step looks 10 % too low.
    Source: `energy.gas.kwh_pcs_per_kwh_pci` of the parameters.

    >>> gas_kwh_pcs([10000], date(2026, 1, 1)).round().tolist()
    [11110.0]
    """
    ratio = parameter("energy.gas.kwh_pcs_per_kwh_pci", on=on).number
    return np.atleast_1d(np.asarray(kwh_pci, dtype=np.float64)) * ratio


def gas_kwh_from_m3(m3: ArrayLike, kwh_pcs_per_m3: ArrayLike) -> NDArray[np.float64]:
    """Gas kWh PCS from m³ read on the meter and the coefficient of each bill, shapes (n,).

    NaN = unknown: without its coefficient a volume has no kWh. Raises `RefusedInput` for a
    coefficient outside 5 to 15 kWh/m³, or a negative volume.

    >>> gas_kwh_from_m3([2025, 100], [11.07, np.nan]).round(2).tolist()
    [22416.75, nan]
    """
    volume = np.atleast_1d(np.asarray(m3, dtype=np.float64))
    factor = np.atleast_1d(np.asarray(kwh_pcs_per_m3, dtype=np.float64))
    if (volume < 0).any():
        raise RefusedInput("Un volume de gaz est positif ou nul.", field="m3")
    if ((factor < 5) | (factor > 15)).any():
        raise RefusedInput(
            "Le coefficient de conversion du gaz doit être entre 5 et 15 kWh/m³.",
            field="kwh_per_m3",
        )
    return np.asarray(volume * factor)


def _factor_from_tables(energy: Energy, unit: QuantityUnit, on: date) -> KwhFactor:
    found = _CONTENT_KEYS.get((energy, unit))
    if found is None:
        return KwhFactor(None, f"aucune conversion connue pour {energy.label_fr} en {unit}")
    key, multiple = found
    try:
        content = parameter(key, on=on)
    except UnknownParameter as unknown:
        return KwhFactor(None, unknown.message_fr)
    return KwhFactor(content.number * multiple, source_fr=content.source.title)
