"""What a group of the home page is called beside its count, for whoever reads it."""

from atre.domain.agencies.enums import Role

# For one thing, by kind of what waits. The domain's own title is for several.
FOR_ONE = {
    "tasks": "Ce que vous avez prévu",
    "to_decide": "Demande à compléter ou à décider",
    "to_assign": "Dossier à confier",
    "stalled": "Dossier qui n’avance plus",
    "to_plan": "Visite à planifier",
    "requests": "Votre demande",
    "visits_today": "Votre visite d’aujourd’hui",
    "visits_untold": "Rendez-vous passé, à conclure",
    "visits_to_finish": "Visite à terminer",
    "visits_to_replan": "Ménage absent, à rappeler",
    "reports_to_hand_over": "Compte rendu à remettre",
    "orientations_unanswered": "Partenaire à rappeler",
    "mediations_due": "Bailleur à relancer",
    "follow_ups_due": "Suivi à un an à faire",
    "orientations_received": "Orientation reçue",
}
# A coordinator reads the visits of the whole operator, whoever makes them.
FOR_A_COORDINATOR = {"visits_today": ("Visite d’aujourd’hui", "Visites d’aujourd’hui")}


def group_title(*, kind: str, title: str, count: str, role: str) -> str:
    """« Dossier à confier » beside « 1 », « Dossiers à confier » beside « 12 » or « plus de 999 »."""
    one, many = FOR_ONE[kind], title
    if role == Role.COORDINATOR:
        one, many = FOR_A_COORDINATOR.get(kind, (one, many))
    return one if count == "1" else many
