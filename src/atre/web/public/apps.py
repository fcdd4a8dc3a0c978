from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "atre.web.public"
    label = "web_public"
