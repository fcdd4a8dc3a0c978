"""The life of an orientation: sent, received, then the service's answer."""

from dataclasses import dataclass

from atre.domain.errors import DomainError
from atre.domain.support.enums import OrientationState

S = OrientationState
UNANSWERED = frozenset({S.SENT, S.RECEIVED})


@dataclass(frozen=True)
class OrientationMove:
    """One way to change state. Words are asked where a household must be told why."""

    verb: str
    label: str
    sources: frozenset[OrientationState]
    target: OrientationState
    needs_words: bool = False


MOVES: dict[str, OrientationMove] = {
    move.verb: move
    for move in (
        OrientationMove("receive", "Marquer reçue", frozenset({S.SENT}), S.RECEIVED),
        OrientationMove("accept", "Accepter", UNANSWERED, S.ACCEPTED),
        OrientationMove("decline", "Refuser", UNANSWERED | {S.ACCEPTED}, S.DECLINED, True),
        # A service that says « c’est fait » on the telephone has received and accepted.
        OrientationMove("finish", "Déclarer aboutie", UNANSWERED | {S.ACCEPTED}, S.DONE),
    )
}
ANSWERS = ("accept", "decline", "finish")


class IllegalMove(DomainError):
    """The orientation is not in a state from which this can be done."""


def check(verb: str, state: str, *, words: str = "") -> OrientationMove:
    """The move, or `IllegalMove` with what is in the way."""
    move = MOVES[verb]
    if OrientationState(state) not in move.sources:
        raise IllegalMove(
            f"« {move.label} » n’est pas possible : cette orientation est à l’état "
            f"« {OrientationState(state).label} ».",
            verb=verb,
        )
    if move.needs_words and not words.strip():
        raise IllegalMove("Dites en un mot pourquoi : le ménage a besoin de le savoir.", verb=verb)
    return move


def possible_answers(state: str) -> list[OrientationMove]:
    """The answers that a service may still give, in the order of the journey."""
    return [MOVES[verb] for verb in ANSWERS if OrientationState(state) in MOVES[verb].sources]
