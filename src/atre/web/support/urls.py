"""Routes of this room."""

from django.urls import path

from atre.web.support.views import aids, follow_up, letters, mediation, orientations, supporting

CASE = "dossiers/<reference>/"

urlpatterns = [
    path(CASE + "orientations/nouvelle/", orientations.orientation_new, name="orientation_new"),
    path(
        CASE + "orientations/<int:pk>/reponse/",
        orientations.orientation_record_answer,
        name="orientation_record_answer",
    ),
    path(CASE + "accompagnement/ouvrir/", supporting.support_open, name="support_open"),
    path(CASE + "accompagnement/action/", supporting.support_action_new, name="support_action_new"),
    path(CASE + "accompagnement/clore/", supporting.support_close, name="support_close"),
    path(CASE + "attendre/", supporting.case_await_follow_up, name="case_await_follow_up"),
    path(CASE + "aides/nouvelle/", aids.aid_new, name="aid_new"),
    path(CASE + "aides/<int:pk>/", aids.aid_decide, name="aid_decide"),
    path(CASE + "aides/<int:pk>/lettre/", letters.aid_letter, name="aid_letter"),
    path(
        CASE + "lettre-travailleur-social/",
        letters.social_worker_letter,
        name="social_worker_letter",
    ),
    path(CASE + "bailleur/nouveau/", mediation.mediation_open, name="mediation_open"),
    path(CASE + "bailleur/<int:pk>/etape/", mediation.mediation_step, name="mediation_step"),
    path(CASE + "bailleur/<int:pk>/lettre/", mediation.mediation_letter, name="mediation_letter"),
    path(CASE + "bailleur/<int:pk>/clore/", mediation.mediation_close, name="mediation_close"),
    path(CASE + "suivi/", follow_up.follow_up_edit, name="follow_up_edit"),
    path(CASE + "suivi/sans-reponse/", follow_up.follow_up_unanswered, name="follow_up_unanswered"),
    path(CASE + "suivi/questionnaire/", follow_up.follow_up_paper, name="follow_up_paper"),
]
