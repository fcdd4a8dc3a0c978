"""What waits on the home page: late partners, silent landlords, follow-ups; nothing of others."""

from datetime import date, timedelta

import time_machine
from django.utils.timezone import localdate

from atre.domain.agencies import isolation
from atre.domain.support.actions import mediating
from atre.domain.support.actions.orienting import answer_orientation, send_orientation
from atre.domain.support.waiting import waiting_for
from atre.jobs.follow_ups import open_due
from tests.support import visited, world


def kinds(by, on: date) -> dict[str, int]:
    with isolation.within(by.agency_id):
        return {group.kind: group.total for group in waiting_for(by=by, on=on)}


def send(followed):
    followed.agree()
    return send_orientation(
        by=followed.adviser,
        case=followed.case,
        service=followed.service,
        purpose="Aider",
        on=localdate(),
        answer_days=10,
    )


def test_a_partner_is_to_be_called_once_its_date_has_passed(followed):
    orientation = send(followed)
    due = orientation.answer_due_on

    assert kinds(followed.adviser, due) == {}
    assert kinds(followed.adviser, due + timedelta(days=1)) == {"orientations_unanswered": 1}
    answer_orientation(by=followed.partner, orientation=orientation, verb="accept")
    assert kinds(followed.adviser, due + timedelta(days=1)) == {}


def test_a_partner_sees_what_it_received_without_a_name(followed, elsewhere):
    send(followed)

    (group,) = waiting_for(by=followed.partner, on=localdate())

    assert group.total == 1
    assert "Exemple" not in group.items[0].title + group.items[0].detail
    assert kinds(elsewhere.partner, localdate()) == {}


def test_a_landlord_is_silent_once_the_last_deadline_has_passed(followed, elsewhere):
    today = localdate()
    mediation = mediating.open_mediation(
        by=followed.adviser,
        case=followed.case,
        landlord=mediating.Landlord(name="SCI Exemple"),
        problem="Réparer",
        agreed_on=today,
        on=today,
    )
    for due in (5, 20):
        mediating.add_mediation_step(
            by=followed.adviser,
            mediation=mediation,
            kind="first_contact",
            on=today,
            due_on=today + timedelta(days=due),
            text="Lettre",
            today=today,
        )

    assert kinds(followed.adviser, today + timedelta(days=20)) == {}
    assert kinds(followed.adviser, today + timedelta(days=21)) == {"mediations_due": 1}
    assert kinds(elsewhere.adviser, today + timedelta(days=21)) == {}


def test_a_follow_up_waits_for_whoever_follows_the_case(followed):
    with time_machine.travel(world.at("2026-11-10", 8)):
        open_due()
        colleague = world.member(followed.agency)

        assert kinds(followed.adviser, date(2026, 11, 10)) == {"follow_ups_due": 1}
        assert kinds(colleague, date(2026, 11, 10)) == {}
        assert kinds(followed.visitor, date(2026, 11, 10)) == {}


def test_the_number_of_queries_does_not_grow(followed, django_assert_num_queries):
    with time_machine.travel(world.at("2026-11-10", 8)):
        visited.followed()
        open_due()
        with django_assert_num_queries(6):
            waiting_for(by=followed.adviser, on=date(2026, 11, 10))
