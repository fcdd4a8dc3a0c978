"""Outside the demonstration a password alone opens no household's file."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from atre.domain.agencies.enums import Role
from tests.support import world

pytestmark = pytest.mark.django_db

SET_UP = "/compte/2fa/"
# The library says that a factor was added once the transaction is over.
AFTER_COMMIT = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def real_service(settings):
    settings.DEMO = False


def set_up_codes(client: Client, code_of) -> str:
    """Walks the page that sets an application up; returns its secret."""
    page = client.get("/compte/2fa/totp/activate/", follow=True)
    if "reauthenticate" in page.request["PATH_INFO"]:
        page = client.post(
            page.request["PATH_INFO"] + "?next=/compte/2fa/totp/activate/",
            {"password": world.PASSWORD},
            follow=True,
        )
    secret = page.context["form"].secret
    client.post("/compte/2fa/totp/activate/", {"code": code_of(secret)})
    return secret


@pytest.mark.parametrize("role", Role.values)
def test_everyone_sets_a_second_factor_up_before_anything_else(role, log_in):
    member = world.member(world.agency(), role)
    client = Client()
    log_in(client, member.user.email)
    for path in ("/", "/dossiers/", "/mes-demandes/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, SET_UP)
    assert client.get(SET_UP).status_code == 200


@AFTER_COMMIT
def test_once_set_up_the_door_opens_and_the_next_login_asks_for_it(adviser, log_in, code_of):
    client = Client()
    log_in(client, adviser.user.email)
    secret = set_up_codes(client, code_of)
    assert client.get("/dossiers/").status_code == 200

    again = Client()
    answer = log_in(again, adviser.user.email)
    assert answer.url == "/compte/2fa/authenticate/"
    assert again.get("/dossiers/").status_code == 302
    again.post("/compte/2fa/authenticate/", {"code": code_of(secret)})
    assert again.get("/dossiers/").status_code == 200


@AFTER_COMMIT
def test_a_session_that_never_showed_the_factor_stays_out(adviser, log_in, code_of):
    thief, owner = Client(), Client()
    log_in(thief, adviser.user.email)
    log_in(owner, adviser.user.email)
    set_up_codes(owner, code_of)
    assert owner.get("/dossiers/").status_code == 200
    assert thief.get("/dossiers/").status_code == 302


def test_a_code_serves_once(adviser, log_in, code_of):
    client = Client()
    log_in(client, adviser.user.email)
    secret = set_up_codes(client, code_of)
    code = code_of(secret)
    first, second = Client(), Client()
    for attempt in (first, second):
        log_in(attempt, adviser.user.email)
        attempt.post("/compte/2fa/authenticate/", {"code": code})
    assert first.get("/dossiers/").status_code == 200
    assert second.get("/dossiers/").status_code == 302


def test_a_recovery_code_opens_once(adviser, log_in, code_of):
    client = Client()
    log_in(client, adviser.user.email)
    set_up_codes(client, code_of)
    codes = Authenticator.objects.get(
        user=adviser.user, type=Authenticator.Type.RECOVERY_CODES
    ).wrap()
    code = codes.get_unused_codes()[0]
    first, second = Client(), Client()
    for attempt in (first, second):
        log_in(attempt, adviser.user.email)
        attempt.post("/compte/2fa/authenticate/", {"code": code})
    assert first.get("/dossiers/").status_code == 200
    assert second.get("/dossiers/").status_code == 302


def test_guessing_codes_stops_at_ten(adviser, log_in, code_of):
    client = Client()
    log_in(client, adviser.user.email)
    secret = set_up_codes(client, code_of)
    thief = Client()
    log_in(thief, adviser.user.email)
    for guess in range(12):
        thief.post(
            "/compte/2fa/authenticate/", {"code": f"{guess:06d}"}, REMOTE_ADDR=f"192.0.2.{guess}"
        )
    thief.post("/compte/2fa/authenticate/", {"code": code_of(secret)})
    assert thief.get("/dossiers/").status_code == 302


def test_without_its_factor_an_account_sets_one_up_again(adviser, log_in, code_of):
    client = Client()
    log_in(client, adviser.user.email)
    set_up_codes(client, code_of)
    client.post("/compte/2fa/totp/deactivate/")
    assert client.get("/dossiers/").status_code == 302


def test_every_page_needed_to_set_a_factor_up_is_reachable_without_one(adviser, log_in):
    client = Client()
    log_in(client, adviser.user.email)
    for path in (
        "/compte/2fa/",
        "/compte/2fa/totp/activate/",
        "/compte/2fa/webauthn/add/",
        "/compte/password/change/",
        "/compte/logout/",
        "/accessibilite/",
        "/donnees-personnelles/",
    ):
        answer = client.get(path)
        assert answer.status_code == 200 or "reauthenticate" in answer.url, path


def test_the_demonstration_opens_by_password_alone(adviser, log_in, settings):
    settings.DEMO = True
    client = Client()
    log_in(client, adviser.user.email)
    assert client.get("/dossiers/").status_code == 200
