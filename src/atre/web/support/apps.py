from django.apps import AppConfig


class SupportScreensConfig(AppConfig):
    name = "atre.web.support"
    label = "web_support"
