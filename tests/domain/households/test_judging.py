"""Completing the income and deciding against the computation."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import InvalidInput, NotAllowed, StaleSave
from atre.domain.households.actions import closing, judging
from atre.domain.households.enums import CaseState, ClosingReason, EligibilityAnswer
from atre.domain.households.models import Case
from tests.support import world

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    case: Case
    adviser: Membership
    director: Membership
    visitor: Membership
    stranger: Membership


@pytest.fixture
def scene() -> Scene:
    agency = world.agency()
    return Scene(
        case=world.case(world.programme(agency), rfr_eur=None, rfr_income_year=None),
        adviser=world.member(agency),
        director=world.member(agency, Role.DIRECTOR),
        visitor=world.member(agency, Role.VISITOR),
        stranger=world.member(world.agency(insee=world.BAGNOLET), Role.DIRECTOR),
    )


def complete(scene: Scene, by: Membership, **changes) -> Case:
    values = {
        "rfr_eur": Decimal("18000"),
        "rfr_income_year": 2025,
        "adults": 1,
        "children": 2,
        "revision": None,
    } | changes
    return judging.complete_income(by=by, case=scene.case, **values)


def test_completing_the_income_judges_at_the_deposit_date(scene):
    assert scene.case.state == CaseState.TO_COMPLETE

    judged = complete(scene, scene.adviser)

    assert judged.state == CaseState.ELIGIBLE
    assert judged.eligibility["on"] == scene.case.deposited_on.isoformat()
    entry = AuditEntry.objects.get(action="complete_income")
    assert entry.details == {"answer": "yes", "missing": []}
    assert "18000" not in str(entry.details)


def test_an_income_above_the_ceiling_is_not_eligible(scene):
    assert complete(scene, scene.adviser, rfr_eur=Decimal("90000")).state == CaseState.NOT_ELIGIBLE


def test_taking_a_value_back_makes_the_answer_unknown_again(scene):
    complete(scene, scene.adviser)

    judged = complete(scene, scene.adviser, children=None)

    assert judged.state == CaseState.TO_COMPLETE
    assert judged.eligibility["missing"] == ["persons"]


def test_a_zero_income_is_an_income(scene):
    assert complete(scene, scene.adviser, rfr_eur=Decimal(0)).state == CaseState.ELIGIBLE


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rfr_eur": Decimal("-1")}, "rfr_eur"),
        ({"rfr_income_year": 2026}, "rfr_income_year"),
        ({"rfr_income_year": 2012}, "rfr_income_year"),
        ({"adults": 0}, "adults"),
    ],
)
def test_an_impossible_value_is_refused_at_its_field_and_changes_nothing(scene, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        complete(scene, scene.adviser, **changes)

    assert refusal.value.field == field
    assert Case.objects.get(pk=scene.case.pk).rfr_eur is None


def test_a_stale_revision_is_refused_with_the_version_saved(scene):
    stale = scene.case.revision
    complete(scene, scene.adviser, revision=stale)

    with pytest.raises(StaleSave) as conflict:
        complete(scene, scene.director, rfr_eur=Decimal("1"), revision=stale)

    assert conflict.value.current.rfr_eur == Decimal("18000")


def test_a_visitor_may_not_write_income(scene):
    with pytest.raises(NotAllowed):
        complete(scene, scene.visitor)


def test_another_agency_finds_no_case(scene):
    with pytest.raises(Case.DoesNotExist):
        complete(scene, scene.stranger)


def decide(scene: Scene, by: Membership, answer=EligibilityAnswer.YES, reason="Dettes de santé."):
    return judging.override_eligibility(by=by, case=scene.case, answer=answer, reason=reason)


def test_a_director_decides_with_a_reason_and_the_computation_stays(scene):
    decided = decide(scene, scene.director)

    assert (decided.state, decided.is_eligible) == (CaseState.ELIGIBLE, EligibilityAnswer.YES)
    assert decided.eligibility_answer == EligibilityAnswer.UNKNOWN
    assert AuditEntry.objects.get(action="override_eligibility").reason == "Dettes de santé."


def test_withdrawing_the_decision_comes_back_to_the_computation(scene):
    decide(scene, scene.director)

    back = judging.withdraw_override(by=scene.director, case=scene.case)

    assert (back.state, back.override_answer) == (CaseState.TO_COMPLETE, "")
    with pytest.raises(InvalidInput):
        judging.withdraw_override(by=scene.director, case=scene.case)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_decision_without_reason_is_refused(scene, reason):
    with pytest.raises(InvalidInput):
        decide(scene, scene.director, reason=reason)


def test_a_decision_is_yes_or_no(scene):
    with pytest.raises(InvalidInput):
        decide(scene, scene.director, answer=EligibilityAnswer.UNKNOWN)


def test_an_adviser_may_not_decide(scene):
    with pytest.raises(NotAllowed):
        decide(scene, scene.adviser)


def test_another_agency_decides_nothing(scene):
    with pytest.raises(Case.DoesNotExist):
        decide(scene, scene.stranger)


def test_closing_then_reopening_comes_back_to_the_judged_state(scene):
    complete(scene, scene.adviser)
    closing.close_case(
        by=scene.adviser,
        case=scene.case,
        reason_code=ClosingReason.UNREACHABLE,
        reason="Trois appels sans réponse.",
    )
    closed = Case.objects.get(pk=scene.case.pk)
    assert (closed.state, closed.closing_reason) == (CaseState.CLOSED, "unreachable")
    with pytest.raises(InvalidInput):
        complete(scene, scene.adviser)

    again = closing.reopen_case(by=scene.adviser, case=scene.case, reason="Elle a rappelé.")

    assert (again.state, again.closing_reason) == (CaseState.ELIGIBLE, "")


@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_only_the_team_closes(scene, who):
    with pytest.raises((NotAllowed, Case.DoesNotExist)):
        closing.close_case(
            by=getattr(scene, who),
            case=scene.case,
            reason_code=ClosingReason.OTHER,
            reason="Essai.",
        )
    assert Case.objects.get(pk=scene.case.pk).state == CaseState.TO_COMPLETE


def test_closing_asks_for_words(scene):
    with pytest.raises(Exception, match="motif"):
        closing.close_case(
            by=scene.adviser, case=scene.case, reason_code=ClosingReason.OTHER, reason=" "
        )
