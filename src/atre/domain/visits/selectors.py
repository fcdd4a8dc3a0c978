"""Reading visits and their reports. The membership acting comes first, always."""

from typing import BinaryIO

from django.db.models import Prefetch, QuerySet

from atre.domain.agencies.models import Membership
from atre.domain.households import files
from atre.domain.households.models import Case
from atre.domain.households.selectors import cases_in_scope
from atre.domain.visits.enums import AppointmentState, VisitState
from atre.domain.visits.models import Appointment, Visit, VisitReport


def visits_in_scope(*, by: Membership, right: str = "visit.view") -> QuerySet[Visit]:
    """Visits of the cases that `right` reaches."""
    reachable = cases_in_scope(by=by, right=right)
    return Visit.objects.filter(agency_id=by.agency_id, case__in=reachable.values("pk"))


def current_visit(*, by: Membership, case: Case) -> Visit | None:
    """The visit of a case in reach: its draft, else the last one finished."""
    rows = (
        visits_in_scope(by=by)
        .filter(case=case)
        .select_related("case", "appointment", "author__user")
    )
    # « draft » comes before « sealed ».
    return rows.order_by("state", "-sealed_at").first()


def appointments_of_case(*, by: Membership, case: Case) -> list[Appointment]:
    """Every appointment of a case in reach, the newest first."""
    return list(
        Appointment.objects.filter(agency_id=by.agency_id, case=case)
        .prefetch_related("visitors__user")
        .order_by("-starts_at")
    )


def report_for(*, by: Membership, pk: int) -> VisitReport:
    """One report in reach; `VisitReport.DoesNotExist` when foreign or absent."""
    return (
        VisitReport.objects.filter(
            agency_id=by.agency_id, visit__in=visits_in_scope(by=by).values("pk")
        )
        .select_related("visit__case")
        .get(pk=pk)
    )


def reports_of_case(*, by: Membership, case: Case) -> list[VisitReport]:
    """Reports of a case in reach, the newest first."""
    return list(
        VisitReport.objects.filter(
            agency_id=by.agency_id, visit__in=visits_in_scope(by=by).filter(case=case).values("pk")
        )
        .select_related("visit", "made_by__user")
        .order_by("-pk")
    )


def report_for_household(*, case: Case) -> VisitReport | None:
    """The report a household may read on its private link: the last one handed over."""
    return (
        VisitReport.objects.filter(
            agency_id=case.agency_id,
            visit__case=case,
            visit__state=VisitState.SEALED,
            handed_over_on__isnull=False,
        )
        .order_by("-handed_over_on", "-pk")
        .first()
    )


def open_report(*, report: VisitReport) -> BinaryIO:
    """The PDF's bytes; FileNotFoundError when the file is gone."""
    return files.open_stored(agency_id=report.agency_id, sha256=report.sha256)


def planned_appointment(*, case: Case) -> Appointment | None:
    """The visit planned for a case the caller may read, with its people."""
    return (
        Appointment.objects.filter(
            agency_id=case.agency_id, case=case, state=AppointmentState.PLANNED
        )
        .prefetch_related(
            Prefetch("visitors", Membership.objects.select_related("user").order_by("pk"))
        )
        .first()
    )
