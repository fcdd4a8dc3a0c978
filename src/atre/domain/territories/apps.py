from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "atre.domain.territories"
    label = "territories"
    verbose_name = "Territoires"
