"""Has this household left energy poverty, by the programme's own definition? Yes, no, unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from atre.calc.errors import RefusedInput
from atre.calc.poverty.exit_criteria import JUDGES, CriterionAnswer, Situation
from atre.calc.poverty.exit_definition import ExitDefinition
from atre.calc.three_valued import Answer, at_least
from atre.calc.wording import NO_BREAK


@dataclass(frozen=True, slots=True)
class ExitAnswer:
    """The verdict, what is missing to settle it, and one sentence a criterion."""

    answer: Answer
    missing: tuple[str, ...]
    sentence_fr: str
    criteria: tuple[CriterionAnswer, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, fit for a JSON column."""
        return {
            "answer": str(self.answer),
            "missing": list(self.missing),
            "sentence_fr": self.sentence_fr,
            "criteria": [
                {
                    "kind": str(one.kind),
                    "answer": str(one.answer),
                    "sentence_fr": one.sentence_fr,
                    "missing": list(one.missing),
                    "left_out": one.left_out,
                }
                for one in self.criteria
            ],
        }


def exit_test(
    definition: ExitDefinition | Mapping[str, Any],
    before: Situation,
    after: Situation,
    on: date,
) -> ExitAnswer:
    """Apply a programme's definition to the situations before and after its help.

    `on` is the day of the follow-up: it sets the threshold of a criterion on the dated threshold
    of the Observatoire. `missing` names fields of `Situation`, prefixed by `before.` or `after.`,
    of the criteria that could still change the verdict; it is empty once the verdict is known.

    Raises `InvalidDefinition` for a wrong definition, `RefusedInput` for negative amounts.

    >>> rule = {"name": "Exemple", "needs": "all",
    ...         "criteria": [{"kind": "no_longer_cold", "without_difficulty_before": "not_met"}]}
    >>> exit_test(rule, Situation(cold_in_winter=True), Situation(cold_in_winter=False),
    ...           date(2026, 3, 1)).answer.value
    'yes'
    """
    rule = (
        definition
        if isinstance(definition, ExitDefinition)
        else ExitDefinition.from_dict(definition)
    )
    _refuse_negative(before, "before")
    _refuse_negative(after, "after")
    answers = tuple(JUDGES[one.kind](one, before, after, on) for one in rule.criteria)
    counted = [one for one in answers if not one.left_out]
    verdict = _verdict(rule, [one.answer for one in counted])
    missing = tuple(dict.fromkeys(name for one in counted for name in one.missing))
    return ExitAnswer(
        answer=verdict,
        missing=missing if verdict is Answer.UNKNOWN else (),
        sentence_fr=_sentence(rule, verdict, counted),
        criteria=answers,
    )


def _verdict(rule: ExitDefinition, answers: list[Answer]) -> Answer:
    if not answers:
        # Every criterion is left out: nothing was tested, which is neither success nor failure.
        return Answer.UNKNOWN
    return at_least(len(answers) if rule.at_least is None else rule.at_least, answers)


def _sentence(rule: ExitDefinition, verdict: Answer, counted: list[CriterionAnswer]) -> str:
    if not counted:
        return f"{rule.name}{NO_BREAK}: aucun critère ne s’applique à ce ménage."
    met = sum(one.answer is Answer.YES for one in counted)
    unknown = sum(one.answer is Answer.UNKNOWN for one in counted)
    needed = len(counted) if rule.at_least is None else rule.at_least
    said = {
        Answer.YES: "le ménage est sorti de la précarité énergétique",
        Answer.NO: "le ménage n’est pas sorti de la précarité énergétique",
        Answer.UNKNOWN: "la sortie de précarité énergétique ne peut pas être établie",
    }[verdict]
    counts = [
        f"critères remplis{NO_BREAK}: {met} sur {len(counted)}",
        f"demandés{NO_BREAK}: {needed}",
    ]
    if unknown:
        counts.append(f"inconnus{NO_BREAK}: {unknown}")
    return f"{rule.name}{NO_BREAK}: {said} ({', '.join(counts)})."


def _refuse_negative(situation: Situation, moment: str) -> None:
    for field in ("energy_eur_per_year", "energy_kwh_per_year"):
        value = getattr(situation, field)
        if value is not None and not value >= 0:
            raise RefusedInput(
                "Les factures d’une année ne peuvent pas être négatives.", field=f"{moment}.{field}"
            )
