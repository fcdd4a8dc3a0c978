"""How large a value that the SDES hid can be, by vintage, energy and sector: the upper bound that a
reconstruction of hidden cells starts from.

Source: SDES, methodological note of September 2022, through the dated parameters `secrecy.sdes.*`.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from atre.calc.parameters import parameter
from atre.formats.local_energy_words import BREAK_YEAR
from atre.formats.territory_figures import Energy, Sector

_LAST_OLD, _FIRST_NEW = date(BREAK_YEAR - 1, 12, 31), date(BREAK_YEAR, 1, 1)


def hidden_mwh_at_most(
    energies: Sequence[str | None], sectors: Sequence[str | None], years: Sequence[int | None]
) -> NDArray[np.float64]:
    """The most that hidden cells can hold, MWh a year (gas PCS); NaN where the publisher bounds
    nothing: residential electricity since 2018, firms at any date, an unknown year. Confidence of
    the source: medium.

    Args: three sequences of n; returns n values.

    >>> hidden_mwh_at_most(["electricity", "electricity", "gas"], ["residential"] * 3, [2016, 2019, 2019])
    array([200.,  nan, 200.])
    """
    energy, sector = np.array(energies, dtype=object), np.array(sectors, dtype=object)
    year = np.array([0 if each is None else each for each in years], dtype=np.int64)
    bounds = np.full(year.shape, np.nan)
    is_old, is_new = (year > 0) & (year < BREAK_YEAR), year >= BREAK_YEAR
    is_residential = sector == str(Sector.RESIDENTIAL)
    for where, key, on in (
        (is_old & is_residential, "secrecy.sdes.hidden_residential_max", _LAST_OLD),
        (
            is_new & is_residential & (energy == str(Energy.GAS)),
            "secrecy.sdes.hidden_residential_gas_max",
            _FIRST_NEW,
        ),
        (
            is_new & (sector == str(Sector.SMALL_PROFESSIONAL)),
            "secrecy.sdes.hidden_professionals_max",
            _FIRST_NEW,
        ),
    ):
        if where.any():
            bounds[where] = parameter(key, on=on).number
    return bounds
