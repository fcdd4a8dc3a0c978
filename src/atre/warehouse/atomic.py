"""Files that appear whole or not at all, whenever the process is killed or the power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DRAFT_SUFFIX = ".draft"


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A draft beside `target` to write to; it takes its place at the end, unless something failed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}{DRAFT_SUFFIX}")
    try:
        yield draft
        with draft.open("rb+") as handle:
            os.fsync(handle.fileno())
        draft.replace(target)
        _keep_entry(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def write_bytes(target: Path, content: bytes) -> None:
    """Writes a small file whole or not at all."""
    with replacing(target) as draft:
        draft.write_bytes(content)


def sweep_drafts(folder: Path) -> int:
    """Takes away the drafts of processes that were killed; gives how many."""
    drafts = list(folder.rglob(f".*{DRAFT_SUFFIX}")) if folder.is_dir() else []
    for draft in drafts:
        draft.unlink(missing_ok=True)
    return len(drafts)


def _keep_entry(folder: Path) -> None:
    # The rename itself is only durable once the folder is written.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
