"""Invitations and memberships, and the doors of allauth that stay closed."""

from django.urls import path

from atre.web.account import views

urlpatterns = [
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("compte/appartenance/", views.membership_switch, name="membership_switch"),
    # An address is proved by its invitation and changed by inviting the new one.
    path("compte/email/", views.closed),
    path("compte/confirm-email/", views.closed),
    path("compte/confirm-email/<path:key>", views.closed),
    path("compte/signup/", views.closed),
    path("compte/login/code/confirm/", views.closed),
    path("compte/password/set/", views.closed),
]
