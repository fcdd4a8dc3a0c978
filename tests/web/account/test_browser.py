"""From the invitation to the first case, in a real browser, outside the demonstration."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail

from atre.domain.agencies import invitations, isolation
from atre.domain.agencies.enums import Role
from atre.jobs import outbox
from tests.support import world
from tests.support.browser import axe, screenshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW_PERSON = "nouvelle@example.org"


@pytest.fixture(autouse=True)
def real_service(settings):
    settings.DEMO = False


def see(page, name: str) -> None:
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    screenshot(page, f"account-{name}-{page.viewport_size['width']}")


def invited_link() -> str:
    director = world.member(world.agency(), Role.DIRECTOR)
    with isolation.within(director.agency_id):
        invitations.invite(
            email=NEW_PERSON,
            full_name="Nouvelle Personne",
            role=Role.ADVISER,
            by=director,
            base_url="",
        )
    outbox.send_due()
    (message,) = mail.outbox
    return next(word for word in message.body.split() if word.startswith("/invitation/"))


def current_code(secret: str) -> str:
    (counter,) = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.mark.parametrize("width", [1280, 320])
def test_an_invited_person_sets_a_password_and_a_second_factor_and_is_in(new_person, width):
    page = new_person(width=width)
    page.goto(invited_link())
    see(page, "invitation")
    page.get_by_label("Votre mot de passe").fill("court")
    page.get_by_label("Le même, encore une fois").fill("court")
    page.get_by_role("button", name="Créer mon accès").click()
    see(page, "invitation-refused")
    page.get_by_label("Votre mot de passe").fill(world.PASSWORD)
    page.get_by_label("Le même, encore une fois").fill(world.PASSWORD)
    page.get_by_role("button", name="Créer mon accès").click()

    page.wait_for_url("**/compte/2fa/")
    see(page, "must-set-up")
    page.goto("/dossiers/")
    assert page.url.endswith("/compte/2fa/")
    page.goto("/compte/2fa/totp/activate/")
    see(page, "codes")
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("input[name=code]").fill(current_code(secret))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "activate" not in url)
    see(page, "recovery-codes")
    page.goto("/dossiers/")
    assert page.url.endswith("/dossiers/")


@pytest.mark.parametrize("width", [1280, 320])
def test_an_expired_invitation_says_what_to_do(new_person, width):
    page = new_person(width=width)
    answer = page.goto("/invitation/un-lien-deja-utilise/")
    assert answer.status == 410
    see(page, "invitation-expired")
