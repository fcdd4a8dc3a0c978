"""Air renewal: what ventilation takes out, and what wind pushes through the leaks."""

from collections.abc import Mapping

import numpy as np

from atre.calc.dwelling import reference_tables
from atre.calc.dwelling.inputs import Dwellings, Floats
from atre.calc.dwelling.spreads import Spread

# Method of the DPE, annex 1 of the arrêté du 31 mars 2021, chapter 4.
AIR_WH_PER_M3_K = 0.34
PRESSURE_RATIO = (4 / 50) ** (2 / 3)
TIGHT_SEALS_BEFORE_1949 = 2.5
INSULATED_BEFORE_1949 = 2.0
LEAK_MARGIN = 0.2


def air_quantities(dwellings: Dwellings) -> dict[str, Spread]:
    """Extracted air, m³/(h·m²) of floor, and permeability, m³/(h·m²) of envelope at 4 Pa, (n,) each.

    A ventilation that is not known ranges from a blocked one to open airing.

    Source: arrêté du 31 mars 2021, annexe 1, § 4.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 50.0],
    ...     "built": "after_2012", "ventilation": [None, "vmc_double"]})
    >>> flow = air_quantities(flats)["air_flow"]
    >>> flow.low.tolist(), flow.high.tolist()
    ([0.6, 0.26], [2.23, 0.46])
    """
    table = reference_tables.by_words(
        "ventilation", ("ventilation", "built"), ("low", "central", "high")
    )
    low, central, high = table[dwellings["ventilation"], dwellings["built"]].T
    return {"air_flow": Spread(low, central, high), "permeability": _permeability(dwellings)}


def _permeability(dwellings: Dwellings) -> Spread:
    """By period and kind; draughty windows count as no seals at all.

    Before 1949 the table itself is for windows without seals: seals or insulation lower it.
    """
    table = reference_tables.by_words("air_tightness", ("built",), ("flat", "house")).copy()
    table[-1] = table[1]
    own = table[dwellings["built"], dwellings["kind"]]
    leaky = table[0, dwellings["kind"]]
    before_1949 = dwellings.says("built", "before_1949")
    insulated = dwellings.says("walls_insulated", "yes") | (dwellings["walls_added_r_m2k_w"] > 0)
    tight = np.where(before_1949, np.minimum(own, TIGHT_SEALS_BEFORE_1949), own)
    tight = np.where(before_1949 & insulated, INSULATED_BEFORE_1949, tight)
    good = Spread(tight * (1 - LEAK_MARGIN), tight, tight * (1 + LEAK_MARGIN))
    draughty_central = np.maximum(own, TIGHT_SEALS_BEFORE_1949)
    draughty = Spread(own, draughty_central, np.maximum(leaky, draughty_central))
    unknown = Spread(good.low, np.where(before_1949, (tight + own) / 2, own), draughty_central)
    found = unknown.where(dwellings.says("windows_state", "good"), good)
    return found.where(dwellings.says("windows_state", "draughty"), draughty)


def air_losses(
    quantities: Mapping[str, Floats], dwellings: Dwellings, envelope_m2: Floats
) -> Floats:
    """Heat lost by air renewal, W/K, shape (n,); `envelope_m2` is without the lower floor.

    0.34 Wh/(m³·K) of the air extracted, and of what the wind pushes through the leaks.

    Source: arrêté du 31 mars 2021, annexe 1, § 4.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [100.0, 100.0],
    ...     "ventilation": "none"})
    >>> one = {"ceiling_height": 2.5, "exposed_sides": 2.0, "air_flow": 1.2}
    >>> tight_then_leaky = {**{name: np.full(2, own) for name, own in one.items()},
    ...     "permeability": np.array([0.0, 1.0])}
    >>> air_losses(tight_then_leaky, flats, np.full(2, 200.0)).round(1).tolist()
    [40.8, 66.4]
    """
    table = reference_tables.by_words(
        "ventilation", ("ventilation", "built"), ("inlets", "extract_only")
    )
    inlets, extract_only = table[dwellings["ventilation"], dwellings["built"]].T
    floor_area, height = dwellings["floor_area_m2"], quantities["ceiling_height"]
    several_sides = quantities["exposed_sides"] > 1
    e = np.where(several_sides, 0.07, 0.02)
    f = np.where(several_sides, 15.0, 20.0)
    leak_4pa = quantities["permeability"] * envelope_m2 + 0.45 * inlets * floor_area
    n50 = np.maximum(leak_4pa / (PRESSURE_RATIO * height * floor_area), 1e-9)
    imbalance = extract_only * quantities["air_flow"]
    wind = height * floor_area * n50 * e / (1 + f / e * (imbalance / (height * n50)) ** 2)
    return np.asarray(
        AIR_WH_PER_M3_K * (quantities["air_flow"] * floor_area + wind), dtype=np.float64
    )
