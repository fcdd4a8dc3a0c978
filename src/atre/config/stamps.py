"""Remembers that a step was done for given inputs, so that a second start skips it.

A stamp is a small file holding a fingerprint. It is written last and at once (rename), so an
interrupted step is simply done again. Standard library only.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """SHA-256 over the names and bytes of the files and the given facts.

    A file that is missing counts as missing, which differs from empty.
    """
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path).encode())
        digest.update(b"\0" + path.read_bytes() if path.is_file() else b"\1")
        digest.update(b"\2")
    for fact in facts:
        digest.update(fact.encode() + b"\0")
    return digest.hexdigest()


def is_fresh(stamp: Path, expected: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == expected


def write(stamp: Path, value: str) -> None:
    """Replaces the stamp in one operation: a reader sees the old one or the new one."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    draft = stamp.with_name(f"{stamp.name}.{os.getpid()}")
    draft.write_text(value + "\n", encoding="ascii")
    draft.replace(stamp)


def forget(stamp: Path) -> None:
    stamp.unlink(missing_ok=True)
