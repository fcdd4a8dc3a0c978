"""Whether the household was there. Said on the day, and corrected afterwards when it was wrong."""

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.errors import InvalidInput
from atre.domain.households import states
from atre.domain.households.actions import moving
from atre.domain.visits import announcing
from atre.domain.visits.actions.appointments import (
    locked_appointment,
    record_appointment,
    release_draft,
)
from atre.domain.visits.enums import AppointmentState, VisitState
from atre.domain.visits.errors import NotSchedulable
from atre.domain.visits.models import Appointment, Visit
from atre.domain.visits.visitors import lock_agendas, refuse_overlap

ABSENT = "Ménage absent"
CORRECTED_TO = frozenset(
    {AppointmentState.HELD, AppointmentState.PLANNED, AppointmentState.CANCELLED}
)


@transaction.atomic
def mark_no_show(
    *, by: Membership, appointment: Appointment, reason: str = "", revision: int | None = None
) -> Appointment:
    """Nobody opened the door: the case waits for another date.

    Also corrects an appointment noted as held, as long as no finished visit came out of it.
    Errors: `NotSchedulable` before its time or in another state.
    """
    fresh = moving.locked_case(
        by=by, case=appointment.case, right="visit.schedule", revision=revision
    )
    row = locked_appointment(appointment=appointment, by=by)
    if row.state not in {AppointmentState.PLANNED, AppointmentState.HELD}:
        raise NotSchedulable("Seul un rendez-vous prévu ou tenu peut être noté « ménage absent ».")
    if row.starts_at > timezone.now():
        raise NotSchedulable(
            "L’heure du rendez-vous n’est pas encore passée : annulez-le ou déplacez-le."
        )
    _refuse_if_visited(row)
    was_planned = row.state == AppointmentState.PLANNED
    row.state, row.reason = AppointmentState.NO_SHOW, reason.strip()[:300]
    row.sequence += 1
    row.save()
    release_draft(appointment=row)
    announcing.forget_unsent(appointment=row)
    if was_planned:
        why = f"{ABSENT} : {row.reason}" if row.reason else ABSENT
        moving.change_state(case=fresh, verb="unschedule", by=by, reason=why)
    record_appointment("mark_no_show", row, by=by, reason=row.reason)
    return row


@transaction.atomic
def correct_no_show(
    *,
    by: Membership,
    appointment: Appointment,
    to: AppointmentState,
    reason: str,
    revision: int | None = None,
) -> Appointment:
    """Put right an absence noted by mistake: held after all, still on, or called off.

    `to` is HELD, PLANNED or CANCELLED; the reason is kept in the journal. Back to PLANNED, the
    case is scheduled again, unless the visitors are busy then (`SlotTaken`) or the case moved on
    (`IllegalTransition`).
    """
    if to not in CORRECTED_TO:
        raise InvalidInput("Choisissez ce qui s’est passé en réalité.", field="to")
    if not reason.strip():
        raise InvalidInput("Dites pourquoi vous corrigez cette absence.", field="reason")
    fresh = moving.locked_case(
        by=by, case=appointment.case, right="visit.schedule", revision=revision
    )
    row = locked_appointment(appointment=appointment, by=by)
    if row.state != AppointmentState.NO_SHOW:
        raise NotSchedulable("Ce rendez-vous n’est pas noté « ménage absent ».")
    if to == AppointmentState.PLANNED:
        states.check("schedule", fresh.state)
        people = list(row.visitors.select_related("user"))
        lock_agendas(agency_id=row.agency_id, user_ids=[person.user_id for person in people])
        refuse_overlap(
            agency_id=row.agency_id,
            visitors=people,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            but=row.pk,
        )
    row.state, row.reason = to, reason.strip()[:300]
    row.sequence += 1
    row.save()
    if to == AppointmentState.PLANNED:
        moving.change_state(case=fresh, verb="schedule", by=by, reason=row.reason)
    record_appointment("correct_no_show", row, by=by, reason=row.reason, details={"to": str(to)})
    return row


def _refuse_if_visited(appointment: Appointment) -> None:
    if Visit.objects.filter(
        agency_id=appointment.agency_id, appointment=appointment, state=VisitState.SEALED
    ).exists():
        raise NotSchedulable("Une visite terminée existe pour ce rendez-vous : il a bien eu lieu.")
