"""Letting people in: an e-mailed link that works once, for the person it was written to."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from atre.domain.agencies import isolation, permissions
from atre.domain.agencies.actions import PARTNER_ROLES, add_member, token_digest
from atre.domain.agencies.models import Invitation, Membership, User
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput, NotAllowed
from atre.domain.messages import actions as messages
from atre.domain.network.models import Organisation

INVITATION_DAYS = 14


class InvitationExpired(DomainError):
    """The invitation was used, cancelled, has expired, or never existed."""


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
    email = email.strip().lower()
    if role in PARTNER_ROLES and organisation_id is None:
        raise InvalidInput(
            "Ce rôle s’exerce pour une organisation : choisissez-la.", field="organisation"
        )
    if organisation_id is not None and not _is_partner(organisation_id, by=by):
        raise InvalidInput("Choisissez une organisation de votre réseau.", field="organisation")
    if _already_here(email=email, role=role, organisation_id=organisation_id, by=by):
        raise InvalidInput("Cette personne a déjà cet accès.", field="email")
    if pending_invitations(by=by).filter(email=email, role=role).exists():
        raise InvalidInput(
            "Une invitation attend déjà cette personne : renvoyez-la plutôt.", field="email"
        )
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        agency_id=by.agency_id,
        email=email,
        full_name=full_name,
        role=role,
        organisation_id=organisation_id,
        token_digest=token_digest(token),
        invited_by=by,
        expires_at=_new_expiry(),
    )
    _queue_link(invitation, token, by=by, base_url=base_url)
    audit.record(
        agency=by.agency_id, action="invite", obj=invitation, by=by, details={"role": role}
    )
    return invitation


def _is_partner(organisation_id: int, *, by: Membership) -> bool:
    partners = Organisation.objects.filter(agency_id=by.agency_id, is_active=True)
    return partners.filter(pk=organisation_id).exists()


def _already_here(*, email: str, role: str, organisation_id: int | None, by: Membership) -> bool:
    return Membership.objects.filter(
        agency_id=by.agency_id,
        user__email=email,
        role=role,
        organisation=organisation_id,
        is_active=True,
    ).exists()


def _new_expiry() -> datetime:
    return timezone.now() + timedelta(days=INVITATION_DAYS)


def _queue_link(invitation: Invitation, token: str, *, by: Membership, base_url: str) -> None:
    messages.queue(
        agency=by.agency_id,
        kind="invitation",
        # The digest makes a second sending another message, and the first one cancellable.
        dedupe_key=f"invitation:{invitation.pk}:{invitation.token_digest[:16]}",
        to_email=invitation.email,
        subject=f"{by.agency.name} vous invite sur Âtre",
        body=(
            f"Bonjour,\n\n{by.user.full_name} ({by.agency.name}) vous ouvre un accès à Âtre.\n"
            f"Acceptez-le ici, dans les {INVITATION_DAYS} jours :\n\n"
            f"{base_url}/invitation/{token}/\n\n"
            "Si vous n’attendiez pas ce message, ne faites rien."
        ),
    )


def pending_invitations(*, by: Membership) -> QuerySet[Invitation]:
    """Invitations of the agency that nobody has used or cancelled; expired ones included."""
    return (
        Invitation.objects.filter(
            agency_id=by.agency_id, accepted_at__isnull=True, cancelled_at__isnull=True
        )
        .select_related("organisation")
        .order_by("-created_at", "-pk")
    )


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: Membership, base_url: str) -> Invitation:
    """Send a new link, for fourteen more days; the previous link stops working."""
    fresh = _own_pending(invitation, by=by)
    messages.cancel(agency=by.agency_id, dedupe_prefix=f"invitation:{fresh.pk}:")
    token = secrets.token_urlsafe(32)
    fresh.token_digest, fresh.expires_at = token_digest(token), _new_expiry()
    fresh.save(update_fields=["token_digest", "expires_at"])
    _queue_link(fresh, token, by=by, base_url=base_url)
    audit.record(agency=by.agency_id, action="resend_invitation", obj=fresh, by=by)
    return fresh


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, by: Membership) -> Invitation:
    """Take an invitation back; its link stops working at once."""
    fresh = _own_pending(invitation, by=by)
    messages.cancel(agency=by.agency_id, dedupe_prefix=f"invitation:{fresh.pk}:")
    fresh.cancelled_at = timezone.now()
    fresh.save(update_fields=["cancelled_at"])
    audit.record(agency=by.agency_id, action="cancel_invitation", obj=fresh, by=by)
    return fresh


def _own_pending(invitation: Invitation, *, by: Membership) -> Invitation:
    permissions.require(by, "people.manage")
    fresh = (
        Invitation.objects.select_for_update()
        .filter(pk=invitation.pk, agency_id=by.agency_id)
        .first()
    )
    if fresh is None:
        raise NotAllowed("Cette invitation n’est pas de votre agence.")
    if fresh.accepted_at is not None or fresh.cancelled_at is not None:
        raise DomainError("Cette invitation a déjà été acceptée ou annulée.")
    return fresh


def pending_invitation(*, token: str) -> Invitation:
    """The invitation of a link, or `InvitationExpired`."""
    invitation = (
        Invitation.objects.filter(
            token_digest=token_digest(token),
            accepted_at__isnull=True,
            cancelled_at__isnull=True,
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


def invited_account(invitation: Invitation) -> User | None:
    """The account that already has the invitation's address."""
    return User.objects.filter(email=invitation.email).first()


@transaction.atomic
def accept_invitation(
    *, token: str, password: str | None = None, user: User | None = None
) -> Membership:
    """Give the membership offered: to a new account with `password`, or to the `user` logged in.

    A link alone never adds rights to an account that exists: its owner accepts, logged in.
    """
    invitation = pending_invitation(token=token)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is not None or invitation.cancelled_at is not None:
        raise InvitationExpired("Cette invitation vient d’être utilisée : connectez-vous.")
    account = invited_account(invitation)
    if account is not None and (user is None or user.pk != account.pk):
        raise NotAllowed("Connectez-vous avec l’adresse invitée pour accepter.")
    if account is None:
        if not password:
            raise InvalidInput("Choisissez un mot de passe.", field="password")
        account = User.objects.create_user(
            invitation.email, password, full_name=invitation.full_name
        )
    with isolation.within(invitation.agency_id):
        membership = add_member(
            agency=invitation.agency,
            user=account,
            role=invitation.role,
            organisation_id=invitation.organisation_id,
        )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    return membership
