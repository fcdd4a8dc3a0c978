"""The indicators of the Observatoire for one household: each answer, its sentence, what is missing.

The arithmetic is that of the batch functions, called with one row: a household on a screen and a
million in a survey are judged by the same code.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from atre.calc.poverty.brde import brde, energy_per_basis, residual_income_per_unit
from atre.calc.poverty.cold import cold_discomfort, cold_discomfort_3d
from atre.calc.poverty.effort import above_tee_threshold, effort_ratio, insee_units, tee_3d
from atre.calc.three_valued import Answer, Codes, answer_from_code, any_of
from atre.calc.wording import NO_BREAK, list_fr


class Indicator(StrEnum):
    """What the Observatoire calls energy poverty, one way at a time."""

    TEE = "tee"
    TEE_3D = "tee_3d"
    BRDE_M2 = "brde_m2"
    BRDE_UC = "brde_uc"
    FR = "fr"
    FR_3D = "fr_3d"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    Indicator.TEE: "Taux d’effort énergétique au-dessus du seuil",
    Indicator.TEE_3D: "Taux d’effort énergétique, trois premiers déciles (TEE_3D)",
    Indicator.BRDE_M2: "Bas revenus, dépenses élevées par m² (BRDE_m²)",
    Indicator.BRDE_UC: "Bas revenus, dépenses élevées par unité de consommation (BRDE_UC)",
    Indicator.FR: "Froid ressenti pour une raison de précarité (FR)",
    Indicator.FR_3D: "Froid ressenti, trois premiers déciles (FR_3D)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdYear:
    """What one household lived with in one year. None = not asked or not answered.

    Euros a year; the energy is TTC, of every use of the dwelling, without the car; the income is
    the disposable income, not the revenu fiscal de référence; the housing costs are those left
    after housing benefits, without energy.
    """

    energy_eur_per_year: float | None = None
    disposable_income_eur_per_year: float | None = None
    housing_eur_per_year: float | None = None
    persons_14_or_more: int | None = None
    children_under_14: int | None = None
    floor_area_m2: float | None = None
    declared_cold: bool | None = None
    cold_reason_is_poverty: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The medians and the decile of the population compared with; None = no published figure."""

    third_decile_per_unit_eur: float | None = None
    energy_median_per_m2_eur: float | None = None
    energy_median_per_unit_eur: float | None = None
    residual_median_per_unit_eur: float | None = None


_FIELDS_FR = {
    "energy_eur_per_year": "la dépense d’énergie d’une année",
    "disposable_income_eur_per_year": "le revenu disponible d’une année",
    "housing_eur_per_year": "les dépenses de logement hors énergie",
    "persons_14_or_more": "le nombre de personnes de 14 ans ou plus",
    "children_under_14": "le nombre d’enfants de moins de 14 ans",
    "floor_area_m2": "la surface du logement",
    "declared_cold": "la réponse à la question sur le froid",
    "cold_reason_is_poverty": "la raison du froid",
    "third_decile_per_unit_eur": "la limite publiée du troisième décile",
    "energy_median_per_m2_eur": "la médiane de la dépense d’énergie par m²",
    "energy_median_per_unit_eur": "la médiane de la dépense d’énergie par unité de consommation",
    "residual_median_per_unit_eur": "la médiane du reste à vivre",
}

_RATIO = ("energy_eur_per_year", "disposable_income_eur_per_year")
_UNITS = ("persons_14_or_more", "children_under_14")
_DECILE = ("disposable_income_eur_per_year", *_UNITS, "third_decile_per_unit_eur")
_RESIDUAL = (
    "disposable_income_eur_per_year",
    "housing_eur_per_year",
    *_UNITS,
    "residual_median_per_unit_eur",
)
_NEEDS = {
    Indicator.TEE: _RATIO,
    Indicator.TEE_3D: (*_RATIO, *_DECILE[1:]),
    Indicator.BRDE_M2: (
        "energy_eur_per_year",
        "floor_area_m2",
        "energy_median_per_m2_eur",
        *_RESIDUAL,
    ),
    Indicator.BRDE_UC: ("energy_eur_per_year", "energy_median_per_unit_eur", *_RESIDUAL),
    Indicator.FR: ("declared_cold", "cold_reason_is_poverty"),
    Indicator.FR_3D: ("declared_cold", "cold_reason_is_poverty", *_DECILE),
}

# The Observatoire's envelope counts a household once, by whichever way it is concerned.
_ENVELOPE = (Indicator.TEE_3D, Indicator.BRDE_M2, Indicator.BRDE_UC, Indicator.FR_3D)


