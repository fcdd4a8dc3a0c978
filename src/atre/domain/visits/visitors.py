"""Who may go to a household, and the lock that keeps each of them in one place at a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import Scope
from atre.domain.errors import InvalidInput
from atre.domain.households.models import Case
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.errors import SlotTaken
from atre.domain.visits.models import AppointmentVisitor
from atre.domain.visits.wording import moment_fr

MOST_VISITORS = 2


def eligible_visitors(*, case: Case) -> QuerySet[Membership]:
    """The people who may visit this case: its operator's, else the agency's own team."""
    standing = Membership.objects.filter(
        agency_id=case.agency_id, is_active=True, user__is_active=True
    ).select_related("user")
    if case.operator_id is None:
        return standing.filter(role__in=[Role.DIRECTOR, Role.ADVISER]).order_by("user__full_name")
    return standing.filter(
        organisation_id=case.operator_id, role__in=[Role.VISITOR, Role.COORDINATOR]
    ).order_by("user__full_name")


def reachable_visitors(*, by: Membership, reach: Scope) -> QuerySet[Membership]:
    """The visitors whose agenda a scope lets this person see or fill."""
    rows = Membership.objects.filter(agency_id=by.agency_id, is_active=True).select_related("user")
    if reach is Scope.AGENCY:
        return rows.filter(
            Q(role__in=[Role.VISITOR, Role.COORDINATOR, Role.ADVISER, Role.DIRECTOR])
        )
    if reach is Scope.ORGANISATION:
        return rows.filter(organisation=by.organisation_id, organisation__isnull=False)
    return rows.filter(pk=by.pk)


def check_visitors(*, case: Case, visitors: Sequence[Membership]) -> list[Membership]:
    """The visitors, fresh from the database, in the order given; one or two, all eligible."""
    wanted = list(dict.fromkeys(visitor.pk for visitor in visitors))
    if not wanted or len(wanted) > MOST_VISITORS or len(wanted) != len(visitors):
        raise InvalidInput("Choisissez une ou deux personnes différentes.", field="visitors")
    found = {row.pk: row for row in eligible_visitors(case=case).filter(pk__in=wanted)}
    if len(found) != len(wanted):
        raise InvalidInput(
            "Cette personne ne fait pas de visites pour l’opérateur de ce dossier.",
            field="visitors",
        )
    return [found[pk] for pk in wanted]


def lock_agendas(*, agency_id: int, user_ids: Iterable[int]) -> None:
    """Hold these people's agendas until the transaction ends, always in the same order.

    The rows locked are their memberships: two bookings of one person wait for each other, in any
    agency role they have. NO KEY: rows that merely point at a membership need not wait.
    """
    rows = (
        Membership.objects.select_for_update(no_key=True)
        .filter(agency_id=agency_id, user_id__in=list(user_ids))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    # Reading the rows is what takes the locks.
    list(rows)


def refuse_overlap(
    *,
    agency_id: int,
    visitors: Sequence[Membership],
    starts_at: datetime,
    ends_at: datetime,
    but: int | None = None,
) -> None:
    """Raise `SlotTaken` if one of them has a planned visit then. Call once agendas are locked."""
    taken = (
        AppointmentVisitor.objects.filter(
            agency_id=agency_id,
            visitor__user_id__in=[visitor.user_id for visitor in visitors],
            appointment__state=AppointmentState.PLANNED,
            appointment__starts_at__lt=ends_at,
            appointment__ends_at__gt=starts_at,
        )
        .exclude(appointment=but)
        .select_related("visitor__user", "appointment")
        .order_by("appointment__starts_at")
        .first()
    )
    if taken is not None:
        raise SlotTaken(
            f"{taken.visitor.user.full_name} a déjà une visite "
            f"{moment_fr(taken.appointment.starts_at)}. Choisissez une autre heure ou une autre "
            "personne.",
            field="starts_at",
        )
