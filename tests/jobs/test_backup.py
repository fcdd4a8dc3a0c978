"""A backup drill: taken, checked, put back elsewhere, and what was erased since stays erased."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from atre.jobs.backup import archive, keeping
from atre.jobs.backup.refusal import BackupRefused

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installation:
    """A data folder with its database, on which commands are run as an administrator does."""

    folder: Path
    database: str
    backup_url: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "ATRE_DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database,
            "ATRE_BACKUP_DATABASE_URL": self.backup_url,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "atre.config.settings",
        }
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def step(self, *arguments: str) -> dict:
        done = self.run("tests.support.restoring", *arguments)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def atre(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("atre", *arguments)


@contextmanager
def saver(admin: str) -> Iterator[tuple[str, str]]:
    """The account of docs/how-to/serve-with-postgresql.md that reads all and writes nothing."""
    role, password = f"saver_{secrets.token_hex(4)}", secrets.token_hex(16)
    named = sql.Identifier(role)
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(
            sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS PASSWORD {}").format(
                named, sql.Literal(password)
            )
        )
        server.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(named))
        try:
            yield role, password
        finally:
            server.execute(sql.SQL("DROP ROLE {}").format(named))


def new_database(name: str, folder: Path) -> Iterator[Installation]:
    """An empty place: a file to come, or a PostgreSQL database beside the tests'."""
    folder.mkdir()
    (folder / "reference").symlink_to(Path(os.environ["ATRE_DATA_DIR"]) / "reference")
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield Installation(folder, f"sqlite:///{folder / 'atre.sqlite3'}", "")
        return
    admin = os.environ.get("ATRE_BACKUP_DATABASE_URL")
    if not admin:
        pytest.skip("ATRE_BACKUP_DATABASE_URL manque : ./atre test --postgres-only le donne")
    base = f"{name}_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server, saver(admin) as (role, password):
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(base)))
        try:
            mine = urlsplit(url)._replace(path=f"/{base}")
            saving = mine._replace(netloc=f"{role}:{password}@{mine.hostname}:{mine.port}")
            yield Installation(folder, urlunsplit(mine), urlunsplit(saving))
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(base)))


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Iterator[Installation]:
    yield from new_database("saved", tmp_path_factory.mktemp("drill") / "here")


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[Installation]:
    yield from new_database("restored", tmp_path_factory.mktemp("drill") / "there")


@dataclass(frozen=True)
class Taken:
    path: Path
    ledger: Path


@pytest.fixture(scope="module")
def taken(here) -> Taken:
    """Two households saved, the first erased the day after."""
    told = here.step("live", str(here.folder / "backups"))
    assert told["names"] == ["", "Resté"]
    return Taken(Path(told["backup"]), here.folder / "effacements.jsonl")


def test_a_backup_put_back_elsewhere_is_whole_and_forgets_again(taken, there):
    done = there.atre("restore", str(taken.path), "--erasures", str(taken.ledger))

    assert done.returncode == 0, done.stderr
    assert "Ménages effacés de nouveau : 1" in done.stdout
    assert there.step("state") == {
        "names": ["", "Resté"],
        "cases": 2,
        "attachments": 1,
        "files": 1,
    }


def test_a_backup_is_not_put_back_over_what_is_there(taken, here):
    done = here.atre("restore", str(taken.path))

    assert done.returncode != 0
    assert "Il y a déjà" in done.stdout + done.stderr
    assert here.step("state")["names"] == ["", "Resté"]


def test_a_backup_holds_its_files_and_is_for_its_owner_alone(taken):
    assert archive.verify(taken.path).files == 2
    assert taken.path.stat().st_mode & 0o077 == 0
    assert taken.ledger.stat().st_mode & 0o077 == 0


def test_the_ledger_names_nobody(taken):
    (line,) = taken.ledger.read_text().splitlines()
    assert set(json.loads(line)) == {"agency", "household", "erased_at"}


@pytest.mark.parametrize("harm", ["cut", "one byte", "nothing of it"])
def test_a_harmed_backup_is_refused_in_one_sentence(taken, tmp_path, harm):
    whole = taken.path.read_bytes()
    half = len(whole) // 2
    told = {
        "cut": whole[:half],
        "one byte": whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :],
        "nothing of it": b"bonjour",
    }
    harmed = tmp_path / "harmed.tar"
    harmed.write_bytes(told[harm])

    with pytest.raises(BackupRefused) as refusal:
        archive.verify(harmed)

    assert str(harmed) in str(refusal.value)


def test_a_ledger_with_an_unreadable_line_is_refused_by_name(tmp_path):
    ledger = tmp_path / "effacements.jsonl"
    line = '{"agency": 1, "household": 2, "erased_at": "2026-11-22T10:00:00+00:00"}'
    ledger.write_text(f"{line}\n")
    assert len(keeping.told_by(ledger)) == 1

    ledger.write_text(f"{line}\n{line[:40]}\n")
    with pytest.raises(BackupRefused, match=r"effacements\.jsonl"):
        keeping.told_by(ledger)


def test_a_folder_that_cannot_be_written_is_refused_in_a_sentence(tmp_path):
    taken_by_a_file = tmp_path / "sauvegardes"
    taken_by_a_file.write_text("ceci est un fichier")

    with pytest.raises(BackupRefused, match="inscriptible"):
        keeping.take(taken_by_a_file)
