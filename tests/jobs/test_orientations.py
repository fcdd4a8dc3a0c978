"""The job of reminders goes through every agency and never writes twice."""

from datetime import timedelta

import time_machine
from django.utils.timezone import localdate

from atre.domain.messages.models import Message
from atre.domain.support.actions.orienting import send_orientation
from atre.jobs.orientations import remind_unanswered
from tests.support import visited, world


def test_each_agency_reminds_its_own_services_once(db):
    worlds = [visited.followed(), visited.followed()]
    start = world.at("2026-02-02", 8)
    with time_machine.travel(start):
        for followed in worlds:
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

    told = Message.objects.filter(kind="orientation_reminder")
    assert {row.to_email for row in told} == {followed.service.email for followed in worlds}