@dataclass(frozen=True, slots=True)
class IndicatorAnswer:
    """One indicator's answer; `missing` is empty once it is settled."""

    indicator: Indicator
    answer: Answer
    missing: tuple[str, ...]
    sentence_fr: str


@dataclass(frozen=True, slots=True)
class PovertyAnswers:
    """Every indicator, and `any_answer`: at least one of TEE_3D, BRDE_m², BRDE_UC, FR_3D."""

    indicators: tuple[IndicatorAnswer, ...]
    any_answer: Answer
    effort_ratio: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, fit for a JSON column or a template."""
        return {
            "any": str(self.any_answer),
            "effort_ratio": self.effort_ratio,
            "indicators": {
                str(one.indicator): {
                    "answer": str(one.answer),
                    "missing": list(one.missing),
                    "sentence_fr": one.sentence_fr,
                }
                for one in self.indicators
            },
        }


def poverty_indicators(
    household: HouseholdYear, population: Population, on: date
) -> PovertyAnswers:
    """Judge one household by the six indicators, on the thresholds of a day.

    Raises `RefusedInput` for an amount or a size that cannot be true.

    >>> one = HouseholdYear(energy_eur_per_year=1800, disposable_income_eur_per_year=15_000,
    ...                     persons_14_or_more=1, children_under_14=0, declared_cold=False)
    >>> answers = poverty_indicators(one, Population(third_decile_per_unit_eur=18_360),
    ...                              date(2021, 6, 1))
    >>> [(str(a.indicator), str(a.answer)) for a in answers.indicators][:2], answers.effort_ratio
    ([('tee', 'yes'), ('tee_3d', 'yes')], 0.12)
    """
    ratio = effort_ratio(
        _row(household.energy_eur_per_year), _row(household.disposable_income_eur_per_year)
    )
    codes = _codes(household, population, ratio, on)
    known = {**_present(household), **_present(population)}
    answers = tuple(_answer(indicator, codes[indicator], known) for indicator in Indicator)
    envelope = any_of(*(codes[one] for one in _ENVELOPE))
    return PovertyAnswers(
        answers,
        answer_from_code(envelope[0]),
        None if np.isnan(ratio[0]) else round(float(ratio[0]), 6),
    )


def _codes(
    household: HouseholdYear, population: Population, ratio: np.ndarray[Any, Any], on: date
) -> dict[Indicator, Codes]:
    units = insee_units(_row(household.persons_14_or_more), _row(household.children_under_14), on)
    income, energy = (
        _row(household.disposable_income_eur_per_year),
        _row(household.energy_eur_per_year),
    )
    residual = residual_income_per_unit(income, _row(household.housing_eur_per_year), units)
    cold, reason = _flag(household.declared_cold), _flag(household.cold_reason_is_poverty)
    decile, median = population.third_decile_per_unit_eur, population.residual_median_per_unit_eur
    by_m2 = energy_per_basis(energy, _row(household.floor_area_m2))
    by_unit = energy_per_basis(energy, units)
    return {
        Indicator.TEE: above_tee_threshold(ratio, on),
        Indicator.TEE_3D: tee_3d(ratio, income / units, decile, on),
        Indicator.BRDE_M2: brde(by_m2, population.energy_median_per_m2_eur, residual, median, on),
        Indicator.BRDE_UC: brde(
            by_unit, population.energy_median_per_unit_eur, residual, median, on
        ),
        Indicator.FR: cold_discomfort(cold, reason),
        Indicator.FR_3D: cold_discomfort_3d(cold, reason, income / units, decile),
    }


def _answer(indicator: Indicator, code: Codes, known: dict[str, bool]) -> IndicatorAnswer:
    answer = answer_from_code(code[0])
    label = indicator.label_fr
    if answer is Answer.UNKNOWN:
        missing = tuple(field for field in _NEEDS[indicator] if not known[field])
        # Everything is known and yet no answer: a ratio to an income of zero or less means nothing.
        missing = missing or ("disposable_income_eur_per_year",)
        lacking = list_fr([_FIELDS_FR[field] for field in missing])
        return IndicatorAnswer(
            indicator, answer, missing, f"{label}{NO_BREAK}: inconnu, il manque {lacking}."
        )
    said = "oui" if answer is Answer.YES else "non"
    return IndicatorAnswer(indicator, answer, (), f"{label}{NO_BREAK}: {said}.")


def _present(given: HouseholdYear | Population) -> dict[str, bool]:
    return {name: getattr(given, name) is not None for name in given.__dataclass_fields__}


def _row(value: float | None) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([np.nan if value is None else value], dtype=np.float64)


def _flag(value: bool | None) -> Codes:
    return np.array([-1 if value is None else int(value)], dtype=np.int8)
