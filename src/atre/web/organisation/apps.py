"""The agency's own pages: people, programmes, journal, and what it owes the public."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "atre.web.organisation"
    label = "organisation_pages"
    verbose_name = "Réglages"
