"""Routes of the agency's own pages, and of what it owes households and the public."""

from django.urls import path

from atre.web.organisation.views import agency, journal, people, privacy, programmes, public_pages

urlpatterns = [
    path("reglages/", people.settings_home, name="settings"),
    path("reglages/personnes/inviter/", people.invite, name="person_invite"),
    path("reglages/personnes/<int:membership_id>/fin/", people.end_access, name="person_end"),
    path(
        "reglages/invitations/<int:invitation_id>/renvoyer/",
        people.resend,
        name="invitation_resend",
    ),
    path(
        "reglages/invitations/<int:invitation_id>/annuler/",
        people.cancel,
        name="invitation_cancel",
    ),
    path("reglages/agence/", agency.contact, name="agency_contact"),
    path("reglages/dispositifs/<slug:programme>/", programmes.edit, name="programme_edit"),
    path(
        "reglages/dispositifs/<slug:programme>/sortie/",
        programmes.exit_test,
        name="programme_exit_test",
    ),
    path("reglages/journal/", journal.entries, name="audit_journal"),
    path("reglages/journal/verification/", journal.check, name="audit_check"),
    path("dossiers/<reference>/donnees/", privacy.overview, name="case_privacy"),
    path("dossiers/<reference>/donnees/export/", privacy.export, name="case_export"),
    path("dossiers/<reference>/donnees/effacer/", privacy.erase, name="case_erase"),
    path("accessibilite/", public_pages.accessibility, name="accessibility"),
    path("donnees-personnelles/", public_pages.privacy, name="privacy"),
]
