"""Agreeing on a visit with the household, moving it, calling it off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households import states
from atre.domain.households.actions import moving
from atre.domain.households.models import Case
from atre.domain.visits import announcing
from atre.domain.visits.enums import AppointmentState, VisitState
from atre.domain.visits.errors import NotSchedulable
from atre.domain.visits.models import Appointment, AppointmentVisitor, Visit
from atre.domain.visits.visitors import check_visitors, lock_agendas, refuse_overlap

LONGEST_VISIT = timedelta(hours=6)


@transaction.atomic
def schedule_appointment(
    *,
    by: Membership,
    case: Case,
    starts_at: datetime,
    ends_at: datetime,
    visitors: Sequence[Membership],
    practical: str = "",
    revision: int | None = None,
) -> Appointment:
    """Book one visitor or two for a case waiting for its visit, and tell the household.

    `starts_at`, `ends_at` are aware, to come, six hours apart at most. The first visitor becomes
    the case's visitor. Errors: `NotAllowed`, `StaleSave`, `IllegalTransition`, `InvalidInput`,
    `SlotTaken` when a visitor is busy then.
    """
    fresh = moving.locked_case(by=by, case=case, right="visit.schedule", revision=revision)
    states.check("schedule", fresh.state)
    chosen = check_visitors(case=fresh, visitors=visitors)
    _check_time(starts_at, ends_at)
    lock_agendas(agency_id=fresh.agency_id, user_ids=[v.user_id for v in chosen])
    refuse_overlap(agency_id=fresh.agency_id, visitors=chosen, starts_at=starts_at, ends_at=ends_at)
    retire_leftover(case=fresh, reason="Le dossier a été clos puis repris")
    appointment = Appointment.objects.create(
        agency_id=fresh.agency_id,
        case=fresh,
        starts_at=starts_at,
        ends_at=ends_at,
        state=AppointmentState.PLANNED,
        practical=practical.strip(),
    )
    _write_visitors(appointment=appointment, visitors=chosen)
    fresh.visitor = chosen[0]
    fresh.last_contact_on = timezone.localdate()
    moving.change_state(case=fresh, verb="schedule", by=by)
    announcing.announce_planned(appointment=appointment, case=fresh, moved=False)
    record_appointment("schedule_appointment", appointment, by=by)
    return appointment


@transaction.atomic
def reschedule(
    *,
    by: Membership,
    appointment: Appointment,
    starts_at: datetime,
    ends_at: datetime,
    visitors: Sequence[Membership],
    practical: str = "",
    revision: int | None = None,
) -> Appointment:
    """Move a planned appointment, or change who goes. `revision` is the case's.

    The household is told again when the time or the people change. Errors: as for
    `schedule_appointment`, and `NotSchedulable` when it is not planned any more.
    """
    fresh = moving.locked_case(
        by=by, case=appointment.case, right="visit.schedule", revision=revision
    )
    row = planned(appointment=appointment, by=by)
    chosen = check_visitors(case=fresh, visitors=visitors)
    before = list(row.visitors.order_by("pk").values_list("pk", "user_id"))
    same = {pk for pk, _ in before} == {v.pk for v in chosen}
    moved = (row.starts_at, row.ends_at) != (starts_at, ends_at)
    if moved:
        _check_time(starts_at, ends_at)
    lock_agendas(
        agency_id=fresh.agency_id,
        user_ids={user for _, user in before} | {v.user_id for v in chosen},
    )
    refuse_overlap(
        agency_id=fresh.agency_id,
        visitors=chosen,
        starts_at=starts_at,
        ends_at=ends_at,
        but=row.pk,
    )
    row.starts_at, row.ends_at, row.practical = starts_at, ends_at, practical.strip()
    row.sequence += 1
    row.save()
    if not same:
        AppointmentVisitor.objects.filter(agency_id=row.agency_id, appointment=row).delete()
        _write_visitors(appointment=row, visitors=chosen)
    fresh.visitor = chosen[0]
    fresh.last_contact_on = timezone.localdate()
    fresh.revision += 1
    fresh.save()
    if moved or not same:
        announcing.announce_planned(appointment=row, case=fresh, moved=moved)
    else:
        # The key of what waits carries the former sequence: it must not be doubled later.
        announcing.forget_unsent(appointment=row)
        announcing.queue_reminder(appointment=row, case=fresh)
    record_appointment(
        "reschedule_appointment", row, by=by, details={"moved": moved, "people": not same}
    )
    return row


@transaction.atomic
def cancel_appointment(
    *, by: Membership, appointment: Appointment, reason: str, revision: int | None = None
) -> Appointment:
    """Call a planned appointment off, for a reason; the case waits again for a date."""
    if not reason.strip():
        raise InvalidInput("Dites pourquoi le rendez-vous est annulé.", field="reason")
    fresh = moving.locked_case(
        by=by, case=appointment.case, right="visit.schedule", revision=revision
    )
    row = planned(appointment=appointment, by=by)
    row.state, row.reason = AppointmentState.CANCELLED, reason.strip()[:300]
    row.sequence += 1
    row.save()
    release_draft(appointment=row)
    moving.change_state(case=fresh, verb="unschedule", by=by, reason=row.reason)
    announcing.announce_cancelled(appointment=row, case=fresh)
    record_appointment("cancel_appointment", row, by=by, reason=row.reason)
    return row


def retire_leftover(*, case: Case, reason: str) -> int:
    """Cancel what stayed planned when the case left the « scheduled » state by another door.

    Closing a case does not know of appointments. Returns how many were cancelled (0 or 1).
    """
    rows = Appointment.objects.filter(
        agency_id=case.agency_id, case=case, state=AppointmentState.PLANNED
    )
    for row in rows:
        row.state, row.reason = AppointmentState.CANCELLED, reason
        row.sequence += 1
        row.save()
        release_draft(appointment=row)
        announcing.forget_unsent(appointment=row)
    return len(rows)


def planned(*, appointment: Appointment, by: Membership) -> Appointment:
    """The appointment, locked; `NotSchedulable` unless it is still planned."""
    row = locked_appointment(appointment=appointment, by=by)
    if row.state != AppointmentState.PLANNED:
        raise NotSchedulable(
            f"Ce rendez-vous n’est plus prévu : il est à l’état « {row.get_state_display()} »."
        )
    return row


def locked_appointment(*, appointment: Appointment, by: Membership) -> Appointment:
    """The appointment, locked until the transaction ends. The caller has locked its case."""
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .filter(pk=appointment.pk, agency_id=by.agency_id)
        .first()
    )
    if row is None:
        raise NotAllowed("Ce rendez-vous n’est pas dans votre champ.")
    return row


def release_draft(*, appointment: Appointment) -> None:
    """A draft begun for an appointment that did not take place waits for another one."""
    Visit.objects.filter(
        agency_id=appointment.agency_id, appointment=appointment, state=VisitState.DRAFT
    ).update(appointment=None)


def _check_time(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise InvalidInput("La fin de la visite doit venir après son début.", field="ends_at")
    if ends_at - starts_at > LONGEST_VISIT:
        raise InvalidInput("Une visite dure six heures au plus : vérifiez la fin.", field="ends_at")
    if starts_at <= timezone.now():
        raise InvalidInput(
            "Ce moment est déjà passé : vérifiez la date et l’heure.", field="starts_at"
        )


def _write_visitors(*, appointment: Appointment, visitors: Sequence[Membership]) -> None:
    AppointmentVisitor.objects.bulk_create(
        AppointmentVisitor(
            agency_id=appointment.agency_id, appointment=appointment, visitor=visitor
        )
        for visitor in visitors
    )


def record_appointment(
    action: str,
    appointment: Appointment,
    *,
    by: Membership,
    reason: str = "",
    details: dict[str, object] | None = None,
) -> None:
    audit.record(
        agency=appointment.agency_id,
        action=action,
        obj=appointment,
        by=by,
        case_id=appointment.case_id,
        reason=reason,
        details={"sequence": appointment.sequence} | (details or {}),
    )
