"""Each criterion of a definition, judged on one household: yes, no or unknown, with its sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from atre.calc.parameters import UnknownParameter, parameter
from atre.calc.poverty.effort import TEE_THRESHOLD_KEY, effort_ratio
from atre.calc.poverty.exit_definition import Criterion, CriterionKind
from atre.calc.three_valued import Answer, answer_from_bool
from atre.calc.wording import NO_BREAK, euros_fr, list_fr, number_fr


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a household declared or showed at one moment. None means not asked or not answered.

    Euros are TTC for one year of every energy of the dwelling; kWh are final energy, fuels in
    PCS; the income is the disposable income of one year, not the revenu fiscal de référence.
    """

    cold_in_winter: bool | None = None
    late_on_payments: bool | None = None
    energy_eur_per_year: Decimal | None = None
    energy_kwh_per_year: float | None = None
    disposable_income_eur_per_year: Decimal | None = None
    says_out_of_poverty: bool | None = None


@dataclass(frozen=True, slots=True)
class CriterionAnswer:
    """One criterion's answer. `left_out` criteria do not count, as the definition asks."""

    kind: CriterionKind
    answer: Answer
    sentence_fr: str
    missing: tuple[str, ...] = ()
    left_out: bool = False


def _judge_cold(
    criterion: Criterion, before: Situation, after: Situation, on: date
) -> CriterionAnswer:
    return _judge_difficulty(
        criterion,
        ("cold_in_winter", before.cold_in_winter, after.cold_in_winter),
        "Froid dans le logement",
    )


def _judge_late(
    criterion: Criterion, before: Situation, after: Situation, on: date
) -> CriterionAnswer:
    return _judge_difficulty(
        criterion,
        ("late_on_payments", before.late_on_payments, after.late_on_payments),
        "Retards de paiement",
    )


def _judge_difficulty(
    criterion: Criterion, declared: tuple[str, bool | None, bool | None], subject: str
) -> CriterionAnswer:
    """A difficulty that must have stopped. Present after is a « no » whatever it was before."""
    field, had_before, has_after = declared
    kind = criterion.kind
    if has_after:
        return CriterionAnswer(
            kind, Answer.NO, f"{subject}{NO_BREAK}: toujours déclaré un an après."
        )
    if had_before is False and criterion.without_difficulty_before == "not_met":
        return _never_had(criterion, f"{subject}{NO_BREAK}: pas déclaré avant")
    if had_before is None or has_after is None:
        missing = tuple(
            f"{moment}.{field}"
            for moment, value in (("before", had_before), ("after", has_after))
            if value is None
        )
        # A household that counts as « met » without the difficulty is met whatever came before.
        if has_after is False and criterion.without_difficulty_before == "met":
            return CriterionAnswer(kind, Answer.YES, f"{subject}{NO_BREAK}: absent un an après.")
        return CriterionAnswer(
            kind, Answer.UNKNOWN, f"{subject}{NO_BREAK}: il manque {_moments_fr(missing)}.", missing
        )
    if had_before:
        return CriterionAnswer(
            kind, Answer.YES, f"{subject}{NO_BREAK}: déclaré avant, plus un an après."
        )
    return _never_had(criterion, f"{subject}{NO_BREAK}: jamais déclaré")


def _judge_effort(
    criterion: Criterion, before: Situation, after: Situation, on: date
) -> CriterionAnswer:
    kind = criterion.kind
    try:
        threshold = _effort_threshold(criterion, on)
    except UnknownParameter as unknown:
        return CriterionAnswer(kind, Answer.UNKNOWN, unknown.message_fr, ("threshold",))
    ratio_before, ratio_after = _ratio(before), _ratio(after)
    limit = f"seuil de {_percent_fr(threshold)}"
    if ratio_after is not None and ratio_after > threshold:
        sentence = f"Taux d’effort énergétique de {_percent_fr(ratio_after)}, au-dessus du {limit}."
        return CriterionAnswer(kind, Answer.NO, sentence)
    never_had = f"Taux d’effort énergétique déjà sous le {limit} au départ"
    under_before = ratio_before is not None and ratio_before <= threshold
    if under_before and criterion.without_difficulty_before == "not_met":
        return _never_had(criterion, never_had)
    before_needed = criterion.without_difficulty_before != "met"
    if ratio_after is None or (before_needed and ratio_before is None):
        missing = (
            *(_missing_of_ratio(before, "before") if before_needed else ()),
            *_missing_of_ratio(after, "after"),
        )
        return CriterionAnswer(
            kind,
            Answer.UNKNOWN,
            f"Taux d’effort énergétique{NO_BREAK}: il manque {_moments_fr(missing)}.",
            missing,
        )
    if under_before:
        return _never_had(criterion, never_had)
    sentence = f"Taux d’effort énergétique de {_percent_fr(ratio_after)}, sous le {limit}."
    return CriterionAnswer(kind, Answer.YES, sentence)


