"""The ADEME's open-data file of one line a certificate (`dpe03existant`), counted by commune and
class as it streams.

Of a certificate, its commune and its two classes are kept, and 8 bytes mixed from its number so that
it is counted once. Its number, its address and the rest are dropped as they are read.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from atre.formats.dpe import CLASSES, LABELS, MEASURE, STOCK_FR, UNIT
from atre.formats.figure_cells import Measured, batch_of, figure_rows
from atre.formats.reading import Format, Part, Reject, UnreadableFile, without_rows
from atre.formats.territory_codes import REPAIRED_FR, official_codes, unknown_code_fr
from atre.formats.territory_figures import Level, Status
from atre.formats.text_files import (
    BINARY_FR,
    HEAD_BYTES,
    UTF16_FR,
    UTF16_MARKS,
    WarningTally,
    fields_of,
    head_lines,
    plain,
    rejected,
    sniffed_delimiter,
)

# As the portal names its columns since 2024, and as it titled them before.
TITLES: dict[str, str] = {
    "code_insee_ban": "commune",
    "code_insee_(ban)": "commune",
    "etiquette_dpe": "dpe",
    "etiquette_ges": "ges",
    "numero_dpe": "number",
    "n°dpe": "number",
}
NEEDED = frozenset({"commune", "dpe", "ges"})
# A certificate has some 230 cells, free texts among them: a few kilobytes.
BLOCK_BYTES = 4 * 1024 * 1024
NO_CLASS = len(CLASSES)
_TO_ASCII = bytes(byte if byte < 128 else ord("?") for byte in range(256))

NO_CLASS_FR = "Étiquette DPE ou GES absente ou hors de A à G : ce DPE n’est pas compté."
NO_COMMUNE_FR = "DPE sans code de commune : il n’est compté nulle part."
TWICE_FR = "DPE déjà compté (même numéro) : compté une fois."
NO_NUMBER_FR = (
    "DPE sans numéro : comptés, sans que l’on puisse dire s’ils sont en double dans le fichier."
)
RAGGED_FR = "Ligne qui n’a pas le nombre de cellules attendu : elle n’a pas été comptée."
PRIVATE_FR = (
    "Ni adresse, ni numéro de DPE n’a été gardé : seulement des nombres par commune et par classe."
)
UNKNOWN_FR = "Ce fichier n’a pas les colonnes code_insee_ban, etiquette_dpe et etiquette_ges."
BROKEN_FR = "Ce fichier n’est pas un CSV régulier (guillemets ou lignes coupés) : téléchargez-le de nouveau."
EMPTY_FR = "Ce fichier a des titres de colonnes et aucun DPE."


class _Ascii(io.RawIOBase):
    """A stream of which the first bytes were already taken, without its accents: what is counted
    has none, and a line in another encoding than UTF-8 would be dropped without a word."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first, self._rest = first, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        given, self._first = self._first, b""
        return (given or self._rest.read(size)).translate(_TO_ASCII)


@dataclass
class _Counts:
    """Certificates read so far, 11 bytes each: 165 MB for the 15 million of France."""

    communes: dict[str, int] = field(default_factory=dict)
    places: list[NDArray[np.int32]] = field(default_factory=list)
    classes: list[NDArray[np.int8]] = field(default_factory=list)
    marks: list[NDArray[np.uint64]] = field(default_factory=list)
    read: int = 0


@dataclass(frozen=True, slots=True)
class _Titles:
    """The line of titles: how many lines it ends, how many columns it has, where ours are."""

    delimiter: str
    lines: int
    width: int
    places: dict[str, int]


def _titles(head: bytes) -> _Titles:
    raw = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    above = next((at for at, line in enumerate(raw) if line.strip()), 0)
    title_line = head_lines(raw[above], 1)
    delimiter = sniffed_delimiter(title_line)
    cells = fields_of(title_line[0], delimiter) if title_line else []
    found: dict[str, int] = {}
    for place, title in enumerate(cells):
        name = TITLES.get(plain(title).replace(" ", "_"))
        if name:
            found.setdefault(name, place)
    return _Titles(delimiter, above + 1, len(cells), found)


def _is_dpe_rows(head: bytes) -> bool:
    return _titles(head).places.keys() >= NEEDED


