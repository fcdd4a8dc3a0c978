"""A social worker's pages in a real browser, wide and narrow."""

import pytest
from django.conf import settings
from django.test import Client

from atre.domain.agencies.enums import Role
from atre.domain.households.enums import ConsentKind
from tests.support import world
from tests.support.browser import axe, screenshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 320])
def test_a_referrer_sends_a_request_and_follows_it(new_person, live_server, width, settings):
    settings.DEMO = True
    scheme = world.programme(world.agency(), name="Visites énergie")
    referrer = world.member(scheme.agency, Role.REFERRER)
    page = signed_in(new_person(width=width), live_server, referrer)
    page.goto("/mes-demandes/")
    see(page, "empty")
    page.get_by_role("link", name="Envoyer une demande").click()
    see(page, "form")

    page.get_by_label("Numéro et rue").fill("3 rue des Essais")
    page.get_by_label("Code postal").fill("94130")
    page.get_by_label("Prénom").fill("Amina")
    page.get_by_label("Nom", exact=True).fill("Exemple")
    page.get_by_label("J’atteste que le ménage").check()
    page.get_by_role("button", name="Envoyer la demande").click()
    page.locator("[data-error-summary]").wait_for()
    see(page, "form-errors")

    page.goto(f"/mes-demandes/nouvelle/{scheme.slug}/")
    world.case(scheme, by=referrer)
    world.case(scheme, by=referrer, consents=frozenset({ConsentKind.PROCESSING}))
    page.goto("/mes-demandes/")
    see(page, "list")


def signed_in(page, live_server, membership):
    client = Client()
    client.force_login(
        membership.user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    return page


def see(page, name: str) -> None:
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    screenshot(page, f"referral-{name}-{page.viewport_size['width']}")
