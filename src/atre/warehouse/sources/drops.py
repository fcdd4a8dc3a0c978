"""Files that people dropped on a page, waiting to be read, and how far each one is.

A file is kept until it was read, then erased: its rows and its receipt remain. What a page shows of
it is one small file that changes at once, so that a reader never sees half a state.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from atre.warehouse.atomic import write_bytes
from atre.warehouse.folders import Folders

STATE_FILE = "state.json"
ARRIVING = "arriving-"
# A sentence each; the last ones are what a person waits for.
MOST_STEPS = 20


class DropState(StrEnum):
    """How far a dropped file is."""

    WAITING = "waiting"
    READING = "reading"
    BUILDING = "building"
    DONE = "done"
    # The file is not what it should be; nothing of it is kept.
    REFUSED = "refused"
    # The file was read, and the tables could not be built: the former ones are served on.
    FAILED = "failed"


FINISHED = frozenset({DropState.DONE, DropState.REFUSED, DropState.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A file, what it was recognised as, and what happened to it. `message_fr`: why it stopped."""

    sha256: str
    name: str
    title_fr: str
    dropped_at: str
    state: DropState = DropState.WAITING
    steps: tuple[str, ...] = ()
    message_fr: str = ""

    @property
    def key(self) -> str:
        return self.sha256[:16]

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED


def keep(folders: Folders, parts: Iterable[bytes], *, name: str) -> tuple[str, Path]:
    """Writes a file as it comes, and gives its SHA-256 and where it stands. The same content stands
    at the same place, under its last name."""
    digest = hashlib.sha256()
    folders.drops.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folders.drops, prefix=ARRIVING, delete=False) as arriving:
        try:
            for part in parts:
                digest.update(part)
                arriving.write(part)
        except BaseException:
            Path(arriving.name).unlink(missing_ok=True)
            raise
    sha256 = digest.hexdigest()
    erase(folders, sha256)
    target = _place(folders, sha256) / Path(name).name
    target.parent.mkdir(parents=True, exist_ok=True)
    return sha256, Path(arriving.name).replace(target)


def erase(folders: Folders, sha256: str) -> None:
    """Erases the file itself; its state stays."""
    shutil.rmtree(_place(folders, sha256), ignore_errors=True)


def file_of(folders: Folders, drop: Drop) -> Path | None:
    """The file, None once it was read."""
    return next(_place(folders, drop.sha256).glob("*"), None)


def _place(folders: Folders, sha256: str) -> Path:
    return folders.drops / sha256[:16] / "file"


def note(folders: Folders, drop: Drop, **changes: Any) -> Drop:
    """Writes a drop as it is now."""
    changed = replace(drop, **changes)
    text = json.dumps(asdict(changed), ensure_ascii=False)
    write_bytes(folders.drops / changed.key / STATE_FILE, text.encode())
    return changed


def step(folders: Folders, drop: Drop, sentence_fr: str) -> Drop:
    """Adds what was just done."""
    return note(folders, drop, steps=(*drop.steps, sentence_fr)[-MOST_STEPS:])


def drop_of(folders: Folders, key: str) -> Drop | None:
    """The drop of a key, None when there is none."""
    try:
        read: dict[str, Any] = json.loads((folders.drops / key / STATE_FILE).read_bytes())
    except (OSError, ValueError):
        return None
    return Drop(**read | {"state": DropState(read["state"]), "steps": tuple(read["steps"])})


def new_drop(*, sha256: str, name: str, title_fr: str, now: datetime) -> Drop:
    return Drop(
        sha256=sha256, name=name, title_fr=title_fr, dropped_at=now.isoformat(timespec="seconds")
    )
