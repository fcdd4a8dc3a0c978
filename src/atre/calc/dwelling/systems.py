"""Heating machines: energy, yield, and how far the house cools when nobody asks for heat."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from atre.calc.dwelling import reference_tables
from atre.calc.dwelling.inputs import UNKNOWN, WORDS, Dwellings, Flags, Floats
from atre.calc.dwelling.spreads import Spread, certain

DIVIDED = ("electric", "portable", "stove", "heat_pump_air")
CENTRAL = ("boiler", "heat_pump_water")
ELECTRICITY = WORDS["heating_energy"].index("electricity")


def heating_energy(dwellings: Dwellings) -> NDArray[np.int8]:
    """Code of the energy that heats, -1 where not known, shape (n,); electric machines imply theirs.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> heating_energy(read_dwellings({"kind": "flat", "zone": "H3", "floor_area_m2": [50.0, 50.0],
    ...     "heating_system": ["electric", "boiler"]})).tolist()
    [0, -1]
    """
    implied = dwellings.says("heating_system", "electric", "heat_pump_water", "heat_pump_air")
    given = dwellings["heating_energy"]
    return np.where(implied & (given == UNKNOWN), np.int8(ELECTRICITY), given).astype(np.int8)


def hot_water_energy(dwellings: Dwellings) -> NDArray[np.int8]:
    """Code of the energy of hot water, -1 where not known.

    A boiler or a collective plant that also heats, and a heat pump, imply theirs.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> hot_water_energy(read_dwellings({"kind": "flat", "zone": "H3",
    ...     "floor_area_m2": [50.0, 50.0], "heating_system": "boiler",
    ...     "heating_energy": "natural_gas", "hot_water_system": ["boiler", "tank"]})).tolist()
    [1, -1]
    """
    given = dwellings["hot_water_energy"]
    system = dwellings["hot_water_system"]
    same = dwellings.says("hot_water_system", "boiler") & dwellings.says("heating_system", "boiler")
    same |= dwellings.says("hot_water_system", "collective") & dwellings.says(
        "heating_system", "collective"
    )
    implied = np.where(same, heating_energy(dwellings), np.int8(UNKNOWN))
    heat_pump = system == WORDS["hot_water_system"].index("heat_pump")
    implied = np.where(heat_pump, np.int8(ELECTRICITY), implied)
    return np.where(given == UNKNOWN, implied, given).astype(np.int8)


def heating_yields(dwellings: Dwellings) -> dict[str, Spread]:
    """Yield of the generator, of the rest of the installation, and I0 of intermittence, (n,) each.

    NaN where the energy is not known or the table has no such machine; without heating, the
    generator's yield is infinite: nothing is used. Yields are on the PCI.

    Source: arrêté du 31 mars 2021, annexe 1, § 8, § 12 and § 13.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 50.0, 50.0],
    ...     "heating_system": ["electric", "none", "boiler"]})
    >>> heating_yields(flats)["generation"].central.tolist()
    [1.0, inf, nan]
    """
    energy = heating_energy(dwellings)
    system = dwellings["heating_system"]
    h3 = dwellings.says("zone", "H3").astype(np.int64)
    year = dwellings["heating_installed_year"]
    starts = reference_tables.INSTALLED_FROM
    installed = np.where(np.isnan(year), 0, np.searchsorted(starts, np.nan_to_num(year), "right"))
    table = reference_tables.heating_generation()
    low, central, high = table[system, energy, installed, h3].T
    generation = Spread(low, central, high).where(energy == UNKNOWN, _nothing_known(len(energy)))
    none = dwellings.says("heating_system", "none")
    generation = generation.where(none, certain(np.full(len(energy), np.inf)))
    return {
        "generation": generation,
        "emission": _emission(dwellings),
        "intermittence": _intermittence(dwellings),
    }


def _nothing_known(size: int) -> Spread:
    return certain(np.full(size, np.nan))


def _emission(dwellings: Dwellings) -> Spread:
    table = reference_tables.by_words(
        "heating_emission", ("heating_system", "valves"), ("low", "central", "high")
    ).copy()
    # The rows of a system that is not known, and of none, hold the whole installation already.
    table[-1], table[WORDS["heating_system"].index("none")] = 1.0, 1.0
    table[:, -1, 0] = table[:, :2, 0].min(axis=1)
    table[:, -1, 1] = table[:, :2, 1].mean(axis=1)
    table[:, -1, 2] = table[:, :2, 2].max(axis=1)
    low, central, high = table[dwellings["heating_system"], dwellings["valves"]].T
    return Spread(low, central, high)


@cache
def _i0_table() -> Floats:
    """I0 by kind, heating (divided, central, collective), valves, thermostat."""
    found = np.full((2, 3, 2, 2), np.nan)
    for row in reference_tables.rows("intermittence"):
        heating = ("divided", "central", "collective").index(row["heating"])
        valves = {"no": slice(0, 1), "yes": slice(1, 2), "any": slice(0, 2)}[row["valves"]]
        found[
            WORDS["kind"].index(row["kind"]),
            heating,
            valves,
            WORDS["thermostat"].index(row["thermostat"]),
        ] = float(row["i0"])
    return found


def _intermittence(dwellings: Dwellings) -> Spread:
    """I0 over the answers that remain possible: lowest, mean, highest."""
    divided = dwellings.says("heating_system", *DIVIDED)
    central = dwellings.says("heating_system", *CENTRAL)
    collective = dwellings.says("heating_system", "collective")
    unsaid = ~(divided | central | collective)
    values, allowed = [], []
    for heating, possible in enumerate((divided | unsaid, central | unsaid, collective)):
        for valves in range(2):
            for thermostat in range(2):
                values.append(_i0_table()[dwellings["kind"], heating, valves, thermostat])
                allowed.append(
                    possible
                    & _may_be(dwellings, "valves", valves)
                    & _may_be(dwellings, "thermostat", thermostat)
                )
    stack = np.ma.masked_array(np.stack(values), mask=~np.stack(allowed))
    return Spread(stack.min(axis=0).data, stack.mean(axis=0).data, stack.max(axis=0).data)


def _may_be(dwellings: Dwellings, name: str, code: int) -> Flags:
    return np.asarray((dwellings[name] == code) | (dwellings[name] == UNKNOWN), dtype=np.bool_)
