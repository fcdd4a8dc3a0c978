"""Eligibility: computed by the rules of the deposit date, or decided by a person with a reason."""

from decimal import Decimal

from django.db import transaction

from atre.calc.aids.programme_eligibility import judge
from atre.calc.errors import RefusedInput
from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput
from atre.domain.households import states
from atre.domain.households.actions.moving import change_state, locked_case
from atre.domain.households.enums import CaseState, EligibilityAnswer
from atre.domain.households.models import Case, Household

JUDGED = {
    EligibilityAnswer.YES: "find_eligible",
    EligibilityAnswer.NO: "find_not_eligible",
    EligibilityAnswer.UNKNOWN: "ask_for_more",
}


def judge_case(*, case: Case, by: Membership | None) -> None:
    """Compute eligibility by the rules of the deposit date and move the case accordingly."""
    try:
        verdict = judge(
            required_class=case.programme.required_income_class,
            rfr_eur=case.rfr_eur,
            persons=case.household.persons,
            in_idf=case.dwelling.commune.is_ile_de_france,
            on=case.deposited_on,
        )
    except RefusedInput as refusal:
        raise InvalidInput(str(refusal), field=refusal.field) from refusal
    case.eligibility = verdict.as_dict()
    case.eligibility_answer = EligibilityAnswer(verdict.answer.value)
    _follow_answer(case=case, by=by)


def _follow_answer(*, case: Case, by: Membership | None, reason: str = "") -> None:
    """Save the case, moved where the standing answer leads while nothing was engaged yet."""
    answer = EligibilityAnswer(case.is_eligible)
    if CaseState(case.state) in states.UNDECIDED:
        target = states.TRANSITIONS[JUDGED[answer]].target
        if case.state != target:
            change_state(case=case, verb=JUDGED[answer], by=by, reason=reason)
            return
    case.save()


@transaction.atomic
def complete_income(
    *,
    by: Membership,
    case: Case,
    rfr_eur: Decimal | None,
    rfr_income_year: int | None,
    adults: int | None,
    children: int | None,
    revision: int | None = None,
) -> Case:
    """Write what the income condition needs and judge the case again, at its deposit date.

    None is « not known » and may take back a value. Errors: `NotAllowed`, `StaleSave`,
    `InvalidInput` naming the field.
    """
    fresh = locked_case(by=by, case=case, right="case.income", revision=revision)
    _refuse_closed(fresh)
    if rfr_eur is not None and rfr_eur < 0:
        raise InvalidInput(
            "Un revenu fiscal de référence n’est jamais négatif : écrivez 0 s’il est nul.",
            field="rfr_eur",
        )
    _check_income_year(rfr_income_year, deposit_year=fresh.deposited_on.year)
    if adults == 0:
        raise InvalidInput("Un ménage compte au moins un adulte.", field="adults")
    household = Household.objects.select_for_update().get(
        pk=fresh.household_id, agency_id=fresh.agency_id
    )
    if (household.adults, household.children) != (adults, children):
        household.adults, household.children = adults, children
        household.revision += 1
        household.save(update_fields=["adults", "children", "revision"])
    fresh.household = household
    fresh.rfr_eur, fresh.rfr_income_year = rfr_eur, rfr_income_year
    fresh.revision += 1
    judge_case(case=fresh, by=by)
    audit.record(
        agency=fresh.agency_id,
        action="complete_income",
        obj=fresh,
        by=by,
        case_id=fresh.pk,
        details={"answer": fresh.eligibility_answer, "missing": fresh.eligibility["missing"]},
    )
    return fresh


def _check_income_year(year: int | None, *, deposit_year: int) -> None:
    """A tax notice shows the income of a year already over; older than five proves nothing."""
    if year is not None and not deposit_year - 5 <= year < deposit_year:
        raise InvalidInput(
            f"L’année des revenus est celle écrite sur l’avis d’imposition : entre "
            f"{deposit_year - 5} et {deposit_year - 1} pour ce dossier.",
            field="rfr_income_year",
        )


def _refuse_closed(case: Case) -> None:
    if case.state == CaseState.CLOSED:
        raise InvalidInput("Ce dossier est clos : rouvrez-le avant de le modifier.")


@transaction.atomic
def override_eligibility(
    *,
    by: Membership,
    case: Case,
    answer: EligibilityAnswer,
    reason: str,
    revision: int | None = None,
) -> Case:
    """Decide against (or without) the computation. The computed answer stays beside it.

    Errors: `NotAllowed`, `StaleSave`, `InvalidInput` without a reason or a clear answer.
    """
    fresh = locked_case(by=by, case=case, right="case.override", revision=revision)
    _refuse_closed(fresh)
    if answer not in {EligibilityAnswer.YES, EligibilityAnswer.NO}:
        raise InvalidInput("Une décision est oui ou non.", field="answer")
    if not reason.strip():
        raise InvalidInput(
            "Dites pourquoi : ce motif reste dans le dossier à côté du calcul.", field="reason"
        )
    fresh.override_answer, fresh.override_reason = answer, reason.strip()
    fresh.overridden_by = by
    fresh.revision += 1
    _follow_answer(case=fresh, by=by, reason=reason.strip())
    audit.record(
        agency=fresh.agency_id,
        action="override_eligibility",
        obj=fresh,
        by=by,
        case_id=fresh.pk,
        reason=reason.strip(),
        details={"answer": answer, "computed": fresh.eligibility_answer},
    )
    return fresh


@transaction.atomic
def withdraw_override(*, by: Membership, case: Case, revision: int | None = None) -> Case:
    """Come back to the computed answer."""
    fresh = locked_case(by=by, case=case, right="case.override", revision=revision)
    _refuse_closed(fresh)
    if not fresh.override_answer:
        raise InvalidInput("Aucune décision n’a été prise contre le calcul.")
    withdrawn = fresh.override_answer
    fresh.override_answer, fresh.override_reason, fresh.overridden_by = "", "", None
    fresh.revision += 1
    _follow_answer(case=fresh, by=by)
    audit.record(
        agency=fresh.agency_id,
        action="withdraw_override",
        obj=fresh,
        by=by,
        case_id=fresh.pk,
        details={"withdrawn": withdrawn, "computed": fresh.eligibility_answer},
    )
    return fresh
