"""The Django app whose templates stand before allauth's."""

from django.apps import AppConfig


class AccountPagesConfig(AppConfig):
    name = "atre.web.account"
    label = "account_pages"
    verbose_name = "Comptes"
