"""The monthly balance of a dwelling, every quantity given: losses, free gains, need, uses.

Steady-state monthly method of the DPE (3CL, annex 1 of the arrêté du 31 mars 2021, chapters 2 to
9 and 11), with the household's own persons and set-point instead of conventional ones.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from atre.calc.dwelling.air import air_losses
from atre.calc.dwelling.climate import MONTH_DAYS, Weather, degree_hours
from atre.calc.dwelling.envelope import numbers, solar_factor
from atre.calc.dwelling.inputs import Dwellings, Floats

Quantities = Mapping[str, Floats]
HOT_WATER_C = 40.0
WATER_WH_PER_L_K = 1.163
# Windows take at most this share of a façade.
MOST_GLAZED = 0.8
NEAR_ONE = 1e-6
MOST_RATIO = 1e4


class Need(NamedTuple):
    """Monthly heating need, shape (n, 12), kWh, and the losses it comes from, W/K, shape (n,)."""

    monthly_kwh: Floats
    transmission_w_k: Floats
    air_w_k: Floats
    at_19_c_kwh: Floats
    """The yearly need brought to 19 °C by degree hours, shape (n,)."""


def surfaces(quantities: Quantities, dwellings: Dwellings) -> dict[str, Floats]:
    """Areas that lose heat, m², shape (n,): a rectangular plan, its exposed part of the walls.

    >>> one = {name: np.array([value]) for name, value in {"levels": 2.0, "shape": 1.2,
    ...     "ceiling_height": 2.5, "exposed_sides": 4.0, "window_area": 17.0, "roof_share": 1.0,
    ...     "roof_factor": 1.1, "floor_share": 1.0}.items()}
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1a", "floor_area_m2": 100.0})
    >>> {part: round(float(m2[0]), 1) for part, m2 in surfaces(one, house).items()}
    {'wall': 152.7, 'window': 17.0, 'roof': 55.0, 'floor': 50.0}
    """
    ground = dwellings["floor_area_m2"] / quantities["levels"]
    perimeter = 4 * quantities["shape"] * np.sqrt(ground)
    height = quantities["levels"] * quantities["ceiling_height"]
    facade = perimeter * quantities["exposed_sides"] / 4 * height
    window = np.minimum(quantities["window_area"], MOST_GLAZED * facade)
    return {
        "wall": facade - window,
        "window": window,
        "roof": ground * quantities["roof_share"] * quantities["roof_factor"],
        "floor": ground * quantities["floor_share"],
    }


def heat_losses(quantities: Quantities, dwellings: Dwellings) -> tuple[Floats, Floats]:
    """Losses by transmission and by air, W/K, shape (n,) each.

    Transmission is the sum of U x area over the four parts, and the thermal bridges of each m².

    Source: arrêté du 31 mars 2021, annexe 1, § 3 and § 4.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1a", "floor_area_m2": 100.0,
    ...     "ventilation": "none"})
    >>> plan = {"levels": 1.0, "shape": 1.0, "ceiling_height": 2.5, "exposed_sides": 4.0,
    ...     "window_area": 10.0, "roof_share": 1.0, "roof_factor": 1.0, "floor_share": 1.0}
    >>> skin = {"wall_u": 2.0, "window_u": 3.0, "roof_u": 0.5, "floor_u": 0.5,
    ...     "thermal_bridges": 0.0, "air_flow": 1.2, "permeability": 0.0}
    >>> found = heat_losses({name: np.array([own]) for name, own in {**plan, **skin}.items()}, house)
    >>> [round(float(w_k[0]), 1) for w_k in found]  # 90 x 2 + 10 x 3 + 100 x 0.5 + 100 x 0.5
    [310.0, 40.8]
    """
    area = surfaces(quantities, dwellings)
    through = sum(area[part] * quantities[f"{part}_u"] for part in area)
    above = area["wall"] + area["window"] + area["roof"]
    bridges = quantities["thermal_bridges"] * (above + area["floor"])
    return np.asarray(through + bridges), air_losses(quantities, dwellings, above)


def heating_need(quantities: Quantities, dwellings: Dwellings, weather: Weather, on: date) -> Need:
    """Heat to bring each month at the set-point, free gains deducted; kWh, see `Need`.

    F = (X - X^a) / (1 - X^a), X = gains / (losses x degree hours): the share that gains cover.
    `on` chooses the internal gains.

    Source: arrêté du 31 mars 2021, annexe 1, § 2 and § 6.1.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> from atre.calc.dwelling.quantities import quantities
    >>> flat, on = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 60.0}), date(2026, 6, 1)
    >>> central = {name: spread.central for name, spread in quantities(flat, on).items()}
    >>> at_19, no_gains, cold_water = 1000.0, 0.0, 10.0
    >>> weather = Weather(*(np.full((1, 12), own)
    ...     for own in (500.0, at_19, 1200.0, no_gains, no_gains, cold_water)))
    >>> need = heating_need(central, flat, weather, on)
    >>> kwh_per_w_k = need.monthly_kwh.sum() / (need.transmission_w_k + need.air_w_k)
    >>> float(kwh_per_w_k.round(6)[0])  # twelve months of 1 000 °C·h, nothing free
    12.0
    """
    transmission, air = heat_losses(quantities, dwellings)
    hours = degree_hours(weather, quantities["setpoint"])
    asked = (transmission + air)[:, None] * hours
    gains = free_gains(quantities, dwellings, weather, on)
    ratio = np.divide(gains, asked, out=np.full_like(asked, np.inf), where=asked > 0)
    left = asked * (1 - covered_share(ratio, quantities["gain_exponent"][:, None]))
    yearly = left.sum(axis=1) / 1000
    usual = weather.degree_hours_19.sum(axis=1)
    asked_hours = hours.sum(axis=1)
    at_19_c = yearly * np.divide(usual, asked_hours, out=np.ones_like(usual), where=asked_hours > 0)
    return Need(left / 1000, transmission, air, at_19_c)


def covered_share(ratio: Floats, exponent: Floats) -> Floats:
    """F of X, with its limit (a - 1) / a at X = 1; far above 1 it nears 1. Any shape.

    Source: arrêté du 31 mars 2021, annexe 1, § 6.1.

    >>> covered_share(np.array([0.0, 0.5, 1.0]), np.array([2.9, 2.9, 2.9])).round(3).tolist()
    [0.0, 0.423, 0.655]
    """
    safe = np.where(np.abs(ratio - 1) < NEAR_ONE, 0.5, np.minimum(ratio, MOST_RATIO))
    power = safe**exponent
    share = (safe - power) / (1 - power)
    return np.asarray(np.where(np.abs(ratio - 1) < NEAR_ONE, (exponent - 1) / exponent, share))


def free_gains(quantities: Quantities, dwellings: Dwellings, weather: Weather, on: date) -> Floats:
    """Heat of people, machines and the sun in each month's heating time, Wh, shape (n, 12).

    Source: arrêté du 31 mars 2021, annexe 1, § 6.1 and § 6.2.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> from atre.calc.dwelling.quantities import quantities
    >>> on = date(2026, 6, 1)
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 100.0, "occupants": 2})
    >>> central = {name: spread.central for name, spread in quantities(flat, on).items()}
    >>> dark = Weather(*(np.full((1, 12), own) for own in (0.0, 0.0, 0.0, 100.0, 0.0, 10.0)))
    >>> free_gains(central, flat, dark, on)[0, 0].round().item()  # (3.52 x 100 + 90 x 11/14 x 2) x 100
    49343.0
    """
    inside = numbers("dwelling.internal_gains", on)
    watts = inside["per_m2"] * dwellings["floor_area_m2"]
    watts = watts + inside["per_person"] * inside["presence_share"] * quantities["persons"]
    glass = surfaces(quantities, dwellings)["window"] * solar_factor(dwellings)
    lit_m2 = (glass * quantities["sunshine"])[:, None]
    return np.asarray(
        watts[:, None] * weather.heating_hours + 1000 * lit_m2 * weather.window_irradiation_kwh_m2
    )


def conventional_heating(quantities: Quantities, dwellings: Dwellings, need: Need) -> Floats:
    """Final energy to heat the whole dwelling, kWh PCI a year, shape (n,).

    Need x INT / yields, INT = I0 / (1 + 0.1 (G - 1)) with G the losses in W/K a m³.

    Source: arrêté du 31 mars 2021, annexe 1, § 8 and § 9.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 100.0})
    >>> one = {"ceiling_height": 2.5, "intermittence": 0.9, "generation": 0.8, "emission": 0.9}
    >>> g_is_1 = Need(np.full((1, 12), 800.0), np.array([200.0]), np.array([50.0]), np.array([9600.0]))
    >>> found = conventional_heating({name: np.array([own]) for name, own in one.items()}, flat, g_is_1)
    >>> found.round(1).tolist()  # 12 x 800 x 0.9 / (0.8 x 0.9)
    [12000.0]
    """
    reduced = quantities["intermittence"] * _cooling_down(quantities, dwellings, need)
    yearly = need.monthly_kwh.sum(axis=1)
    return np.asarray(yearly * reduced / (quantities["generation"] * quantities["emission"]))


def _cooling_down(quantities: Quantities, dwellings: Dwellings, need: Need) -> Floats:
    """1 / (1 + 0.1 (G - 1)): a dwelling that loses much cools much when heating is reduced."""
    volume = dwellings["floor_area_m2"] * quantities["ceiling_height"]
    density = (need.transmission_w_k + need.air_w_k) / volume
    return np.asarray(1 / (1 + 0.1 * (density - 1)))


def restraint(
    quantities: Quantities, dwellings: Dwellings, need: Need, unrestrained_kwh_m2: float
) -> Floats:
    """Share of the conventional heating that is really used, shape (n,), at most 1.

    (heat a m² / unrestrained need)^(e - 1): the worse the dwelling, the less of it is heated. The
    heat is the need at 19 °C, cooling down deducted: a set-point or a thermostat changes the use
    as much as it changes the heat, a wall only by the power e. `unrestrained_kwh_m2` is in kWh a
    m² a year; below it all of the dwelling is heated.

    Source: `dwelling.use_elasticity` and `dwelling.unrestrained_need` of the parameters, neither
    of them of the DPE.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [100.0, 100.0]})
    >>> given = {"ceiling_height": np.full(2, 2.5), "use_elasticity": np.full(2, 0.5)}
    >>> w_k, at_19_kwh = np.full(2, 125.0), np.array([5_000.0, 20_000.0])
    >>> need = Need(np.zeros((2, 12)), w_k, w_k, at_19_kwh)
    >>> restraint(given, flats, need, 50.0).round(3).tolist()  # four times the unrestrained need
    [1.0, 0.5]
    """
    heat = need.at_19_c_kwh * _cooling_down(quantities, dwellings, need)
    density = heat / dwellings["floor_area_m2"]
    excess = np.maximum(density / unrestrained_kwh_m2, 1.0)
    return np.asarray(excess ** (quantities["use_elasticity"] - 1))


def hot_water_use(quantities: Quantities, weather: Weather) -> Floats:
    """Final energy of hot water, kWh PCI a year, shape (n,), an electric tank's losses included.

    Litres at 40 °C from the month's cold water, over the yields of pipes and machine.

    Source: arrêté du 31 mars 2021, annexe 1, § 11.

    >>> one = {"persons": 2.0, "hot_water_litres": 50.0, "hot_water_distribution": 1.0,
    ...     "hot_water_generation": 1.0, "tank_loss": 300.0}
    >>> weather = Weather(*(np.full((1, 12), own) for own in (0.0, 0.0, 0.0, 0.0, 0.0, 10.0)))
    >>> found = hot_water_use({name: np.array([own]) for name, own in one.items()}, weather)
    >>> found.round(1).tolist()  # 1.163 x 100 L x 365 d x 30 °C / 1000 + 300
    [1573.5]
    """
    litres = quantities["persons"] * quantities["hot_water_litres"]
    degrees = (MONTH_DAYS * (HOT_WATER_C - weather.cold_water_c)).sum(axis=1)
    need = WATER_WH_PER_L_K * litres * degrees / 1000
    heated = need / (quantities["hot_water_distribution"] * quantities["hot_water_generation"])
    return np.asarray(heated + quantities["tank_loss"])
