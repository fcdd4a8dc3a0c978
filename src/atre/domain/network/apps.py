from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "atre.domain.network"
    label = "network"
    verbose_name = "Réseau"
