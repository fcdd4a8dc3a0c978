"""Readings about agencies, people and programmes."""

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from atre.domain.agencies.models import Agency, Membership, Programme, User
from atre.domain.territories.models import Perimeter


def current_membership(*, user: User, chosen: int | None) -> Membership | None:
    """The membership the person chose, else their oldest standing one."""
    rows = list(standing_memberships(user=user))
    for membership in rows:
        membership.user = user
        if membership.pk == chosen:
            return membership
    return rows[0] if rows else None


def standing_memberships(*, user: User) -> QuerySet[Membership]:
    """A person's memberships that have not ended, oldest first."""
    rows = Membership.objects.filter(user=user, is_active=True)
    return rows.select_related("agency").order_by("pk")


def has_second_factor(*, user: User) -> bool:
    """Whether the person set up a code generator or a passkey."""
    return Authenticator.objects.filter(
        user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).exists()


def members(*, agency: Agency, roles: list[str] | None = None) -> QuerySet[Membership]:
    """Standing memberships of an agency, with their people."""
    rows = Membership.objects.filter(agency=agency, is_active=True).select_related("user")
    return rows.filter(role__in=roles) if roles else rows


def open_programmes(*, on: date, agency: Agency | None = None) -> QuerySet[Programme]:
    """Programmes that take requests on a day, of one agency or of all."""
    rows = Programme.objects.filter(
        Q(closes_on__isnull=True) | Q(closes_on__gte=on), opens_on__lte=on
    ).select_related("agency")
    return rows.filter(agency=agency) if agency is not None else rows


@dataclass(frozen=True)
class NamedPerimeter:
    """A perimeter of an agency, under the name its people know it by."""

    perimeter: Perimeter
    name: str
    what_fr: str


def named_perimeters(*, agency: Agency) -> list[NamedPerimeter]:
    """The perimeters of an agency: its own, then those of its programmes where they differ."""
    found = [NamedPerimeter(agency.perimeter, agency.name, "périmètre de l’agence")]
    rows = Programme.objects.filter(agency=agency).select_related("perimeter").order_by("name")
    seen = {agency.perimeter_id}
    for row in rows:
        if row.perimeter_id not in seen:
            seen.add(row.perimeter_id)
            found.append(NamedPerimeter(row.perimeter, row.name, "périmètre d’un dispositif"))
    return found
