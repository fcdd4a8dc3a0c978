"""Private files of an agency, named by their content under FILES_DIR/<agency>/<xx>/<sha256>.

A file is written whole or not at all (temporary name, fsync, rename), before the row that
names it. A transaction that rolls back leaves at most a file no row names: `orphan_files`.
"""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet

from atre.domain.agencies import isolation
from atre.domain.agencies.models import TenantModel

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class StoredFile:
    """What a row keeps of a file."""

    sha256: str
    size_bytes: int


def path_of(*, agency_id: int, sha256: str) -> Path:
    """Where a file is. ValueError unless `sha256` is a digest: no path comes from outside."""
    if not SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256 digest")
    return Path(settings.FILES_DIR) / str(int(agency_id)) / sha256[:2] / sha256


def store(*, agency_id: int, content: bytes) -> StoredFile:
    """Keep a content; the same content is kept once."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(agency_id=agency_id, sha256=digest)
    if not path.exists():
        _write_whole(path, content)
    return StoredFile(sha256=digest, size_bytes=len(content))


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # The name itself must survive a power cut, not only the bytes.
        os.fsync(folder)
    finally:
        os.close(folder)


def open_stored(*, agency_id: int, sha256: str) -> BinaryIO:
    """The file, open for reading; FileNotFoundError when it is gone."""
    return path_of(agency_id=agency_id, sha256=sha256).open("rb")


def named_digests(*, agency_id: int) -> set[str]:
    """Digests that some row of the agency names, in any table that has a `sha256` column.

    It enters the agency by itself: once a transaction is over PostgreSQL shows no row of anyone,
    and files that are still named would pass for orphans.
    """
    named: set[str] = set()
    with isolation.reading(agency_id):
        for model in apps.get_models():
            columns = {field.name for field in model._meta.get_fields()}
            if issubclass(model, TenantModel) and "sha256" in columns:
                rows: QuerySet[Any] = model._default_manager.filter(agency_id=agency_id)
                named |= set(rows.values_list("sha256", flat=True))
    return named


def remove_unnamed(*, agency_id: int, digests: set[str]) -> None:
    """Delete the bytes of `digests` that no row names any more. Call once the rows are gone."""
    for digest in digests - named_digests(agency_id=agency_id):
        path_of(agency_id=agency_id, sha256=digest).unlink(missing_ok=True)


def orphan_files(*, agency_id: int) -> list[Path]:
    """Files under the agency's folder that no row names, unfinished writings included."""
    folder = Path(settings.FILES_DIR) / str(int(agency_id))
    named = named_digests(agency_id=agency_id)
    return sorted(p for p in folder.glob("*/*") if p.is_file() and p.name not in named)
