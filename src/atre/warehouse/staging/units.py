"""Units as published, and the one unit we count in for each quantity."""

from datetime import date

import pyarrow as pa

from atre.calc.parameters import parameter

# Unit published: ours, and what one of theirs is in ours. A tonne of oil equivalent is 11.63 MWh by
# definition (IEA/Eurostat, Energy Statistics Manual, 2004).
CONVERSIONS: dict[str, tuple[str, float]] = {
    "kWh": ("kWh", 1.0),
    "MWh": ("kWh", 1e3),
    "GWh": ("kWh", 1e6),
    "tep": ("kWh", 11_630.0),
    "ktep": ("kWh", 11_630_000.0),
    "kW": ("kW", 1.0),
    "MW": ("kW", 1e3),
    "kgCO2e": ("tCO2e", 1e-3),
    "tCO2e": ("tCO2e", 1.0),
    "ktCO2e": ("tCO2e", 1e3),
    "kg": ("t", 1e-3),
    "t": ("t", 1.0),
}
PCS = "pcs"
PCS_PER_PCI = "energy.gas.kwh_pcs_per_kwh_pci"


def conversions() -> pa.Table:
    """Our conversions as rows: `published_unit`, `our_unit`, `factor`."""
    rows = [
        {"published_unit": unit, "our_unit": ours, "factor": factor}
        for unit, (ours, factor) in CONVERSIONS.items()
    ]
    return pa.Table.from_pylist(rows)


def pcs_per_pci(on: date) -> float:
    """How many kWh PCS one kWh PCI of gas is, by the parameter in force on a day."""
    return parameter(PCS_PER_PCI, on=on).number
