from django.apps import AppConfig


class SteeringConfig(AppConfig):
    name = "atre.web.steering"
    label = "web_steering"
