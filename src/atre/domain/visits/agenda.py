"""Reading agendas: appointments in reach, and what is still free."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import Scope, require
from atre.domain.network.models import Organisation
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.models import Appointment, AppointmentVisitor, Slot
from atre.domain.visits.visitors import reachable_visitors

# Shorter than this, a household cannot be visited between two others.
SHORTEST_FREE = timedelta(minutes=45)


@dataclass(frozen=True)
class FreeSlot:
    """A stretch of a visitor's availability without a planned visit."""

    visitor: Membership
    starts_at: datetime
    ends_at: datetime


def appointments_in_scope(*, by: Membership, right: str = "visit.view") -> QuerySet[Appointment]:
    """Appointments that `right` reaches, with their case, commune and people."""
    reach = require(by, right)
    rows = (
        Appointment.objects.filter(agency_id=by.agency_id, case__erased_at__isnull=True)
        .select_related(
            "case__household", "case__dwelling__commune", "case__programme", "case__operator"
        )
        .prefetch_related(
            Prefetch("visitors", Membership.objects.select_related("user").order_by("pk"))
        )
    )
    if reach is Scope.AGENCY:
        return rows
    if reach is Scope.ORGANISATION:
        return rows.filter(case__operator_id=by.organisation_id)
    if reach is Scope.OWN:
        mine = AppointmentVisitor.objects.filter(agency_id=by.agency_id, visitor=by)
        return rows.filter(pk__in=mine.values("appointment"))
    return rows.none()


def appointment_for(*, by: Membership, pk: int, right: str = "visit.view") -> Appointment:
    """One appointment in reach; `Appointment.DoesNotExist` when foreign or absent."""
    return appointments_in_scope(by=by, right=right).get(pk=pk)


def agenda(*, by: Membership, start: datetime, end: datetime) -> list[Appointment]:
    """Appointments in reach that begin in [start, end), cancelled ones left out, in order."""
    return list(
        appointments_in_scope(by=by)
        .filter(starts_at__gte=start, starts_at__lt=end)
        .exclude(state=AppointmentState.CANCELLED)
        .order_by("starts_at", "pk")
    )


def slots_in_scope(*, by: Membership, start: datetime, end: datetime) -> QuerySet[Slot]:
    """Availability in reach that overlaps [start, end)."""
    reach = require(by, "visit.schedule")
    people = reachable_visitors(by=by, reach=reach)
    return (
        Slot.objects.filter(
            agency_id=by.agency_id, visitor__in=people, starts_at__lt=end, ends_at__gt=start
        )
        .select_related("visitor__user")
        .order_by("starts_at", "pk")
    )


def free_slots(
    *, by: Membership, operator: Organisation | None, start: datetime, end: datetime
) -> list[FreeSlot]:
    """What the visitors of an operator (None: the agency's own team) still have free.

    In [start, end), planned visits taken away, stretches of 45 minutes at least, in order of
    time. Only agendas within the person's reach.
    """
    slots = list(
        slots_in_scope(by=by, start=start, end=end).filter(
            visitor__organisation=operator, visitor__is_active=True
        )
    )
    busy = _busy(agency_id=by.agency_id, slots=slots, start=start, end=end)
    free = [
        FreeSlot(slot.visitor, begins, ends)
        for slot in slots
        for begins, ends in _without(
            max(slot.starts_at, start), min(slot.ends_at, end), busy.get(slot.visitor.user_id, [])
        )
        if ends - begins >= SHORTEST_FREE
    ]
    return sorted(free, key=lambda part: (part.starts_at, part.visitor.pk))


def _busy(
    *, agency_id: int, slots: list[Slot], start: datetime, end: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    rows = (
        AppointmentVisitor.objects.filter(
            agency_id=agency_id,
            visitor__user_id__in={slot.visitor.user_id for slot in slots},
            appointment__state=AppointmentState.PLANNED,
            appointment__starts_at__lt=end,
            appointment__ends_at__gt=start,
        )
        .order_by("appointment__starts_at")
        .values_list("visitor__user_id", "appointment__starts_at", "appointment__ends_at")
    )
    taken: dict[int, list[tuple[datetime, datetime]]] = {}
    for user, begins, ends in rows:
        taken.setdefault(user, []).append((begins, ends))
    return taken


def _without(
    start: datetime, end: datetime, taken: list[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """[start, end) minus stretches that are in order and do not overlap."""
    parts = []
    for begins, ends in taken:
        if ends <= start or begins >= end:
            continue
        if begins > start:
            parts.append((start, begins))
        start = max(start, ends)
    if start < end:
        parts.append((start, end))
    return parts
