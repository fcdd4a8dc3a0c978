"""Steering tests sign people in by password alone, as the demonstration does."""

import pytest
from django.test import Client

from atre.domain.agencies.enums import Role
from tests.support import world


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def agency(db):
    return world.agency()


@pytest.fixture
def director(agency):
    return world.member(agency, Role.DIRECTOR)


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def just_proved(client: Client) -> Client:
    """Through the page that asks the password again."""
    assert client.post("/compte/reauthenticate/", {"password": world.PASSWORD}).status_code == 302
    return client
