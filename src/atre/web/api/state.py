"""What an answer was made from, in short: the same state gives the same bytes."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from atre import warehouse
from atre.warehouse.edition import Edition, read_edition
from atre.warehouse.folders import Folders
from atre.warehouse.sources.receipts import RECEIPT
from atre.warehouse.staging.geography import COMMUNES_FILE

# What words an answer says besides its figures: titles, cautions, publishers, the shape itself.
CODE = (
    Path(warehouse.__file__).parent,
    Path(__file__).parent,
    Path(__file__).parents[1] / "observatory",
)


@dataclass(frozen=True, slots=True)
class State:
    """`said` changes with any file or code behind an answer; `changed_at` is when one last did, in
    seconds since 1970."""

    edition: Edition
    said: str
    changed_at: int

    def etag_of(self, address: str) -> str:
        """Names the answer at an address: no other address answers to it."""
        return f'"{hashlib.sha256(f"{self.said} {address}".encode()).hexdigest()[:24]}"'


def state(folders: Folders) -> State:
    """The state being served. Costs a few readings of a folder. Raises NotBuilt."""
    edition = read_edition(folders)
    files = [folders.edition, folders.reference / COMMUNES_FILE]
    files += sorted(folders.sources.glob(f"*/{RECEIPT}"))
    stamps = [(path.parent.name, path.stat().st_mtime_ns) for path in files if path.is_file()]
    code = _code_changed_at()
    said = f"{edition.key} {edition.built_at} {code} {stamps}"
    latest = max(code, *(stamp for _, stamp in stamps))
    # A second later than the truth: an HTTP date has no fraction, and must not seem older.
    return State(edition, said, latest // 10**9 + 1)


@lru_cache(maxsize=1)
def _code_changed_at() -> int:
    return max(path.stat().st_mtime_ns for folder in CODE for path in folder.rglob("*.py"))
