"""What waits for each person today, and the story of a case."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atre.domain.agencies.enums import Role
from atre.domain.households import timeline
from atre.domain.households.actions import assigning, judging, noting, tasking
from atre.domain.households.enums import CaseState, ConsentKind, EligibilityAnswer
from atre.domain.households.models import Case
from atre.domain.households.waiting import SHOWN, waiting_for
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def programme(agency):
    return world.programme(agency)


@pytest.fixture
def adviser(agency):
    return world.member(agency)


def kinds(by) -> dict[str, int]:
    return {group.kind: group.total for group in waiting_for(by=by, on=timezone.localdate())}


def age(case: Case, days: int) -> None:
    Case.objects.filter(pk=case.pk).update(state_since=timezone.now() - timedelta(days=days))


def test_an_adviser_finds_what_is_theirs_or_nobody_s(agency, programme, adviser):
    colleague = world.member(agency)
    world.case(programme, rfr_eur=None)
    to_assign = world.case(programme)
    followed = world.case(programme)
    assigning.assign_adviser(by=adviser, case=followed, adviser=colleague)

    assert kinds(adviser) == {"to_decide": 1, "to_assign": 1}
    assert kinds(colleague) == {"to_decide": 1, "to_assign": 2}
    assert kinds(world.member(world.agency(insee=world.BAGNOLET))) == {}
    assert to_assign.state == CaseState.ELIGIBLE


def test_a_case_under_way_shows_once_it_is_stalled(agency, programme, adviser):
    case = world.case(programme)
    assigning.assign_case(by=adviser, case=case, operator=world.organisation(agency))
    assert kinds(adviser) == {}

    age(case, 31)

    (group,) = waiting_for(by=adviser, on=timezone.localdate())
    assert (group.kind, group.items[0].late) == ("stalled", True)


def test_tasks_show_a_week_ahead_and_late_ones_say_so(adviser, programme):
    today = timezone.localdate()
    case = world.case(programme, on=date(2026, 1, 5))
    for title, due in (("hier", 0), ("bientôt", 7), ("plus tard", 8)):
        tasking.add_task(
            by=adviser, case=case, title=title, due_on=today + timedelta(days=due), on=today
        )
    groups = waiting_for(by=adviser, on=today + timedelta(days=1))

    tasks = next(group for group in groups if group.kind == "tasks")
    assert [(item.title, item.late) for item in tasks.items] == [
        ("hier", True),
        ("bientôt", False),
        ("plus tard", False),
    ]
    assert len(next(g for g in waiting_for(by=adviser, on=today) if g.kind == "tasks").items) == 2


def test_a_coordinator_finds_visits_to_plan_and_a_referrer_their_requests(
    agency, programme, adviser
):
    operator = world.organisation(agency)
    coordinator = world.member(agency, Role.COORDINATOR, of=operator)
    elsewhere = world.member(agency, Role.COORDINATOR)
    referrer = world.member(agency, Role.REFERRER)
    case = world.case(programme, by=referrer)
    world.case(programme, by=referrer, consents=frozenset({ConsentKind.PROCESSING}))
    assigning.assign_case(by=adviser, case=case, operator=operator)

    assert kinds(coordinator) == {"to_plan": 1}
    assert kinds(elsewhere) == {}
    (group,) = waiting_for(by=referrer, on=timezone.localdate())
    assert [item.reference for item in group.items] == [case.reference]
    assert "Exemple" not in str(group)


def test_the_longest_wait_comes_first_and_the_rest_is_counted(programme, adviser):
    cases = [world.case(programme) for _ in range(SHOWN + 2)]
    age(cases[-1], 3)

    (group,) = waiting_for(by=adviser, on=timezone.localdate())

    assert group.total == SHOWN + 2
    assert len(group.items) == SHOWN
    assert group.items[0].reference == cases[-1].reference


def test_the_queries_do_not_grow_with_the_cases(programme, adviser):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            waiting_for(by=adviser, on=timezone.localdate())
        return len(captured)

    for _ in range(3):
        world.case(programme)
    few = queries()
    for _ in range(27):
        world.case(programme)

    assert queries() == few


def test_every_transition_has_its_words():
    assert timeline.untold_transitions() == set()


def test_the_story_keeps_from_an_operator_what_only_the_team_reads(agency, programme, adviser):
    operator = world.organisation(agency)
    visitor = world.member(agency, Role.VISITOR, of=operator)
    director = world.member(agency, Role.DIRECTOR)
    case = world.case(programme, rfr_eur=None)
    judging.override_eligibility(
        by=director, case=case, answer=EligibilityAnswer.YES, reason="Surendettement."
    )
    assigning.assign_case(by=adviser, case=case, operator=operator, visitor=visitor)
    noting.add_note(by=adviser, case=case, text="Fragile.", on=timezone.localdate())

    team = timeline.case_events(by=adviser, case=case)
    operator_reads = timeline.case_events(by=visitor, case=case)

    assert {"Surendettement.", "Fragile."} <= {event.text for event in team}
    assert {event.text for event in operator_reads} == {""}
    assert "Note" not in {event.title for event in operator_reads}
    assert team == sorted(team, key=lambda event: event.at, reverse=True)
