"""`kill -9` while a case opens leaves nothing or a whole case, and sending again repairs it."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parents[3]
# What one household in Nogent-sur-Marne with two consents writes, link and e-mail included.
WHOLE = {
    "Dwelling": 1,
    "Household": 1,
    "HouseholdToken": 2,
    "Case": 1,
    "Consent": 2,
    "StateChange": 2,
    "CaseLink": 1,
    "AuditEntry": 1,
    "Message": 1,
    "broken": 0,
}
NOTHING = dict.fromkeys(WHOLE, 0)
FEWEST_QUERIES = 15


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Iterator[str]:
    """A database of its own: a file, or on PostgreSQL one created beside the tests'."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{tmp_path_factory.mktemp('kill') / 'killed.sqlite3'}"
        return
    name = sql.Identifier(f"kill_{secrets.token_hex(4)}")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name.as_string().strip(chr(34))}"))
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture(scope="module")
def attempts(database) -> list[dict]:
    """One line per killed process, see tests/support/killing.py."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.killing"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "atre.config.settings",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def of_kind(attempts: list[dict], kind: str) -> list[dict]:
    return [attempt for attempt in attempts if attempt["kind"] == kind]


def written(attempt: dict, until: str = "after") -> dict[str, int]:
    return {name: attempt[until][name] - attempt["before"][name] for name in WHOLE}


def test_undisturbed_it_writes_a_whole_case(attempts):
    (attempt,) = of_kind(attempts, "undisturbed")

    assert not attempt["killed"]
    assert written(attempt) == WHOLE


def test_a_kill_before_any_query_leaves_nothing(attempts):
    swept = of_kind(attempts, "query")

    assert len(swept) > FEWEST_QUERIES
    # Every query was a death but the last number, which is past the end.
    assert [attempt["killed"] for attempt in swept] == [True] * (len(swept) - 1) + [False]
    assert [written(attempt) for attempt in swept[:-1]] == [NOTHING] * (len(swept) - 1)
    assert written(swept[-1]) == WHOLE


def test_a_kill_around_the_commit_leaves_nothing_or_all(attempts):
    (before,), (after,) = of_kind(attempts, "before commit"), of_kind(attempts, "after commit")

    assert (before["killed"], written(before)) == (True, NOTHING)
    assert (after["killed"], written(after)) == (True, WHOLE)


def test_a_kill_at_any_moment_leaves_nothing_or_all(attempts):
    random = of_kind(attempts, "moment")

    assert any(attempt["killed"] for attempt in random)
    assert all(written(attempt) in (NOTHING, WHOLE) for attempt in random)


def test_sending_again_after_a_kill_leaves_exactly_one_whole_case(attempts):
    resent = [attempt for attempt in attempts if "resent" in attempt]

    assert resent
    assert all(written(attempt, "resent") == WHOLE for attempt in resent)


def test_processes_that_send_one_form_together_get_one_receipt(attempts):
    (together,) = of_kind(attempts, "together")

    receipts = {(reference, token) for reference, token, _ in together["receipts"]}
    assert len(together["receipts"]) > 1
    assert len(receipts) == 1
    assert sum(created for *_, created in together["receipts"]) == 1
    assert written(together) == WHOLE
