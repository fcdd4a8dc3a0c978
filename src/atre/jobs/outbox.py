"""Sending what actions wrote in the outbox. Run every minute; any number may run at once."""

import logging
import re
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.messages.models import Message

log = logging.getLogger(__name__)

# One, two, four… minutes: eight tries spread over four hours outlast a mail server's restart.
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
BATCH = 200

# Whoever reads the database later must not find a key to a household's file or to an account:
# once its message has left, a secret is kept nowhere.
SECRET_LINK = re.compile(r"(/(?:suivi|invitation)/)[\w-]{16,}")


@dataclass(frozen=True)
class Sent:
    """How many messages left, and how many failed this time."""

    sent: int
    failed: int


def send_due() -> Sent:
    """Send every message whose time has come, agency by agency."""
    sent = failed = 0
    for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True):
        for message in _due(agency_id):
            if not _claim(message):
                continue
            if _send(message):
                sent += 1
            else:
                failed += 1
    return Sent(sent, failed)


def _due(agency_id: int) -> list[Message]:
    with isolation.reading(agency_id):
        return list(
            Message.objects.filter(
                agency_id=agency_id,
                sent_at=None,
                cancelled_at=None,
                send_after__lte=timezone.now(),
                attempts__lt=MOST_ATTEMPTS,
            ).order_by("send_after", "pk")[:BATCH]
        )


def _claim(message: Message) -> bool:
    """Take a message for this run, unless another run or a cancellation came first.

    The next try is set before sending: no lock is held while a mail server answers, and a
    process that dies leaves a message that is tried again.
    """
    with isolation.within(message.agency_id):
        taken = Message.objects.filter(
            pk=message.pk,
            agency_id=message.agency_id,
            attempts=message.attempts,
            sent_at=None,
            cancelled_at=None,
        ).update(
            attempts=message.attempts + 1,
            send_after=timezone.now() + FIRST_WAIT * 2**message.attempts,
        )
    return taken == 1


def _send(message: Message) -> bool:
    error = ""
    try:
        EmailMessage(subject=message.subject, body=message.body, to=[message.to_email]).send()
    except (OSError, smtplib.SMTPException) as fault:
        # The class only: what a mail server answers often quotes the address.
        error = type(fault).__name__
        log.warning("message %s not sent: %s", message.pk, error)
    after: dict[str, Any] = {"last_error": error}
    if not error:
        after |= {
            "sent_at": timezone.now(),
            "body": SECRET_LINK.sub(r"\1[lien envoyé]", message.body),
        }
    with isolation.within(message.agency_id):
        Message.objects.filter(pk=message.pk, agency_id=message.agency_id).update(**after)
    return not error
