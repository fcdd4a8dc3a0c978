"""Writing the journal. Called inside the action's own transaction."""

import hashlib
import json
import secrets
from datetime import UTC
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from atre.domain.agencies.models import Agency, Membership
from atre.domain.audit.models import AuditEntry, AuditHead, ReadEntry


def record(
    *,
    agency: Agency | int,
    action: str,
    obj: models.Model,
    by: Membership | None,
    channel: str = "screen",
    case_id: int | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry to the agency's chain.

    `details` names what changed (fields, states, counts) and never holds a personal value:
    the chain outlives the household's erasure. Requires an open transaction.
    """
    agency_id = agency if isinstance(agency, int) else agency.pk
    salt = secrets.token_hex(16) if reason else ""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record needs the action's transaction")
    AuditHead.objects.get_or_create(agency_id=agency_id)
    head = AuditHead.objects.select_for_update().get(agency_id=agency_id)
    entry = AuditEntry(
        agency_id=agency_id,
        sequence=head.sequence + 1,
        # As the database gives it back: the digest seals the text of the date.
        at=timezone.now().astimezone(UTC),
        actor=by,
        channel=channel,
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        case_id=case_id,
        reason=reason,
        reason_salt=salt,
        reason_seal=seal(reason, salt=salt),
        details=details or {},
        previous_digest=head.digest,
    )
    entry.digest = digest(entry)
    entry.save(force_insert=True)
    head.sequence, head.digest = entry.sequence, entry.digest
    head.save(update_fields=["sequence", "digest"])
    return entry


def digest(entry: AuditEntry) -> str:
    """SHA-256 of the entry's content and of the link before it."""
    content = {
        "agency": entry.agency_id,
        "sequence": entry.sequence,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "channel": entry.channel,
        "action": entry.action,
        "object": [entry.object_type, entry.object_id],
        "case": entry.case_id,
        "reason": entry.reason_seal,
        "details": entry.details,
        "previous": entry.previous_digest,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def seal(reason: str, *, salt: str) -> str:
    """What the chain keeps of a reason: nothing can be guessed from it without the salt."""
    return hashlib.sha256(f"{salt}:{reason}".encode()).hexdigest() if reason else ""


def forget_reasons(*, agency: Agency | int, case_ids: list[int]) -> int:
    """Take the words away from the entries of erased cases; how many lost some."""
    return (
        AuditEntry.objects.filter(agency=agency, case_id__in=case_ids)
        .exclude(reason="")
        .update(reason="", reason_salt="")
    )


def log_read(*, by: Membership, case_id: int, screen: str) -> None:
    """Note that a person opened a household's file."""
    ReadEntry.objects.create(agency_id=by.agency_id, reader=by, case_id=case_id, screen=screen)
