"""Whether the tables served are those of today's files and code, told without opening an engine.

Standard library only: importing the engine to find nothing to do is a third of a second start.
"""

import hashlib
from datetime import datetime
from pathlib import Path

from atre.warehouse.atomic import write_bytes
from atre.warehouse.edition import NotBuilt, read_edition
from atre.warehouse.folders import Folders
from atre.warehouse.own_code import own_code


def is_current(folders: Folders, *, now: datetime) -> bool:
    """Whether a build would change nothing. Doubt means no: a build is idempotent."""
    try:
        edition = read_edition(folders)
        known = _stamp(folders).read_text(encoding="ascii")
    except (NotBuilt, OSError, ValueError):
        return False
    is_whole = all((folders.marts / name).is_file() for name in edition.names())
    return is_whole and known == _fingerprint(folders, now)


def remember(folders: Folders, *, now: datetime) -> None:
    """To be called once the tables are served."""
    write_bytes(_stamp(folders), _fingerprint(folders, now).encode())


def _stamp(folders: Folders) -> Path:
    return folders.edition.with_name("built.stamp")


def _fingerprint(folders: Folders, now: datetime) -> str:
    """Of what a build reads: installed tables by their size and time, files received by their
    names, which are their contents', our code and facts by their bytes, and the year of the parameters."""
    digest = hashlib.sha256(str(now.year).encode())
    for path in sorted(folders.reference.glob("*.parquet")):
        facts = path.stat()
        digest.update(f"{path.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    for path in sorted(folders.sources.glob("*/receipt.json")):
        digest.update(f"{path.parent.name}\n".encode())
    digest.update(own_code().encode())
    return digest.hexdigest()
