"""Sessions: born at login, dead at logout, at a new password and at departure."""

import pytest
from django.test import Client

from atre.domain.agencies import isolation
from atre.domain.agencies.actions import end_membership
from atre.domain.agencies.enums import Role
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


def test_the_session_changes_its_name_at_login(adviser, log_in):
    client = Client()
    client.get("/compte/login/")
    session = client.session
    session["fixed"] = "posé avant la connexion"
    session.save()
    client.cookies["sessionid"] = fixed = session.session_key
    log_in(client, adviser.user.email)
    assert client.session.session_key != fixed
    thief = Client()
    thief.cookies["sessionid"] = fixed
    assert thief.get("/dossiers/").status_code == 302


def test_logout_empties_the_session_and_the_browser(adviser, log_in):
    client = Client()
    log_in(client, adviser.user.email)
    key = client.session.session_key
    answer = client.post("/compte/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    old = Client()
    old.cookies["sessionid"] = key
    assert old.get("/dossiers/").status_code == 302


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(adviser, log_in):
    here, elsewhere = Client(), Client()
    log_in(here, adviser.user.email)
    log_in(elsewhere, adviser.user.email)
    new = "une autre phrase de passe"
    changed = here.post(
        "/compte/password/change/",
        {"oldpassword": world.PASSWORD, "password1": new, "password2": new},
    )
    assert changed.status_code == 302
    assert here.get("/dossiers/").status_code == 200
    assert elsewhere.get("/dossiers/").status_code == 302


def test_departure_closes_the_door_at_the_next_click(adviser, log_in):
    director = world.member(adviser.agency, Role.DIRECTOR)
    client = Client()
    log_in(client, adviser.user.email)
    assert client.get("/dossiers/").status_code == 200
    with isolation.within(adviser.agency):
        end_membership(membership=adviser, by=director)
    assert client.get("/dossiers/").status_code == 403


def test_the_session_expires_by_itself(settings):
    assert settings.SESSION_COOKIE_AGE <= 12 * 3600
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_switching_shows_the_other_agency_and_only_one_s_own_memberships_can_be_chosen(
    adviser, log_in
):
    from atre.domain.agencies.actions import add_member

    other = world.agency(insee=world.BAGNOLET)
    second = add_member(agency=other, user=adviser.user, role=Role.DIRECTOR)
    stranger = world.member(other)
    client = Client()
    log_in(client, adviser.user.email)
    page = client.get("/compte/appartenance/")
    assert other.name in page.text
    refused = client.post("/compte/appartenance/", {"membership": stranger.pk})
    assert refused.status_code == 422
    client.post("/compte/appartenance/", {"membership": second.pk})
    assert client.get("/").context["agency"] == other
