"""The Django app that carries the shared templates, tags and assets."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "atre.web.design"
    label = "design"
    verbose_name = "Présentation"
