from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "atre.web.network"
    label = "web_network"
