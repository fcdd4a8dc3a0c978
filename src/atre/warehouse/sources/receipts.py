"""What is kept of a file that was received: its receipt, readable without reading the file again."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from atre.warehouse.atomic import write_bytes
from atre.warehouse.folders import Folders

RECEIPT = "receipt.json"
FIGURES_FILE = "figures.parquet"
REJECTS_FILE = "rejects.csv"
# Raise when what is kept of a file changes: files received before are then asked again.
SHAPE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A file as it was read. `sha256` is its content's; the same content is received once.

    `rejects` and `warnings`: how many by French sentence. `order`: 1 for the first file received,
    so that a later file of the same source replaces what it says again. `declared_year`: what the
    person who gave the file said of rows that name no year; None when nobody did.
    """

    sha256: str
    name: str
    bytes: int
    format: str
    title_fr: str
    received_at: str
    order: int
    rows: int
    rejected: int
    rejects: dict[str, int]
    warnings: dict[str, int]
    years: tuple[int, ...]
    levels: tuple[str, ...]
    measures: tuple[str, ...]
    shape: int = SHAPE
    declared_year: int | None = None

    @property
    def key(self) -> str:
        """Names the file's folder, and the file in every figure that comes from it."""
        return self.sha256[:16]


def folder_of(folders: Folders, key: str) -> Path:
    return folders.sources / key


def write_receipt(folders: Folders, receipt: Receipt) -> None:
    """Makes the file count as received: nothing before it does."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, indent=1)
    write_bytes(folder_of(folders, receipt.key) / RECEIPT, text.encode())


def receipts(folders: Folders) -> list[Receipt]:
    """The files received, the first one first."""
    found = [_read(path) for path in folders.sources.glob(f"*/{RECEIPT}")]
    kept = [receipt for receipt in found if receipt is not None]
    return sorted(kept, key=lambda receipt: (receipt.order, receipt.sha256))


def receipt_of(folders: Folders, sha256: str) -> Receipt | None:
    """The receipt of a content, None when it was not received to its end."""
    return _read(folder_of(folders, sha256[:16]) / RECEIPT)


def withdraw(folders: Folders, receipt: Receipt) -> None:
    """Takes a file out of the observatory: its receipt first, so that it never counts half."""
    folder = folder_of(folders, receipt.key)
    (folder / RECEIPT).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path) -> Receipt | None:
    try:
        written: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if written.get("shape") != SHAPE:
        return None
    for name in ("years", "levels", "measures"):
        written[name] = tuple(written[name])
    return Receipt(**written)
