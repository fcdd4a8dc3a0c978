"""What waits for visitors and coordinators, and the calendar they carry."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from atre.domain.agencies.enums import Role
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.visits.actions.appointments import cancel_appointment, reschedule
from atre.domain.visits.actions.attendance import mark_no_show
from atre.domain.visits.actions.calendars import renew_calendar, revoke_calendar
from atre.domain.visits.actions.slots import offer_slots, withdraw_slot
from atre.domain.visits.agenda import free_slots
from atre.domain.visits.feed import feed, feed_owner
from atre.domain.visits.models import Appointment, Slot
from atre.domain.visits.waiting import waiting_for
from tests.domain.visits.conftest import in_days
from tests.domain.visits.test_appointments import begun, book
from tests.domain.visits.test_visit import sealed, start
from tests.support import world

pytestmark = pytest.mark.usefixtures("inside")


def kinds(by):
    return {group.kind: group.total for group in waiting_for(by=by, on=timezone.localdate())}


def test_each_thing_waits_for_the_operators_people_and_not_for_others(operator):
    planned = operator.assigned_case()
    now = timezone.now()
    appointment = book(operator, planned)
    Appointment.objects.filter(pk=appointment.pk).update(
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(minutes=1)
    )
    absent = operator.assigned_case()
    mark_no_show(by=operator.visitor, appointment=begun(book(operator, absent, start=in_days(9))))
    sealed(operator)
    start(operator)

    found = kinds(operator.coordinator)

    assert found["visits_today"] >= 1
    assert (found["visits_to_replan"], found["visits_to_finish"]) == (1, 1)
    assert found["reports_to_hand_over"] == 1
    assert kinds(world.member(operator.agency, Role.COORDINATOR)) == {}
    assert kinds(world.member(operator.agency, Role.REFERRER)) == {}


def test_an_absent_household_waits_once_to_be_called_back_not_to_be_planned_too(operator):
    absent = operator.assigned_case()
    mark_no_show(by=operator.visitor, appointment=begun(book(operator, absent, start=in_days(9))))
    assert kinds(operator.visitor) == {"visits_to_replan": 1}


def test_a_visit_whose_hour_has_passed_asks_what_happened(operator):
    appointment = book(operator, operator.assigned_case())
    long_ago = timezone.now() - timedelta(days=2)
    Appointment.objects.filter(pk=appointment.pk).update(
        starts_at=long_ago, ends_at=long_ago + timedelta(hours=1)
    )
    assert kinds(operator.visitor) == {"visits_untold": 1}
    assert kinds(operator.second) == {}


def test_planned_visits_are_taken_out_of_free_time(operator):
    start_at = in_days(5, 9)
    offer_slots(
        by=operator.visitor,
        visitor=operator.visitor,
        ranges=[(start_at, start_at + timedelta(hours=6))],
    )
    book(operator, operator.assigned_case(), start=start_at + timedelta(hours=1), hours=2)

    free = free_slots(
        by=operator.coordinator,
        operator=operator.organisation,
        start=timezone.now(),
        end=in_days(20),
    )

    assert [(part.starts_at, part.ends_at) for part in free] == [
        (start_at, start_at + timedelta(hours=1)),
        (start_at + timedelta(hours=3), start_at + timedelta(hours=6)),
    ]


def test_an_agenda_is_filled_by_its_owner_or_those_who_coordinate_it(operator):
    ranges = [(in_days(5, 9), in_days(5, 12))]
    neighbour = world.member(operator.agency, Role.COORDINATOR)
    for by in (operator.second, neighbour, world.member(world.agency(), Role.DIRECTOR)):
        with pytest.raises(NotAllowed):
            offer_slots(by=by, visitor=operator.visitor, ranges=ranges)
    (slot,) = offer_slots(by=operator.coordinator, visitor=operator.visitor, ranges=ranges)
    with pytest.raises(InvalidInput):
        offer_slots(by=operator.visitor, visitor=operator.visitor, ranges=ranges)
    with pytest.raises(NotAllowed):
        withdraw_slot(by=operator.second, slot=slot)
    withdraw_slot(by=operator.visitor, slot=slot)
    assert not Slot.objects.exists()


def test_one_impossible_range_writes_none(operator):
    good = (in_days(5, 9), in_days(5, 12))
    with pytest.raises(InvalidInput):
        offer_slots(
            by=operator.visitor,
            visitor=operator.visitor,
            ranges=[good, (in_days(6, 12), in_days(6, 9))],
        )
    assert not Slot.objects.exists()


def test_the_calendar_says_when_and_where_but_not_who(operator):
    case = operator.assigned_case(last_name="Introuvable", phone="0611111111")
    appointment = book(operator, case)
    content = feed(owner=operator.visitor).decode()
    assert case.reference in content
    assert "Nogent-sur-Marne" in content
    for secret in ("Introuvable", "611111111", "rue des Essais", "Code 12A"):
        assert secret not in content

    reschedule(
        by=operator.visitor,
        appointment=appointment,
        starts_at=in_days(8),
        ends_at=in_days(8, 12),
        visitors=[operator.visitor],
    )
    cancel_appointment(by=operator.visitor, appointment=appointment, reason="Malade")
    (event,) = Calendar.from_ical(feed(owner=operator.visitor)).walk("VEVENT")
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CANCELLED")
    assert feed(owner=operator.second).decode().count("BEGIN:VEVENT") == 0


def test_a_calendar_address_opens_until_it_is_replaced_closed_or_its_owner_leaves(operator):
    first = renew_calendar(by=operator.visitor)
    assert feed_owner(token=first) == operator.visitor
    second = renew_calendar(by=operator.visitor)
    assert (feed_owner(token=first), feed_owner(token=second)) == (None, operator.visitor)
    revoke_calendar(by=operator.visitor)
    assert feed_owner(token=second) is None
    third = renew_calendar(by=operator.visitor)
    type(operator.visitor).objects.filter(pk=operator.visitor.pk).update(is_active=False)
    assert feed_owner(token=third) is None
