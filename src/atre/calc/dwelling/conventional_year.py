"""Heating degree days of the conventional year of the DPE, by département and altitude.

They are free to reuse, where COSTIC's tables are not, and known for the whole of mainland France:
what a territory needs to be compared with the country when it has no weather series of its own.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.dwelling.climate import climate_zone
from atre.calc.dwelling.inputs import ZONES
from atre.calc.dwelling.reference_tables import climate
from atre.calc.errors import RefusedInput

Floats = NDArray[np.float64]
# Upper bounds of the altitude classes of the method.
CLASS_BOUNDS_M = (400.0, 800.0)


def conventional_degree_days(departments: Sequence[str], altitude_m: ArrayLike = np.nan) -> Floats:
    """Degree days base 19 °C of n places in a conventional year, shape (n,).

    departments : codes (« 01 », « 2A »), one a place. altitude_m : shape (n,) or one number; NaN,
    not known, counts as below 400 m. NaN overseas, where no zone is defined, and above 800 m in a
    zone whose table has no such altitude. Not a climate normal: compare it only with itself.

    Source: degree hours of the arrêté du 31 mars 2021, ordinary inertia, divided by 24.

    >>> conventional_degree_days(["95", "83", "974"]).round(0).tolist()
    [2524.0, 1645.0, nan]
    >>> conventional_degree_days(["38", "38"], [200.0, 900.0]).round(0).tolist()
    [2403.0, 3609.0]
    """
    zones = np.array([_zone_place(department) for department in departments], dtype=np.int64)
    altitude = np.broadcast_to(np.asarray(altitude_m, dtype=np.float64), zones.shape)
    level = np.searchsorted(CLASS_BOUNDS_M, np.nan_to_num(altitude, nan=0.0))
    yearly = climate()["degree_hours_19"].sum(axis=2) / 24
    return np.where(zones < 0, np.nan, yearly[level, zones])


@cache
def _zone_place(department: str) -> int:
    try:
        return ZONES.index(climate_zone(department))
    except RefusedInput:
        return -1
