"""What waits for a person among appointments, visits and reports."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import may
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.households.selectors import cases_in_scope
from atre.domain.households.waiting import (
    SHOWN,
    Item,
    Waiting,
    cards_of,
    count_up_to_most,
    waiting_keys,
    who,
)
from atre.domain.visits.agenda import appointments_in_scope
from atre.domain.visits.enums import AppointmentState, VisitState
from atre.domain.visits.models import Appointment
from atre.domain.visits.selectors import visits_in_scope
from atre.domain.visits.wording import time_fr

TEAM = {Role.DIRECTOR, Role.ADVISER}


def waiting_for(*, by: Membership, on: date) -> list[Waiting]:
    """Today's visits, absences to note, visits to plan again or finish, reports to hand over.

    The agency's team sees its own visits and everyone's reports; operators their own scope.
    Nothing empty; the number of queries depends on the role alone.
    """
    if not may(by, "visit.write"):
        return []
    groups = [_today(by=by, on=on), _untold(by=by, on=on), _drafts(by=by, on=on)]
    if by.role not in TEAM:
        groups.append(_to_replan(by=by))
    if by.role == Role.VISITOR:
        groups.append(_to_plan(by=by))
    groups.append(_reports(by=by))
    return [group for group in groups if group.total]


def _mine(by: Membership) -> QuerySet[Appointment]:
    # A card names the household and its commune; who goes there is on the agenda.
    rows = appointments_in_scope(by=by).filter(state=AppointmentState.PLANNED)
    rows = rows.select_related(None).prefetch_related(None)
    rows = rows.select_related("case__household", "case__dwelling__commune")
    return rows.filter(visitors=by) if by.role in TEAM else rows


def _today(*, by: Membership, on: date) -> Waiting:
    begins = timezone.make_aware(datetime.combine(on, time()))
    rows = _mine(by).filter(
        starts_at__gte=begins, starts_at__lt=begins + timedelta(days=1), ends_at__gte=timezone.now()
    )
    items = [
        Item(
            title=f"{time_fr(row.starts_at)}, {who(row.case)}",
            reference=row.case.reference,
            detail=row.case.dwelling.commune.name,
            due=on,
            row_id=row.pk,
        )
        for row in rows.order_by("starts_at")
    ]
    return Waiting(
        kind="visits_today",
        title="Vos visites d’aujourd’hui",
        items=items,
        total=len(items),
    )


def _untold(*, by: Membership, on: date) -> Waiting:
    """Planned visits whose hour has passed: held or not, nobody said."""
    rows = _mine(by).filter(ends_at__lt=timezone.now())
    items = [
        Item(
            title=who(row.case),
            reference=row.case.reference,
            detail="Terminer la visite, ou noter que le ménage était absent",
            due=timezone.localdate(row.starts_at),
            late=timezone.localdate(row.starts_at) < on,
            row_id=row.pk,
        )
        for row in rows.order_by("starts_at")[:SHOWN]
    ]
    return Waiting(
        kind="visits_untold",
        title="Rendez-vous passés, à conclure",
        items=items,
        total=count_up_to_most(rows),
    )


def _drafts(*, by: Membership, on: date) -> Waiting:
    rows = visits_in_scope(by=by, right="visit.write").filter(state=VisitState.DRAFT)
    if by.role in TEAM:
        rows = rows.filter(author=by)
    items = [
        Item(
            title=who(visit.case),
            reference=visit.case.reference,
            detail=visit.case.dwelling.commune.name,
            since=visit.visited_on,
            late=visit.visited_on < on,
            row_id=visit.pk,
        )
        for visit in rows.select_related("case__household", "case__dwelling__commune").order_by(
            "visited_on"
        )[:SHOWN]
    ]
    return Waiting(
        kind="visits_to_finish",
        title="Visites à terminer",
        items=items,
        total=count_up_to_most(rows),
    )


def _absent_once(by: Membership) -> Exists:
    """True of a case whose household missed an appointment."""
    return Exists(
        Appointment.objects.filter(
            agency_id=by.agency_id, case=OuterRef("pk"), state=AppointmentState.NO_SHOW
        )
    )


def _to_replan(*, by: Membership) -> Waiting:
    rows = cases_in_scope(by=by, right="visit.schedule").filter(
        _absent_once(by), state=CaseState.ASSIGNED
    )
    items, total = _cases(rows)
    return Waiting(
        kind="visits_to_replan",
        title="Ménages absents, à rappeler",
        items=items,
        total=total,
    )


def _to_plan(*, by: Membership) -> Waiting:
    """Visits never planned: those to plan again after an absence have their own group."""
    rows = cases_in_scope(by=by, right="visit.schedule").filter(
        ~_absent_once(by), visitor=by, state=CaseState.ASSIGNED
    )
    items, total = _cases(rows)
    return Waiting(kind="to_plan", title="Visites à planifier", items=items, total=total)


def _reports(*, by: Membership) -> Waiting:
    rows = cases_in_scope(by=by, right="visit.view").filter(state=CaseState.VISITED)
    items, total = _cases(rows)
    return Waiting(
        kind="reports_to_hand_over",
        title="Comptes rendus à remettre",
        items=items,
        total=total,
        criteria={"state": str(CaseState.VISITED)},
    )


def _cases(rows: QuerySet[Case]) -> tuple[list[Item], int]:
    """The cases that wait the longest, and how many there are, counted no further than a page says."""
    keys = waiting_keys(rows)
    cases = cards_of(keys[:SHOWN])
    items = [
        Item(
            title=who(case),
            reference=case.reference,
            detail=case.dwelling.commune.name,
            since=timezone.localdate(case.state_since),
            state=case.state,
        )
        for case in (cases[pk] for pk in keys[:SHOWN] if pk in cases)
    ]
    return items, len(keys)
