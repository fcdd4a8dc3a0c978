"""Cases of a dwelling's estimate: how the YAML becomes a call."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from atre.calc.dwelling.balance import covered_share
from atre.calc.dwelling.calibration import calibrate
from atre.calc.dwelling.climate import climate_zone, weather
from atre.calc.dwelling.conversions import Prices, primary_coefficients
from atre.calc.dwelling.difference import difference
from atre.calc.dwelling.domestic_uses import tank_loss, usual_persons
from atre.calc.dwelling.envelope import transmissions, windows
from atre.calc.dwelling.estimate import Estimate, estimate
from atre.calc.dwelling.inputs import Dwellings, read_dwellings
from atre.calc.dwelling.readings import read_readings
from atre.calc.dwelling.telling import missing_inputs

ON = date(2026, 6, 1)


def run_climate_zone(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"zone": climate_zone(given["department"])}


def run_primary_coefficient(given: Mapping[str, Any]) -> dict[str, Any]:
    electricity, gas = primary_coefficients(given["on_day"])[:2]
    return {"electricity": float(electricity), "natural_gas": float(gas)}


def run_conventional_degree_days(given: Mapping[str, Any]) -> dict[str, Any]:
    dwelling = _dwellings({"kind": "house", "floor_area_m2": 100.0, **given})
    level = np.array([{100: 0.0, 500: 1.0, 900: 2.0}[given["altitude_m"]]])
    hours = weather(dwelling, level).degree_hours_19.sum()
    return {"degree_days_19": round(float(hours) / 24)}


def run_covered_share(given: Mapping[str, Any]) -> dict[str, Any]:
    share = covered_share(
        np.array([float(given["gains_over_losses"])]), np.array([given["exponent"]])
    )
    return {"share": round(float(share[0]), 4)}


def run_usual_persons(given: Mapping[str, Any]) -> dict[str, Any]:
    low, central, high = usual_persons(_dwellings({"zone": "H1a", **given}))
    return {
        name: round(float(side[0]), 4)
        for name, side in zip(("low", "central", "high"), (low, central, high), strict=True)
    }


def run_tank_loss(given: Mapping[str, Any]) -> dict[str, Any]:
    dwelling = _dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 50.0, **given})
    return {"kwh_per_year": round(float(tank_loss(dwelling).central[0]))}


def run_u_values(given: Mapping[str, Any]) -> dict[str, Any]:
    dwelling = _dwellings({"kind": "house", "zone": "H1a", "floor_area_m2": 100.0, **given})
    found = transmissions(dwelling, ON) | {"window_u": windows(dwelling, ON)}
    return {
        name: {
            side: round(float(getattr(spread, side)[0]), 3) for side in ("low", "central", "high")
        }
        for name, spread in found.items()
    }


def run_estimate_dwelling(given: Mapping[str, Any]) -> dict[str, Any]:
    found = _estimate(given)
    return {
        "missing": list(missing_inputs(found, 0)),
        "primary_coefficient": found.primary_coefficient,
        **{name: _kwh(found, name) for name in found.outputs},
    }


def run_compare_dwellings(given: Mapping[str, Any]) -> dict[str, Any]:
    """« first », « second » or « equal »: which of the two has the smaller central output."""
    common = given.get("both", {})
    one, two = (
        float(_estimate({**common, **given[side]})[given["output"]].central[0])
        for side in ("first", "second")
    )
    if abs(one - two) < 1e-6:
        return {"smaller": "equal"}
    return {"smaller": "first" if one < two else "second"}


def run_calibrate_dwelling(given: Mapping[str, Any]) -> dict[str, Any]:
    found = _estimate(given["dwelling"])
    bills = given["bills"]
    readings = read_readings(
        [0] * len(bills),
        [bill["energy"] for bill in bills],
        [bill["start"] for bill in bills],
        [bill["end"] for bill in bills],
        [bill["kwh"] for bill in bills],
    )
    calibrated = calibrate(found, readings)
    energy = bills[0]["energy"]
    code = list(_ENERGIES).index(energy)
    return {
        "state": str(calibrated.state_of(energy, 0)),
        "measured_kwh": round(float(calibrated.measured_kwh[code, 0])),
        "calibrated_over_the_same_days_kwh": _whole(float(calibrated.fitted_kwh[code, 0])),
    }


def run_works_on_dwelling(given: Mapping[str, Any]) -> dict[str, Any]:
    before = _estimate(given["dwelling"])
    after = before.dwellings.replaced(**given["works"])
    low, central, high = (float(side[0]) for side in difference(before, after)[given["output"]])
    sign = "saves" if low > 0 else "may_save_or_not" if high > 0 else "saves_nothing"
    return {
        "verdict": sign,
        "share_of_before": round(central / float(before[given["output"]].central[0]), 2),
    }


_ENERGIES = (
    "electricity",
    "natural_gas",
    "district_heat",
    "fuel_oil",
    "propane",
    "wood_logs",
    "wood_pellets",
)


def _dwellings(given: Mapping[str, Any]) -> Dwellings:
    return read_dwellings(dict(given))


def _estimate(given: Mapping[str, Any]) -> Estimate:
    columns = {name: value for name, value in given.items() if name not in ("on_day", "prices")}
    prices = given.get("prices")
    return estimate(
        _dwellings(columns),
        on=given.get("on_day", ON),
        prices=None if prices is None else Prices(ON, prices),
    )


def _kwh(found: Estimate, name: str) -> int | None:
    return _whole(float(found[name].central[0]))


def _whole(kwh: float) -> int | None:
    return None if np.isnan(kwh) else round(kwh)


RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "climate_zone": run_climate_zone,
    "primary_coefficient": run_primary_coefficient,
    "conventional_degree_days": run_conventional_degree_days,
    "covered_share": run_covered_share,
    "usual_persons": run_usual_persons,
    "tank_loss": run_tank_loss,
    "u_values": run_u_values,
    "estimate_dwelling": run_estimate_dwelling,
    "compare_dwellings": run_compare_dwellings,
    "calibrate_dwelling": run_calibrate_dwelling,
    "works_on_dwelling": run_works_on_dwelling,
}
