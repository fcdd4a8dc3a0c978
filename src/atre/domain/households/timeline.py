"""What happened to a case, told in order. Other subjects bring their own events."""

from dataclasses import dataclass
from datetime import datetime

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import may
from atre.domain.households import states
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case, Note, StateChange
from atre.domain.messages.models import Message


@dataclass(frozen=True)
class Event:
    """One line of the story. `tone` is a tone of the status component."""

    at: datetime
    title: str
    who: str = ""
    text: str = ""
    tone: str = "done"


OPENED = "Demande reçue"
TOLD = {
    "find_eligible": "Jugé éligible",
    "find_not_eligible": "Jugé non éligible",
    "ask_for_more": "Il manque des informations",
    "assign": "Confié à un opérateur",
    "schedule": "Visite planifiée",
    "unschedule": "Rendez-vous annulé",
    "visit": "Visite faite",
    "report": "Compte rendu remis",
    "open_support": "Accompagnement renforcé ouvert",
    "await_follow_up": "En attente du suivi à un an",
    "open_follow_up": "Suivi à un an ouvert",
    "evaluate": "Résultat constaté",
    "close": "Dossier clos",
    "reopen": "Dossier rouvert",
}
OPERATOR_READS = {"unschedule", "schedule", "visit"}
ATTENTION = {"unschedule", "close", "find_not_eligible", "ask_for_more"}


def case_events(*, by: Membership, case: Case) -> list[Event]:
    """State changes and messages; notes too for those who may read them. Three queries."""
    in_team = may(by, "case.income")
    events = [_change_event(change, in_team=in_team) for change in _changes(case)]
    if in_team:
        events += [_message_event(message) for message in _messages(case)]
        events += [
            Event(at=note.at, title="Note", who=note.by.user.full_name, text=note.text, tone="new")
            for note in Note.objects.filter(agency_id=by.agency_id, case=case).select_related(
                "by__user"
            )
        ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _changes(case: Case) -> list[StateChange]:
    rows = StateChange.objects.filter(agency_id=case.agency_id, case=case)
    return list(rows.select_related("by__user"))


def _messages(case: Case) -> list[Message]:
    rows = Message.objects.filter(agency_id=case.agency_id, case_id=case.pk)
    return list(rows.defer("body"))


def _change_event(change: StateChange, *, in_team: bool) -> Event:
    """A reason may tell of income or of private life: the operator reads only its own subject."""
    title = TOLD.get(change.transition, OPENED)
    if change.transition not in TOLD and change.to_state != CaseState.RECEIVED:
        title = CaseState(change.to_state).label
    return Event(
        at=change.at,
        title=title,
        who=change.by.user.full_name if change.by else "",
        text=change.reason if in_team or change.transition in OPERATOR_READS else "",
        tone="attention" if change.transition in ATTENTION else "active",
    )


def _message_event(message: Message) -> Event:
    if message.cancelled_at is not None:
        return Event(message.cancelled_at, f"Message annulé : {message.subject}", tone="stopped")
    if message.sent_at is not None:
        return Event(message.sent_at, f"Message envoyé : {message.subject}", tone="done")
    return Event(message.created_at, f"Message à envoyer : {message.subject}", tone="waiting")


def untold_transitions() -> set[str]:
    """Transitions of the table that have no words here; a test keeps it empty."""
    return set(states.TRANSITIONS) - set(TOLD)
