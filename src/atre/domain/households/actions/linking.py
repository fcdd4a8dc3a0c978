"""The household's private link to its own case."""

import secrets
from datetime import timedelta

from django.utils import timezone

from atre.domain.agencies.actions import token_digest
from atre.domain.households.models import Case, CaseLink

LINK_DAYS = 730


def issue_link(*, case: Case) -> str:
    """A new private link for the household; the former ones stop working."""
    token = secrets.token_urlsafe(24)
    now = timezone.now()
    CaseLink.objects.filter(case_id=case.pk, agency_id=case.agency_id, revoked_at=None).update(
        revoked_at=now
    )
    CaseLink.objects.create(
        agency_id=case.agency_id,
        case_id=case.pk,
        token_digest=token_digest(token),
        expires_at=now + timedelta(days=LINK_DAYS),
    )
    return token
