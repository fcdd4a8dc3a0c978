"""Reading the journal, and checking that nobody rewrote it."""

from django.db.models import QuerySet

from atre.domain.agencies.models import Agency
from atre.domain.audit.actions import digest, seal
from atre.domain.audit.models import AuditEntry, AuditHead, ReadEntry


def entries(*, agency: Agency, case_id: int | None = None) -> QuerySet[AuditEntry]:
    """Entries of the agency, newest first."""
    rows = AuditEntry.objects.filter(agency=agency).select_related("actor__user")
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    return rows.order_by("-sequence")


def reads(*, agency: Agency, case_id: int) -> QuerySet[ReadEntry]:
    """Who opened this household's file, newest first."""
    return (
        ReadEntry.objects.filter(agency=agency, case_id=case_id)
        .select_related("reader__user")
        .order_by("-at")
    )


def first_broken_link(*, agency: Agency) -> int | None:
    """Rank of the first entry that does not follow from the one before it; None if whole."""
    previous, expected = "", 1
    for entry in AuditEntry.objects.filter(agency=agency).order_by("sequence").iterator():
        honest = (
            entry.sequence == expected
            and entry.previous_digest == previous
            and entry.digest == digest(entry)
            and _reason_is_its_own_or_forgotten(entry)
        )
        if not honest:
            return entry.sequence
        previous, expected = entry.digest, expected + 1
    head = AuditHead.objects.filter(agency=agency).first()
    if head is not None and (head.sequence, head.digest) != (expected - 1, previous):
        return expected
    return None


def _reason_is_its_own_or_forgotten(entry: AuditEntry) -> bool:
    if not entry.reason:
        return not entry.reason_salt
    return entry.reason_seal == seal(entry.reason, salt=entry.reason_salt)
