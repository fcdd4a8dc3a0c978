"""Who may do what, written once. docs/reference/permissions.md is printed from this table."""

from dataclasses import dataclass
from enum import Enum

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.errors import NotAllowed


class Scope(Enum):
    """How far a right reaches."""

    NONE = "non"
    OWN = "ses dossiers"
    ORGANISATION = "son organisation"
    TERRITORY = "son territoire, sans donnée nominative"
    AGENCY = "toute l’agence"


@dataclass(frozen=True)
class Right:
    """A thing one may do, in the words of the person who reads the table."""

    label: str
    scopes: dict[Role, Scope]


AGENCY, ORGANISATION, OWN = Scope.AGENCY, Scope.ORGANISATION, Scope.OWN
DIRECTOR, ADVISER, COORDINATOR, VISITOR = (
    Role.DIRECTOR,
    Role.ADVISER,
    Role.COORDINATOR,
    Role.VISITOR,
)
REFERRER, OBSERVER, FEDERATION = Role.REFERRER, Role.OBSERVER, Role.FEDERATION

TEAM = {DIRECTOR: AGENCY, ADVISER: AGENCY}
TEAM_AND_OPERATOR = TEAM | {COORDINATOR: ORGANISATION, VISITOR: OWN}
EVERYONE = dict.fromkeys(Role, OWN)

RIGHTS: dict[str, Right] = {
    "home.view": Right("Voir ce qui l’attend aujourd’hui", EVERYONE),
    "case.view": Right("Lire un dossier", TEAM_AND_OPERATOR),
    "case.open": Right("Ouvrir un dossier", TEAM | {REFERRER: OWN}),
    "case.edit": Right("Corriger les coordonnées et le logement", TEAM_AND_OPERATOR),
    "case.income": Right("Lire et saisir les ressources, les notes et les pièces", TEAM),
    "case.override": Right("Décider de l’éligibilité contre le calcul", {DIRECTOR: AGENCY}),
    "case.assign": Right("Confier un dossier à un opérateur ou à un conseiller", TEAM),
    "case.close": Right("Clore ou rouvrir un dossier", TEAM),
    "case.merge": Right("Fusionner des doublons et l’annuler", TEAM),
    "case.import": Right("Reprendre les dossiers d’un fichier", {DIRECTOR: AGENCY}),
    "case.export": Right("Exporter toutes les données d’un ménage", {DIRECTOR: AGENCY}),
    "case.erase": Right("Effacer un ménage", {DIRECTOR: AGENCY}),
    "visit.schedule": Right("Planifier une visite, noter une absence", TEAM_AND_OPERATOR),
    "visit.write": Right("Remplir une visite", TEAM_AND_OPERATOR),
    "visit.view": Right("Lire une visite et son compte rendu", TEAM_AND_OPERATOR),
    "orientation.send": Right("Orienter vers un service partenaire", TEAM),
    "orientation.answer": Right("Répondre à une orientation reçue", {REFERRER: ORGANISATION}),
    "support.write": Right("Mener un accompagnement renforcé", TEAM),
    "follow_up.write": Right("Mener le suivi à un an", TEAM),
    "referral.status": Right(
        "Voir l’état des demandes qu’il a transmises, avec l’accord du ménage", {REFERRER: OWN}
    ),
    "network.view": Right("Consulter le réseau de partenaires", TEAM_AND_OPERATOR),
    "network.edit": Right("Tenir le réseau de partenaires à jour", TEAM),
    "people.manage": Right("Inviter des personnes et leur retirer l’accès", {DIRECTOR: AGENCY}),
    "programme.edit": Right("Régler les dispositifs", {DIRECTOR: AGENCY}),
    "steering.view": Right(
        "Lire le tableau de pilotage",
        TEAM | {OBSERVER: Scope.TERRITORY, FEDERATION: Scope.TERRITORY},
    ),
    "steering.export": Right("Télécharger les chiffres du pilotage", TEAM),
    "observatory.import": Right(
        "Déposer un fichier officiel dans l’observatoire, commun à toutes les agences du serveur",
        {DIRECTOR: AGENCY},
    ),
    "audit.view": Right("Lire le journal des actions et des lectures", {DIRECTOR: AGENCY}),
}


def scope(membership: Membership | None, right: str) -> Scope:
    """How far `right` reaches for this membership; NONE without one."""
    if membership is None or not membership.is_active:
        return Scope.NONE
    return RIGHTS[right].scopes.get(Role(membership.role), Scope.NONE)


def may(membership: Membership | None, right: str) -> bool:
    """Whether the right exists at all; what it reaches is for the selectors to say."""
    return scope(membership, right) is not Scope.NONE


def require(membership: Membership | None, right: str) -> Scope:
    """The scope of a right, or `NotAllowed`."""
    reach = scope(membership, right)
    if reach is Scope.NONE:
        raise NotAllowed("Votre rôle ne permet pas cette action.", right=right)
    return reach
