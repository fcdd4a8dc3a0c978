"""The few places each role goes to."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from atre.domain.agencies import permissions


@dataclass(frozen=True)
class Entry:
    """One link of the navigation."""

    label: str
    url: str
    current: bool


# label, url name, right
PLACES = (
    ("Aujourd’hui", "home", "home.view"),
    ("Dossiers", "case_list", "case.view"),
    ("Visites", "agenda", "visit.schedule"),
    ("Mes demandes", "referral_list", "referral.status"),
    ("Orientations reçues", "orientation_inbox", "orientation.answer"),
    ("Réseau", "organisation_list", "network.view"),
    ("Pilotage", "steering", "steering.view"),
    ("Observatoire", "observatory", "home.view"),
    ("Réglages", "settings", "people.manage"),
)


def entries(request: HttpRequest) -> list[Entry]:
    """The places this person may open, in a fixed order."""
    membership = request.membership
    found = []
    for label, name, right in PLACES:
        if permissions.may(membership, right):
            url = reverse(name)
            current = request.path == url if url == "/" else request.path.startswith(url)
            found.append(Entry(label=label, url=url, current=current))
    return found
