"""Routes of the people who refer households."""

from django.urls import path

from atre.web.network import referral_views

urlpatterns = [
    path("mes-demandes/", referral_views.referral_list, name="referral_list"),
    path("mes-demandes/nouvelle/", referral_views.choose_programme, name="referral_choose"),
    path("mes-demandes/nouvelle/<slug:slug>/", referral_views.new_referral, name="referral_new"),
    path(
        "mes-demandes/recu/<str:reference>/",
        referral_views.referral_receipt,
        name="referral_receipt",
    ),
]
