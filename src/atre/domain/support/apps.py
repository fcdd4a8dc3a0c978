from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "atre.domain.support"
    label = "support"
    verbose_name = "Accompagnement"
