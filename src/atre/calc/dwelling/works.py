"""Works and gestures: the same dwellings with another wall, another machine, another habit.

Each gives dwellings to compare with those before; see `difference.difference`.
"""

from numpy.typing import ArrayLike

from atre.calc.dwelling.inputs import Dwellings
from atre.calc.dwelling.systems import hot_water_energy


def insulate_walls(dwellings: Dwellings, r_m2k_w: ArrayLike) -> Dwellings:
    """An insulating layer on the walls, of thermal resistance R, m²·K/W, shape (n,) or one.

    It takes the place of a layer added before. Raises `RefusedInput` outside 0 to 20.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": 90.0})
    >>> insulate_walls(insulate_walls(house, 2.0), 3.7)["walls_added_r_m2k_w"].tolist()
    [3.7]
    """
    return dwellings.replaced(walls_added_r_m2k_w=r_m2k_w)


def insulate_roof(dwellings: Dwellings, r_m2k_w: ArrayLike) -> Dwellings:
    """An insulating layer in the roof or attic, of thermal resistance R, m²·K/W, shape (n,) or one.

    It takes the place of a layer added before. Raises `RefusedInput` outside 0 to 20.

    >>> from datetime import date
    >>> from atre.calc.dwelling.envelope import transmissions
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": 90.0,
    ...     "roof_kind": "attic", "built": "before_1949", "roof_insulated": "no"})
    >>> after = transmissions(insulate_roof(house, 7.0), date(2026, 6, 1))
    >>> float(after["roof_u"].central[0].round(3))  # a bare attic of 1.8: 1 / (1 / 1.8 + 7)
    0.132
    """
    return dwellings.replaced(roof_added_r_m2k_w=r_m2k_w)


def insulate_floor(dwellings: Dwellings, r_m2k_w: ArrayLike) -> Dwellings:
    """An insulating layer under or on the lower floor, of thermal resistance R, m²·K/W, (n,) or one.

    What lies under it (cellar, ground) counts after: less is gained than over open air. It takes
    the place of a layer added before. Raises `RefusedInput` outside 0 to 20.

    >>> from datetime import date
    >>> from atre.calc.dwelling.envelope import transmissions
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": [90.0, 90.0],
    ...     "built": "before_1949", "floor_insulated": "no", "floor_kind": ["outside", "ground"]})
    >>> before, after = (transmissions(one, date(2026, 6, 1))["floor_u"].central
    ...     for one in (house, insulate_floor(house, 3.0)))
    >>> (before - after).round(2).tolist()
    [1.26, 0.27]
    """
    return dwellings.replaced(floor_added_r_m2k_w=r_m2k_w)


def replace_windows(dwellings: Dwellings, uw_w_m2k: ArrayLike) -> Dwellings:
    """New double-glazed windows of coefficient Uw, W/(m²·K), (n,) or one, which close well.

    Raises `RefusedInput` for a coefficient outside 0.5 to 7.

    >>> from datetime import date
    >>> from atre.calc.dwelling.envelope import windows
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 50.0,
    ...     "glazing": "single", "windows_state": "draughty", "shutters": "no"})
    >>> after = replace_windows(flat, 1.3)
    >>> [float(windows(one, date(2026, 6, 1)).central[0]) for one in (flat, after)]
    [5.2, 1.3]
    >>> after.says("windows_state", "good").tolist()
    [True]
    """
    return dwellings.replaced(window_u_w_m2k=uw_w_m2k, glazing="double", windows_state="good")


def replace_heating(
    dwellings: Dwellings, system: str, energy: str, installed_year: int, *, valves: bool
) -> Dwellings:
    """Another heating machine, in words of `WORDS`; hot water stays as it is, with the energy it had.

    Raises `RefusedInput` for a word that is not one of them.

    >>> from atre.calc.dwelling.inputs import ENERGIES, read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": 90.0,
    ...     "heating_system": "boiler", "heating_energy": "natural_gas", "hot_water_system": "boiler"})
    >>> after = replace_heating(house, "heat_pump_water", "electricity", 2026, valves=True)
    >>> [ENERGIES[int(after[name][0])] for name in ("heating_energy", "hot_water_energy")]
    ['electricity', 'natural_gas']
    """
    return dwellings.replaced(
        heating_system=system,
        heating_energy=energy,
        heating_installed_year=installed_year,
        valves=valves,
        hot_water_energy=hot_water_energy(dwellings),
    )


