"""Routes of this room."""

from django.urls import path

from atre.web.home import views

urlpatterns = [path("", views.home, name="home")]
