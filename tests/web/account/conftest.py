"""Doors of the account pages, outside the demonstration unless a test says otherwise."""

from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from tests.support import world


@pytest.fixture
def adviser(db):
    return world.member(world.agency())


@pytest.fixture
def log_in():
    """log_in(client, email, password=…, origin=…) → the response of the login form."""

    def post(client: Client, email: str, password: str = world.PASSWORD, origin: str = "192.0.2.7"):
        return client.post(
            "/compte/login/", {"login": email, "password": password}, REMOTE_ADDR=origin
        )

    return post


@pytest.fixture
def code_of(monkeypatch):
    """The code an application shows now for a secret; « now » stands still for these tests."""
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: 1_800_000_000))

    def code(secret: str) -> str:
        (counter,) = totp.yield_hotp_counters_from_time()
        return totp.format_hotp_value(totp.hotp_value(secret, counter))

    return code
