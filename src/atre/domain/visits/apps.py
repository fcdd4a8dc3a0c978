from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "atre.domain.visits"
    label = "visits"
    verbose_name = "Visites"
