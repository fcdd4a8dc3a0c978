"""Routes of the observatory. Addresses of sources stand before those of territories."""

from django.urls import path

from atre.web.observatory.views import door

urlpatterns = [
    path("observatoire/", door.door, name="observatory"),
]
