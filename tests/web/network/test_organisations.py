"""The network on screen: searched, written, never losing what was typed."""

import pytest
from django.test import Client
from django.urls import reverse

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.network.models import Organisation
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def adviser():
    """The test stands in this person's agency, as a view does."""
    agency = world.agency()
    with isolation.within(agency):
        yield world.member(agency)


def browser_of(member) -> Client:
    browser = Client()
    browser.force_login(member.user)
    return browser


def typed(**changes) -> dict[str, object]:
    return {
        "kind": "ccas",
        "name": "CCAS d’Essai",
        "what_for": "Secours",
        "accepts_referrals": "yes",
        "answer_days": "10",
        "phone": "01 43 00 00 00",
        "contacts-TOTAL_FORMS": "1",
        "contacts-INITIAL_FORMS": "0",
        "contacts-0-name": "M. Exemple",
    } | changes


def test_a_service_is_written_with_its_contact_and_found(adviser):
    browser = browser_of(adviser)

    browser.post(reverse("organisation_new"), typed())

    row = Organisation.objects.get(name="CCAS d’Essai")
    assert (row.accepts_referrals, row.answer_days) == (True, 10)
    assert row.contacts.get().name == "M. Exemple"
    found = browser.get(reverse("organisation_list"), {"text": "secours", "kind": "ccas"})
    assert "CCAS d’Essai" in found.content.decode()
    nothing = browser.get(reverse("organisation_list"), {"kind": "caf"})
    assert "Aucun service trouvé" in nothing.content.decode()


def test_what_was_typed_stays_after_a_refusal(adviser):
    refused = browser_of(adviser).post(reverse("organisation_new"), typed(phone="01"))

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Secours" in page
    assert "M. Exemple" in page
    assert not Organisation.objects.filter(name="CCAS d’Essai").exists()


def test_correcting_a_sheet_starts_from_what_it_says(adviser):
    browser = browser_of(adviser)
    browser.post(reverse("organisation_new"), typed())
    row = Organisation.objects.get(name="CCAS d’Essai")
    url = reverse("organisation_edit", args=[row.pk])
    assert "M. Exemple" in browser.get(url).content.decode()

    browser.post(url, typed(accepts_referrals="", answer_days=""))

    row.refresh_from_db()
    assert (row.accepts_referrals, row.answer_days) == (None, None)


@pytest.mark.parametrize(
    "page", ["organisation_detail", "organisation_edit", "organisation_deactivate"]
)
def test_a_foreign_service_is_not_found(adviser, page):
    row = world.organisation(adviser.agency, "caf")
    stranger = world.member(world.agency())

    assert browser_of(adviser).get(reverse(page, args=[row.pk])).status_code == 200
    assert browser_of(stranger).get(reverse(page, args=[row.pk])).status_code == 404


def test_an_operator_reads_the_network_and_does_not_write_it(adviser):
    row = world.organisation(adviser.agency, "caf")
    browser = browser_of(world.member(adviser.agency, Role.VISITOR))

    assert browser.get(reverse("organisation_detail", args=[row.pk])).status_code == 200
    assert browser.get(reverse("organisation_edit", args=[row.pk])).status_code == 403
    assert browser.post(reverse("organisation_reactivate", args=[row.pk])).status_code == 403


def test_a_service_taken_off_and_put_back(adviser):
    row = world.organisation(adviser.agency, "caf")
    browser = browser_of(adviser)

    refused = browser.post(reverse("organisation_deactivate", args=[row.pk]), {"reason": ""})
    browser.post(reverse("organisation_deactivate", args=[row.pk]), {"reason": "Fermé"})
    gone = browser.get(reverse("organisation_list")).content.decode()
    browser.post(reverse("organisation_reactivate", args=[row.pk]))

    assert refused.status_code == 422
    assert row.name not in gone
    row.refresh_from_db()
    assert row.is_active
