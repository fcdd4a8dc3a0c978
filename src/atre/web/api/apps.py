"""The Django app of the public read API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "atre.web.api"
    label = "web_api"
