"""Routes of this room."""

from django.urls import include, path

from atre.web.household.views import (
    assigning,
    case,
    closing,
    correcting,
    daily,
    eligibility,
    listing,
    merging,
    opening,
    withdrawing,
)

urlpatterns = [
    path("dossiers/reprise/", include("atre.web.household.imports_urls")),
    path("dossiers/", listing.case_list, name="case_list"),
    path("dossiers/chercher/", listing.case_search, name="case_search"),
    path("dossiers/confier/", assigning.case_assign_many, name="case_assign_many"),
    path("dossiers/filtres/", listing.filter_save, name="filter_save"),
    path(
        "dossiers/filtres/<int:filter_id>/supprimer/", listing.filter_delete, name="filter_delete"
    ),
    path("dossiers/nouveau/", opening.case_new_choice, name="case_new_choice"),
    path("dossiers/nouveau/<slug:programme>/", opening.case_new, name="case_new"),
    path("dossiers/<reference>/", case.case_detail, name="case_detail"),
    path("dossiers/<reference>/confier/", assigning.case_assign, name="case_assign"),
    path(
        "dossiers/<reference>/eligibilite/", eligibility.case_eligibility, name="case_eligibility"
    ),
    path("dossiers/<reference>/decision/", eligibility.case_override, name="case_override"),
    path(
        "dossiers/<reference>/decision/retirer/",
        eligibility.case_override_withdraw,
        name="case_override_withdraw",
    ),
    path("dossiers/<reference>/coordonnees/", correcting.case_contacts, name="case_contacts"),
    path("dossiers/<reference>/logement/", correcting.case_home, name="case_home"),
    path("dossiers/<reference>/clore/", closing.case_close, name="case_close"),
    path("dossiers/<reference>/rouvrir/", closing.case_reopen, name="case_reopen"),
    path("dossiers/<reference>/notes/", daily.note_new, name="note_new"),
    path("dossiers/<reference>/taches/", daily.task_new, name="task_new"),
    path("dossiers/<reference>/pieces/", daily.attachment_new, name="attachment_new"),
    path(
        "dossiers/<reference>/pieces/<int:attachment_id>/",
        daily.attachment_download,
        name="attachment_download",
    ),
    path(
        "dossiers/<reference>/pieces/<int:attachment_id>/retirer/",
        withdrawing.attachment_remove,
        name="attachment_remove",
    ),
    path(
        "dossiers/<reference>/accords/<slug:kind>/retirer/",
        withdrawing.consent_withdraw,
        name="consent_withdraw",
    ),
    path("dossiers/<reference>/fusionner/", merging.case_merge, name="case_merge"),
    path("taches/<int:task_id>/faite/", daily.task_done, name="task_done"),
    path("fusions/<int:merge_id>/annuler/", merging.merge_undo, name="merge_undo"),
]
