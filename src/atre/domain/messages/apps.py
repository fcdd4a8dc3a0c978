from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "atre.domain.messages"
    label = "outbox"
    verbose_name = "Messages"
