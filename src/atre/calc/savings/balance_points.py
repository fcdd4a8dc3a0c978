"""The balance points that CalTRACK 2.0 tries, in degrees Celsius.

CalTRACK's grid is 30 to 90 °F by 1 °F (rule 3.2.2.1). The same 61 points are kept here, converted
and not rounded: a grid of whole degrees Celsius would choose other models than the reference does.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FIRST_FAHRENHEIT = 30
LAST_FAHRENHEIT = 90
# A difference of 1 °F; thresholds in °F-days are converted with it.
CELSIUS_PER_FAHRENHEIT = 5 / 9


def celsius_of_fahrenheit(fahrenheit: Floats) -> Floats:
    """Temperatures in °C from °F, any shape; NaN stays NaN.

    >>> celsius_of_fahrenheit(np.array([32.0, 60.8])).tolist()
    [0.0, 16.0]
    """
    celsius: Floats = (np.asarray(fahrenheit, dtype=np.float64) - 32) * CELSIUS_PER_FAHRENHEIT
    return celsius


def caltrack_balance_points_c() -> Floats:
    """The 61 balance points tried for heating and for cooling, in °C, rising, shape (61,).

    Source: CalTRACK 2.0, rule 3.2.2.1 (30 to 90 °F), https://docs.caltrack.org.

    >>> grid = caltrack_balance_points_c()
    >>> len(grid), round(float(grid[0]), 3), round(float(grid[-1]), 3)
    (61, -1.111, 32.222)
    """
    return celsius_of_fahrenheit(np.arange(FIRST_FAHRENHEIT, LAST_FAHRENHEIT + 1, dtype=np.float64))
