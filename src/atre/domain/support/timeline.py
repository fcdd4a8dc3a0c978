"""The events of orientations, support and follow-up in the story of a case."""

from datetime import date, datetime

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import may
from atre.domain.households.models import Case
from atre.domain.households.rhythm import day_start
from atre.domain.households.timeline import Event
from atre.domain.support.enums import OrientationState
from atre.domain.support.models import AidFile, MediationStep, Orientation, SupportAction

ANSWER_TONES = {
    OrientationState.ACCEPTED: "active",
    OrientationState.DECLINED: "attention",
    OrientationState.DONE: "done",
}


def case_events(*, by: Membership, case: Case) -> list[Event]:
    """What was done for the household, for those who may lead a support. Four queries."""
    if not may(by, "support.write"):
        return []
    orientations = Orientation.objects.filter(agency_id=by.agency_id, case=case).select_related(
        "service", "sent_by__user", "received_by__user", "answered_by__user"
    )
    events = [event for row in orientations for event in _orientation_events(row)]
    actions = SupportAction.objects.filter(agency_id=by.agency_id, support__case=case)
    events += [
        Event(
            at=_noon(action.on),
            title=f"{action.get_kind_display()}, {action.minutes} min",
            who=action.by.user.full_name,
            text=action.text,
        )
        for action in actions.select_related("by__user")
    ]
    aids = AidFile.objects.filter(agency_id=by.agency_id, case=case).select_related("by__user")
    events += [
        Event(
            at=_noon(aid.paid_on or aid.decided_on or aid.asked_on),
            title=f"{aid.get_kind_display()} : {aid.get_state_display().lower()}",
            who=aid.by.user.full_name,
        )
        for aid in aids
    ]
    steps = MediationStep.objects.filter(agency_id=by.agency_id, mediation__case=case)
    events += [
        Event(
            at=_noon(step.on),
            title=f"Médiation : {step.get_kind_display().lower()}",
            who=step.by.user.full_name,
            text=step.text,
        )
        for step in steps.select_related("by__user")
    ]
    return events


def _orientation_events(row: Orientation) -> list[Event]:
    name = row.service.name
    events = [
        Event(
            at=row.sent_at,
            title=f"Orienté vers {name}",
            who=row.sent_by.user.full_name,
            text=row.purpose,
            tone="active",
        )
    ]
    if row.received_at and (row.answered_at is None or row.received_at < row.answered_at):
        events.append(
            Event(
                at=row.received_at,
                title=f"{name} a reçu l’orientation",
                who=row.received_by.user.full_name if row.received_by else "",
                tone="waiting",
            )
        )
    if row.answered_at is not None:
        events.append(
            Event(
                at=row.done_at or row.answered_at,
                title=f"{name} : orientation {row.get_state_display().lower()}",
                who=row.answered_by.user.full_name if row.answered_by else "",
                text=row.answer,
                tone=ANSWER_TONES[OrientationState(row.state)],
            )
        )
    return events


def _noon(day: date) -> datetime:
    """A day without hour stands in the middle of it among events that have one."""
    return day_start(day).replace(hour=12)
