"""Attaching bills, photos and letters to a case, and taking them off."""

import re
from pathlib import PurePosixPath

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput
from atre.domain.households import files, uploads
from atre.domain.households.actions.moving import locked_case
from atre.domain.households.enums import AttachmentKind
from atre.domain.households.models import Attachment, Case

EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}


@transaction.atomic
def add_attachment(
    *, by: Membership, case: Case, kind: AttachmentKind, name: str, content: bytes
) -> Attachment:
    """Keep a file with the case. Its type is what its bytes show; photos lose their hidden data.

    Errors: `NotAllowed`, `InvalidInput` (kind, size, format, damage).
    """
    fresh = locked_case(by=by, case=case, right="case.income")
    if kind not in AttachmentKind.values:
        raise InvalidInput("Dites ce que montre ce fichier.", field="kind")
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
        action="add_attachment",
        obj=attachment,
        by=by,
        case_id=fresh.pk,
        details={"kind": kind, "type": cleaned.content_type, "bytes": stored.size_bytes},
    )
    return attachment


def safe_name(name: str, *, content_type: str) -> str:
    """A file name without folders or control signs, with the extension of its true type.

    >>> safe_name("../../facture.exe", content_type="application/pdf")
    'facture.pdf'
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    stem = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e]", "", PurePosixPath(last).stem)
    extension = EXTENSIONS[content_type]
    return (stem.strip(" .")[: 150 - len(extension)] or "pièce") + extension


@transaction.atomic
def remove_attachment(*, by: Membership, attachment: Attachment, reason: str) -> None:
    """Take a file off its case; its bytes go too, unless another row names the same content.

    Errors: `NotAllowed`, `InvalidInput` without a reason, `Attachment.DoesNotExist`.
    """
    fresh = locked_case(by=by, case=attachment.case, right="case.income")
    if not reason.strip():
        raise InvalidInput("Dites pourquoi cette pièce est retirée.", field="reason")
    row = Attachment.objects.select_for_update().get(pk=attachment.pk, agency_id=by.agency_id)
    audit.record(
        agency=fresh.agency_id,
        action="remove_attachment",
        obj=row,
        by=by,
        case_id=fresh.pk,
        reason=reason.strip(),
        details={"kind": row.kind},
    )
    agency_id, sha256 = row.agency_id, row.sha256
    row.delete()
    # Bytes cannot be rolled back: they go once the row is gone for good.
    transaction.on_commit(lambda: files.remove_unnamed(agency_id=agency_id, digests={sha256}))
