"""Cases of the estimators of a territory: how the YAML becomes a call."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from atre.calc.climate_correction import climate_corrected, heating_shares
from atre.calc.emissions.carriers import carrier_codes
from atre.calc.emissions.territory import (
    CalorificBasis,
    Converted,
    kg_co2e,
    kwh_in_basis,
    primary_kwh,
)
from atre.calc.poverty.territory import territory_need
from atre.calc.poverty.territory_spending import Territories


def run_need(given: Mapping[str, Any]) -> dict[str, Any]:
    columns = {
        name: number if name == "national_degree_days" else _numbers(number)
        for name, number in given.items()
        if name != "income_year"
    }
    found = territory_need(Territories(**columns), income_year=given["income_year"], reference=None)
    return {
        "method": str(found.methods[0]),
        "tee_percent": _said(100 * found.tee_share.central[0], 1),
        "tee_households": _said(found.tee_households.central[0], 0),
        "missing": [name for name, flags in found.missing.items() if flags[0]],
    }


def run_correction(given: Mapping[str, Any]) -> dict[str, Any]:
    share = heating_shares(
        carrier_codes([given["energy"]]), np.array([given["residential"]]), given["date"]
    )
    found = climate_corrected(
        _numbers(given["kwh"]),
        share,
        _numbers(given["dju"]),
        _numbers(given["reference"]),
        reference_fr=given.get("reference_fr", "moyenne de dix ans, DJU base 18"),
    )
    return {
        "raw_kwh": _said(found.raw_kwh[0], 1),
        "corrected_kwh": _said(found.corrected_kwh[0], 1),
        "status": str(found.statuses[0]),
    }


def run_conversion(given: Mapping[str, Any]) -> dict[str, Any]:
    codes, kwh, on = carrier_codes([given["energy"]]), _numbers(given["kwh"]), given["date"]
    in_pci = kwh_in_basis(kwh, codes, CalorificBasis(given["basis"]), CalorificBasis.PCI, on)
    primary = primary_kwh(in_pci.values, codes, on)
    carbon = kg_co2e(in_pci.values, codes, on)
    return {
        "kwh_pci": _value(in_pci),
        "primary_kwh": _value(primary),
        "kg_co2e": _value(carbon),
        "without_factor": [str(energy) for energy in carbon.without_factor],
    }


def _numbers(value: float | None) -> list[float]:
    return [np.nan if value is None else float(value)]


def _value(found: Converted) -> float | None:
    return _said(found.values[0], 1)


def _said(value: float, decimals: int) -> float | None:
    return None if np.isnan(value) else round(float(value), decimals)


RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "territory_need": run_need,
    "climate_correction": run_correction,
    "territory_conversion": run_conversion,
}