def replace_hot_water(dwellings: Dwellings, system: str, energy: str) -> Dwellings:
    """Another way to make hot water, in words of `WORDS`; the litres drawn are the same.

    Raises `RefusedInput` for a word that is not one of them.

    >>> from datetime import date
    >>> from atre.calc.dwelling.domestic_uses import domestic_quantities
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": 90.0, "tank_l": 200,
    ...     "hot_water_system": "tank", "hot_water_energy": "electricity"})
    >>> both = house, replace_hot_water(house, "heat_pump", "electricity")
    >>> [float(domestic_quantities(one, date(2026, 6, 1))["hot_water_generation"].central[0])
    ...     for one in both]
    [1.0, 2.3]
    """
    return dwellings.replaced(hot_water_system=system, hot_water_energy=energy)


def ventilate(dwellings: Dwellings, ventilation: str) -> Dwellings:
    """Another ventilation, a word of `WORDS`; the leaks of the envelope stay as they are.

    >>> from atre.calc.dwelling.air import air_quantities
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": 90.0,
    ...     "built": "before_1949", "ventilation": "natural"})
    >>> [air_quantities(one)["air_flow"].central.tolist()  # m³/(h·m²)
    ...     for one in (house, ventilate(house, "vmc_double"))]
    [[2.23], [0.6]]
    """
    return dwellings.replaced(ventilation=ventilation)


def lower_setpoint(dwellings: Dwellings, degrees_c: ArrayLike) -> Dwellings:
    """Some degrees less at every hour, °C, (n,) or one, whatever the set-point is now.

    Raises `RefusedInput` outside 0 to 10.

    >>> from datetime import date
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> from atre.calc.dwelling.quantities import quantities
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 50.0],
    ...     "setpoint_c": [21.0, None]})
    >>> setpoint = quantities(lower_setpoint(flats, 1.0), date(2026, 6, 1))["setpoint"]
    >>> setpoint.low.tolist(), setpoint.high.tolist()  # 21 said; 17 to 21 where not said
    ([20.0, 16.0], [20.0, 20.0])
    """
    return dwellings.replaced(setpoint_lowered_c=degrees_c)


def seal_windows(dwellings: Dwellings) -> Dwellings:
    """Seals on windows that let the air through; the glazing is the same.

    >>> from atre.calc.dwelling.air import air_quantities
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": 90.0,
    ...     "built": "before_1949", "windows_state": "draughty"})
    >>> [air_quantities(one)["permeability"].central.tolist()  # m³/(h·m²) at 4 Pa
    ...     for one in (house, seal_windows(house))]
    [[3.3], [2.5]]
    """
    return dwellings.replaced(windows_state="good")


def save_hot_water(dwellings: Dwellings, share: ArrayLike) -> Dwellings:
    """A share (0 to 0.9, (n,) or one) of the hot water no longer drawn: shower head, shorter showers.

    >>> from datetime import date
    >>> from atre.calc.dwelling.domestic_uses import domestic_quantities
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 50.0})
    >>> after = domestic_quantities(save_hot_water(flat, 0.25), date(2026, 6, 1))
    >>> after["hot_water_litres"].central.tolist()  # of 56 litres a person a day
    [42.0]
    """
    return dwellings.replaced(hot_water_saved_share=share)


def save_electricity(dwellings: Dwellings, share: ArrayLike) -> Dwellings:
    """A share (0 to 0.9, (n,) or one) of the electricity of appliances and lamps no longer used.

    LED, standby; heating, hot water and cooking are not touched.

    >>> from datetime import date
    >>> from atre.calc.dwelling.domestic_uses import domestic_quantities
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 50.0})
    >>> after = domestic_quantities(save_electricity(flat, 0.1), date(2026, 6, 1))
    >>> after["specific"].central.round(1).tolist()  # of 2 470 kWh a year in a mean household
    [2223.0]
    """
    return dwellings.replaced(specific_saved_share=share)
