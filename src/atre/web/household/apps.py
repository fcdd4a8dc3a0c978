from django.apps import AppConfig


class HouseholdConfig(AppConfig):
    name = "atre.web.household"
    label = "web_household"
