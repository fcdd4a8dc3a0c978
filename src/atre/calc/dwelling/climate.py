"""The conventional weather of a dwelling's zone and altitude, month by month."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from atre.calc.dwelling import reference_tables
from atre.calc.dwelling.inputs import ZONES, Dwellings, Floats
from atre.calc.dwelling.spreads import Spread, certain
from atre.calc.errors import RefusedInput
from atre.calc.wording import NO_BREAK

MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.float64)
# The set-points at which the tables give degree hours.
TABLE_SETPOINTS_C = (14.0, 19.0, 21.0)
# Half of the windows on the side that was said, the rest all around; all around when not said.
SIDE_SHARE = 0.5


class Weather(NamedTuple):
    """Monthly arrays of shape (n, 12) at each dwelling's zone and altitude."""

    degree_hours_14: Floats
    degree_hours_19: Floats
    degree_hours_21: Floats
    heating_hours: Floats
    window_irradiation_kwh_m2: Floats
    """Sun in the heating time on the windows' sides, before shades and panes."""
    cold_water_c: Floats


@cache
def _zone_by_department() -> dict[str, str]:
    return {
        department: row["zone"]
        for row in reference_tables.rows("department_zones")
        for department in row["departments"].split()
    }


def climate_zone(department: str) -> str:
    """The climate zone of a département of mainland France or Corsica.

    Raises `RefusedInput` overseas, where there is no such zone.

    Source: arrêté du 28 décembre 2012, annexe.

    >>> climate_zone("93"), climate_zone("83"), climate_zone("07")
    ('H1a', 'H3', 'H2d')
    """
    zone = _zone_by_department().get(department)
    if zone is None:
        raise RefusedInput(
            f"Pas de zone climatique connue pour le département {department}{NO_BREAK}: "
            "l’estimation ne vaut qu’en métropole.",
            field="zone",
        )
    return zone


def altitude_level(dwellings: Dwellings) -> Spread:
    """Altitude class as a number: 0 below 400 m, 1 to 800 m, 2 above; shape (n,).

    Without the altitude, the lowest class, and up to the middle one. Raises `RefusedInput` above
    800 m in a zone that has no such altitude (H1a, H2a, H2b).

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> houses = read_dwellings({"kind": "house", "zone": "H1c", "floor_area_m2": 100.0,
    ...     "altitude_m": [400.0]})
    >>> altitude_level(houses).central.tolist()
    [0.0]
    """
    altitude = dwellings["altitude_m"]
    level = np.where(altitude > 800, 2.0, np.where(altitude > 400, 1.0, 0.0))
    level[np.isnan(altitude)] = np.nan
    highest = np.isnan(reference_tables.climate()["degree_hours_19"][2, :, 0])
    if (highest[dwellings["zone"]] & (level == 2)).any():
        zones = ", ".join(zone for zone, none in zip(ZONES, highest, strict=True) if none)
        raise RefusedInput(
            f"Aucune commune à plus de 800 m en zone {zones}{NO_BREAK}: vérifiez l’altitude ou la "
            "zone.",
            field="altitude_m",
        )
    size = len(dwellings)
    unknown = Spread(np.zeros(size), np.zeros(size), np.ones(size))
    return unknown.where(~np.isnan(level), certain(level))


def weather(dwellings: Dwellings, level: Floats) -> Weather:
    """The tables at each dwelling's zone and altitude `level` (n,), see `Weather`.

    A level between two classes is interpolated; a class that the zone does not have is NaN.

    Source: arrêté du 31 mars 2021, annexe 1, § 18.2 and § 18.5.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> houses = read_dwellings({"kind": "house", "floor_area_m2": [90.0, 90.0, 90.0, 90.0],
    ...     "zone": ["H1c", "H1c", "H1c", "H1a"]})
    >>> weather(houses, np.array([0.0, 0.5, 1.0, 2.0])).cold_water_c[:, 0].round(2).tolist()
    [6.1, 5.1, 4.1, nan]
    """
    zone = dwellings["zone"]
    below = np.minimum(level.astype(np.int64), 1)
    share = (level - below)[:, None]

    def monthly(name: str) -> Floats:
        table = reference_tables.climate()[name]
        lower, upper = table[below, zone], table[below + 1, zone]
        mixed = lower + share * np.where(share > 0, upper - lower, 0.0)
        return np.asarray(mixed, dtype=np.float64)

    return Weather(
        monthly("degree_hours_14"),
        monthly("degree_hours_19"),
        monthly("degree_hours_21"),
        monthly("heating_hours_19"),
        monthly("south_irradiation_kwh_m2") * _orientation(dwellings, monthly),
        monthly("cold_water_c"),
    )


def _orientation(dwellings: Dwellings, monthly: Callable[[str], Floats]) -> Floats:
    """Sun on the windows against a south wall, shape (n, 12)."""
    sides = {side: monthly(f"irradiation_ratio_{side}") for side in ("west", "north", "east")}
    sides["south"] = np.ones_like(sides["west"])
    around = sum(sides.values()) / len(sides)
    found = np.asarray(around)
    for side, ratio in sides.items():
        said = dwellings.says("orientation", side)[:, None]
        found = np.where(said, SIDE_SHARE * ratio + (1 - SIDE_SHARE) * around, found)
    return found


def degree_hours(air: Weather, setpoint_c: Floats) -> Floats:
    """Degree hours of heating at any set-point, shape (n, 12), °C·h.

    Linear between the tables' 14, 19 and 21 °C, and beyond them on the nearest slope, never
    below zero.

    Source: arrêté du 31 mars 2021, annexe 1, § 18.2; the interpolation is ours.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1a", "floor_area_m2": 100.0})
    >>> january = degree_hours(weather(house, np.zeros(1)), np.array([19.0]))[0, 0]
    >>> float(january)
    11712.4
    """
    low, middle, high = TABLE_SETPOINTS_C
    setpoint = setpoint_c[:, None]
    lower_slope = (air.degree_hours_19 - air.degree_hours_14) / (middle - low)
    upper_slope = (air.degree_hours_21 - air.degree_hours_19) / (high - middle)
    slope = np.where(setpoint < middle, lower_slope, upper_slope)
    return np.maximum(air.degree_hours_19 + (setpoint - middle) * slope, 0.0)
