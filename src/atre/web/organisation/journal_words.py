"""The journal in French: codes are for the chain, sentences for the person who reads it."""

from typing import Any

from django.apps import apps

from atre.domain.audit.models import AuditEntry
from atre.domain.households.states import TRANSITIONS

ACTIONS = {
    "add_attachment": "Pièce ajoutée",
    "add_mediation_step": "Étape de médiation ajoutée",
    "add_member": "Accès donné",
    "add_note": "Note ajoutée",
    "add_support_action": "Action d’accompagnement ajoutée",
    "add_task": "Tâche prévue",
    "add_visit_photo": "Photo de visite ajoutée",
    "announce_erasure": "Effacement annoncé au ménage",
    "ask_aid": "Aide demandée",
    "assign_adviser": "Conseiller désigné",
    "assign_case": "Dossier confié",
    "assign_many": "Dossiers confiés ensemble",
    "cancel_appointment": "Rendez-vous annulé",
    "cancel_invitation": "Invitation annulée",
    "close_case": "Dossier clos",
    "close_mediation": "Médiation close",
    "close_support": "Accompagnement clos",
    "complete_income": "Ressources complétées",
    "complete_task": "Tâche faite",
    "create_agency": "Agence créée",
    "create_organisation": "Organisation ajoutée au réseau",
    "create_programme": "Dispositif créé",
    "deactivate_organisation": "Organisation retirée du réseau",
    "delete_filter": "Filtre supprimé",
    "drop_territory_file": "Fichier officiel déposé dans l’observatoire",
    "end_membership": "Accès retiré",
    "erase_household": "Ménage effacé",
    "export_household": "Données d’un ménage exportées",
    "export_steering": "Chiffres du pilotage téléchargés",
    "finish_follow_up": "Suivi à un an terminé",
    "hand_over_report": "Compte rendu remis",
    "import_cases": "Dossiers repris d’un fichier",
    "invite": "Personne invitée",
    "merge_households": "Doublons fusionnés",
    "offer_slots": "Créneaux proposés",
    "open_case": "Dossier ouvert",
    "open_follow_up": "Suivi à un an ouvert",
    "open_mediation": "Médiation ouverte",
    "open_support": "Accompagnement ouvert",
    "override_eligibility": "Éligibilité décidée contre le calcul",
    "reactivate_organisation": "Organisation remise dans le réseau",
    "receive_orientation": "Orientation reçue par le service",
    "record_saving": "Économie enregistrée",
    "record_sharing_consent": "Accord de partage enregistré",
    "remind_service": "Service relancé",
    "remove_attachment": "Pièce retirée",
    "renew_calendar": "Adresse d’agenda renouvelée",
    "renew_link": "Lien privé renouvelé",
    "reopen_case": "Dossier rouvert",
    "reschedule_appointment": "Rendez-vous déplacé",
    "resend_invitation": "Invitation renvoyée",
    "retire_appointment": "Rendez-vous retiré",
    "revoke_calendar": "Adresse d’agenda fermée",
    "save_filter": "Filtre enregistré",
    "save_follow_up": "Suivi à un an enregistré",
    "save_visit": "Visite enregistrée",
    "schedule_appointment": "Rendez-vous pris",
    "seal_visit": "Visite terminée et scellée",
    "send_orientation": "Orientation envoyée",
    "set_exit_test": "Test de sortie réglé",
    "start_visit": "Visite commencée",
    "store_report": "Compte rendu produit",
    "undo_merge": "Fusion annulée",
    "update_agency_contact": "Coordonnées de l’agence modifiées",
    "update_contacts": "Coordonnées du ménage modifiées",
    "update_home": "Logement modifié",
    "update_organisation": "Fiche d’organisation modifiée",
    "update_programme": "Dispositif modifié",
    "withdraw_consent": "Accord retiré",
    "withdraw_override": "Décision d’éligibilité retirée",
    "withdraw_slot": "Créneau retiré",
}
CHANNELS = {
    "screen": "à l’écran",
    "public": "page publique",
    "link": "lien privé du ménage",
    "job": "tâche automatique",
    "retention": "tâche de conservation",
    "command line": "ligne de commande",
    "referrer": "prescripteur",
    "staff": "agence",
}


def action_in_words(action: str) -> str:
    """The action's French name; its code, plainly, when it has none yet."""
    verb = action.removeprefix("case.")
    if verb != action and verb in TRANSITIONS:
        return TRANSITIONS[verb].label
    return ACTIONS.get(action, f"Action « {action} »")


def kind_in_words(object_type: str) -> str:
    """The model's French name, « dossier » for `households.case`."""
    return str(apps.get_model(object_type)._meta.verbose_name).capitalize()


def told(entry: AuditEntry) -> dict[str, Any]:
    """One line of the page."""
    actor = entry.actor.user.full_name if entry.actor else ""
    return {
        "rank": entry.sequence,
        "at": entry.at,
        "who": actor or CHANNELS.get(entry.channel, entry.channel).capitalize(),
        "action": action_in_words(entry.action),
        "object": f"{kind_in_words(entry.object_type)} n° {entry.object_id}",
        "reason": entry.reason,
        "details": "; ".join(f"{name} : {plain(value)}" for name, value in entry.details.items()),
    }


def plain(value: Any) -> str:
    """A recorded value on one line; digests are shortened, the chain keeps them whole."""
    if isinstance(value, dict):
        if set(value) == {"from", "to"}:
            return f"{plain(value['from'])} → {plain(value['to'])}"
        return ", ".join(f"{name} {plain(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(plain(inner) for inner in value)
    if value is None:
        return "non renseigné"
    if isinstance(value, bool):
        return "oui" if value else "non"
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 and " " not in text else text
