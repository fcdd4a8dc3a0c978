"""Keeping the reminders of visits true: one for each planned visit, none for the others."""

from dataclasses import dataclass

from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.audit import actions as audit
from atre.domain.households.enums import CaseState
from atre.domain.visits import announcing
from atre.domain.visits.actions.appointments import retire_leftover
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.models import Appointment

CHANNEL = "job"
LEFT = "Le dossier n’attend plus de visite"


@dataclass(frozen=True)
class Kept:
    """Visits that have their reminder waiting, and visits called off with their case."""

    reminded: int
    retired: int


def keep_reminders() -> Kept:
    """Go through the visits to come. Running it again changes nothing.

    A household may have given its e-mail after the booking; a case may have been closed while
    a visit was planned, and nobody must be reminded of it.
    """
    reminded = retired = 0
    for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True):
        with isolation.within(agency_id):
            for appointment in _to_come(agency_id):
                if appointment.case.state != CaseState.SCHEDULED:
                    retired += retire_leftover(case=appointment.case, reason=LEFT)
                    audit.record(
                        agency=agency_id,
                        action="retire_appointment",
                        obj=appointment,
                        by=None,
                        channel=CHANNEL,
                        case_id=appointment.case_id,
                        reason=LEFT,
                    )
                elif announcing.queue_reminder(appointment=appointment, case=appointment.case):
                    reminded += 1
    return Kept(reminded, retired)


def _to_come(agency_id: int) -> list[Appointment]:
    return list(
        Appointment.objects.filter(
            agency_id=agency_id, state=AppointmentState.PLANNED, starts_at__gt=timezone.now()
        )
        .select_related("case__household", "case__programme__agency")
        .order_by("pk")
    )
