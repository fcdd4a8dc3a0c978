"""Setting up agencies and letting people in and out."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies import isolation, permissions
from atre.domain.agencies.addresses import refuse_reserved
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Agency, Membership, Programme, User
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput, NotAllowed
from atre.domain.territories.models import Perimeter

PARTNER_ROLES = {Role.COORDINATOR, Role.VISITOR, Role.REFERRER}


def token_digest(token: str) -> str:
    """What is kept of a secret link: enough to recognise it, not to open it."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_agency(
    *, name: str, slug: str, code: str, perimeter: Perimeter, **contact: str
) -> Agency:
    """Create a tenant. `contact` may hold phone, email, website, postal_address."""
    agency = Agency.objects.create(name=name, slug=slug, code=code, perimeter=perimeter, **contact)
    with isolation.within(agency):
        audit.record(
            agency=agency, action="create_agency", obj=agency, by=None, channel="command line"
        )
    return agency


@transaction.atomic
def create_programme(
    *,
    agency: Agency,
    name: str,
    slug: str,
    perimeter: Perimeter,
    required_income_class: str,
    opens_on: date,
    consent_text_version: str,
    summary: str = "",
    support_target_share: Decimal | None = None,
    exit_test: dict[str, Any] | None = None,
    by: Membership | None = None,
) -> Programme:
    """Open a scheme on a perimeter. `InvalidInput` for the address of a page of the site."""
    if by is not None:
        permissions.require(by, "programme.edit")
    refuse_reserved(slug)
    programme = Programme.objects.create(
        agency=agency,
        name=name,
        slug=slug,
        summary=summary,
        perimeter=perimeter,
        required_income_class=required_income_class,
        opens_on=opens_on,
        consent_text_version=consent_text_version,
        support_target_share=support_target_share,
        exit_test=exit_test,
    )
    with isolation.within(agency):
        audit.record(agency=agency, action="create_programme", obj=programme, by=by)
    return programme


@transaction.atomic
def add_member(
    *,
    agency: Agency,
    user: User,
    role: str,
    organisation_id: int | None = None,
    by: Membership | None = None,
) -> Membership:
    """Give a person a role in an agency; a partner role comes with its organisation."""
    if by is not None:
        permissions.require(by, "people.manage")
    if role in PARTNER_ROLES and organisation_id is None:
        raise InvalidInput("Ce rôle s’exerce pour une organisation : choisissez-la.", field="role")
    membership, created = Membership.objects.get_or_create(
        agency=agency,
        user=user,
        role=role,
        organisation__exact=organisation_id,
        defaults={"organisation_id": organisation_id},
    )
    if not created and not membership.is_active:
        membership.is_active, membership.ended_at = True, None
        membership.save(update_fields=["is_active", "ended_at"])
    with isolation.within(agency):
        audit.record(
            agency=agency,
            action="add_member",
            obj=membership,
            by=by,
            details={"role": role},
        )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: Membership) -> Membership:
    """Take a person's access away; effective at their next click."""
    permissions.require(by, "people.manage")
    if membership.agency_id != by.agency_id:
        raise NotAllowed("Cette personne n’est pas de votre agence.")
    if membership.pk == by.pk:
        raise DomainError("Vous ne pouvez pas retirer votre propre accès.")
    membership.is_active, membership.ended_at = False, timezone.now()
    membership.calendar_token = None
    membership.save(update_fields=["is_active", "ended_at", "calendar_token"])
    audit.record(agency=by.agency_id, action="end_membership", obj=membership, by=by)
    return membership
