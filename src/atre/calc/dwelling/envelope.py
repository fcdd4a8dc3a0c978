"""Areas and heat losses of the envelope, each with its low, central and high value."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from atre.calc.dwelling import reference_tables
from atre.calc.dwelling.inputs import Dwellings, Flags, Floats
from atre.calc.dwelling.spreads import Spread, certain, constant, either, midway
from atre.calc.parameters import parameter


def numbers(key: str, on: date) -> dict[str, float]:
    """The named numbers of a dwelling parameter on a day, in the unit of the parameter.

    Raises `UnknownParameter` where none is in force.

    >>> numbers("dwelling.setpoint", date(2026, 6, 1))
    {'low': 17.0, 'central': 19.0, 'high': 21.0}
    """
    return dict(parameter(key, on=on).named_numbers)


def areas(dwellings: Dwellings, on: date) -> dict[str, Spread]:
    """Quantities that make the areas, shape (n,) each: sides and levels in numbers, height in m,
    window area in m², the rest ratios, thermal bridges in W/(m²·K); see `balance.surfaces`.

    Source: `dwelling.*` of the parameters for what the visit did not see.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 50.0],
    ...     "roof_exposed": [None, "no"]})
    >>> roof = areas(flats, date(2026, 6, 1))["roof_share"]
    >>> roof.low.tolist(), roof.high.tolist()  # top floor or not: not said, then said
    ([0.0, 0.0], [1.0, 0.0])
    """
    size = len(dwellings)
    house = dwellings.says("kind", "house")
    sides = constant({"low": 1, "central": 2, "high": 3}, size).where(
        house, constant({"low": 2, "central": 3, "high": 4}, size)
    )
    levels = certain(np.ones(size)).where(
        house, constant({"low": 2, "central": 1.5, "high": 1}, size)
    )
    height = constant(numbers("dwelling.ceiling_height", on), size)
    ratio = constant(numbers("dwelling.window_ratio", on), size)
    return {
        "exposed_sides": sides.given(dwellings["exposed_sides"]),
        "levels": levels.given(dwellings["levels"]),
        "ceiling_height": height.given(dwellings["ceiling_height_m"]),
        "shape": constant(numbers("dwelling.shape_factor", on), size),
        "roof_factor": constant(numbers("dwelling.roof_factor", on), size),
        "roof_share": _exposed(dwellings, "roof_exposed", house),
        "floor_share": _exposed(dwellings, "floor_exposed", house),
        "window_area": ratio.times(dwellings["floor_area_m2"]).given(dwellings["window_area_m2"]),
        "thermal_bridges": constant(numbers("dwelling.thermal_bridges", on), size),
    }


def _exposed(dwellings: Dwellings, name: str, house: Flags) -> Spread:
    """Share of the roof or floor that loses heat: a house has its own unless someone says no."""
    size = len(dwellings)
    unknown = constant({"low": 0, "central": 0.5, "high": 1}, size)
    said = unknown.where(house | dwellings.says(name, "yes"), certain(np.ones(size)))
    return said.where(dwellings.says(name, "no"), certain(np.zeros(size)))


def transmissions(dwellings: Dwellings, on: date) -> dict[str, Spread]:
    """U of walls, roof, floor and windows, W/(m²·K), shape (n,) each, added layers included.

    Source: arrêté du 31 mars 2021, annexe 1, § 3; TABULA for bare walls (`tables/README.md`).

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> houses = read_dwellings({"kind": "house", "zone": "H1a", "floor_area_m2": [90.0, 90.0],
    ...     "built": "before_1949", "walls_insulated": "no", "walls_added_r_m2k_w": [0.0, 4.0]})
    >>> transmissions(houses, date(2026, 6, 1))["wall_u"].central.round(3).tolist()
    [2.1, 0.223]
    """
    attic = _opaque(dwellings, "attic", "roof_insulated")
    terrace = _opaque(dwellings, "terrace", "roof_insulated")
    house = dwellings.says("kind", "house")
    roof = either(attic, terrace).where(
        dwellings.says("roof_kind", "attic") | (house & dwellings.unknown("roof_kind")), attic
    )
    roof = roof.where(dwellings.says("roof_kind", "terrace"), terrace)
    wall = _opaque(dwellings, "wall", "walls_insulated")
    floor = _opaque(dwellings, "floor", "floor_insulated")
    return {
        "wall_u": wall.with_added_resistance(dwellings["walls_added_r_m2k_w"]),
        "roof_u": roof.with_added_resistance(dwellings["roof_added_r_m2k_w"]),
        "floor_u": _to_the_ground(
            dwellings, floor.with_added_resistance(dwellings["floor_added_r_m2k_w"])
        ),
        "window_u": windows(dwellings, on),
    }


def _opaque(dwellings: Dwellings, element: str, insulated: str) -> Spread:
    """U by what is known of the insulation.

    Insulated: from today's rule of good practice (the 2006-2012 table) to the first insulations
    (1975-1977) or, built later, the table of its period; central is their geometric mean. Partly:
    half of the surface. Not known: before 1975, from insulated to bare; since then, the table of
    the period, because building rules asked for it.
    """
    table = reference_tables.u_values()[element]
    zone = _zone_group(dwellings)
    oldest, likely, newest = (table[period, zone] for period in _periods(dwellings))
    bare = _bare(element, len(dwellings))
    first, recent = table[1, zone], table[6, zone]
    worst = np.minimum(oldest, first)
    best = np.minimum(np.minimum(recent, newest), worst)
    middle = np.clip(np.sqrt(worst * best), best, np.minimum(likely, worst))
    layer = Spread(best * 0.9, middle, worst * 1.1)
    none = Spread(*(np.maximum(own, middle) for own in bare))
    old = _periods(dwellings)[0] == 0
    era = Spread(best, np.clip(likely, best, worst), worst * 1.1)
    found = era.where(old, either(layer, none))
    found = found.where(dwellings.says(insulated, "yes"), layer)
    partly = midway(layer, none)
    partly = Spread(
        midway(layer, none, 0.3).central, partly.central, midway(layer, none, 0.7).central
    )
    found = found.where(dwellings.says(insulated, "partial"), partly)
    return found.where(dwellings.says(insulated, "no"), none)


def _bare(element: str, size: int) -> Spread:
    return constant(reference_tables.bare_walls()[element], size)


def _zone_group(dwellings: Dwellings) -> NDArray[np.int64]:
    """0, 1, 2 for H1, H2, H3."""
    groups = np.array([0, 0, 0, 1, 1, 1, 1, 2])
    return np.asarray(groups[dwellings["zone"]], dtype=np.int64)


# Oldest, likely and newest row of the table of U for each construction period of a visit.
_PERIOD_ROWS = np.array(
    [[0, 0, 0], [0, 0, 0], [1, 2, 3], [4, 4, 4], [5, 6, 6], [7, 7, 7], [0, 3, 7]]
)
_PERIOD_STARTS = np.array([1975, 1978, 1983, 1989, 2001, 2006, 2013])


def _periods(dwellings: Dwellings) -> tuple[NDArray[np.int64], ...]:
    found = _PERIOD_ROWS[dwellings["built"]].astype(np.int64)
    year = dwellings["built_year"]
    exact = np.searchsorted(_PERIOD_STARTS, np.nan_to_num(year), side="right")
    known = ~np.isnan(year)
    oldest, likely, newest = (np.where(known, exact, found[:, place]) for place in range(3))
    return oldest, likely, newest


def _to_the_ground(dwellings: Dwellings, floor: Spread) -> Spread:
    """Equivalent U of a floor with what lies under it (unheated cellar, ground, open air).

    Not known: from the cellar's to half of the bare floor's (the reduction TABULA takes for an
    unheated cellar), the ground's in the middle.
    """
    curves = {
        kind: Spread(*(np.interp(own, upb, ue) for own in floor))
        for kind, (upb, ue) in reference_tables.ground_floors().items()
    }
    cellar, ground = curves["cellar"], curves["ground"]
    unknown = Spread(cellar.low, ground.central, np.maximum(ground.high, 0.5 * floor.high))
    found = unknown.where(dwellings.says("floor_kind", "ground"), ground)
    found = found.where(
        dwellings.says("floor_kind", "cellar"),
        Spread(cellar.low, cellar.central, np.maximum(cellar.high, 0.5 * floor.high)),
    )
    return found.where(dwellings.says("floor_kind", "outside"), curves["outside"])


def windows(dwellings: Dwellings, on: date) -> Spread:
    """U of the windows, W/(m²·K), (n,), half of the time behind closed shutters if there are some.

    Not known: from double to single glazing. Shutters not known: with or without.

    Source: arrêté du 31 mars 2021, annexe 1, § 3.3.2; the middle of its range is ours.

    >>> from datetime import date
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 50.0,
    ...     "window_u_w_m2k": 3.0, "shutters": "yes"})
    >>> round(float(windows(flat, date(2026, 6, 1)).central[0]), 2)
    2.53
    """
    table = reference_tables.by_words("windows", ("glazing",), ("u_low", "u", "u_high"))
    low, central, high = table[dwellings["glazing"]].T
    single, double = table[0], table[2]
    size = len(dwellings)
    unknown = Spread(*(np.full(size, own) for own in (double[1], double[2], single[1])))
    found = Spread(low, central, high).where(dwellings.unknown("glazing"), unknown)
    found = found.given(dwellings["window_u_w_m2k"])
    resistance = numbers("dwelling.shutter_resistance", on)
    closed = Spread(
        _behind_shutters(found.low, resistance["high"]),
        _behind_shutters(found.central, resistance["central"]),
        _behind_shutters(found.high, resistance["low"]),
    )
    unsure = Spread(closed.low, (closed.central + found.central) / 2, found.high)
    said = unsure.where(dwellings.says("shutters", "yes"), closed)
    return said.where(dwellings.says("shutters", "no"), found)


def _behind_shutters(u: Floats, resistance: float) -> Floats:
    return 0.5 * u + 0.5 / (1 / u + resistance)


def solar_factor(dwellings: Dwellings) -> Floats:
    """Share of the sun on a window that enters, shape (n,); double glazing when not known.

    Source: arrêté du 31 mars 2021, annexe 1, § 6.2.1; the middle of its range is ours.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 50.0, 50.0],
    ...     "glazing": ["single", "double", None]})
    >>> solar_factor(flats).tolist()
    [0.52, 0.44, 0.44]
    """
    table = reference_tables.by_words("windows", ("glazing",), ("solar_factor",))[..., 0]
    code = np.where(dwellings.unknown("glazing"), 2, dwellings["glazing"])
    return np.asarray(table[code], dtype=np.float64)
