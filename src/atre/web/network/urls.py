"""Routes of this room."""

from django.urls import include, path

from atre.web.network import inbox_views, organisation_views

urlpatterns = [
    path("", include("atre.web.network.referral_urls")),
    path("orientations-recues/", inbox_views.orientation_inbox, name="orientation_inbox"),
    path(
        "orientations-recues/<int:pk>/",
        inbox_views.orientation_received,
        name="orientation_received",
    ),
    path("reseau/", organisation_views.organisation_list, name="organisation_list"),
    path("reseau/communes/", organisation_views.network_communes, name="network_communes"),
    path("reseau/nouveau/", organisation_views.organisation_new, name="organisation_new"),
    path("reseau/<int:pk>/", organisation_views.organisation_detail, name="organisation_detail"),
    path(
        "reseau/<int:pk>/modifier/", organisation_views.organisation_edit, name="organisation_edit"
    ),
    path(
        "reseau/<int:pk>/retirer/",
        organisation_views.organisation_deactivate,
        name="organisation_deactivate",
    ),
    path(
        "reseau/<int:pk>/remettre/",
        organisation_views.organisation_reactivate,
        name="organisation_reactivate",
    ),
]