def read_dpe_rows(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES`, measure `dpe_count`, as `read_counted_dpe` gives: total, `dpe:A`…, `ges:A`…
    of each commune; `line` and `year` are null. A class that no certificate of a commune has is 0.

    A certificate without class, or whose commune has no valid code, is refused and counted. Memory:
    one block of 4 MB, and 11 bytes a certificate. Raises UnreadableFile for other titles, for a
    file that is no regular CSV, and when nothing is in it. Source: ADEME, `dpe03existant`.

    >>> text = ("numero_dpe,adresse_ban,code_insee_ban,etiquette_dpe,etiquette_ges\\n"
    ...         "1,3 rue A,95002,C,B\\n1,3 rue A,95002,C,B\\n2,4 rue A,95002,G,E\\n3,?,,C,C\\n")
    >>> parts = [*read_dpe_rows(io.BytesIO(text.encode()))]
    >>> [row["value"] for part in parts for row in part.rows.to_pylist() if not row["category"]]
    [2.0]
    >>> [(reject.place, reject.reason_fr) for part in parts for reject in part.rejects]
    [('DPE 4', 'DPE sans code de commune : il n’est compté nulle part.')]
    """
    tally = WarningTally()
    counts = _Counts()
    ragged: list[Reject] = []
    for batch in _batches(stream, ragged):
        rejects = [*_added(batch, counts, tally), *ragged]
        ragged.clear()
        if rejects:
            yield without_rows(rejects=tuple(rejects))
    if not counts.read:
        if not ragged:
            raise UnreadableFile(EMPTY_FR)
        yield without_rows(rejects=tuple(ragged))
        return
    tally.add(STOCK_FR)
    tally.add(PRIVATE_FR)
    rows = _counted(counts, tally)
    yield Part(rows=rows, rejects=tuple(ragged), warnings=tally.take())


def _batches(stream: BinaryIO, ragged: list[Reject]) -> Iterator[dict[str, pa.Array]]:
    head = stream.read(HEAD_BYTES)
    if head.startswith(UTF16_MARKS):
        raise UnreadableFile(UTF16_FR)
    if b"\x00" in head:
        raise UnreadableFile(BINARY_FR)
    titles = _titles(head)
    if not titles.places.keys() >= NEEDED:
        raise UnreadableFile(UNKNOWN_FR)
    # Columns by their place: their titles may be in another encoding than UTF-8, or come twice.
    names = [f"c{place}" for place in range(titles.width)]
    wanted = {name: names[place] for name, place in titles.places.items()}
    try:
        reader = csv.open_csv(
            _Ascii(head, stream),
            read_options=csv.ReadOptions(
                block_size=BLOCK_BYTES,
                use_threads=False,
                column_names=names,
                skip_rows=titles.lines,
            ),
            parse_options=csv.ParseOptions(
                delimiter=titles.delimiter,
                newlines_in_values=True,
                invalid_row_handler=_refusing(ragged),
            ),
            convert_options=csv.ConvertOptions(
                include_columns=[*wanted.values()],
                column_types=dict.fromkeys(wanted.values(), pa.string()),
            ),
        )
        for batch in reader:
            yield {name: pc.utf8_trim_whitespace(batch[title]) for name, title in wanted.items()}
    except pa.ArrowException as fault:
        raise UnreadableFile(BROKEN_FR) from fault


def _refusing(ragged: list[Reject]) -> Callable[[csv.InvalidRow], str]:
    def refuse(row: csv.InvalidRow) -> str:
        # The text of the line may hold an address: it is not kept.
        ragged.append(rejected(row.number, RAGGED_FR))
        return "skip"

    return refuse


def _added(batch: dict[str, pa.Array], counts: _Counts, tally: WarningTally) -> list[Reject]:
    size = len(batch["commune"])
    first = counts.read + 1
    counts.read += size
    found = official_codes(batch["commune"], Level.COMMUNE)
    # No line: an address may take two.
    tally.add(REPAIRED_FR, count=pc.sum(found.repaired).as_py() or 0)
    classes = np.stack([_class_places(batch[label]) for label in LABELS], axis=1)
    known = pc.is_valid(found.codes).to_numpy(zero_copy_only=False)
    classed = (classes != NO_CLASS).all(axis=1)
    rejects = []
    for at in np.flatnonzero(~known | ~classed):
        code = batch["commune"][int(at)].as_py()
        no_place = unknown_code_fr(Level.COMMUNE) if code else NO_COMMUNE_FR
        reason = NO_CLASS_FR if known[at] else no_place
        rejects.append(rejected(None, reason, place=f"DPE {first + int(at)}", found=code))
    kept = np.flatnonzero(known & classed)
    codes = found.codes.take(pa.array(kept)).dictionary_encode()
    names = codes.dictionary.to_pylist()
    numbered = np.array(
        [counts.communes.setdefault(name, len(counts.communes)) for name in names], np.int32
    )
    counts.places.append(numbered[codes.indices.to_numpy()] if names else np.zeros(0, np.int32))
    counts.classes.append(classes[kept])
    counts.marks.append(_marks(batch.get("number"), kept, first, tally))
    return rejects


def _class_places(labels: pa.Array) -> NDArray[np.int8]:
    found = pc.index_in(pc.utf8_upper(labels), pa.array([*CLASSES]))
    places: NDArray[np.int8] = (
        pc.fill_null(found, NO_CLASS).to_numpy(zero_copy_only=False).astype(np.int8)
    )
    return places


def _marks(
    numbers: pa.Array | None, kept: NDArray[np.intp], first: int, tally: WarningTally
) -> NDArray[np.uint64]:
    """8 bytes a certificate, the same for the same number; its place for one without number. Two
    numbers among 15 million have one chance in 100 000 of sharing theirs."""
    places = kept.astype(np.uint64) + np.uint64(first)
    if numbers is None:
        tally.add(NO_NUMBER_FR, count=kept.size)
        return places
    texts = numbers.take(pa.array(kept))
    raw = np.array([text.encode() for text in texts.to_pylist()], dtype="S16").reshape(-1)
    halves = np.frombuffer(raw.tobytes(), dtype=np.uint64).reshape(-1, 2)
    with np.errstate(over="ignore"):
        mixed = halves[:, 0] * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= (mixed >> np.uint64(29)) ^ (halves[:, 1] * np.uint64(0xBF58476D1CE4E5B9))
        mixed ^= mixed >> np.uint64(32)
    blank = pc.equal(texts, "").to_numpy(zero_copy_only=False).astype(np.bool_)
    tally.add(NO_NUMBER_FR, count=int(blank.sum()))
    return np.where(blank, places, mixed)


def _counted(counts: _Counts, tally: WarningTally) -> pa.RecordBatch:
    places, classes = np.concatenate(counts.places), np.concatenate(counts.classes)
    _, once = np.unique(np.concatenate(counts.marks), return_index=True)
    tally.add(TWICE_FR, count=int(places.size - once.size))
    places, classes = places[once], classes[once]
    names = sorted(counts.communes)
    order = np.array([counts.communes[name] for name in names], np.int64)
    total = np.bincount(places, minlength=len(names))[order]
    batches = [_rows(names, None, total)]
    for side, label in enumerate(LABELS):
        for rank, letter in enumerate(CLASSES):
            mine = places[classes[:, side] == rank]
            count = np.bincount(mine, minlength=len(names))[order]
            batches.append(_rows(names, f"{label}:{letter}", count))
    return batch_of(batches)


def _rows(names: list[str], category: str | None, counted: NDArray[np.int64]) -> pa.RecordBatch:
    return figure_rows(
        level=Level.COMMUNE,
        territories=pa.array(names, pa.string()),
        measured=Measured(measure=MEASURE, unit=UNIT, category=category),
        values=pa.array(counted.astype(np.float64)),
        status=pa.repeat(pa.scalar(str(Status.PUBLISHED)), len(names)),
        lines=pa.nulls(len(names), pa.int64()),
    )


FORMATS: tuple[Format, ...] = (
    Format(
        key="dpe_rows",
        title_fr="DPE des logements existants de l’ADEME, une ligne par DPE (dpe03existant, CSV)",
        recognises=_is_dpe_rows,
        read=read_dpe_rows,
    ),
)
