"""The database as one file, from SQLite or PostgreSQL, and back."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connection

from atre.jobs.backup.refusal import BackupRefused

BACKUP_URL = "ATRE_BACKUP_DATABASE_URL"


def member_name() -> str:
    """How the file is called in a backup: its kind can be told from its name."""
    return "base.sqlite3" if connection.vendor == "sqlite" else "base.pgdump"


def dump(target: Path) -> None:
    """One consistent copy of the running database. BackupRefused when it cannot be had whole."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        return
    url = os.environ.get(BACKUP_URL)
    if not url:
        raise BackupRefused(
            "Le compte de l’application ne voit qu’une agence à la fois : la sauvegarde se fait avec "
            f"un compte qui lit tout.\nDonnez son adresse dans {BACKUP_URL} "
            "(docs/how-to/serve-with-postgresql.md, « Sauvegarder »)."
        )
    run_client(
        "pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], url
    )


def restore(source: Path) -> None:
    """Puts a copy back into an empty database. BackupRefused, naming what to do, when it is not."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        if path.exists():
            raise BackupRefused(
                f"Il y a déjà une base ici : {path}. Déplacez-la, puis recommencez."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.restoring")
        shutil.copyfile(source, draft)
        draft.replace(path)
        return
    if connection.introspection.table_names():
        raise BackupRefused(
            "La base PostgreSQL de DATABASE_URL n’est pas vide : restaurez dans une base neuve."
        )
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    run_client("pg_restore", [*options, str(source)], url_of(connection.settings_dict), into=True)


def url_of(settings: dict[str, Any]) -> str:
    """The address in Django's settings, as the application connects."""
    host = f"{settings['HOST']}:{settings['PORT']}" if settings["PORT"] else settings["HOST"]
    return f"postgres://{settings['USER']}:{settings['PASSWORD']}@{host}/{settings['NAME']}"


def run_client(program: str, options: list[str], url: str, *, into: bool = False) -> None:
    """A PostgreSQL client. The password goes by the environment: arguments are seen by all."""
    found = shutil.which(program)
    if found is None:
        raise BackupRefused(
            f"{program} manque : installez le client de PostgreSQL (postgresql-client)."
        )
    parts = urlsplit(url)
    where = {
        "PGHOST": unquote(parts.hostname or ""),
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    # pg_restore writes a script unless it is told which database.
    named = [f"--dbname={where['PGDATABASE']}"] if into else []
    done = subprocess.run(
        [found, *named, *options],
        env={**os.environ, **{name: value for name, value in where.items() if value}},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{program} a échoué :\n{done.stderr.strip()}")
