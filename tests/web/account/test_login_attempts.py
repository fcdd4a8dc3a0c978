"""Guessing passwords gets slower and slower; the person attacked still gets in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from atre.domain.agencies import login_attempts
from atre.domain.agencies.login_attempts import LIMITS, Attempt, TooManyAttempts
from atre.domain.agencies.models import LoginCounter
from atre.domain.agencies.passwords import Argon2
from tests.support import world

pytestmark = pytest.mark.django_db

TOO_MANY = "Trop d’essais"
WRONG = "pas le bon mot de passe"


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def cheap_hashing(settings):
    """These tests count attempts; what one costs is measured elsewhere."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def fail(log_in, email, *, times, origin="203.0.113.5"):
    client = Client()
    for _ in range(times):
        answer = log_in(client, email, WRONG, origin=origin)
    return answer


def test_a_sixth_failure_from_one_place_waits(adviser, log_in):
    allowed = LIMITS["pair"].free
    assert TOO_MANY not in fail(log_in, adviser.user.email, times=allowed).text
    refused = fail(log_in, adviser.user.email, times=1)
    assert TOO_MANY in refused.text
    assert "Réessayez dans une minute" in refused.text


def test_even_the_right_password_waits_where_guesses_came_from(adviser, log_in):
    fail(log_in, adviser.user.email, times=LIMITS["pair"].free)
    client = Client()
    log_in(client, adviser.user.email, origin="203.0.113.5")
    assert not is_logged_in(client)


def test_the_victim_gets_in_from_another_place(adviser, log_in):
    fail(log_in, adviser.user.email, times=LIMITS["pair"].free + 1)
    client = Client()
    log_in(client, adviser.user.email, origin="192.0.2.7")
    assert is_logged_in(client)


def test_the_victim_gets_in_from_a_known_browser_under_an_attack_from_everywhere(adviser, log_in):
    email = adviser.user.email
    usual = Client()
    log_in(usual, email)
    usual.post("/compte/logout/")
    for number in range(LIMITS["address"].free + 1):
        fail(log_in, email, times=1, origin=f"198.51.100.{number}")
    stranger = Client()
    refused = log_in(stranger, email, origin="198.51.100.200")
    assert TOO_MANY in refused.text
    log_in(usual, email, origin="198.51.100.201")
    assert is_logged_in(usual)


def test_a_known_browser_is_known_for_its_own_account_only(adviser, log_in):
    thief = world.member(adviser.agency)
    client = Client()
    log_in(client, thief.user.email)
    client.post("/compte/logout/")
    for _ in range(LIMITS["pair"].free):
        log_in(client, adviser.user.email, WRONG)
    assert TOO_MANY in log_in(client, adviser.user.email, WRONG).text


def test_a_forged_device_cookie_is_worth_nothing(adviser, log_in):
    fail(log_in, adviser.user.email, times=LIMITS["pair"].free, origin="203.0.113.5")
    client = Client()
    client.cookies["atre_device"] = "eyJ4IjoxfQ:1a:faux"
    assert TOO_MANY in log_in(client, adviser.user.email, origin="203.0.113.5").text


def test_one_place_trying_many_accounts_waits_too(adviser, log_in, cheap_hashing):
    for number in range(LIMITS["origin"].free):
        fail(log_in, f"personne-{number}@example.org", times=1, origin="203.0.113.9")
    client = Client()
    assert TOO_MANY in log_in(client, adviser.user.email, origin="203.0.113.9").text


def test_an_address_nobody_has_gets_the_same_answers(adviser, log_in):
    known = [fail(log_in, adviser.user.email, times=1) for _ in range(6)]
    unknown = [fail(log_in, "personne@nulle-part.example", times=1) for _ in range(6)]

    def told(answer):
        return list(answer.context["form"].errors.values()), answer.status_code

    assert [told(a) for a in known] == [told(a) for a in unknown]


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(adviser, log_in, monkeypatch):
    worked = []
    encode, verify = Argon2.encode, Argon2.verify
    monkeypatch.setattr(Argon2, "encode", lambda *a, **k: worked.append("hash") or encode(*a, **k))
    monkeypatch.setattr(Argon2, "verify", lambda *a, **k: worked.append("hash") or verify(*a, **k))
    fail(log_in, adviser.user.email, times=1)
    known = len(worked)
    fail(log_in, "personne@nulle-part.example", times=1)
    assert known == 1
    assert len(worked) == 2 * known


def test_waiting_gets_longer_up_to_its_limit():
    waits = [LIMITS["pair"].wait_after(n).total_seconds() for n in range(1, 14)]
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:9] == [30, 60, 120, 240, 480]
    assert waits[-1] == LIMITS["pair"].longest_wait.total_seconds() == 900


def test_an_attempt_is_looked_at_again_after_the_wait():
    start = timezone.now()
    attempt = Attempt.from_elsewhere(email="a@example.org", origin="192.0.2.1")
    for _ in range(LIMITS["pair"].free):
        login_attempts.begin(attempt, at=start)
    with pytest.raises(TooManyAttempts) as refused:
        login_attempts.begin(attempt, at=start + timedelta(seconds=29))
    login_attempts.begin(attempt, at=refused.value.retry_at)


def test_insisting_during_the_wait_does_not_lengthen_it():
    start = timezone.now()
    attempt = Attempt.from_elsewhere(email="a@example.org", origin="192.0.2.1")
    for _ in range(LIMITS["pair"].free):
        login_attempts.begin(attempt, at=start)
    refusals = []
    for second in (1, 5, 20):
        with pytest.raises(TooManyAttempts) as refused:
            login_attempts.begin(attempt, at=start + timedelta(seconds=second))
        refusals.append(refused.value.retry_at)
    assert len(set(refusals)) == 1


def test_failures_are_forgotten_and_their_counters_erased():
    start = timezone.now()
    attempt = Attempt.from_elsewhere(email="a@example.org", origin="192.0.2.1")
    for _ in range(LIMITS["pair"].free):
        login_attempts.begin(attempt, at=start)
    later = start + login_attempts.FORGOTTEN_AFTER + timedelta(seconds=1)
    login_attempts.begin(Attempt.from_elsewhere(email="b@example.org", origin="x"), at=later)
    kept = set(LoginCounter.objects.values_list("key", flat=True))
    assert not kept & set(attempt.keys.values())


def test_counters_hold_no_address_and_no_origin():
    attempt = Attempt.from_elsewhere(email="a@example.org", origin="192.0.2.1")
    login_attempts.begin(attempt, at=timezone.now())
    for row in LoginCounter.objects.values_list("key", flat=True):
        assert "example" not in row
        assert "192" not in row or len(row) == 64


def test_a_new_password_by_e_mail_opens_the_door_again(adviser, log_in, mailoutbox):
    email = adviser.user.email
    fail(log_in, email, times=LIMITS["pair"].free, origin="192.0.2.7")
    client = Client()
    client.post("/compte/password/reset/", {"email": email})
    link = next(w for w in mailoutbox[0].body.split() if "/compte/password/reset/key/" in w)
    page = client.get(link, follow=True)
    new = "une autre phrase de passe"
    client.post(
        page.request["PATH_INFO"], {"password1": new, "password2": new}, REMOTE_ADDR="192.0.2.7"
    )
    log_in(client, email, new, origin="192.0.2.7")
    assert is_logged_in(client)
