"""Routes of this room."""

from django.urls import include, path

urlpatterns = [
    path("", include("atre.web.network.referral_urls")),
]
