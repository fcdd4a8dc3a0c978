"""What this room adds to the page of a case."""

from typing import Any

from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import may
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.selectors import appointments_of_case, current_visit, reports_of_case
from atre.web.visit.showing import appointment_tone, equipment_words

TEMPLATE = "visit/case_section_visits.html"


def case_section(*, by: Membership, case: Case) -> dict[str, Any]:
    """Appointments, the visit and its report, with what this person may do about them."""
    visit = current_visit(by=by, case=case)
    now = timezone.now()
    appointments = [
        {
            "row": row,
            "tone": appointment_tone(row),
            "begun": row.starts_at <= now,
            "planned": row.state == AppointmentState.PLANNED,
            "absent": row.state == AppointmentState.NO_SHOW,
        }
        for row in appointments_of_case(by=by, case=case)
    ]
    sealed = visit is not None and visit.sealed_at is not None
    return {
        "appointments": appointments,
        "visit": visit,
        "sealed": sealed,
        "equipment": equipment_words(visit.document) if visit is not None and sealed else [],
        "reports": reports_of_case(by=by, case=case),
        "may_schedule": may(by, "visit.schedule")
        and case.state in {CaseState.ASSIGNED, CaseState.SCHEDULED},
        "may_write": may(by, "visit.write")
        and case.state in {CaseState.ASSIGNED, CaseState.SCHEDULED},
        "scheduled": case.state == CaseState.SCHEDULED,
    }
