"""Routes of this room."""

from django.urls import path

from atre.web.visit.views import agenda, feed, reporting, scheduling, visiting

urlpatterns = [
    path("visites/", agenda.agenda_week, name="agenda"),
    path("visites/disponibilites/", agenda.slot_new, name="slot_new"),
    path(
        "visites/disponibilites/<int:slot_id>/retirer/", agenda.slot_withdraw, name="slot_withdraw"
    ),
    path("visites/calendrier/", agenda.calendar_settings, name="calendar_settings"),
    path("agenda/<token>.ics", feed.calendar_feed, name="calendar_feed"),
    path("dossiers/<reference>/planifier/", scheduling.visit_schedule, name="visit_schedule"),
    path(
        "dossiers/<reference>/rendez-vous/<int:appointment_id>/annuler/",
        scheduling.appointment_cancel,
        name="appointment_cancel",
    ),
    path(
        "dossiers/<reference>/rendez-vous/<int:appointment_id>/absence/",
        scheduling.appointment_absence,
        name="appointment_absence",
    ),
    path(
        "dossiers/<reference>/rendez-vous/<int:appointment_id>/corriger/",
        scheduling.appointment_correct,
        name="appointment_correct",
    ),
    path("dossiers/<reference>/visite/", visiting.visit_page, name="visit"),
    path("dossiers/<reference>/visite/terminer/", visiting.visit_finish, name="visit_finish"),
    path("dossiers/<reference>/visite/photos/", reporting.visit_photo, name="visit_photo"),
    path(
        "dossiers/<reference>/visite/photos/<int:photo_id>/",
        reporting.visit_photo_file,
        name="visit_photo_file",
    ),
    path("dossiers/<reference>/visite/<slug:slug>/", visiting.visit_section, name="visit_section"),
    path("dossiers/<reference>/compte-rendu/", reporting.report_make, name="report_make"),
    path(
        "dossiers/<reference>/compte-rendu/<int:report_id>/",
        reporting.report_download,
        name="report_download",
    ),
    path(
        "dossiers/<reference>/compte-rendu/<int:report_id>/remettre/",
        reporting.report_hand_over,
        name="report_hand_over",
    ),
]
