"""Files waiting to be taken over: DATA_DIR/imports/<agency>/<identifier>/, kept a week at most.

What a person sends and how they read its columns stays here: nothing of it is in the session or in
an address. Each file is written whole (temporary name, fsync, rename).
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require

KEPT_DAYS = 7
CONTENT, STATE = "content", "state.json"


class NoSuchImport(Exception):
    """No file of this agency has this identifier: foreign, absent or expired alike."""


@dataclass(frozen=True)
class Progress:
    """How far a file was taken over. `next_line` is a rank among its lines, not a line number."""

    next_line: int = 0
    created: int = 0
    already_there: int = 0
    rejected: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Import:
    """One file on its way in. `mapping` is {column key: position}."""

    identifier: UUID
    agency_id: int
    sent_by: int
    filename: str
    programme_id: int
    sheets: tuple[str, ...]
    created_at: datetime
    sheet: str = ""
    mapping: dict[str, int] = field(default_factory=dict)
    consented_on: date | None = None
    keep_doubles: bool = False
    set_aside: tuple[tuple[int, str], ...] = ()
    launched: bool = False
    total_lines: int | None = None
    progress: Progress = field(default_factory=Progress)

    @property
    def expires_at(self) -> datetime:
        return self.created_at + timedelta(days=KEPT_DAYS)

    @property
    def is_finished(self) -> bool:
        return self.total_lines is not None and self.progress.next_line >= self.total_lines


def root() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def _folder(agency_id: int, identifier: UUID) -> Path:
    return root() / str(int(agency_id)) / str(identifier)


def keep(
    *,
    by: Membership,
    content: bytes,
    filename: str,
    programme_id: int,
    sheets: list[str],
) -> Import:
    """Put a file that was just sent aside, until its columns are told."""
    require(by, "case.import")
    waiting = Import(
        identifier=uuid4(),
        agency_id=by.agency_id,
        sent_by=by.pk,
        filename=Path(filename).name[:150],
        programme_id=programme_id,
        sheets=tuple(sheets),
        created_at=timezone.now(),
        sheet=sheets[0],
    )
    folder = _folder(by.agency_id, waiting.identifier)
    folder.mkdir(parents=True, mode=0o700)
    _write_whole(folder / CONTENT, content)
    save(waiting)
    return waiting


def find(*, by: Membership, identifier: UUID) -> Import:
    """A file of the person's agency. Raises `NoSuchImport`."""
    require(by, "case.import")
    try:
        raw = (_folder(by.agency_id, identifier) / STATE).read_text(encoding="utf-8")
    except FileNotFoundError as absent:
        raise NoSuchImport from absent
    found = _read(json.loads(raw))
    if found.expires_at < timezone.now():
        raise NoSuchImport
    return found


def content_of(waiting: Import) -> bytes:
    return (_folder(waiting.agency_id, waiting.identifier) / CONTENT).read_bytes()


def save(waiting: Import) -> None:
    """Write where things stand. Call it once the rows it speaks of are committed."""
    raw = json.dumps(asdict(waiting), default=str, ensure_ascii=False)
    folder = _folder(waiting.agency_id, waiting.identifier)
    _write_whole(folder / STATE, raw.encode())


def forget(waiting: Import) -> None:
    shutil.rmtree(_folder(waiting.agency_id, waiting.identifier), ignore_errors=True)


def waiting_files(*, by: Membership) -> list[Import]:
    """Files of the agency that are not expired, the latest first."""
    require(by, "case.import")
    folder = root() / str(int(by.agency_id))
    found = [_read(json.loads(p.read_text("utf-8"))) for p in folder.glob(f"*/{STATE}")]
    now = timezone.now()
    kept = [waiting for waiting in found if waiting.expires_at >= now]
    return sorted(kept, key=lambda waiting: waiting.created_at, reverse=True)


def expired_folders(*, now: datetime) -> Iterator[Path]:
    """Folders to erase: past their week, or without a state since a crash."""
    for folder in root().glob("*/*"):
        state = folder / STATE
        if state.exists():
            if _read(json.loads(state.read_text("utf-8"))).expires_at < now:
                yield folder
        elif datetime.fromtimestamp(folder.stat().st_mtime, tz=now.tzinfo) < now - timedelta(
            days=1
        ):
            yield folder


def _read(stored: dict[str, Any]) -> Import:
    progress = stored["progress"]
    consented_on = stored["consented_on"]
    return replace(
        Import(
            **{
                **stored,
                "identifier": UUID(stored["identifier"]),
                "created_at": datetime.fromisoformat(stored["created_at"]),
                "consented_on": date.fromisoformat(consented_on) if consented_on else None,
                "sheets": tuple(stored["sheets"]),
                "set_aside": tuple((n, reason) for n, reason in stored["set_aside"]),
            }
        ),
        progress=Progress(
            next_line=progress["next_line"],
            created=progress["created"],
            already_there=progress["already_there"],
            rejected=tuple((n, reason) for n, reason in progress["rejected"]),
        ),
    )


def _write_whole(path: Path, content: bytes) -> None:
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
