"""Booking a visit, moving it, calling it off; absences and their correction."""

from datetime import timedelta

import pytest
from django.utils import timezone

from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import InvalidInput, NotAllowed, StaleSave
from atre.domain.households.models import Case
from atre.domain.households.states import IllegalTransition
from atre.domain.messages.models import Message
from atre.domain.visits.actions.appointments import (
    cancel_appointment,
    reschedule,
    schedule_appointment,
)
from atre.domain.visits.actions.attendance import correct_no_show, mark_no_show
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.errors import NotSchedulable, SlotTaken
from atre.domain.visits.models import Appointment
from tests.domain.visits.conftest import in_days
from tests.support import world

pytestmark = pytest.mark.usefixtures("inside")


def book(operator, case, *, by=None, start=None, hours=2, visitors=None):
    start = start or in_days(7)
    return schedule_appointment(
        by=by or operator.coordinator,
        case=case,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        visitors=visitors or [operator.visitor],
        practical="Code 12A",
    )


def begun(appointment: Appointment) -> Appointment:
    """The same appointment once its hour has come."""
    now = timezone.now()
    Appointment.objects.filter(pk=appointment.pk).update(
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
    )
    return Appointment.objects.get(pk=appointment.pk)


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_a_booking_schedules_the_case_and_tells_the_household_twice(operator):
    case = operator.assigned_case()
    appointment = book(operator, case, visitors=[operator.visitor, operator.second])

    assert state_of(case) == "scheduled"
    assert Case.objects.get(pk=case.pk).visitor == operator.visitor
    assert set(appointment.visitors.all()) == {operator.visitor, operator.second}
    sent = Message.objects.filter(case_id=case.pk, kind__startswith="visit_").order_by("kind")
    assert [message.kind for message in sent] == ["visit_confirmation", "visit_reminder"]
    assert sent[1].send_after == appointment.starts_at - timedelta(days=2)
    assert "12A" not in sent[0].body, "instructions of access are the team's"
    assert AuditEntry.objects.filter(action="schedule_appointment", case_id=case.pk).count() == 1


def test_a_visit_within_two_days_has_no_reminder(operator):
    case = operator.assigned_case()
    book(operator, case, start=timezone.now() + timedelta(hours=20))
    kinds = Message.objects.filter(case_id=case.pk, kind__startswith="visit_")
    assert [message.kind for message in kinds] == ["visit_confirmation"]


def test_a_visitor_is_never_in_two_places(operator):
    start = in_days(7)
    book(operator, operator.assigned_case(), start=start)
    case = operator.assigned_case()

    with pytest.raises(SlotTaken) as refusal:
        book(
            operator,
            case,
            start=start + timedelta(hours=1),
            visitors=[operator.second, operator.visitor],
        )
    assert operator.visitor.user.full_name in refusal.value.message_fr
    assert state_of(case) == "assigned"

    after = book(operator, case, start=start + timedelta(hours=2))
    assert after.state == AppointmentState.PLANNED, "one visit may begin when another ends"


def test_the_same_person_under_two_roles_is_one_person(operator):
    from atre.domain.agencies import actions as agencies

    start = in_days(7)
    also = agencies.add_member(
        agency=operator.agency,
        user=operator.visitor.user,
        role=Role.COORDINATOR,
        organisation_id=operator.organisation.pk,
    )
    book(operator, operator.assigned_case(), start=start)
    with pytest.raises(SlotTaken):
        book(operator, operator.assigned_case(), start=start, visitors=[also])


@pytest.mark.parametrize(
    ("start", "hours", "field"),
    [(-1, 2, "starts_at"), (7, 0, "ends_at"), (7, -1, "ends_at"), (7, 7, "ends_at")],
)
def test_an_impossible_time_is_refused_and_named(operator, start, hours, field):
    case = operator.assigned_case()
    with pytest.raises(InvalidInput) as refusal:
        book(operator, case, start=in_days(start), hours=hours)
    assert refusal.value.field == field
    assert not Appointment.objects.filter(case=case).exists()


def test_only_the_operators_people_go(operator):
    case = operator.assigned_case()
    stranger = world.member(operator.agency, Role.VISITOR)
    for visitors in ([stranger], [operator.visitor, operator.visitor], [operator.adviser]):
        with pytest.raises(InvalidInput):
            book(operator, case, visitors=visitors)
    assert book(operator, case).state == AppointmentState.PLANNED


def test_another_agency_and_another_operator_cannot_book(operator):
    case = operator.assigned_case()
    elsewhere = world.member(world.agency(insee=world.ANGERS), Role.DIRECTOR)
    neighbour = world.member(operator.agency, Role.COORDINATOR)
    with pytest.raises(Case.DoesNotExist):
        book(operator, case, by=elsewhere)
    with pytest.raises(NotAllowed):
        book(operator, case, by=neighbour)
    assert book(operator, case, by=operator.coordinator)


