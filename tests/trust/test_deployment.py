"""Settings of a real server: cookies, HSTS, durable commits, nothing that Django warns of."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from atre.config.places import ROOT

SHOWN = (
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_HTTPONLY",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "DEBUG",
    "DEMO",
)


def as_served(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python run with the environment of a server behind https."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("ATRE_", "DATABASE_URL"))}
    env |= {
        "ATRE_BASE_URL": "https://atre.example.org",
        "ATRE_HOSTS": "atre.example.org",
        "ATRE_SECRET_KEY": "w8r2Gd0kqN5vYp7xT1sJmZ4bLcH9fUaEoI6tRyQnKjVeXgBhDiPlMu",
        "ATRE_DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "atre.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    return subprocess.run(
        [sys.executable, *arguments], env=env, capture_output=True, text=True, check=False
    )


def test_django_finds_nothing_to_say_of_a_deployment():
    done = as_served("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_cookies_travel_over_https_only_and_scripts_cannot_read_them():
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{n: getattr(settings, n) for n in {SHOWN!r}}}))"
    )
    shown = json.loads(as_served("-c", code).stdout)
    assert shown == {
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "DEBUG": False,
        "DEMO": False,
    }


def test_a_server_without_its_secret_does_not_start():
    code = "import os; os.environ.pop('ATRE_SECRET_KEY'); import django; django.setup()"
    done = as_served("-c", code)
    assert done.returncode != 0
    assert "ATRE_SECRET_KEY manque" in done.stderr


@pytest.mark.django_db
def test_a_committed_row_survives_a_power_cut():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (2,)
            return
        # The throw-away server of the tests forgets on purpose; our own connection must not be
        # what asks for it.
        cursor.execute("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
        assert cursor.fetchone()[0] not in {"client", "session", "user", "database"}


def test_passwords_follow_length_and_not_composition():
    names = {entry["NAME"].rsplit(".", 1)[-1] for entry in settings.AUTH_PASSWORD_VALIDATORS}
    assert names == {
        "MinimumLengthValidator",
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
    }
