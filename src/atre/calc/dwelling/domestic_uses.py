"""Hot water, cooking and the rest of the electricity: litres, yields and yearly kWh."""

from datetime import date

import numpy as np

from atre.calc.dwelling import reference_tables
from atre.calc.dwelling.envelope import numbers
from atre.calc.dwelling.inputs import UNKNOWN, Dwellings, Floats
from atre.calc.dwelling.spreads import Spread, certain, constant
from atre.calc.dwelling.systems import hot_water_energy

# Method of the DPE, annex 1 of the arrêté du 31 mars 2021: § 11.1 (occupation), § 11.6.2 (tanks).
TANK_LOSS_KWH_PER_LITRE = 8592 * 45 / 24 / 1000
SMALL_TANK_L, SMALL_TANK_LOSS, TANK_LOSS = 100, 0.32, 0.22


def usual_persons(dwellings: Dwellings) -> Spread:
    """Persons, shape (n,): those said, else one to the method's most for that area.

    The method gives the most a dwelling may hold (`Nmax`) and the « équivalent adulte » it
    counts, which is the central value here.

    Source: arrêté du 31 mars 2021, annexe 1, § 11.1.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H1a", "floor_area_m2": 100.0})
    >>> [round(float(side[0]), 3) for side in usual_persons(house)]
    [1.0, 1.975, 2.5]
    """
    area = dwellings["floor_area_m2"]
    house = dwellings.says("kind", "house")
    small, usual = np.where(house, 30, 10), np.where(house, 70, 50)
    most = np.where(
        area < small,
        1.0,
        np.where(
            area < usual,
            1.75 - 0.01875 * (usual - area),
            np.where(house, 0.025, 0.035) * area,
        ),
    )
    counted = np.where(most < 1.75, most, 1.75 + 0.3 * (most - 1.75))
    return Spread(np.ones(len(area)), counted, np.maximum(most, counted)).given(
        dwellings["occupants"]
    )


def domestic_quantities(dwellings: Dwellings, on: date) -> dict[str, Spread]:
    """Quantities of hot water, cooking and specific electricity, shape (n,) each.

    Litres at 40 °C a person a day, kWh a year for `cooking`, `specific` (of a mean household, to
    be multiplied by `use_scale`) and `tank_loss`, ratios for the yields. What gestures save is
    deducted here.

    Source: `dwelling.*` of the parameters; arrêté du 31 mars 2021, annexe 1, § 11, for yields.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 60.0, "occupants": 3,
    ...     "hot_water_saved_share": 0.25})
    >>> found = domestic_quantities(flat, date(2026, 6, 1))
    >>> found["hot_water_litres"].central.tolist(), found["use_scale"].central.round(2).tolist()
    ([42.0], [1.2])
    """
    size = len(dwellings)
    persons = usual_persons(dwellings)
    litres = constant(numbers("dwelling.hot_water_litres", on), size)
    kept = 1 - dwellings["hot_water_saved_share"]
    specific = constant(numbers("dwelling.specific_electricity", on), size)
    by_person = numbers("dwelling.uses_by_person", on)
    scale = Spread(*(by_person["fixed"] + by_person["per_person"] * own for own in persons))
    return {
        "persons": persons,
        "hot_water_litres": litres.times(kept),
        "use_scale": scale,
        "cooking": constant(numbers("dwelling.cooking", on), size),
        "specific": specific.times(1 - dwellings["specific_saved_share"]),
        **_hot_water_yields(dwellings),
    }


def _hot_water_yields(dwellings: Dwellings) -> dict[str, Spread]:
    energy = hot_water_energy(dwellings)
    names = ("generation_low", "generation", "generation_high")
    pipes = ("distribution_low", "distribution", "distribution_high")
    table = reference_tables.by_words(
        "hot_water",
        ("hot_water_system", "hot_water_energy"),
        (*names, *pipes, "electric_tank"),
    )
    found = np.where(
        (energy == UNKNOWN)[:, None], np.nan, table[dwellings["hot_water_system"], energy]
    )
    none = dwellings.says("hot_water_system", "none")
    generation = Spread(found[:, 0], found[:, 1], found[:, 2])
    generation = generation.where(none, certain(np.full(len(energy), np.inf)))
    distribution = Spread(found[:, 3], found[:, 4], found[:, 5])
    loss = tank_loss(dwellings)
    nothing = certain(np.zeros(len(energy)))
    return {
        "hot_water_generation": generation,
        "hot_water_distribution": distribution.where(none, certain(np.ones(len(energy)))),
        "tank_loss": nothing.where(found[:, 6] == 1, loss),
    }


def tank_loss(dwellings: Dwellings) -> Spread:
    """What an electric tank of known or usual volume loses in a year, kWh, shape (n,).

    Source: arrêté du 31 mars 2021, annexe 1, § 11.6.2 (vertical tanks).

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 50.0, "tank_l": 200})
    >>> round(float(tank_loss(flat).central[0]))
    709
    """
    size = len(dwellings)
    volume = constant({"low": 100, "central": 200, "high": 300}, size)
    return Spread(*(_tank_loss(own) for own in volume.given(dwellings["tank_l"])))


def _tank_loss(volume_l: Floats) -> Floats:
    rate = np.where(volume_l <= SMALL_TANK_L, SMALL_TANK_LOSS, TANK_LOSS)
    return np.asarray(TANK_LOSS_KWH_PER_LITRE * volume_l * rate, dtype=np.float64)
