"""The Django app whose templates stand before allauth's."""

from django.apps import AppConfig


class AccountPagesConfig(AppConfig):
    name = "atre.web.account"
    label = "account_pages"
    verbose_name = "Comptes"

    def ready(self) -> None:
        from atre.web.account import second_factor

        second_factor.listen()
