"""Routes of this room."""

from django.urls import path

from atre.web.steering import views

urlpatterns = [
    path("pilotage/", views.steering, name="steering"),
    path("pilotage/telecharger/", views.steering_download, name="steering_download"),
]
