"""One file holds a backup: the database, the private files, then a manifest of their digests.

The manifest comes last: a file cut short has none, and a changed byte changes a digest.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from atre.jobs.backup.refusal import BackupRefused

MANIFEST = "manifeste.json"
FORMAT = 1
CHUNK = 1 << 20


@dataclass(frozen=True)
class Backup:
    """A verified backup: when it was taken, and its members by name."""

    path: Path
    taken_at: datetime
    database: str
    members: dict[str, str]

    @property
    def files(self) -> int:
        return len(self.members) - 1


def write(target: Path, *, database: Path, name: str, files: Path, taken_at: datetime) -> Backup:
    """Writes the whole backup beside its name, then gives it its name: it is never seen half."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    members: dict[str, str] = {}
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            with tarfile.open(fileobj=handle, mode="w|") as archive:
                members[name] = add(archive, database, name)
                for path in private_files(files):
                    member = f"files/{path.relative_to(files).as_posix()}"
                    members[member] = add(archive, path, member)
                manifest = {
                    "format": FORMAT,
                    "taken_at": taken_at.isoformat(),
                    "database": name,
                    "members": members,
                }
                text = json.dumps(manifest, indent=1).encode()
                entry = tarfile.TarInfo(MANIFEST)
                entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text))
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return Backup(target, taken_at, name, members)


def private_files(folder: Path) -> Iterator[Path]:
    """Whole files only: one being written has a name that begins with a dot."""
    yield from sorted(
        path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")
    )


def add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Adds a file under a name; its digest, taken from the bytes that were written."""
    entry = tarfile.TarInfo(name)
    with path.open("rb") as source:
        entry.size = os.fstat(source.fileno()).st_size
        reading = Digesting(source)
        archive.addfile(entry, reading)
    return reading.digest.hexdigest()


class Digesting(io.RawIOBase):
    """A file whose bytes are digested as they are read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.source.read(size)
        self.digest.update(content)
        return content


def verify(path: Path) -> Backup:
    """Reads a whole backup and checks each digest. BackupRefused says what is wrong with it."""
    found: dict[str, str] = {}
    manifest: dict[str, object] | None = None
    try:
        with tarfile.open(path, mode="r|") as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                if content is None or manifest is not None:
                    raise BackupRefused(f"{path} n’est pas une sauvegarde d’Âtre.")
                if entry.name == MANIFEST:
                    manifest = json.loads(content.read())
                else:
                    found[entry.name] = digest_of(content)
    except (tarfile.TarError, EOFError, OSError, ValueError) as fault:
        raise BackupRefused(f"{path} est illisible ou coupé : {fault}") from fault
    if manifest is None:
        raise BackupRefused(f"{path} est incomplet : la sauvegarde s’est arrêtée avant la fin.")
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"{path} vient d’une version d’Âtre que celle-ci ne sait pas lire.")
    expected = manifest["members"]
    if expected != found or not isinstance(expected, dict):
        raise BackupRefused(f"{path} a été abîmé : son contenu ne répond plus à ses empreintes.")
    return Backup(
        path, datetime.fromisoformat(str(manifest["taken_at"])), str(manifest["database"]), found
    )


def digest_of(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def extract(backup: Backup, folder: Path) -> None:
    """Lays a verified backup out in a folder."""
    with tarfile.open(backup.path, mode="r|") as archive:
        archive.extractall(folder, filter="data")
