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
from atre.warehouse.sources.weather import INCOMPLETE_FR, degree_days_of

CHUNK = 1 << 20
Progress = Callable[[str], None]
# What reads a stream into parts: `recognise_stream`, or a mapping of a regional file's columns.
Recognise = Callable[[BinaryIO], Format]
YEAR_GIVEN_FR = "Chiffres sans année dans le fichier : ils prennent l’année donnée à la réception."
YEAR_UNUSED_FR = "L’année donnée à la réception n’a pas servi : le fichier dit les siennes."
FIRST_YEAR, LAST_YEAR = 1968, 2099


class YearRefused(UnreadableFile):
    """A declared year that no file of a territory can be of."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"L’année {year} ne peut pas être celle d’un fichier de territoire : donnez une année "
            f"entre {FIRST_YEAR} et {LAST_YEAR}."
        )


class NotOfATerritory(UnreadableFile):
    """A file that is read, and says nothing of a territory."""


@dataclass(slots=True)
class _Tally:
    """What goes into the receipt, counted while the rows go by."""

    declared_year: int | None = None
    rows: int = 0
    undated: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    years: set[int] = field(default_factory=set)
    levels: set[str] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)

    def add(self, rows: pa.RecordBatch) -> None:
        self.rows += rows.num_rows
        self.undated += rows["year"].null_count
        for name, seen in (
            ("year", self.years),
            ("level", self.levels),
            ("measure", self.measures),
        ):
            seen.update(pc.drop_null(pc.unique(rows[name])).to_pylist())

    def end(self) -> None:
        """Says what became of the year that was declared."""
        if self.declared_year is None:
            return
        if self.undated:
            self.years.add(self.declared_year)
            self.warnings[YEAR_GIVEN_FR] = self.undated
        else:
            self.warnings[YEAR_UNUSED_FR] = 1


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
    declared_year: int | None = None,
    progress: Progress | None = None,
) -> Received:
    """Reads a file and keeps its figures; the same content gives the same receipt.

    `declared_year`: of the rows whose year the file does not say, told by a person, never guessed;
    the same content with another year is read again under it. Raises UnreadableFile with a sentence
    when nothing of the file can be kept.
    """
    if declared_year is not None and not FIRST_YEAR <= declared_year <= LAST_YEAR:
        raise YearRefused(declared_year)
    sha256 = _fingerprint(path)
    known = receipt_of(folders, sha256)
    if known is not None and declared_year in {None, known.declared_year}:
        return Received(known, is_new=False)
    with path.open("rb") as stream:
        read_as = degree_days_of(recognise(stream))
        stream.seek(0)
        if progress:
            progress(f"{name or path.name} : {read_as.title_fr}")
        parts = read_as.read(stream)
        tally = _keep_rows(folder_of(folders, sha256[:16]), parts, declared_year)
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
        declared_year=declared_year,
    )
    write_receipt(folders, receipt)
    return Received(receipt, is_new=True)


def _fingerprint(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _keep_rows(folder: Path, parts: Iterable[Part], declared_year: int | None) -> _Tally:
    """Writes figures and refused rows beside each other; refuses a file without one figure."""
    tally = _Tally(declared_year)
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
    tally.end()
    return tally


def _keep_part(part: Part, writer: pq.ParquetWriter, refused: Any, tally: _Tally) -> None:
    if part.rows.num_columns and part.rows.schema.names == FIGURES.names:
        tally.add(part.rows)
        writer.write_batch(_dated(part.rows.cast(FIGURES), tally.declared_year))
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


def _dated(rows: pa.RecordBatch, declared_year: int | None) -> pa.RecordBatch:
    if declared_year is None or not rows["year"].null_count:
        return rows
    years = rows["year"].fill_null(pa.scalar(declared_year, pa.int16()))
    return rows.set_column(rows.schema.get_field_index("year"), FIGURES.field("year"), years)


def _nothing_kept(tally: _Tally) -> UnreadableFile:
    if tally.rejects:
        reason, count = tally.rejects.most_common(1)[0]
        return UnreadableFile(
            f"Aucune ligne de ce fichier n’a pu être lue. Raison la plus fréquente ({count} fois) : "
            f"{reason}"
        )
    if INCOMPLETE_FR in tally.warnings:
        return UnreadableFile(INCOMPLETE_FR)
    return NotOfATerritory(
        "Ce fichier est lu, mais ses chiffres ne sont pas ceux de territoires : un relevé de compteur "
        "ou de météo se lit avec ./atre read et ./atre savings."
    )
