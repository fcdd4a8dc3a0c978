"""Entrusting one case or many."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Agency, Membership, Programme
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import InvalidInput, NotAllowed, StaleSave
from atre.domain.households.actions import assigning
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case, StateChange
from atre.domain.households.states import IllegalTransition
from atre.domain.network.models import Organisation
from tests.support import world

pytestmark = pytest.mark.django_db


@dataclass
class Scene:
    agency: Agency
    programme: Programme
    case: Case
    adviser: Membership
    operator: Organisation
    visitor: Membership


@pytest.fixture
def scene() -> Scene:
    agency = world.agency()
    programme = world.programme(agency)
    operator = world.organisation(agency)
    return Scene(
        agency=agency,
        programme=programme,
        case=world.case(programme),
        adviser=world.member(agency),
        operator=operator,
        visitor=world.member(agency, Role.VISITOR, of=operator),
    )


def test_a_case_goes_to_an_operator_its_visitor_and_an_adviser(scene):
    assigned = assigning.assign_case(
        by=scene.adviser,
        case=scene.case,
        operator=scene.operator,
        visitor=scene.visitor,
        adviser=scene.adviser,
    )

    assert assigned.state == CaseState.ASSIGNED
    assert (assigned.operator, assigned.visitor) == (scene.operator, scene.visitor)
    assert AuditEntry.objects.filter(action="assign_case", case_id=scene.case.pk).count() == 1


def test_a_visitor_of_another_operator_is_refused(scene):
    other = world.member(scene.agency, Role.VISITOR)

    with pytest.raises(InvalidInput) as refusal:
        assigning.assign_case(
            by=scene.adviser, case=scene.case, operator=scene.operator, visitor=other
        )

    assert refusal.value.field == "visitor"


def test_an_operator_of_another_agency_is_refused(scene):
    foreign = world.organisation(world.agency(insee=world.BAGNOLET))

    with pytest.raises(InvalidInput):
        assigning.assign_case(by=scene.adviser, case=scene.case, operator=foreign)


def test_a_case_not_yet_eligible_cannot_be_entrusted(scene):
    waiting = world.case(scene.programme, rfr_eur=None)

    with pytest.raises(IllegalTransition):
        assigning.assign_case(by=scene.adviser, case=waiting, operator=scene.operator)


def test_a_stale_assignment_is_refused(scene):
    stale = scene.case.revision
    assigning.assign_case(
        by=scene.adviser, case=scene.case, operator=scene.operator, revision=stale
    )

    with pytest.raises(StaleSave):
        assigning.assign_case(
            by=scene.adviser, case=scene.case, operator=scene.operator, revision=stale
        )


def test_a_visitor_and_another_agency_may_not_entrust(scene):
    stranger = world.member(world.agency(insee=world.BAGNOLET))

    with pytest.raises(NotAllowed):
        assigning.assign_case(by=scene.visitor, case=scene.case, operator=scene.operator)
    with pytest.raises(Case.DoesNotExist):
        assigning.assign_case(by=stranger, case=scene.case, operator=scene.operator)


def test_a_case_in_any_open_state_can_get_an_adviser(scene):
    waiting = world.case(scene.programme, rfr_eur=None)

    followed = assigning.assign_adviser(by=scene.adviser, case=waiting, adviser=scene.adviser)

    assert (followed.adviser, followed.state) == (scene.adviser, CaseState.TO_COMPLETE)
    with pytest.raises(InvalidInput):
        assigning.assign_adviser(by=scene.adviser, case=waiting, adviser=scene.visitor)


def test_a_bulk_assignment_reports_each_case_and_does_what_it_can(scene):
    waiting = world.case(scene.programme, rfr_eur=None)
    foreign_programme = world.programme(world.agency(insee=world.BAGNOLET))
    foreign = world.case(foreign_programme, commune=world.commune(world.BAGNOLET))

    outcomes = assigning.assign_many(
        by=scene.adviser,
        references=[scene.case.reference, waiting.reference, foreign.reference, "A0-RIEN00"],
        operator=scene.operator,
    )

    assert [(o.reference, o.done) for o in outcomes] == [
        (scene.case.reference, True),
        (waiting.reference, False),
        (foreign.reference, False),
        ("A0-RIEN00", False),
    ]
    assert outcomes[2].sentence == outcomes[3].sentence
    assert Case.objects.get(pk=scene.case.pk).state == CaseState.ASSIGNED
    with isolation.within(foreign.agency_id):
        assert Case.objects.get(pk=foreign.pk).operator is None
    assert StateChange.objects.get(case=scene.case, transition="assign").by == scene.adviser


def test_a_bulk_assignment_asks_for_someone(scene):
    with pytest.raises(InvalidInput):
        assigning.assign_many(by=scene.adviser, references=[scene.case.reference])


def test_only_the_team_assigns_in_bulk(scene):
    with pytest.raises(NotAllowed):
        assigning.assign_many(
            by=scene.visitor, references=[scene.case.reference], operator=scene.operator
        )


def test_a_bulk_assignment_asks_as_many_queries_for_ten_cases_as_for_two(scene):
    def queries(count: int) -> int:
        references = [world.case(scene.programme).reference for _ in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            outcomes = assigning.assign_many(
                by=scene.adviser,
                references=references,
                operator=scene.operator,
                adviser=scene.adviser,
            )
        assert all(outcome.done for outcome in outcomes)
        return len(captured)

    queries(1)
    assert queries(2) == queries(10)
