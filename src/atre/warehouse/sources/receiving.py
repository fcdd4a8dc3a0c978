"""An official file comes in: read once through `formats`, kept as rows, with what was refused.

A kill at any moment leaves either no receipt, and the file is received again, or a whole one.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from atre.formats.outgoing import neutral
from atre.formats.reading import Format, Part, UnreadableFile
from atre.formats.recognition import recognise_stream
from atre.formats.territory_figures import FIGURES
from atre.warehouse.atomic import replacing
from atre.warehouse.folders import Folders
from atre.warehouse.sources.receipts import (
    FIGURES_FILE,
    REJECTS_FILE,
    Receipt,
    folder_of,
    receipt_of,
    receipts,
    write_receipt,
)

CHUNK = 1 << 20
Progress = Callable[[str], None]
# What reads a stream into parts: `recognise_stream`, or a mapping of a regional file's columns.
Recognise = Callable[[BinaryIO], Format]


class NotOfATerritory(UnreadableFile):
    """A file that is read, and says nothing of a territory."""


@dataclass(slots=True)
class _Tally:
    """What goes into the receipt, counted while the rows go by."""

    rows: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    years: set[int] = field(default_factory=set)
    levels: set[str] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)

    def add(self, rows: pa.RecordBatch) -> None:
        self.rows += rows.num_rows
        for name, seen in (
            ("year", self.years),
            ("level", self.levels),
            ("measure", self.measures),
        ):
            seen.update(pc.drop_null(pc.unique(rows[name])).to_pylist())


@dataclass(frozen=True, slots=True)
class Received:
    """The receipt, and whether this content was already there."""

    receipt: Receipt
    is_new: bool


def receive(
    folders: Folders,
    path: Path,
    *,
    now: datetime,
    name: str | None = None,
    recognise: Recognise = recognise_stream,
    progress: Progress | None = None,
) -> Received:
    """Reads a file and keeps its figures; the same content gives the same receipt.

    Raises UnreadableFile with a sentence when nothing of the file can be kept.
    """
    sha256 = _fingerprint(path)
    known = receipt_of(folders, sha256)
    if known is not None:
        return Received(known, is_new=False)
    with path.open("rb") as stream:
        read_as = recognise(stream)
        stream.seek(0)
        if progress:
            progress(f"{name or path.name} : {read_as.title_fr}")
        tally = _keep_rows(folder_of(folders, sha256[:16]), read_as.read(stream))
    order = 1 + max((receipt.order for receipt in receipts(folders)), default=0)
    receipt = Receipt(
        sha256=sha256,
        name=name or path.name,
        bytes=path.stat().st_size,
        format=read_as.key,
        title_fr=read_as.title_fr,
        received_at=now.isoformat(timespec="seconds"),
        order=order,
        rows=tally.rows,
        rejected=tally.rejects.total(),
        rejects=dict(tally.rejects.most_common()),
        warnings=dict(tally.warnings.most_common()),
        years=tuple(sorted(tally.years)),
        levels=tuple(sorted(tally.levels)),
        measures=tuple(sorted(tally.measures)),
    )
    write_receipt(folders, receipt)
    return Received(receipt, is_new=True)


def _fingerprint(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _keep_rows(folder: Path, parts: Iterable[Part]) -> _Tally:
    """Writes figures and refused rows beside each other; refuses a file without one figure."""
    tally = _Tally()
    with ExitStack() as opened:
        draft = opened.enter_context(replacing(folder / FIGURES_FILE))
        rejects = opened.enter_context(replacing(folder / REJECTS_FILE))
        writer = opened.enter_context(pq.ParquetWriter(draft, FIGURES, compression="zstd"))
        listing = opened.enter_context(rejects.open("w", encoding="utf-8-sig", newline=""))
        refused = csv.writer(listing, delimiter=";", lineterminator="\r\n")
        refused.writerow(["Ligne", "Endroit", "Raison", "Trouvé"])
        for part in parts:
            _keep_part(part, writer, refused, tally)
        if not tally.rows:
            raise _nothing_kept(tally)
    return tally


def _keep_part(part: Part, writer: pq.ParquetWriter, refused: Any, tally: _Tally) -> None:
    if part.rows.num_columns and part.rows.schema.names == FIGURES.names:
        tally.add(part.rows)
        writer.write_batch(part.rows.cast(FIGURES))
    for reject in part.rejects:
        tally.rejects[reject.reason_fr] += 1
        refused.writerow(
            [
                reject.line or "",
                neutral(reject.place),
                neutral(reject.reason_fr),
                neutral(reject.found),
            ]
        )
    for warned in part.warnings:
        tally.warnings[warned.reason_fr] += warned.count


def _nothing_kept(tally: _Tally) -> UnreadableFile:
    if tally.rejects:
        reason, count = tally.rejects.most_common(1)[0]
        return UnreadableFile(
            f"Aucune ligne de ce fichier n’a pu être lue. Raison la plus fréquente ({count} fois) : "
            f"{reason}"
        )
    return NotOfATerritory(
        "Ce fichier est lu, mais ses chiffres ne sont pas ceux de territoires : un relevé de compteur "
        "ou de météo se lit avec ./atre read et ./atre savings."
    )
