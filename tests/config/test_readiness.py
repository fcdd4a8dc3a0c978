"""A second start skips the preparation only when nothing it depends on has changed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from atre.config import readiness


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder as `./atre up` leaves it."""
    monkeypatch.setenv("ATRE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name in ("secret_key", "static/staticfiles.json", "reference/territories.json.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    apply_migration(tmp_path, "0001_initial")
    readiness.remember(with_demonstration=True)
    return tmp_path


def apply_migration(folder: Path, name: str) -> None:
    with closing(sqlite3.connect(folder / "atre.sqlite3")) as connection, connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS django_migrations"
            " (id INTEGER PRIMARY KEY, name TEXT, applied TEXT)"
        )
        connection.execute(
            "INSERT INTO django_migrations (name, applied) VALUES (?, '2026-11-22')", [name]
        )


def test_an_unchanged_folder_is_ready(prepared):
    assert readiness.is_ready(with_demonstration=True)


def test_another_choice_about_the_demonstration_is_prepared(prepared):
    assert not readiness.is_ready(with_demonstration=False)


@pytest.mark.parametrize(
    "name", ["secret_key", "static/staticfiles.json", "reference/territories.json.gz"]
)
def test_a_missing_piece_is_made_again(prepared, name):
    (prepared / name).unlink()
    assert not readiness.is_ready(with_demonstration=True)


def test_a_database_with_another_history_is_prepared(prepared):
    apply_migration(prepared, "0002_more")
    assert not readiness.is_ready(with_demonstration=True)


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be read"])
def test_a_database_that_was_erased_or_damaged_is_prepared(prepared, content):
    (prepared / "atre.sqlite3").write_bytes(content)
    assert not readiness.is_ready(with_demonstration=True)


def test_a_server_database_is_always_asked_through_django(prepared, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://atre@127.0.0.1/atre")
    assert not readiness.is_ready(with_demonstration=True)
