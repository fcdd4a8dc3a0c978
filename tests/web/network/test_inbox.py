"""A partner's inbox: no name before it is opened, nothing but what helps after."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit.models import ReadEntry
from atre.domain.households.actions import noting
from atre.domain.support.actions.orienting import send_orientation
from atre.domain.support.models import Orientation
from tests.support import visited, world


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def followed(db) -> Iterator[visited.Followed]:
    made = visited.followed(told="La chambre est froide.")
    with isolation.within(made.agency):
        yield made


@pytest.fixture
def orientation(followed) -> Orientation:
    followed.agree()
    noting.add_note(by=followed.adviser, case=followed.case, text="Note privée.", on=localdate())
    return send_orientation(
        by=followed.adviser,
        case=followed.case,
        service=followed.service,
        purpose="Monter une demande au FSL.",
        on=localdate(),
        answer_days=10,
    )


def browser_of(member) -> Client:
    browser = Client()
    browser.force_login(member.user)
    return browser


def test_the_list_names_nobody_and_receives_nothing(followed, orientation):
    page = browser_of(followed.partner).get(reverse("orientation_inbox")).content.decode()

    assert followed.case.reference in page
    assert "Exemple" not in page
    assert Orientation.objects.get().received_at is None


def test_opening_shows_what_helps_marks_it_received_and_is_logged(followed, orientation):
    url = reverse("orientation_received", args=[orientation.pk])

    page = browser_of(followed.partner).get(url).content.decode()

    assert "Amina" in page
    assert "Monter une demande au FSL." in page
    for private in (
        "18000",
        "18 000",
        "18\u202f000",
        "Note privée.",
        "chambre est froide",
        "rue des",
    ):
        assert private not in page
    assert Orientation.objects.get().received_by == followed.partner
    assert ReadEntry.objects.get(screen="orientation_received").reader == followed.partner


def test_another_service_another_agency_and_the_team_find_nothing(followed, orientation):
    url = reverse("orientation_received", args=[orientation.pk])
    neighbour = world.member(followed.agency, Role.REFERRER)
    stranger = world.member(world.agency(), Role.REFERRER)

    assert browser_of(neighbour).get(url).status_code == 404
    assert browser_of(stranger).get(url).status_code == 404
    assert browser_of(followed.adviser).get(url).status_code == 403
    assert Orientation.objects.get().received_at is None


def test_a_refusal_asks_for_a_word_and_keeps_what_was_chosen(followed, orientation):
    browser = browser_of(followed.partner)
    url = reverse("orientation_received", args=[orientation.pk])

    refused = browser.post(url, {"verb": "decline", "words": ""})
    browser.post(url, {"verb": "decline", "words": "Hors secteur"})

    assert refused.status_code == 422
    assert "pourquoi" in refused.content.decode()
    assert Orientation.objects.get().answer == "Hors secteur"


def test_the_home_page_of_a_partner_leads_to_what_waits(followed, orientation):
    page = browser_of(followed.partner).get(reverse("home")).content.decode()

    assert reverse("orientation_received", args=[orientation.pk]) in page
    assert "Amina" not in page
