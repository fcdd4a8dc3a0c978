"""Euros of a measured saving, at one price: what changed is the use, not the tariff."""

from dataclasses import dataclass

import numpy as np

from atre.calc.errors import RefusedInput
from atre.calc.savings.balance_points import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantPriceSaving:
    """Euros TTC, shape (m,), NaN where unknown: the saving and the bounds of its interval."""

    saving_eur: Floats
    low_eur: Floats
    high_eur: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BillChange:
    """Why a year's variable cost changed, euros TTC, shape (m,); the three parts add up exactly.

    change_eur : cost after minus cost before ; price_eur : the tariff's part, on what is used now;
    weather_eur : weather's and days' part ; use_eur : minus the saving, both at the price before.
    """

    change_eur: Floats
    price_eur: Floats
    weather_eur: Floats
    use_eur: Floats


def constant_price_saving(
    saving_kwh: Floats, half_width_kwh: Floats, price_eur_per_kwh: Floats | float
) -> ConstantPriceSaving:
    """A saving in euros at one price for both years.

    saving_kwh, half_width_kwh : kWh, shape (m,) ; price_eur_per_kwh : TTC, of one kWh more or less,
    without the standing charge, a number or shape (m,), NaN where unknown. The interval is that of
    the energy: the price is taken as exact. Refuses a negative price.

    >>> found = constant_price_saving(np.array([2000.0]), np.array([300.0]), 0.12)
    >>> found.saving_eur.round(2).tolist(), found.low_eur.round(2).tolist()
    ([240.0], [204.0])
    """
    price = np.asarray(price_eur_per_kwh, dtype=np.float64)
    _refuse_negative(price)
    return ConstantPriceSaving(
        saving_eur=saving_kwh * price,
        low_eur=(saving_kwh - half_width_kwh) * price,
        high_eur=(saving_kwh + half_width_kwh) * price,
    )


def bill_change(
    baseline_kwh: Floats,
    counterfactual_kwh: Floats,
    reported_kwh: Floats,
    *,
    price_before_eur_per_kwh: Floats | float,
    price_after_eur_per_kwh: Floats | float,
) -> BillChange:
    """Split the change of a bill between price, weather and use. Shapes (m,), kWh and euros TTC.

    Variable cost only. A bill can rise although the household saved: the parts say by how much each
    pulled. Refuses a negative price.

    >>> parts = bill_change(np.array([10000.0]), np.array([11000.0]), np.array([9500.0]),
    ...                     price_before_eur_per_kwh=0.10, price_after_eur_per_kwh=0.13)
    >>> [one.round(2).tolist() for one in (parts.change_eur, parts.price_eur, parts.weather_eur,
    ...                                    parts.use_eur)]
    [[235.0], [285.0], [100.0], [-150.0]]
    """
    before = np.asarray(price_before_eur_per_kwh, dtype=np.float64)
    after = np.asarray(price_after_eur_per_kwh, dtype=np.float64)
    _refuse_negative(before)
    _refuse_negative(after)
    return BillChange(
        change_eur=reported_kwh * after - baseline_kwh * before,
        price_eur=reported_kwh * (after - before),
        weather_eur=(counterfactual_kwh - baseline_kwh) * before,
        use_eur=(reported_kwh - counterfactual_kwh) * before,
    )


def _refuse_negative(price: Floats) -> None:
    with np.errstate(invalid="ignore"):
        if np.any(price < 0):
            raise RefusedInput("Un prix du kWh n’est pas négatif.", field="price_eur_per_kwh")
