"""What to do next in a mediation: after an answer, or when silence has lasted.

Delays are the house's working values, proposed and never imposed, but one: a tenant may turn to
the commission de conciliation when the landlord has been silent for two months (loi n° 89-462 du
6 juillet 1989, article 20-1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from atre.domain.support.enums import MediationStepKind
from atre.domain.support.models import MediationStep

K = MediationStepKind

PROPOSED_DAYS: dict[str, int] = {
    K.FIRST_CONTACT: 21,
    K.REMINDER: 15,
    K.FORMAL_NOTICE: 61,
    K.REPLY: 30,
    K.COMMITMENT: 90,
    K.CONCILIATION: 90,
    K.HYGIENE_REPORT: 60,
}
AFTER_SILENCE: dict[str, tuple[K, str]] = {
    K.FIRST_CONTACT: (K.REMINDER, "Pas de réponse : relancer le bailleur par courrier."),
    K.REMINDER: (
        K.FORMAL_NOTICE,
        "Toujours pas de réponse : préparer avec le locataire sa mise en demeure.",
    ),
    K.FORMAL_NOTICE: (
        K.CONCILIATION,
        "Deux mois sans réponse : le locataire peut saisir la commission de conciliation, et le "
        "service d’hygiène si la santé est en jeu.",
    ),
    K.REPLY: (K.REMINDER, "Rien depuis sa réponse : le relancer."),
    K.COMMITMENT: (
        K.WORKS_DONE,
        "La date promise est passée : vérifier si les travaux sont faits.",
    ),
    K.CONCILIATION: (
        K.HYGIENE_REPORT,
        "Prendre des nouvelles de la commission, ou signaler au service d’hygiène.",
    ),
    K.HYGIENE_REPORT: (K.REMINDER, "Prendre des nouvelles du service d’hygiène."),
}
# Letters that we print. The others are written by someone else.
PRINTED = (K.FIRST_CONTACT, K.REMINDER, K.FORMAL_NOTICE)


@dataclass(frozen=True)
class Proposal:
    """What to do, from when, and whether that day has come. `kind` None: close the mediation."""

    kind: K | None
    sentence: str
    due_on: date | None
    is_due: bool


def next_step(steps: Sequence[MediationStep], *, on: date) -> Proposal:
    """What the steps so far (in order) call for on a day."""
    if not steps:
        return Proposal(K.FIRST_CONTACT, "Écrire au bailleur ou l’appeler.", None, is_due=True)
    last = steps[-1]
    if last.kind == K.WORKS_DONE:
        return Proposal(None, "Les travaux sont constatés : clore la médiation.", None, is_due=True)
    kind, sentence = AFTER_SILENCE[last.kind]
    if last.due_on is not None and last.due_on < on:
        return Proposal(kind, sentence, last.due_on, is_due=True)
    if last.due_on is None:
        return Proposal(
            kind, "Aucune échéance n’est notée : convenir d’une date.", None, is_due=True
        )
    return Proposal(kind, "Attendre la réponse.", last.due_on, is_due=False)
