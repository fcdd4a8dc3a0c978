"""All routes. Each public's screens live in its own room."""

from django.urls import include, path

urlpatterns = [
    # Before allauth: closes those of its pages that an invited account has no use for.
    path("", include("atre.web.account.urls")),
    path("compte/", include("allauth.urls")),
    path("", include("atre.web.design.urls")),
    path("", include("atre.web.home.urls")),
    path("", include("atre.web.household.urls")),
    path("", include("atre.web.visit.urls")),
    path("", include("atre.web.support.urls")),
    path("", include("atre.web.network.urls")),
    path("", include("atre.web.steering.urls")),
    path("", include("atre.web.observatory.urls")),
    path("", include("atre.web.api.urls")),
    path("", include("atre.web.organisation.urls")),
    # Last: a programme's public page answers at its own name.
    path("", include("atre.web.public.urls")),
]

handler400 = "atre.web.design.errors.bad_request"
handler403 = "atre.web.design.errors.permission_denied"
handler404 = "atre.web.design.errors.page_not_found"
handler500 = "atre.web.design.errors.server_error"
