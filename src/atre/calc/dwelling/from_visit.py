"""A visit document as the columns of one dwelling: the same names, nothing invented."""

from collections.abc import Mapping
from typing import Any

# Field of the visit document to column; words are the same on both sides.
_DWELLING = (
    "built",
    "levels",
    "walls_insulated",
    "roof_insulated",
    "floor_insulated",
    "glazing",
    "windows_state",
    "shutters",
    "orientation",
    "ventilation",
    "occupants",
)


def columns_of_visit(
    document: Mapping[str, Any], *, zone: str | None, altitude_m: float | None
) -> dict[str, Any]:
    """Columns for `read_dwellings` from a visit (`visit-1.json`), unknowns as None.

    `zone` and `altitude_m` come from the commune. A dwelling of another kind than a house or a
    flat has no kind here, so that the estimate refuses it. An upper storey of a flat has a heated
    dwelling below; its roof stays unknown, as a visit does not say how many storeys there are. A
    boiler of a collective installation is the collective system.

    >>> document = {"dwelling": {"kind": "flat", "floor_area_m2": "54.5", "storey": 3,
    ...     "built": "1949_1974"}, "heating": {"system": "boiler", "scope": "collective",
    ...     "energy": "natural_gas"}, "hot_water": {}, "uses": {}}
    >>> found = columns_of_visit(document, zone="H1a", altitude_m=None)
    >>> found["floor_area_m2"], found["floor_exposed"], found["heating_system"]
    (54.5, 'no', 'collective')
    """
    dwelling, heating = document["dwelling"], document["heating"]
    hot_water, uses = document["hot_water"], document["uses"]
    kind = dwelling.get("kind")
    columns: dict[str, Any] = {name: dwelling.get(name) for name in _DWELLING}
    columns |= {
        "kind": kind if kind in ("flat", "house") else None,
        "zone": zone,
        "altitude_m": altitude_m,
        "floor_area_m2": _number(dwelling.get("floor_area_m2")),
        "floor_exposed": _floor_exposed(kind, dwelling.get("storey")),
        "heating_system": _collective(heating),
        "heating_energy": heating.get("energy"),
        "heating_installed_year": heating.get("installed_year"),
        "thermostat": heating.get("thermostat"),
        "valves": heating.get("valves"),
        "setpoint_c": _number(heating.get("setpoint_c")),
        "hot_water_system": _collective(hot_water),
        "hot_water_energy": hot_water.get("energy"),
        "tank_l": hot_water.get("tank_l"),
        "cooking_energy": uses.get("cooking_energy"),
    }
    return columns


def _collective(part: Mapping[str, Any]) -> str | None:
    system: str | None = part.get("system")
    if system == "boiler" and part.get("scope") == "collective":
        return "collective"
    return system


def _floor_exposed(kind: str | None, storey: int | None) -> str | None:
    if kind != "flat" or storey is None:
        return None
    return "no" if storey > 0 else "yes"


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
