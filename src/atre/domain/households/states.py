"""The life of a case, drawn in docs/reference/case-states.md from this table."""

from dataclasses import dataclass

from atre.domain.errors import DomainError
from atre.domain.households.enums import CaseState

S = CaseState

# Where a case may still be stopped: everywhere but once its result is known.
OPEN_STATES = frozenset(S) - {S.CLOSED, S.EVALUATED}


@dataclass(frozen=True)
class Transition:
    """One way to change state. `right` names the line of the permissions table it needs;
    None when only another action or a job makes it."""

    verb: str
    label: str
    sources: frozenset[CaseState]
    target: CaseState
    right: str | None
    needs_reason: bool = False


def _from(*states: CaseState) -> frozenset[CaseState]:
    return frozenset(states)


UNDECIDED = _from(S.RECEIVED, S.TO_COMPLETE, S.ELIGIBLE, S.NOT_ELIGIBLE)

TRANSITIONS: dict[str, Transition] = {
    t.verb: t
    for t in (
        Transition("find_eligible", "Déclarer éligible", UNDECIDED, S.ELIGIBLE, None),
        Transition("find_not_eligible", "Déclarer non éligible", UNDECIDED, S.NOT_ELIGIBLE, None),
        Transition("ask_for_more", "Demander un complément", UNDECIDED, S.TO_COMPLETE, None),
        Transition(
            "assign",
            "Confier à un opérateur",
            _from(S.ELIGIBLE, S.ASSIGNED),
            S.ASSIGNED,
            "case.assign",
        ),
        Transition(
            "schedule", "Planifier la visite", _from(S.ASSIGNED), S.SCHEDULED, "visit.schedule"
        ),
        Transition(
            "unschedule",
            "Annuler le rendez-vous",
            _from(S.SCHEDULED),
            S.ASSIGNED,
            "visit.schedule",
            needs_reason=True,
        ),
        Transition(
            "visit", "Terminer la visite", _from(S.ASSIGNED, S.SCHEDULED), S.VISITED, "visit.write"
        ),
        Transition(
            "report", "Remettre le compte rendu", _from(S.VISITED), S.REPORTED, "visit.view"
        ),
        Transition(
            "open_support",
            "Ouvrir un accompagnement renforcé",
            _from(S.VISITED, S.REPORTED, S.AWAITING_FOLLOW_UP),
            S.SUPPORTED,
            "support.write",
        ),
        Transition(
            "await_follow_up",
            "Mettre en attente du suivi à un an",
            _from(S.REPORTED, S.SUPPORTED),
            S.AWAITING_FOLLOW_UP,
            "support.write",
        ),
        Transition(
            "open_follow_up",
            "Ouvrir le suivi à un an",
            # A report nobody handed over must not cost the household its follow-up.
            _from(S.VISITED, S.REPORTED, S.SUPPORTED, S.AWAITING_FOLLOW_UP),
            S.FOLLOW_UP,
            None,
        ),
        Transition(
            "evaluate", "Constater le résultat", _from(S.FOLLOW_UP), S.EVALUATED, "follow_up.write"
        ),
        Transition(
            "close", "Clore sans suite", OPEN_STATES, S.CLOSED, "case.close", needs_reason=True
        ),
        Transition(
            "reopen", "Rouvrir", _from(S.CLOSED), S.RECEIVED, "case.close", needs_reason=True
        ),
    )
}


class IllegalTransition(DomainError):
    """The case is not in a state from which this can be done."""


def check(verb: str, state: str, *, reason: str = "") -> Transition:
    """The transition, or `IllegalTransition` with what the case's state allows instead."""
    transition = TRANSITIONS[verb]
    if CaseState(state) not in transition.sources:
        raise IllegalTransition(
            f"« {transition.label} » n’est pas possible : le dossier est à l’état "
            f"« {CaseState(state).label} ».",
            verb=verb,
            state=state,
        )
    if transition.needs_reason and not reason.strip():
        raise IllegalTransition(f"« {transition.label} » demande un motif.", verb=verb)
    return transition


def possible_from(state: str) -> list[Transition]:
    """The transitions a person may make from a state, in the order of the journey."""
    return [
        t for t in TRANSITIONS.values() if t.right is not None and CaseState(state) in t.sources
    ]
