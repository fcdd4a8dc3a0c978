"""A measured saving: avoided use after works, its interval, or why there is none."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings import cautions, sufficiency
from atre.calc.savings.balance_points import Floats
from atre.calc.savings.method import CaltrackMethod
from atre.calc.savings.model import FittedModels, number_or_none
from atre.calc.savings.sufficiency import BASELINE_BITS, Bits, DayCounts
from atre.calc.savings.tiers import Saving, Tier
from atre.calc.savings.uncertainty import BaselineFit
from atre.calc.wording import NO_BREAK, number_fr

Integers = NDArray[np.int64]
MEASURED, REFUSED = "measured", "refused"
YEAR_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSavings:
    """The savings of m meters; every array has shape (m,), energies in kWh, NaN where unknown.

    models : chosen on each baseline ; fit : how well they follow it.
    refusals, caution_bits : see `sufficiency` and `cautions`; a refusal of 0 means measured.
    baseline_kwh : used on the known days of the baseline (`counts.usable`).
    counterfactual_kwh : what the model expects of the reporting days, from their own weather.
    reported_kwh : what was used on these same days ; saving_kwh : counterfactual − reported,
    positive when less is used ; saving_half_width_kwh : at `method.confidence`.
    reporting_days : days compared ; days_left_out : days after the works that could not be.
    """

    method: CaltrackMethod
    models: FittedModels
    fit: BaselineFit
    refusals: Bits
    caution_bits: Bits
    counts: DayCounts
    baseline_kwh: Floats
    counterfactual_kwh: Floats
    reported_kwh: Floats
    saving_half_width_kwh: Floats
    reporting_days: Integers
    days_left_out: Integers
    extreme_values: Integers
    days_outside_baseline: Integers

    def __len__(self) -> int:
        return len(self.refusals)

    @property
    def is_measured(self) -> NDArray[np.bool_]:
        measured: NDArray[np.bool_] = self.refusals == 0
        return measured

    @property
    def saving_kwh(self) -> Floats:
        return np.where(self.is_measured, self.counterfactual_kwh - self.reported_kwh, np.nan)

    @property
    def saving_low_kwh(self) -> Floats:
        low: Floats = self.saving_kwh - self.saving_half_width_kwh
        return low

    @property
    def saving_high_kwh(self) -> Floats:
        high: Floats = self.saving_kwh + self.saving_half_width_kwh
        return high

    def reasons_fr(self, meter: int) -> tuple[str, ...]:
        """Why this meter's saving is refused, one sentence a reason; empty when it is measured."""
        return tuple(
            sufficiency.sentence_fr(one, self.counts, meter, self.method)
            for one in sufficiency.reasons_of(self.refusals[meter])
        )

    def cautions_fr(self, meter: int) -> tuple[str, ...]:
        """What this meter's saving must be read with, one sentence a caution; none when refused."""
        return tuple(cautions.sentence_fr(one, self, meter) for one in self._cautions(meter))

    def as_dict(self, meter: int) -> dict[str, Any]:
        """One meter as plain values for JSON; unknown is None, never 0."""
        measured = bool(self.refusals[meter] == 0)
        expected, reported = self.counterfactual_kwh[meter], self.reported_kwh[meter]
        saving, half = expected - reported, self.saving_half_width_kwh[meter]
        baseline = self.baseline_kwh[meter]
        return {
            "status": MEASURED if measured else REFUSED,
            "reasons": list(self.reasons_fr(meter)),
            "reason_codes": [str(one) for one in sufficiency.reasons_of(self.refusals[meter])],
            "model": self._model_as_dict(meter),
            "baseline_kwh": number_or_none(baseline),
            "baseline_days": int(self.counts.usable[meter]),
            "counterfactual_kwh": _where(measured, expected),
            "reported_kwh": _where(measured, reported),
            "reporting_days": int(self.reporting_days[meter]),
            "saving_kwh": _where(measured, saving),
            "saving_interval_kwh": [number_or_none(saving - half), number_or_none(saving + half)]
            if measured
            else None,
            "saving_share": _where(measured and expected > 0, saving / expected if expected else 0),
            "confidence": self.method.confidence,
            "raw_difference_kwh": _where(measured, baseline - reported),
            "weather_effect_kwh": _where(measured, baseline - expected),
            "cautions": list(self.cautions_fr(meter)),
            "caution_codes": [str(one) for one in self._cautions(meter)],
            "tier": str(Tier.MEASURED),
        }

    def _model_as_dict(self, meter: int) -> dict[str, Any] | None:
        """The model, unless the baseline is what is refused: then it means nothing."""
        model = self.models.as_dict(meter)
        if model is None or self.refusals[meter] & BASELINE_BITS:
            return None
        mean, rmse = float(self.fit.mean_kwh[meter]), float(self.fit.rmse_kwh[meter])
        return {**model, "cvrmse": number_or_none(rmse / mean) if mean > 0 else None}

    def _cautions(self, meter: int) -> tuple[cautions.Caution, ...]:
        measured = self.refusals[meter] == 0
        return cautions.cautions_of(self.caution_bits[meter]) if measured else ()

    @property
    def raw_difference_kwh(self) -> Floats:
        """Baseline minus reported use, as two bills would be subtracted: not a saving."""
        raw: Floats = self.baseline_kwh - self.reported_kwh
        return raw

    @property
    def weather_effect_kwh(self) -> Floats:
        """The part of the raw difference that weather and the number of days explain."""
        effect: Floats = self.baseline_kwh - self.counterfactual_kwh
        return effect

    def saving(self, meter: int) -> Saving | None:
        """The saving in the measured tier; None when refused, or when less than a year is known.

        Only a year of reporting (350 days compared or more) makes a yearly saving: a winter's is
        never stretched to a year.
        """
        year = YEAR_DAYS - self.method.edge_days_at_most
        if self.refusals[meter] or self.reporting_days[meter] < year:
            return None
        kwh = float(self.counterfactual_kwh[meter] - self.reported_kwh[meter])
        half = float(self.saving_half_width_kwh[meter])
        return Saving(
            tier=Tier.MEASURED,
            kwh_per_year=round(kwh * YEAR_DAYS / float(self.reporting_days[meter]), 1),
            euros_per_year=None,
            basis_fr=(
                f"Consommation évitée, corrigée de la météo : {number_fr(kwh)}{NO_BREAK}kWh, "
                f"à {number_fr(half)}{NO_BREAK}kWh près ({_percent_fr(self.method.confidence)})."
            ),
            cautions_fr=self.cautions_fr(meter),
        )


def _percent_fr(share: float) -> str:
    return f"{number_fr(Decimal(str(share)) * 100)}{NO_BREAK}% de confiance"


def _where(measured: bool, value: Any) -> float | None:
    return number_or_none(value) if measured else None
