"""Temperatures that cannot be outdoor degrees Celsius are refused before they correct anything."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from atre.calc.errors import RefusedInput
from atre.calc.parameters import parameter
from atre.calc.savings.balance_points import Floats
from atre.calc.wording import NO_BREAK, number_fr

Mask = NDArray[np.bool_]

# One mistaken row in a hundred is an error of the series; more is another unit.
STRAY_SHARE = 0.01


class FahrenheitSeries(RefusedInput):
    """A series whose range says that it is in degrees Fahrenheit (or in kelvins)."""


def plausible_daily_means(temperature_c: Floats, *, on: date) -> Mask:
    """Which daily means can be outdoor °C; unknown (NaN) ones are not, any shape.

    temperature_c : °C, shape (d,) for one place or (places, d). Raises `FahrenheitSeries`, naming
    what was seen, when more than one known value in a hundred of a place is above the warmest daily
    mean possible, or when its mean is: 50 °F is a mild day, 50 °C is none. A stray value is marked
    False, to be left out and counted.

    >>> plausible_daily_means(np.array([12.0] * 200 + [99.9]), on=date(2025, 1, 1)).sum()
    np.int64(200)
    >>> plausible_daily_means(  # doctest: +ELLIPSIS
    ...     np.array([21.0, 53.0, 86.0]), on=date(2025, 1, 1))
    Traceback (most recent call last):
    atre.calc.savings.weather_range.FahrenheitSeries: Les températures vont de 21,0 à 86,0...
    """
    limits = parameter("degree_days.plausible_daily_mean", on=on).named_numbers
    lowest, highest = limits["lowest"], limits["highest"]
    known = np.isfinite(temperature_c)
    with np.errstate(invalid="ignore"):
        hot = known & (temperature_c > highest)
        plausible: Mask = known & ~hot & (temperature_c >= lowest)
    count = np.maximum(np.count_nonzero(known, axis=-1), 1)
    mean = np.where(known, temperature_c, 0.0).sum(axis=-1) / count
    other_unit = (np.count_nonzero(hot, axis=-1) > STRAY_SHARE * count) | (
        mean > limits["highest_mean"]
    )
    if np.any(other_unit):
        place = temperature_c if temperature_c.ndim == 1 else temperature_c[np.argmax(other_unit)]
        raise _refusal(float(np.nanmin(place)), float(np.nanmax(place)))
    return plausible


def _refusal(low: float, high: float) -> FahrenheitSeries:
    kelvins = low > 200
    unit, recipe = (
        ("en kelvins", "retirez 273,15")
        if kelvins
        else ("en degrés Fahrenheit", "retirez 32, puis multipliez par 5/9")
    )
    return FahrenheitSeries(
        f"Les températures vont de {number_fr(low, 1)} à {number_fr(high, 1)}{NO_BREAK}: "
        f"ce ne sont pas des degrés Celsius d’une température extérieure. La série semble {unit}. "
        f"Convertissez-la ({recipe}) ou demandez-la en degrés Celsius.",
        field="temperature_c",
    )
