"""The job of reminders goes through every agency and never writes twice."""

from datetime import timedelta

import time_machine
from django.utils.timezone import localdate

from atre.domain.agencies import isolation
from atre.domain.messages.models import Message
from atre.domain.support.actions.orienting import send_orientation
from atre.jobs.orientations import remind_unanswered
from tests.support import visited, world


def test_each_agency_reminds_its_own_services_once(db):
    worlds = [visited.followed(), visited.followed()]
    start = world.at("2026-02-02", 8)
    with time_machine.travel(start):
        for followed in worlds:
            with isolation.within(followed.agency):
                followed.agree()
                send_orientation(
                    by=followed.adviser,
                    case=followed.case,
                    service=followed.service,
                    purpose="Aider",
                    on=localdate(),
                    answer_days=10,
                )

    with time_machine.travel(start + timedelta(days=13)):
        assert (remind_unanswered(), remind_unanswered()) == (2, 0)

    for followed in worlds:
        with isolation.within(followed.agency):
            told = Message.objects.get(kind="orientation_reminder", agency=followed.agency)
            assert told.to_email == followed.service.email
