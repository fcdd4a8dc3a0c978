"""DJU (degrés-jours unifiés) of days known by their lowest and highest temperature.

Two formulas share the name. « Météo » takes the middle of the two temperatures; COSTIC's (« méthode
des professionnels de l'énergie ») still counts the cold hours of a day whose middle is above the
base. A sum says which formula and base it uses: two of them are never compared with each other.
COSTIC's tables may not be redistributed; its formula may, and runs on open station data.
"""

from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from atre.calc.errors import RefusedInput
from atre.calc.parameters import parameter
from atre.calc.savings.balance_points import Floats

Mask = NDArray[np.bool_]


class DegreeDayFormula(StrEnum):
    METEO = "meteo"
    COSTIC = "costic"


def degree_days_meteo(lowest_c: Floats, highest_c: Floats, base_c: Floats | float) -> Floats:
    """Heating degree days of each day by the Météo formula, °C·day.

    max(0, base − (Tn + Tx) / 2). lowest_c (Tn), highest_c (Tx) : °C, any shape, NaN unknown; base_c
    : °C, a number or an array that broadcasts: one base a meter with shape (m, 1) and days (d,).
    Refuses a lowest temperature above the highest one.

    Source: dju_18_meteo, see `degree_days.yaml`.

    >>> degree_days_meteo(np.array([2.0, 12.0]), np.array([8.0, 26.0]), 18.0).tolist()
    [13.0, 0.0]
    """
    _refuse_reversed(lowest_c, highest_c)
    middle = (np.asarray(lowest_c) + np.asarray(highest_c)) / 2
    degree_days: Floats = np.maximum(np.asarray(base_c) - middle, 0.0)
    return degree_days


def degree_days_costic(
    lowest_c: Floats, highest_c: Floats, base_c: Floats | float, *, on: date
) -> Floats:
    """Heating degree days of each day by the COSTIC formula, °C·day.

    Tx ≤ base: base − (Tn + Tx) / 2; Tn ≥ base: 0; between: (base − Tn)·(0,08 + 0,42·(base − Tn) /
    (Tx − Tn)). Shapes, units and refusals as `degree_days_meteo`. `on` dates the two coefficients,
    of medium confidence: COSTIC's own text was not read.

    >>> degree_days_costic(np.array([2.0, 12.0]), np.array([8.0, 26.0]), 18.0,
    ...                    on=date(2025, 1, 1)).round(2).tolist()
    [13.0, 1.56]
    """
    _refuse_reversed(lowest_c, highest_c)
    coefficients = parameter("degree_days.costic_coefficients", on=on).named_numbers
    constant, slope = coefficients["constant"], coefficients["slope"]
    low, high = np.asarray(lowest_c, dtype=np.float64), np.asarray(highest_c, dtype=np.float64)
    under = np.asarray(base_c) - low
    with np.errstate(invalid="ignore", divide="ignore"):
        straddling = under * (constant + slope * under / (high - low))
        whole = np.asarray(base_c) - (low + high) / 2
        found: Floats = np.where(high <= base_c, whole, np.where(low >= base_c, 0.0, straddling))
    return np.where(np.isfinite(low + high), found, np.nan)


def cooling_degree_days_meteo(
    lowest_c: Floats, highest_c: Floats, base_c: Floats | float
) -> Floats:
    """Cooling degree days of each day, °C·day: max(0, (Tn + Tx) / 2 − base).

    There is no official base in France: it is always given. Shapes as `degree_days_meteo`.

    >>> cooling_degree_days_meteo(np.array([18.0]), np.array([32.0]), 22.0).tolist()
    [3.0]
    """
    _refuse_reversed(lowest_c, highest_c)
    middle = (np.asarray(lowest_c) + np.asarray(highest_c)) / 2
    degree_days: Floats = np.maximum(middle - np.asarray(base_c), 0.0)
    return degree_days


def heating_degree_days_of_mean(mean_c: Floats, base_c: Floats | float) -> Floats:
    """Heating degree days of days known by their mean only, °C·day: max(0, base − mean).

    Shapes broadcast: one base a meter, (m, 1), with days (m, d) or (d,). Close to the Météo formula,
    not equal to it: the mean of 24 hours is not the middle of the lowest and the highest.

    >>> heating_degree_days_of_mean(np.array([10.0, 20.0]), np.array([[17.0], [18.0]])).tolist()
    [[7.0, 0.0], [8.0, 0.0]]
    """
    degree_days: Floats = np.maximum(np.asarray(base_c) - np.asarray(mean_c), 0.0)
    return degree_days


def in_heating_season(days: NDArray[np.datetime64], *, on: date) -> Mask:
    """Whether each day is in the conventional season, 1 October to 20 May, any shape.

    `on` dates the convention; contracts may count the real days of heating instead.

    >>> days = np.array(["2024-09-30", "2024-10-01", "2025-05-20", "2025-05-21"], "datetime64[D]")
    >>> in_heating_season(days, on=date(2025, 1, 1)).tolist()
    [False, True, True, False]
    """
    season = parameter("degree_days.season", on=on).named_numbers
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64) % 12 + 1
    month_day = month * 100 + (days.astype("datetime64[D]") - months).astype(np.int64) + 1
    first = season["first_month"] * 100 + season["first_day"]
    last = season["last_month"] * 100 + season["last_day"]
    inside: Mask = (month_day >= first) | (month_day <= last)
    return inside


def corrected_heating_kwh(
    heating_kwh: Floats, degree_days: Floats, reference_degree_days: Floats
) -> Floats:
    """Heating brought to another climate by the rule of three on degree days, kWh, any shape.

    heating × reference / period, on the heating part only: hot water and cooking do not follow the
    cold. NaN where the period has no degree days. Base, formula and season must be the same on both
    sides. Source: correction_formula, see `degree_days.yaml`.

    >>> corrected_heating_kwh(np.array([9000.0]), np.array([1800.0]), np.array([2000.0])).tolist()
    [10000.0]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(degree_days > 0, reference_degree_days / degree_days, np.nan)
    corrected: Floats = heating_kwh * ratio
    return corrected


def _refuse_reversed(lowest_c: Floats, highest_c: Floats) -> None:
    with np.errstate(invalid="ignore"):
        if (np.asarray(lowest_c) > np.asarray(highest_c)).any():
            raise RefusedInput(
                "Un jour a une température minimale supérieure à sa maximale : "
                "les deux colonnes semblent inversées.",
                field="lowest_c",
            )