def _judge_bills(
    criterion: Criterion, before: Situation, after: Situation, on: date
) -> CriterionAnswer:
    in_euros = criterion.measure == "euros"
    field = "energy_eur_per_year" if in_euros else "energy_kwh_per_year"
    spent_before, spent_after = getattr(before, field), getattr(after, field)
    missing = tuple(
        f"{moment}.{field}"
        for moment, value in (("before", spent_before), ("after", spent_after))
        if value is None
    )
    # A percentage of less than one euro or one kWh a year means nothing.
    if missing or spent_before < 1 or criterion.percent is None:
        reason = (
            f"il manque {_moments_fr(missing)}"
            if missing
            else "celles de départ sont presque nulles, un pourcentage n’a pas de sens"
        )
        return CriterionAnswer(
            criterion.kind,
            Answer.UNKNOWN,
            f"Baisse des factures{NO_BREAK}: {reason}.",
            missing or (f"before.{field}",),
        )
    fall = 1 - float(spent_after) / float(spent_before)
    write = euros_fr if in_euros else (lambda kwh: f"{number_fr(kwh)}{NO_BREAK}kWh")
    sentence = (
        f"Factures de {write(spent_before)} avant et {write(spent_after)} après, soit "
        f"{'une baisse' if fall >= 0 else 'une hausse'} de {_percent_fr(abs(fall))} "
        f"(attendu{NO_BREAK}: baisse d’au moins {_percent_fr(criterion.percent / 100)}), "
        "sans correction de la météo ni des prix."
    )
    # Compared without dividing, so that an exact fall of 10 % meets « 10 % ».
    enough = float(spent_after) * 100 <= float(spent_before) * (100 - criterion.percent)
    return CriterionAnswer(criterion.kind, answer_from_bool(enough), sentence)


def _judge_declared(
    criterion: Criterion, before: Situation, after: Situation, on: date
) -> CriterionAnswer:
    said = answer_from_bool(after.says_out_of_poverty)
    sentence = {
        Answer.YES: "Le ménage estime être sorti de la précarité énergétique.",
        Answer.NO: "Le ménage n’estime pas être sorti de la précarité énergétique.",
        Answer.UNKNOWN: "L’avis du ménage sur sa sortie de précarité manque.",
    }[said]
    missing = ("after.says_out_of_poverty",) if said is Answer.UNKNOWN else ()
    return CriterionAnswer(criterion.kind, said, sentence, missing)


def _never_had(criterion: Criterion, subject: str) -> CriterionAnswer:
    choice = criterion.without_difficulty_before
    said = {
        "met": (Answer.YES, "compte comme rempli"),
        "not_met": (Answer.NO, "compte comme non rempli"),
        "left_out": (Answer.UNKNOWN, "critère laissé de côté"),
    }[str(choice)]
    return CriterionAnswer(
        criterion.kind, said[0], f"{subject}, {said[1]}.", left_out=choice == "left_out"
    )


def _effort_threshold(criterion: Criterion, on: date) -> float:
    if isinstance(criterion.threshold, int | float):
        return float(criterion.threshold) / 100
    return parameter(TEE_THRESHOLD_KEY, on=on).number


def _ratio(situation: Situation) -> float | None:
    energy, income = situation.energy_eur_per_year, situation.disposable_income_eur_per_year
    if energy is None or income is None or income <= 0:
        return None
    return float(effort_ratio(float(energy), float(income))[0])


def _missing_of_ratio(situation: Situation, moment: str) -> tuple[str, ...]:
    income = situation.disposable_income_eur_per_year
    absent = []
    if situation.energy_eur_per_year is None:
        absent.append(f"{moment}.energy_eur_per_year")
    if income is None or income <= 0:
        absent.append(f"{moment}.disposable_income_eur_per_year")
    return tuple(absent)


_FIELDS_FR = {
    "cold_in_winter": "la réponse sur le froid",
    "late_on_payments": "la réponse sur les retards de paiement",
    "energy_eur_per_year": "les factures d’énergie en euros",
    "energy_kwh_per_year": "les factures d’énergie en kWh",
    "disposable_income_eur_per_year": "le revenu disponible (positif)",
}


def _moments_fr(missing: tuple[str, ...]) -> str:
    moments = {"before": "avant", "after": "un an après"}
    words = []
    for name in missing:
        moment, field = name.split(".")
        words.append(f"{_FIELDS_FR[field]} {moments[moment]}")
    return list_fr(words)


def _percent_fr(ratio: float) -> str:
    percent = round(ratio * 100, 1)
    return f"{number_fr(percent, 0 if percent == round(percent) else 1)}{NO_BREAK}%"


JUDGES: Mapping[
    CriterionKind, Callable[[Criterion, Situation, Situation, date], CriterionAnswer]
] = {
    CriterionKind.NO_LONGER_COLD: _judge_cold,
    CriterionKind.NO_LONGER_LATE_ON_PAYMENTS: _judge_late,
    CriterionKind.EFFORT_RATIO_UNDER: _judge_effort,
    CriterionKind.BILLS_FELL_BY: _judge_bills,
    CriterionKind.SELF_DECLARED: _judge_declared,
}
