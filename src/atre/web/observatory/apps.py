"""The Django app of the observatory's pages."""

from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    name = "atre.web.observatory"
    label = "web_observatory"
