"""The address by which a person's own calendar application reads their visits."""

import secrets

from django.db import transaction

from atre.domain.agencies import permissions
from atre.domain.agencies.actions import token_digest
from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit


@transaction.atomic
def renew_calendar(*, by: Membership) -> str:
    """A new secret for the feed; the former address stops working. Shown once, kept as digest."""
    permissions.require(by, "visit.view")
    token = secrets.token_urlsafe(32)
    Membership.objects.filter(pk=by.pk).update(calendar_token=token_digest(token))
    audit.record(agency=by.agency_id, action="renew_calendar", obj=by, by=by)
    return token


@transaction.atomic
def revoke_calendar(*, by: Membership) -> None:
    """Close the feed."""
    permissions.require(by, "visit.view")
    Membership.objects.filter(pk=by.pk).update(calendar_token=None)
    audit.record(agency=by.agency_id, action="revoke_calendar", obj=by, by=by)
