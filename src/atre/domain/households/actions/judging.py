"""Eligibility: computed by the rules of the deposit date, or decided by a person with a reason."""

from atre.calc.aids.programme_eligibility import judge
from atre.calc.errors import RefusedInput
from atre.domain.agencies.models import Membership
from atre.domain.errors import InvalidInput
from atre.domain.households import states
from atre.domain.households.actions.moving import change_state
from atre.domain.households.enums import CaseState, EligibilityAnswer
from atre.domain.households.models import Case

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
    answer = EligibilityAnswer(case.is_eligible)
    if CaseState(case.state) in states.UNDECIDED:
        target = states.TRANSITIONS[JUDGED[answer]].target
        if case.state != target:
            change_state(case=case, verb=JUDGED[answer], by=by)
            return
    case.save()
