"""What the follow-up shows: the declared saving, and the programme's exit test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from atre.calc.errors import CalcRefusal
from atre.calc.poverty.exit_criteria import Situation
from atre.calc.poverty.exit_verdict import exit_test
from atre.calc.savings.declared import DeclaredChange, declared_change
from atre.calc.savings.tiers import Saving, total_of_one_tier
from atre.calc.wording import list_fr
from atre.domain.agencies.models import Programme
from atre.domain.errors import InvalidInput
from atre.domain.support import bills as billing
from atre.domain.support.enums import ExitAnswer
from atre.domain.support.questionnaire import as_bool
from atre.domain.visits.models import Visit

NO_TEST_FR = (
    "Ce dispositif n’a pas choisi de test de sortie de précarité énergétique : rien n’est affirmé. "
    "Il se règle dans les réglages du dispositif."
)


@dataclass(frozen=True)
class Result:
    """`kwh_per_year` and `euros_per_year` are the declared saving of the whole dwelling; None is
    unknown, and `basis_fr` says why. `explanation` is fit for a JSON column."""

    kwh_per_year: float | None
    euros_per_year: Decimal | None
    basis_fr: str
    exit_answer: ExitAnswer
    explanation: dict[str, Any]


def result_of(
    *,
    programme: Programme,
    visit: Visit,
    answers: Mapping[str, Any],
    bills: Sequence[Mapping[str, Any]],
    on: date,
) -> Result:
    """Compare the sealed visit with the answers and bills of the follow-up, made on day `on`.

    Raises `InvalidInput` for bills that cannot be.
    """
    before = billing.calc_bills(visit.document["bills"])
    after = billing.calc_bills(bills)
    try:
        changes = declared_change(before, after, before_on=visit.visited_on, after_on=on)
        verdict = _verdict(programme, visit, answers, (before, after), on=on)
    except CalcRefusal as refusal:
        raise InvalidInput(refusal.message_fr, field="bills") from refusal
    kwh, euros, basis = _whole_dwelling(changes)
    return Result(
        kwh_per_year=kwh,
        euros_per_year=euros,
        basis_fr=basis,
        exit_answer=ExitAnswer(verdict["answer"]),
        explanation={
            "exit_test": verdict,
            "declared": [
                {
                    "energy": str(change.energy),
                    "label": change.energy.label_fr,
                    "saving": change.saving.as_dict() if change.saving else None,
                    "reason_fr": change.reason_fr,
                }
                for change in changes
            ],
        },
    )


def _whole_dwelling(
    changes: Sequence[DeclaredChange],
) -> tuple[float | None, Decimal | None, str]:
    """The sum over energies, only when each of them could be compared: a boiler replaced by
    electric heaters saves no energy by having no gas bill any more."""
    if not changes:
        return None, None, "Aucune facture, ni à la visite ni un an après."
    savings: list[Saving] = [change.saving for change in changes if change.saving is not None]
    unknown = [
        f"{change.energy.label_fr} : {change.reason_fr}" for change in changes if not change.saving
    ]
    if unknown:
        return None, None, "Pas de comparaison pour tout le logement. " + " ".join(unknown)
    total = total_of_one_tier(savings)
    named = list_fr([change.energy.label_fr for change in changes])
    basis = f"Factures avant et un an après ({named}). {savings[0].cautions_fr[0]}"
    return (
        total.kwh_per_year if total.kwh_known == len(changes) else None,
        total.euros_per_year if total.euros_known == len(changes) else None,
        basis,
    )


def _verdict(
    programme: Programme,
    visit: Visit,
    answers: Mapping[str, Any],
    bills: tuple[list[Any], list[Any]],
    *,
    on: date,
) -> dict[str, Any]:
    if not programme.exit_test:
        return {
            "answer": str(ExitAnswer.UNKNOWN),
            "missing": ["exit_test"],
            "sentence_fr": NO_TEST_FR,
            "criteria": [],
        }
    before, after = situations(visit=visit, answers=answers, bills=bills, on=on)
    return exit_test(programme.exit_test, before, after, on).as_dict()


def situations(
    *,
    visit: Visit,
    answers: Mapping[str, Any],
    bills: tuple[list[Any], list[Any]],
    on: date,
) -> tuple[Situation, Situation]:
    """The household before (visit) and after (follow-up); what was not asked stays None."""
    in_use = billing.energies_in_use(visit.document)
    euros_before, kwh_before = billing.year_of_every_energy(
        bills[0], on=visit.visited_on, in_use=in_use
    )
    # An energy seen at the visit and absent after may have been given up, or its bill lost: unknown.
    euros_after, kwh_after = billing.year_of_every_energy(bills[1], on=on, in_use=in_use)
    before = Situation(
        cold_in_winter=visit.document["comfort"]["cold_in_winter"],
        late_on_payments=_was_late(visit.document["contracts"]),
        energy_eur_per_year=euros_before,
        energy_kwh_per_year=kwh_before,
        disposable_income_eur_per_year=_decimal(answers["income_before_eur"]),
    )
    after = Situation(
        cold_in_winter=as_bool(answers["cold_in_winter"]),
        late_on_payments=as_bool(answers["late_on_payments"]),
        energy_eur_per_year=euros_after,
        energy_kwh_per_year=kwh_after,
        disposable_income_eur_per_year=_decimal(answers["income_after_eur"]),
        says_out_of_poverty=as_bool(answers["says_out_of_poverty"]),
    )
    return before, after


def _was_late(contracts: Sequence[Mapping[str, Any]]) -> bool | None:
    """Arrears seen on a contract; « no » only when each contract was looked at."""
    arrears = [row["arrears_eur"] for row in contracts]
    if any(amount is not None and Decimal(amount) > 0 for amount in arrears):
        return True
    return None if not arrears or None in arrears else False


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
