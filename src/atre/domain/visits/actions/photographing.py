"""Photographs taken at the home: a visitor adds them without reading the rest of the file."""

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput
from atre.domain.households import files, uploads
from atre.domain.households.actions.attaching import safe_name
from atre.domain.households.actions.moving import locked_case
from atre.domain.households.enums import AttachmentKind
from atre.domain.households.models import Attachment, Case

TAKEN_AT_HOME = frozenset({AttachmentKind.PHOTO, AttachmentKind.BILL})


@transaction.atomic
def add_visit_photo(
    *, by: Membership, case: Case, kind: AttachmentKind, name: str, content: bytes
) -> Attachment:
    """Keep a photo of the dwelling or of a bill with the case, rid of its hidden data.

    Errors: `NotAllowed`, `InvalidInput` (kind, size, format, damage).
    """
    fresh = locked_case(by=by, case=case, right="visit.write")
    if kind not in TAKEN_AT_HOME:
        raise InvalidInput("Dites ce que montre la photo.", field="kind")
    cleaned = uploads.clean(content)
    stored = files.store(agency_id=fresh.agency_id, content=cleaned.content)
    attachment = Attachment.objects.create(
        agency_id=fresh.agency_id,
        case=fresh,
        kind=kind,
        name=safe_name(name, content_type=cleaned.content_type),
        content_type=cleaned.content_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        by=by,
    )
    audit.record(
        agency=fresh.agency_id,
        action="add_visit_photo",
        obj=attachment,
        by=by,
        case_id=fresh.pk,
        details={"kind": str(kind), "bytes": stored.size_bytes},
    )
    return attachment


def visit_photos(*, by: Membership, case: Case) -> list[Attachment]:
    """What this person added at the home for a case, the newest first."""
    return list(
        Attachment.objects.filter(
            agency_id=by.agency_id, case=case, by=by, kind__in=TAKEN_AT_HOME
        ).order_by("-pk")
    )
