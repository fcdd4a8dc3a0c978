from django.apps import AppConfig


class VisitConfig(AppConfig):
    name = "atre.web.visit"
    label = "web_visit"
