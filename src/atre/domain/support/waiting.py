"""What waits for a person among orientations, mediations and follow-ups."""

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.households.enums import CaseState
from atre.domain.households.waiting import SHOWN, Item, Waiting, count_up_to_most, who
from atre.domain.support import received
from atre.domain.support.enums import FollowUpState, MediationState
from atre.domain.support.models import FollowUp, LandlordMediation, MediationStep, Orientation
from atre.domain.support.orientation_states import UNANSWERED

TEAM = {Role.DIRECTOR, Role.ADVISER}


def waiting_for(*, by: Membership, on: date) -> list[Waiting]:
    """Partners that do not answer, landlords that are silent, follow-ups to make; for a partner,
    the orientations it received. Nothing empty; the number of queries depends on the role alone.
    """
    if by.role in TEAM:
        groups = [
            _unanswered(by=by, on=on),
            _silent_landlords(by=by, on=on),
            _follow_ups(by=by, on=on),
        ]
    elif by.role == Role.REFERRER:
        groups = [_received(by=by, on=on)]
    else:
        groups = []
    return [group for group in groups if group.total]


def _mine(by: Membership) -> Q:
    """Cases that this person follows, or that nobody follows yet."""
    return Q(case__adviser=by) | Q(case__adviser__isnull=True)


def _unanswered(*, by: Membership, on: date) -> Waiting:
    rows = Orientation.objects.filter(
        _mine(by) | Q(sent_by=by),
        agency_id=by.agency_id,
        state__in=UNANSWERED,
        answer_due_on__lt=on,
    ).exclude(case__state=CaseState.CLOSED)
    chosen = rows.select_related("case__household", "service").order_by("answer_due_on", "pk")
    items = [
        Item(
            title=f"{row.service.name} n’a pas répondu",
            reference=row.case.reference,
            detail=f"{who(row.case)}, {row.reminders_sent} relance{'s' if row.reminders_sent > 1 else ''}",
            due=row.answer_due_on,
            late=True,
            row_id=row.pk,
        )
        for row in chosen[:SHOWN]
    ]
    return Waiting(
        kind="orientations_unanswered",
        title="Partenaires à rappeler",
        items=items,
        total=count_up_to_most(rows),
    )


def _silent_landlords(*, by: Membership, on: date) -> Waiting:
    rows = silent_mediations(by=by, on=on)
    items = [
        Item(
            title=f"{row.landlord_name} : échéance passée",
            reference=row.case.reference,
            detail=who(row.case),
            due=due_on,
            late=True,
            row_id=row.pk,
        )
        for row, due_on in _with_deadline(rows)
    ]
    return Waiting(
        kind="mediations_due",
        title="Bailleurs à relancer",
        items=items,
        total=count_up_to_most(rows),
    )


def _with_deadline(
    rows: QuerySet[LandlordMediation],
) -> list[tuple[LandlordMediation, date]]:
    chosen = rows.select_related("case__household")[:SHOWN]
    return [(row, vars(row)["last_due_on"]) for row in chosen]


def silent_mediations(*, by: Membership, on: date) -> QuerySet[LandlordMediation]:
    """Open mediations whose last step's deadline (`last_due_on`) has passed, the oldest first."""
    last = MediationStep.objects.filter(agency_id=by.agency_id, mediation=OuterRef("pk")).order_by(
        "-on", "-pk"
    )
    return (
        LandlordMediation.objects.filter(
            _mine(by), agency_id=by.agency_id, state=MediationState.OPEN
        )
        .exclude(case__state=CaseState.CLOSED)
        .annotate(last_due_on=Subquery(last.values("due_on")[:1]))
        .filter(last_due_on__lt=on)
        .order_by("last_due_on", "pk")
    )


def _follow_ups(*, by: Membership, on: date) -> Waiting:
    rows = FollowUp.objects.filter(
        _mine(by),
        agency_id=by.agency_id,
        state=FollowUpState.DUE,
        due_on__lte=on,
        case__state=CaseState.FOLLOW_UP,
    )
    items = [
        Item(
            title=who(row.case),
            reference=row.case.reference,
            detail=row.case.dwelling.commune.name,
            due=row.due_on,
            late=localdate(row.opened_at) < on and row.due_on < on,
            row_id=row.pk,
        )
        for row in rows.select_related("case__household", "case__dwelling__commune").order_by(
            "due_on", "pk"
        )[:SHOWN]
    ]
    return Waiting(
        kind="follow_ups_due",
        title="Suivis à un an à faire",
        items=items,
        total=count_up_to_most(rows),
        criteria={"state": str(CaseState.FOLLOW_UP)},
    )


def _received(*, by: Membership, on: date) -> Waiting:
    """No name here either: opening the orientation is what proves that it was received."""
    rows = received.unanswered(by=by)
    items = [
        Item(
            title=f"Orientation {row.case.reference}",
            reference=None,
            detail="À lire" if row.received_at is None else "À répondre",
            due=row.answer_due_on,
            late=row.answer_due_on < on,
            row_id=row.pk,
        )
        for row in rows.select_related("case").order_by("answer_due_on", "pk")[:SHOWN]
    ]
    return Waiting(
        kind="orientations_received",
        title="Orientations reçues",
        items=items,
        total=count_up_to_most(rows),
    )
