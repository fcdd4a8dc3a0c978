"""A case told to the household: what happened, and what comes next, in plain words.

No delay is promised here: each agency has its own, and a promise not kept costs the next call.
"""

from dataclasses import dataclass
from datetime import datetime

from atre.domain.households.enums import CaseState, ConsentKind
from atre.domain.households.following import FollowedCase, Step

S = CaseState

HAPPENED = {
    S.RECEIVED: "Votre demande est arrivée",
    S.TO_COMPLETE: "Il nous manque un renseignement",
    S.ELIGIBLE: "D’après vos renseignements, ce dispositif est pour vous",
    S.NOT_ELIGIBLE: "D’après vos renseignements, ce dispositif n’est pas pour vous",
    S.ASSIGNED: "Votre dossier est confié à l’équipe qui fait les visites",
    S.SCHEDULED: "La visite est fixée",
    S.VISITED: "La visite a eu lieu",
    S.REPORTED: "Le compte rendu de la visite vous a été remis",
    S.SUPPORTED: "Un accompagnement plus long a commencé",
    S.AWAITING_FOLLOW_UP: "Les démarches sont faites",
    S.FOLLOW_UP: "Le point un an après a commencé",
    S.EVALUATED: "Le point un an après est fait",
    S.CLOSED: "Votre dossier est clos",
}

NEXT = {
    S.RECEIVED: (
        "Nous lisons votre demande",
        "Un conseiller vérifie que ce dispositif est fait pour vous, puis vous contacte.",
    ),
    S.TO_COMPLETE: (
        "Nous vous appelons pour compléter",
        "Le plus souvent, il manque le revenu fiscal de référence ou le nombre de personnes du "
        "foyer. Votre dernier avis d’impôt suffit : gardez-le près de vous, ou appelez-nous.",
    ),
    S.ELIGIBLE: (
        "Nous choisissons qui viendra chez vous",
        "L’équipe des visites vous appellera ensuite pour convenir d’un jour.",
    ),
    S.NOT_ELIGIBLE: (
        "Appelez-nous pour en parler",
        "D’autres aides peuvent exister pour vous, et une erreur se corrige. L’appel n’engage à rien.",
    ),
    S.ASSIGNED: (
        "L’équipe des visites vous appelle",
        "Vous choisissez ensemble le jour et l’heure.",
    ),
    S.SCHEDULED: (
        "Quelqu’un vient chez vous",
        "Préparez si possible vos factures d’énergie et d’eau des douze derniers mois. Rien d’autre.",
    ),
    S.VISITED: (
        "Vous recevez le compte rendu",
        "Il dit ce qui a été vu, ce que vous pouvez faire et qui appeler.",
    ),
    S.REPORTED: (
        "Nous voyons ensemble la suite",
        "Un conseiller vous dit quelles aides demander et peut vous aider à le faire.",
    ),
    S.SUPPORTED: (
        "Votre conseiller avance avec vous",
        "Aides, démarches, échanges avec le bailleur : il vous tient au courant.",
    ),
    S.AWAITING_FOLLOW_UP: (
        "Nous vous rappelons un an après la visite",
        "Pour savoir si vous avez moins froid et si vos factures ont changé.",
    ),
    S.FOLLOW_UP: (
        "Nous vous appelons pour faire le point",
        "Quelques questions sur le froid, les factures et les travaux. Vos dernières factures aident.",
    ),
    S.EVALUATED: ("", ""),
    S.CLOSED: (
        "Rien de plus n’est prévu",
        "Si votre situation change, appelez-nous : un dossier clos peut être rouvert.",
    ),
}

TONES = {S.TO_COMPLETE: "attention", S.CLOSED: "stopped", S.NOT_ELIGIBLE: "stopped"}

AGREEMENT_TITLES = {
    ConsentKind.PROCESSING: "Garder vos renseignements pour traiter la demande",
    ConsentKind.INFORM_REFERRER: "Dire où en est le dossier à la personne qui l’a transmis",
    ConsentKind.SHARE_WITH_PARTNERS: "Parler de votre situation à des services",
}

WITHDRAWING = {
    ConsentKind.PROCESSING: (
        "Sans cet accord nous ne pouvons plus vous aider : le dossier est clos, et une visite prévue "
        "est annulée. Pour que tout soit effacé, appelez-nous ou écrivez-nous."
    ),
    ConsentKind.INFORM_REFERRER: (
        "La personne qui a transmis la demande ne verra plus où elle en est. Le reste continue."
    ),
    ConsentKind.SHARE_WITH_PARTNERS: (
        "Nous ne dirons plus rien à ces services. Ce qu’ils savent déjà, ils le savent : vous pouvez "
        "leur demander de l’effacer. Le reste de votre dossier continue."
    ),
}


@dataclass(frozen=True)
class Told:
    """One line of the story."""

    title: str
    at: datetime
    tone: str


def told(followed: FollowedCase) -> list[Told]:
    """What happened, oldest first. Twice the same step in a row (given to another team) is one."""
    kept: list[Step] = []
    for step in followed.steps:
        if kept and kept[-1].state == step.state:
            continue
        kept.append(step)
    return [
        Told(title=HAPPENED[step.state], at=step.at, tone=TONES.get(step.state, "done"))
        for step in kept
    ]


def comes_next(followed: FollowedCase) -> tuple[str, str]:
    """Title and sentence of what comes; empty when the journey is over."""
    return NEXT[CaseState(followed.case.state)]
