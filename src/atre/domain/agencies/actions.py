"""Setting up agencies and letting people in and out."""

import hashlib
import secrets
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies import isolation, permissions
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Agency, Invitation, Membership, Programme, User
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput, NotAllowed
from atre.domain.messages import actions as messages
from atre.domain.territories.models import Perimeter

INVITATION_DAYS = 14
PARTNER_ROLES = {Role.COORDINATOR, Role.VISITOR, Role.REFERRER}


class InvitationExpired(DomainError):
    """The invitation was used, has expired, or never existed."""


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
    """Open a scheme on a perimeter."""
    if by is not None:
        permissions.require(by, "programme.edit")
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
        agency=agency, user=user, role=role, organisation_id=organisation_id
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


@transaction.atomic
def invite(
    *,
    email: str,
    full_name: str,
    role: str,
    organisation_id: int | None = None,
    by: Membership,
    base_url: str,
) -> Invitation:
    """Offer a membership by e-mail. The link works once and for fourteen days."""
    permissions.require(by, "people.manage")
    if role in PARTNER_ROLES and organisation_id is None:
        raise InvalidInput(
            "Ce rôle s’exerce pour une organisation : choisissez-la.", field="organisation"
        )
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        agency_id=by.agency_id,
        email=email.lower(),
        full_name=full_name,
        role=role,
        organisation_id=organisation_id,
        token_digest=token_digest(token),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    messages.queue(
        agency=by.agency_id,
        kind="invitation",
        dedupe_key=f"invitation:{invitation.pk}",
        to_email=invitation.email,
        subject=f"{by.agency.name} vous invite sur Âtre",
        body=(
            f"Bonjour,\n\n{by.user.full_name} ({by.agency.name}) vous ouvre un accès à Âtre.\n"
            f"Choisissez votre mot de passe ici, dans les {INVITATION_DAYS} jours :\n\n"
            f"{base_url}/invitation/{token}/\n\n"
            "Si vous n’attendiez pas ce message, ne faites rien."
        ),
    )
    audit.record(
        agency=by.agency_id, action="invite", obj=invitation, by=by, details={"role": role}
    )
    return invitation


def pending_invitation(*, token: str) -> Invitation:
    """The invitation of a link, or `InvitationExpired`."""
    invitation = (
        Invitation.objects.filter(
            token_digest=token_digest(token),
            accepted_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .select_related("agency")
        .first()
    )
    if invitation is None:
        raise InvitationExpired(
            "Ce lien d’invitation a déjà servi ou n’est plus valable. Demandez-en un nouveau à "
            "la personne qui vous a invité."
        )
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> Membership:
    """Create the account (or keep the existing one) and give it the membership offered."""
    invitation = pending_invitation(token=token)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is not None:
        raise InvitationExpired("Cette invitation vient d’être utilisée : connectez-vous.")
    user = User.objects.filter(email=invitation.email).first()
    if user is None:
        user = User.objects.create_user(invitation.email, password, full_name=invitation.full_name)
    membership = add_member(
        agency=invitation.agency,
        user=user,
        role=invitation.role,
        organisation_id=invitation.organisation_id,
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    return membership
