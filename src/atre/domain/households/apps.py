from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "atre.domain.households"
    label = "households"
    verbose_name = "Ménages"
