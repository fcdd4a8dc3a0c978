from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "atre.web.home"
    label = "web_home"
