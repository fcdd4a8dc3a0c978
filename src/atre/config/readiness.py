"""Whether yesterday's preparation still stands, told without loading Django.

Loading it only to find nothing to do is a third of a second start. Doubt means no: the full
preparation is then done again, and each of its steps is idempotent.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from atre.config import frontend, stamps
from atre.config.places import REQUIREMENTS, ROOT, data_dir


def is_ready(*, with_demonstration: bool) -> bool:
    expected = expected_stamp(with_demonstration)
    return expected is not None and stamps.is_fresh(stamp_path(), expected)


def remember(*, with_demonstration: bool) -> None:
    """To be called once every step is done."""
    if (expected := expected_stamp(with_demonstration)) is not None:
        stamps.write(stamp_path(), expected)


def stamp_path() -> Path:
    return data_dir() / "logs" / "ready.stamp"


def expected_stamp(with_demonstration: bool) -> str | None:
    """Fingerprint of all that the preparation depends on; None when that cannot be told."""
    history = migration_history()
    data = data_dir()
    made = [data / "secret_key", data / "static" / "staticfiles.json"]
    reference = [path for path in (data / "reference").glob("*") if path.is_file()]
    if history is None or not reference or not all(path.is_file() for path in made):
        return None
    source = ROOT / "src" / "atre"
    inputs = [
        *source.glob("domain/*/migrations/*.py"),
        *source.glob("jobs/**/*.py"),
        *source.glob("formats/**/*.py"),
        *source.glob("formats/tables/*.csv"),
        *(path for path in frontend.DIST.rglob("*") if path.is_file()),
        *(REQUIREMENTS / "core.txt", REQUIREMENTS / "territory.txt"),
        *(ROOT / "package-lock.json", source / "config" / "settings.py"),
        *(made[1], *reference),
    ]
    return stamps.fingerprint(inputs, history, str(with_demonstration))


def migration_history() -> str | None:
    """Which migrations an embedded database has had; None for a server, or when it has none.

    Asked of the database itself: someone may have put an older copy in its place.
    """
    url = os.environ.get("DATABASE_URL", "")
    if url and not url.startswith("sqlite"):
        return None
    path = Path(url.removeprefix("sqlite:///") or data_dir() / "atre.sqlite3")
    if not path.is_file():
        return None
    question = "SELECT count(*), max(id), max(applied) FROM django_migrations"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            facts = connection.execute(question).fetchone()
    except sqlite3.DatabaseError:
        # Not migrated to the end, or locked by a start in progress: the full way will tell.
        return None
    return f"{path} {facts}"
