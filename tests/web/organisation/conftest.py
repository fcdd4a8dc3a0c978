"""A director at their settings, signed in by password alone as the demonstration does."""

import pytest
from allauth.account.internal.flows import login
from django.test import Client

from atre.domain.agencies.enums import Role
from tests.support import world


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def director(db):
    return world.member(world.agency(), Role.DIRECTOR)


@pytest.fixture
def client(director):
    browser = Client()
    browser.force_login(director.user)
    return browser


def save(client, path, values):
    """Open the form as the director does, then send it: what it showed goes back with it."""
    shown = client.get(path)
    seen = shown.context["form"]["seen"].value() if shown.status_code == 200 else ""
    return client.post(path, {**values, "seen": seen})


@pytest.fixture
def just_typed_password(client, director):
    """What the reauthentication page leaves in the session."""
    answer = client.post("/compte/reauthenticate/", {"password": world.PASSWORD})
    assert answer.status_code == 302
    assert login.AUTHENTICATION_METHODS_SESSION_KEY in client.session
    return client
