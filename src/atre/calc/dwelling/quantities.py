"""Every quantity of the balance with its range, and which answer would narrow it."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from atre.calc.dwelling.air import air_quantities
from atre.calc.dwelling.climate import altitude_level
from atre.calc.dwelling.domestic_uses import domestic_quantities
from atre.calc.dwelling.envelope import areas, numbers, transmissions
from atre.calc.dwelling.inputs import WORDS, Dwellings, Floats
from atre.calc.dwelling.spreads import Spread, certain, constant
from atre.calc.dwelling.systems import heating_energy, heating_yields, hot_water_energy

ELECTRICITY = WORDS["cooking_energy"].index("electricity")
DISTRICT_HEAT = WORDS["heating_energy"].index("district_heat")

# Quantities that move together because one unknown moves both; the others move alone.
TOGETHER: Mapping[str, tuple[str, ...]] = {"persons": ("persons", "use_scale")}
# Quantities that leave the heating need as it is: heating is not computed again for them.
WITHOUT_HEATING = frozenset(
    {
        "hot_water_litres",
        "cooking",
        "specific",
        "hot_water_generation",
        "hot_water_distribution",
        "tank_loss",
        "cooking_electric_share",
        "network_kg_per_kwh",
    }
)
WITH_SAME_NEED = frozenset({"generation", "emission", "intermittence", "use_elasticity"})

GROUPS_FR: Mapping[str, str] = {
    "exposed_sides": "le nombre de façades sur l’extérieur",
    "levels": "le nombre de niveaux",
    "ceiling_height": "la hauteur sous plafond",
    "shape": "la forme du plan",
    "roof_factor": "la pente du toit",
    "roof_share": "ce qu’il y a au-dessus (toit ou logement)",
    "floor_share": "ce qu’il y a au-dessous (sol, cave ou logement)",
    "window_area": "la surface des fenêtres",
    "thermal_bridges": "les ponts thermiques",
    "wall_u": "les murs et leur isolant",
    "roof_u": "le toit et son isolant",
    "floor_u": "le plancher bas et son isolant",
    "window_u": "les fenêtres et les volets",
    "air_flow": "la ventilation",
    "permeability": "les fuites d’air",
    "altitude_level": "l’altitude",
    "setpoint": "la température demandée",
    "gain_exponent": "l’inertie",
    "sunshine": "le soleil qui atteint les fenêtres",
    "generation": "le rendement du chauffage",
    "emission": "les radiateurs et leur réglage",
    "intermittence": "la programmation",
    "use_elasticity": "la façon de chauffer, tout le logement ou non",
    "persons": "le nombre de personnes",
    "hot_water_litres": "l’eau chaude puisée",
    "hot_water_generation": "le rendement de l’eau chaude",
    "hot_water_distribution": "les tuyaux d’eau chaude",
    "tank_loss": "le ballon d’eau chaude",
    "cooking": "la cuisson",
    "specific": "les appareils et l’éclairage",
    "cooking_electric_share": "l’énergie de cuisson",
    "network_kg_per_kwh": "le réseau de chaleur",
}


def quantities(
    dwellings: Dwellings, on: date, network_kg_per_kwh: Floats | None = None
) -> dict[str, Spread]:
    """All the quantities of n dwellings, shape (n,) each, by the parameters of a day.

    Names and their French labels are in `GROUPS_FR`; units are those of the function that each
    comes from. Raises `RefusedInput` for an altitude that the zone does not have,
    `UnknownParameter` before 2024 for a heat network whose content is not given.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [60.0, 60.0],
    ...     "setpoint_c": [20.0, None], "setpoint_lowered_c": 1.0})
    >>> setpoint = quantities(flats, date(2026, 6, 1))["setpoint"]
    >>> setpoint.low.tolist(), setpoint.high.tolist()  # said, then not said; one degree less for both
    ([19.0, 16.0], [19.0, 20.0])
    """
    size = len(dwellings)
    setpoint = constant(numbers("dwelling.setpoint", on), size)
    return {
        **areas(dwellings, on),
        **transmissions(dwellings, on),
        **air_quantities(dwellings),
        "altitude_level": altitude_level(dwellings),
        "setpoint": setpoint.given(dwellings["setpoint_c"]).plus(
            certain(-dwellings["setpoint_lowered_c"])
        ),
        "gain_exponent": constant(numbers("dwelling.gain_exponent", on), size),
        "sunshine": constant(numbers("dwelling.sunshine_factor", on), size),
        **heating_yields(dwellings),
        "use_elasticity": constant(numbers("dwelling.use_elasticity", on), size),
        **domestic_quantities(dwellings, on),
        "cooking_electric_share": cooking_electric_share(dwellings),
        "network_kg_per_kwh": heat_network(dwellings, on, network_kg_per_kwh),
    }


def cooking_electric_share(dwellings: Dwellings) -> Spread:
    """Share of cooking done with electricity: none, half or all where the energy is not known, (n,).

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 50.0, 50.0],
    ...     "cooking_energy": ["natural_gas", "electricity", None]})
    >>> share = cooking_electric_share(flats)
    >>> share.low.tolist(), share.high.tolist()
    ([0.0, 1.0, 0.0], [0.0, 1.0, 1.0])
    """
    size = len(dwellings)
    unknown = constant({"low": 0, "central": 0.5, "high": 1}, size)
    electric = (dwellings["cooking_energy"] == ELECTRICITY).astype(np.float64)
    return unknown.where(~dwellings.unknown("cooking_energy"), certain(electric))


def heat_network(dwellings: Dwellings, on: date, given: Floats | None) -> Spread:
    """CO2 content of the heat network, kg a kWh, (n,); zero, and certain, where none is used.

    `given`, (n,), NaN unknown: the content of each network; one that is not known ranges over
    those of the DPE's list, from the first decile to the last. Raises `UnknownParameter` before
    that list (2024).

    Source: `emissions.dpe.heat_networks_2024` of the parameters.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 50.0],
    ...     "heating_energy": ["district_heat", "natural_gas"]})
    >>> heat_network(flats, date(2026, 6, 1), np.array([0.12, 0.12])).central.tolist()
    [0.12, 0.0]
    >>> heat_network(flats, date(2026, 6, 1), None).is_certain
    False
    """
    size = len(dwellings)
    served = (heating_energy(dwellings) == DISTRICT_HEAT) | (
        hot_water_energy(dwellings) == DISTRICT_HEAT
    )
    if not served.any():
        return certain(np.zeros(size))
    told = np.full(size, np.nan) if given is None else given
    found = certain(np.where(served, told, 0.0))
    if np.isnan(found.central).any():
        listed = constant(numbers("emissions.dpe.heat_networks_2024", on), size)
        found = listed.given(found.central)
    return found