def test_a_booking_on_an_old_screen_is_refused_with_the_current_case(operator):
    case = operator.assigned_case()
    with pytest.raises(StaleSave) as refusal:
        schedule_appointment(
            by=operator.coordinator,
            case=case,
            starts_at=in_days(7),
            ends_at=in_days(7, 12),
            visitors=[operator.visitor],
            revision=case.revision - 1,
        )
    assert refusal.value.current.pk == case.pk


def test_a_case_has_one_planned_visit_at_a_time(operator):
    case = operator.assigned_case()
    book(operator, case)
    with pytest.raises(IllegalTransition):
        book(operator, case, start=in_days(9))


def test_moving_a_visit_says_the_new_time_and_drops_the_old_messages(operator):
    case = operator.assigned_case()
    appointment = book(operator, case)
    moved = reschedule(
        by=operator.visitor,
        appointment=appointment,
        starts_at=in_days(9),
        ends_at=in_days(9, 12),
        visitors=[operator.second],
    )

    assert (moved.sequence, state_of(case)) == (1, "scheduled")
    assert list(moved.visitors.all()) == [operator.second]
    waiting = Message.objects.filter(case_id=case.pk, kind__startswith="visit_", cancelled_at=None)
    assert {message.dedupe_key.split(":")[2] for message in waiting} == {"1"}
    assert all("12 h" not in message.subject for message in waiting)


def test_a_visit_moved_within_its_own_time_does_not_meet_itself(operator):
    appointment = book(operator, operator.assigned_case())
    moved = reschedule(
        by=operator.coordinator,
        appointment=appointment,
        starts_at=appointment.starts_at + timedelta(minutes=30),
        ends_at=appointment.ends_at + timedelta(minutes=30),
        visitors=[operator.visitor],
    )
    assert moved.sequence == 1


def test_cancelling_frees_the_visitor_and_the_case(operator):
    case = operator.assigned_case()
    appointment = book(operator, case)
    with pytest.raises(InvalidInput):
        cancel_appointment(by=operator.coordinator, appointment=appointment, reason="  ")

    cancel_appointment(by=operator.coordinator, appointment=appointment, reason="Visiteur malade")

    assert state_of(case) == "assigned"
    waiting = Message.objects.filter(case_id=case.pk, kind__startswith="visit_", cancelled_at=None)
    assert [message.kind for message in waiting] == ["visit_cancellation"]
    assert book(operator, case).state == AppointmentState.PLANNED
    with pytest.raises(NotSchedulable):
        cancel_appointment(by=operator.coordinator, appointment=appointment, reason="Encore")


def test_an_absence_is_noted_after_the_hour_only(operator):
    case = operator.assigned_case()
    appointment = book(operator, case)
    with pytest.raises(NotSchedulable):
        mark_no_show(by=operator.visitor, appointment=appointment)

    noted = mark_no_show(
        by=operator.visitor, appointment=begun(appointment), reason="Pas de réponse"
    )

    assert (noted.state, state_of(case)) == ("no_show", "assigned")


@pytest.mark.parametrize(
    ("to", "case_state"),
    [("planned", "scheduled"), ("held", "assigned"), ("cancelled", "assigned")],
)
def test_an_absence_noted_by_mistake_is_corrected_and_journalled(operator, to, case_state):
    case = operator.assigned_case()
    appointment = begun(book(operator, case))
    mark_no_show(by=operator.visitor, appointment=appointment)

    fixed = correct_no_show(
        by=operator.coordinator,
        appointment=appointment,
        to=AppointmentState(to),
        reason="Erreur de ligne",
    )

    assert (fixed.state, state_of(case)) == (to, case_state)
    entry = AuditEntry.objects.get(action="correct_no_show", case_id=case.pk)
    assert (entry.reason, entry.details["to"]) == ("Erreur de ligne", to)


def test_a_visit_noted_held_can_become_an_absence(operator):
    case = operator.assigned_case()
    appointment = begun(book(operator, case))
    mark_no_show(by=operator.visitor, appointment=appointment)
    correct_no_show(
        by=operator.coordinator, appointment=appointment, to=AppointmentState.HELD, reason="Si"
    )
    again = mark_no_show(by=operator.coordinator, appointment=appointment, reason="Non, absent")
    assert (again.state, state_of(case)) == ("no_show", "assigned")


def test_a_correction_needs_a_reason_and_an_absence(operator):
    appointment = begun(book(operator, operator.assigned_case()))
    correction = {"by": operator.coordinator, "appointment": appointment}
    with pytest.raises(NotSchedulable):
        correct_no_show(**correction, to=AppointmentState.HELD, reason="Faux")
    mark_no_show(by=operator.visitor, appointment=appointment)
    with pytest.raises(InvalidInput):
        correct_no_show(**correction, to=AppointmentState.HELD, reason=" ")
    with pytest.raises(InvalidInput):
        correct_no_show(**correction, to=AppointmentState.NO_SHOW, reason="Rien")
