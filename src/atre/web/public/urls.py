"""Pages without account. A programme answers at its own name, so those routes come last."""

from django.urls import path

from atre.web.public import follow, request, where

urlpatterns = [
    path("demande/", where.where_do_you_live, name="public_entry"),
    path("demande/communes/", where.commune_suggestions, name="commune_suggestions"),
    path("suivi/", follow.new_link, name="public_new_link"),
    path("suivi/<str:token>/", follow.followed_case, name="public_follow"),
    path("suivi/<str:token>/recu/", follow.receipt, name="public_receipt"),
    path("suivi/<str:token>/compte-rendu.pdf", follow.report, name="public_report"),
    path("suivi/<str:token>/accord/<str:kind>/", follow.withdraw, name="public_withdraw"),
    path("<slug:slug>/", where.programme_page, name="public_programme"),
    path("<slug:slug>/demande", request.request_page, name="public_request"),
]
