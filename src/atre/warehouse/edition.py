"""Which tables are served together: one small file that changes at once, after everything it names.

A build that is killed leaves the former edition whole; readers never see half of a new one.
"""

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from atre.warehouse.atomic import write_bytes
from atre.warehouse.folders import Folders


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAccount:
    """What became of a file's rows: by standing, and the closing totals held against the file."""

    file: str
    source: str
    standings: dict[str, int]
    totals_checked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A consistent set of tables. `key` is made of everything they were built from.

    `staged`: file name of the rows behind the marts. `marts`: file name by mart; `constants`: by
    view, of what it is read with. `rows`: rows by mart and by view. `sources`: the receipts' keys,
    the first received first.
    """

    key: str
    built_at: str
    engine: str
    staged: str
    marts: dict[str, str]
    constants: dict[str, str]
    rows: dict[str, int]
    sources: tuple[str, ...]
    accounts: tuple[FileAccount, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    # Bounds of what publishers hid, by mart: `reconstruction.BOUNDS`.
    bounds: dict[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The names of its files."""
        return [
            self.staged,
            *self.marts.values(),
            *self.constants.values(),
            *self.bounds.values(),
        ]


class NotBuilt(Exception):
    """No table was built yet; `message_fr` says what to do."""

    message_fr = (
        "L’observatoire n’est pas encore construit : lancez « ./atre observatory build » (quelques "
        "secondes)."
    )


def write_edition(folders: Folders, edition: Edition) -> None:
    """Serves this edition from now on."""
    text = json.dumps(asdict(edition), ensure_ascii=False, indent=1)
    write_bytes(folders.edition, text.encode())


def read_edition(folders: Folders) -> Edition:
    """The edition being served. Raises NotBuilt."""
    try:
        stamp = folders.edition.stat().st_mtime_ns
    except FileNotFoundError:
        raise NotBuilt from None
    return _read(folders.edition, stamp)


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int) -> Edition:
    written: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    try:
        written["sources"] = tuple(written["sources"])
        written["accounts"] = tuple(FileAccount(**account) for account in written["accounts"])
        return Edition(**written)
    except (KeyError, TypeError):
        # Another version of Âtre wrote it: what it names is not what this one serves.
        raise NotBuilt from None
