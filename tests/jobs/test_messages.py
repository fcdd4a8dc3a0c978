"""Messages leave once, at their time, and a failing mail server loses none."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.messages import actions as messages
from atre.domain.messages.models import Message
from atre.jobs.outbox import send_due
from atre.jobs.reminders import keep_reminders
from tests.domain.visits.conftest import make_operator
from tests.domain.visits.test_appointments import book
from tests.support import world


@pytest.fixture
def agency(db):
    return world.agency()


def queue(agency, key="essai", **changes):
    with isolation.within(agency):
        return messages.queue(
            agency=agency,
            kind="test",
            dedupe_key=key,
            to_email="menage@example.org",
            **({"subject": "Bonjour", "body": "Texte"} | changes),
        )


def rows(agency):
    with isolation.within(agency):
        return list(Message.objects.filter(agency=agency).order_by("pk"))


def test_a_message_is_sent_once(agency):
    queue(agency)
    assert (send_due().sent, send_due().sent) == (1, 0)
    assert [message.subject for message in mail.outbox] == ["Bonjour"]
    assert rows(agency)[0].sent_at is not None


def test_a_secret_link_leaves_with_its_message_and_is_kept_nowhere(agency):
    secret = "x" * 32
    queue(agency, body=f"Suivez ici : https://example.org/suivi/{secret}/ bonne journée")
    send_due()
    assert secret in mail.outbox[0].body
    (message,) = rows(agency)
    assert secret not in message.body
    assert "bonne journée" in message.body


def test_a_message_waits_for_its_time_and_a_cancelled_one_never_leaves(agency):
    queue(agency, "later", send_after=timezone.now() + timedelta(hours=1))
    queue(agency, "cancelled")
    with isolation.within(agency):
        messages.cancel(agency=agency, dedupe_prefix="cancelled")
    queue(agency, "now")
    assert send_due().sent == 1
    assert len(mail.outbox) == 1


def test_a_failing_mail_server_is_tried_again_later_without_naming_the_person(
    agency, monkeypatch, caplog
):
    queue(agency)

    def refuse(self):
        raise OSError("menage@example.org refused")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert send_due().failed == 1
    (message,) = rows(agency)
    assert (message.attempts, message.last_error, message.sent_at) == (1, "OSError", None)
    assert "menage" not in caplog.text
    assert send_due().sent == 0, "its next try is in a minute"
    with isolation.within(agency):
        Message.objects.filter(pk=message.pk).update(send_after=timezone.now())
    assert send_due().sent == 1


def test_each_planned_visit_has_one_reminder_and_a_closed_case_none(db):
    operator = make_operator()
    with isolation.within(operator.agency):
        kept, closed = operator.assigned_case(), operator.assigned_case()
        book(operator, kept)
        book(operator, closed, visitors=[operator.second])
        Message.objects.filter(case_id=kept.pk, kind="visit_reminder").delete()
        type(closed).objects.filter(pk=closed.pk).update(state="closed", closing_reason="moved")

    first, again = keep_reminders(), keep_reminders()

    assert (first.reminded, first.retired) == (1, 1)
    assert (again.reminded, again.retired) == (1, 0)
    with isolation.within(operator.agency):
        waiting = Message.objects.filter(kind="visit_reminder", cancelled_at=None)
        assert [message.case_id for message in waiting] == [kept.pk]
