"""Writing to the outbox, inside the transaction of the action that has something to say."""

from datetime import datetime

from django.utils import timezone

from atre.domain.agencies.models import Agency
from atre.domain.messages.models import Message


def queue(
    *,
    agency: Agency | int,
    kind: str,
    dedupe_key: str,
    to_email: str,
    subject: str,
    body: str,
    case_id: int | None = None,
    send_after: datetime | None = None,
) -> Message | None:
    """Write one message to send. Returns None when nobody can receive it (no address).

    The same `dedupe_key` never gives two messages: the first one written stays as it is.
    """
    if not to_email:
        return None
    message, _ = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "agency_id": agency if isinstance(agency, int) else agency.pk,
            "kind": kind,
            "to_email": to_email,
            "subject": subject,
            "body": body,
            "case_id": case_id,
            "send_after": send_after or timezone.now(),
        },
    )
    return message


def cancel(*, agency: Agency | int, dedupe_prefix: str) -> int:
    """Cancel the messages not sent yet whose key starts with `dedupe_prefix`; how many."""
    return Message.objects.filter(
        agency=agency,
        dedupe_key__startswith=dedupe_prefix,
        sent_at__isnull=True,
        cancelled_at__isnull=True,
    ).update(cancelled_at=timezone.now())
