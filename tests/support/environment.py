"""What Django must find in the environment before a test run, set before its settings are read.

Loaded by `-p tests.support.environment` (pyproject.toml). The data folder of a run is thrown
away, but the built reference data of the checkout (or of ATRE_DATA_DIR) is seen inside it.
"""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT_DATA = Path(os.environ.get("ATRE_DATA_DIR", ROOT / "var")).resolve()
THROWN_AWAY = Path(tempfile.mkdtemp(prefix="atre-tests-"))

(BUILT_DATA / "reference").mkdir(parents=True, exist_ok=True)
(THROWN_AWAY / "reference").symlink_to(BUILT_DATA / "reference")
(THROWN_AWAY / "static").mkdir()

os.environ["ATRE_DATA_DIR"] = str(THROWN_AWAY)
os.environ["ATRE_SECRET_KEY"] = secrets.token_urlsafe(50)
os.environ["ATRE_EMAIL_BACKEND"] = "django.core.mail.backends.locmem.EmailBackend"
# A person's own shell settings must not change what the tests prove.
for name in ("ATRE_DEBUG", "ATRE_DEMO", "ATRE_HOSTS", "ATRE_BASE_URL"):
    os.environ.pop(name, None)


def pytest_configure(config: pytest.Config) -> None:
    """Plain static storage: the manifest one asks for a collectstatic before each run."""
    from django.conf import settings

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    if "browser" in config.option.markexpr.split() and "not" not in config.option.markexpr.split():
        # A page and what it sends by itself meet in the database. In memory, SQLite refuses the
        # second at once; in a file it waits, as it does in an installation.
        for database in settings.DATABASES.values():
            if database["ENGINE"].endswith("sqlite3"):
                database["TEST"] = {
                    **database.get("TEST", {}),
                    "NAME": str(THROWN_AWAY / "test.sqlite3"),
                }


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(THROWN_AWAY, ignore_errors=True)
