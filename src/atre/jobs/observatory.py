"""The observatory kept up to date: files received, tables built, one piece of work at a time."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from atre.formats.column_mapping import load_mapping
from atre.formats.mapped_columns import mapped_format
from atre.formats.reading import Format, UnreadableFile
from atre.formats.recognition import recognise_stream
from atre.warehouse import building, engine, freshness
from atre.warehouse.edition import Edition
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.sources.installed import receive_installed
from atre.warehouse.sources.receiving import Received, receive

Progress = Callable[[str], None]


def build(*, folders: Folders | None = None, progress: Progress | None = None) -> Edition:
    """Builds and serves the tables from what is installed and received, with the engine of ATRE_ENGINE.

    Raises EngineMissing, NothingReceived, TotalsDiffer: the former tables are then served on.
    """
    folders = folders or data_folder()
    now = datetime.now(UTC)
    with only_one(folders), engine.opened(scratch=folders.scratch) as opened:
        receive_installed(folders, now=now)
        edition = building.build(opened, folders, now=now, progress=progress)
        freshness.remember(folders, now=now)
        return edition


def receive_files(
    paths: Sequence[Path],
    *,
    folders: Folders | None = None,
    columns: Path | None = None,
    year: int | None = None,
    progress: Progress | None = None,
) -> list[Received | UnreadableFile]:
    """Receives each file; a refused one does not stop the others. In the order given.

    `columns`: the mapping of the columns of all of them. `year`: that of files that say none.
    """
    folders = folders or data_folder()
    answers: list[Received | UnreadableFile] = []
    with only_one(folders):
        for path in paths:
            try:
                answers.append(
                    receive(
                        folders,
                        path,
                        now=datetime.now(UTC),
                        recognise=recognise_stream if columns is None else _mapped(columns),
                        declared_year=year,
                        progress=progress,
                    )
                )
            except UnreadableFile as refusal:
                answers.append(refusal)
    return answers


def _mapped(columns: Path) -> Callable[[BinaryIO], Format]:
    read_as = mapped_format(load_mapping(columns))
    return lambda _: read_as


@contextmanager
def only_one(folders: Folders) -> Iterator[None]:
    """Two people who import or build together wait for each other."""
    lock = folders.data / "observatory" / "lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
