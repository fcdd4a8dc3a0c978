"""What a fitted model is: one of four kinds, its coefficients, how well it fits. On arrays."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.balance_points import Floats

Kinds = NDArray[np.int8]


class ModelKind(StrEnum):
    INTERCEPT_ONLY = "intercept_only"
    HDD_ONLY = "hdd_only"
    CDD_ONLY = "cdd_only"
    CDD_HDD = "cdd_hdd"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    ModelKind.INTERCEPT_ONLY: "consommation sans lien avec la température",
    ModelKind.HDD_ONLY: "chauffage",
    ModelKind.CDD_ONLY: "climatisation",
    ModelKind.CDD_HDD: "chauffage et climatisation",
}
# Codes of arrays, in the order in which CalTRACK lists its candidates; -1 is no model.
KINDS = tuple(ModelKind)
NO_MODEL = -1
INTERCEPT_ONLY, HDD_ONLY, CDD_ONLY, CDD_HDD = range(4)
# Slopes beside the intercept, by kind.
SLOPES_BY_KIND = np.array([0, 1, 1, 2], dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedModels:
    """The chosen model of each meter; every array has shape (m,), NaN where it has no meaning.

    kind : codes of `KINDS`, -1 where no candidate qualified.
    intercept_kwh_per_day ; beta_hdd, beta_cdd : kWh per °C·day.
    heating_balance_point_c, cooling_balance_point_c : °C.
    r2_adj : adjusted R² of the regression that was fitted (weighted by days for bills).
    beta_hdd_p_value, beta_cdd_p_value : two-sided, from Student's law.
    """

    kind: Kinds
    intercept_kwh_per_day: Floats
    beta_hdd: Floats
    beta_cdd: Floats
    heating_balance_point_c: Floats
    cooling_balance_point_c: Floats
    r2_adj: Floats
    beta_hdd_p_value: Floats
    beta_cdd_p_value: Floats

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def slopes(self) -> NDArray[np.int64]:
        """Slopes beside the intercept, shape (m,); 0 where there is no model."""
        slopes: NDArray[np.int64] = SLOPES_BY_KIND[np.maximum(self.kind, 0)]
        return slopes

    def as_dict(self, position: int) -> dict[str, Any] | None:
        """One model, for JSON; None when there is none. Coefficients without meaning are None."""
        if self.kind[position] == NO_MODEL:
            return None
        return {
            "kind": str(KINDS[self.kind[position]]),
            "intercept": number_or_none(self.intercept_kwh_per_day[position]),
            "beta_hdd": number_or_none(self.beta_hdd[position]),
            "heating_balance_point_c": number_or_none(self.heating_balance_point_c[position]),
            "beta_cdd": number_or_none(self.beta_cdd[position]),
            "cooling_balance_point_c": number_or_none(self.cooling_balance_point_c[position]),
            "r2_adj": number_or_none(self.r2_adj[position]),
            "beta_hdd_p_value": number_or_none(self.beta_hdd_p_value[position]),
            "beta_cdd_p_value": number_or_none(self.beta_cdd_p_value[position]),
        }


def predicted_kwh_per_day(models: FittedModels, temperature_c: Floats) -> Floats:
    """Use per day of each model, kWh, at daily mean temperatures.

    temperature_c : °C, shape (m, d), or (d,) when the meters share their weather; NaN is unknown.
    Returns shape (m, d), NaN where the temperature is unknown or there is no model.

    Ten kWh a day and two by degree below 18 °C:

    >>> one, nothing = np.array([1.0]), np.array([np.nan])
    >>> model = FittedModels(kind=np.array([HDD_ONLY], np.int8), intercept_kwh_per_day=10 * one,
    ...     beta_hdd=2 * one, heating_balance_point_c=18 * one, beta_cdd=nothing,
    ...     cooling_balance_point_c=nothing, r2_adj=one, beta_hdd_p_value=0 * one,
    ...     beta_cdd_p_value=nothing)
    >>> predicted_kwh_per_day(model, np.array([15.0, 18.0, 25.0, np.nan])).tolist()
    [[16.0, 10.0, 10.0, nan]]
    """
    predicted = np.repeat(models.intercept_kwh_per_day[:, None], temperature_c.shape[-1], axis=1)
    predicted += _hdd_part(models, temperature_c)
    predicted += _cdd_part(models, temperature_c)
    return predicted


def _hdd_part(models: FittedModels, temperature_c: Floats) -> Floats:
    """Heating use per day, kWh, shapes as `predicted_kwh_per_day`; 0 where no heating was found."""
    heats = np.isfinite(models.beta_hdd)
    base = np.where(heats, models.heating_balance_point_c, 0.0)[:, None]
    slope = np.where(heats, models.beta_hdd, 0.0)[:, None]
    part: Floats = np.maximum(base - temperature_c, 0.0) * slope
    return part


def _cdd_part(models: FittedModels, temperature_c: Floats) -> Floats:
    """Cooling use per day, kWh, shapes as `predicted_kwh_per_day`; 0 where no cooling was found."""
    cools = np.isfinite(models.beta_cdd)
    base = np.where(cools, models.cooling_balance_point_c, 0.0)[:, None]
    slope = np.where(cools, models.beta_cdd, 0.0)[:, None]
    part: Floats = np.maximum(temperature_c - base, 0.0) * slope
    return part


def number_or_none(value: Any) -> float | None:
    """A plain float, None for NaN and infinities: JSON knows neither.

    >>> number_or_none(np.float64("nan")) is None, number_or_none(np.float64(2))
    (True, 2.0)
    """
    number = float(value)
    return number if isfinite(number) else None
