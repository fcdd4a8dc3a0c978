"""What happens next in each state: one sentence for everyone, one action for whoever may do it."""

from dataclasses import dataclass

from django.urls import reverse

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import may
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case

S = CaseState


@dataclass(frozen=True)
class Step:
    """What a state waits for. `right` and `url_name` are empty when nobody acts from the case."""

    sentence: str
    right: str = ""
    label: str = ""
    url_name: str = ""


@dataclass(frozen=True)
class NextStep:
    """The step as this person sees it; no `url` when it is someone else's."""

    sentence: str
    label: str
    url: str


STEPS: dict[CaseState, Step] = {
    S.RECEIVED: Step(
        "L’agence vérifie la demande.", "case.income", "Vérifier l’éligibilité", "case_eligibility"
    ),
    S.TO_COMPLETE: Step(
        "Il manque de quoi juger l’éligibilité : rappeler le ménage et compléter.",
        "case.income",
        "Compléter les ressources",
        "case_eligibility",
    ),
    S.ELIGIBLE: Step(
        "Choisir l’opérateur qui fera la visite.",
        "case.assign",
        "Confier le dossier",
        "case_assign",
    ),
    S.NOT_ELIGIBLE: Step(
        "Expliquer la réponse au ménage, l’orienter si possible, puis clore.",
        "case.close",
        "Expliquer la réponse et clore",
        "case_close",
    ),
    S.ASSIGNED: Step(
        "L’opérateur convient d’une date de visite avec le ménage.",
        "visit.schedule",
        "Planifier la visite",
        "visit_schedule",
    ),
    S.SCHEDULED: Step(
        "La visite a lieu au domicile du ménage.", "visit.write", "Ouvrir la visite", "visit"
    ),
    S.VISITED: Step(
        "Remettre le compte rendu de la visite au ménage.", "visit.view", "Voir la visite", "visit"
    ),
    S.REPORTED: Step(
        "Décider d’un accompagnement, ou attendre le suivi à un an.",
        "support.write",
        "Ouvrir un accompagnement",
        "support_open",
    ),
    S.SUPPORTED: Step(
        "L’accompagnement se poursuit.", "support.write", "Noter une action", "support_action_new"
    ),
    S.AWAITING_FOLLOW_UP: Step("Le suivi s’ouvre de lui-même un an après la visite."),
    S.FOLLOW_UP: Step(
        "Rappeler le ménage : qu’est-ce qui a changé ?",
        "follow_up.write",
        "Remplir le suivi",
        "follow_up_edit",
    ),
    S.EVALUATED: Step("Rien de plus : le résultat est constaté."),
    S.CLOSED: Step("Rien de plus, sauf à rouvrir le dossier."),
}


def next_step(*, by: Membership, case: Case) -> NextStep:
    """What happens next, with the action when it is this person's to do."""
    step = STEPS[CaseState(case.state)]
    if not step.right or not may(by, step.right):
        return NextStep(step.sentence, "", "")
    return NextStep(step.sentence, step.label, reverse(step.url_name, args=[case.reference]))
