"""A regional observatory's export (ORCAE, AtmoSud, TerriSTORY…), read through a mapping of its
columns: no two observatories name theirs alike. What the mapping does not name is refused and
counted, word by word: nothing is guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atre.formats.column_mapping import PLAIN_FIELDS, WHOLE, ColumnMapping
from atre.formats.column_mapping import load_mapping as load_mapping
from atre.formats.figure_cells import NOT_NUMBER_FR, values_and_status
from atre.formats.figure_lines import Cells, KnownLines, Titles, cell_blocks
from atre.formats.reading import Format, Part, Reject, without_rows
from atre.formats.territory_codes import official_codes, tell_repaired, unknown_code_fr
from atre.formats.territory_figures import FIGURES, Level, Status
from atre.formats.text_files import (
    WarningTally,
    fields_of,
    line_blocks,
    plain,
    rejected,
    sniffed_delimiter,
)

BLOCK_LINES = 16_384
YEAR_FR = "L’année n’est pas un nombre de quatre chiffres entre 1968 et 2099."
FIRST_YEAR, LAST_YEAR = 1968, 2099
IGNORED_FR = "Lignes laissées de côté parce que la correspondance le demande (ignored)."
UNMAPPED_FR = (
    "Colonnes du fichier qui ne sont pas dans la correspondance. Si l’une d’elles coupe les chiffres "
    "(usage, polluant…), ajoutez-la : sans elle, deux lignes se ressemblent et la seconde est refusée."
)
SECRET_FR = "Valeurs secrètes selon la correspondance : gardées comme secrètes, jamais comme zéro."
MISSING_FR = "Valeurs vides ou absentes : gardées comme absentes, jamais comme zéro."
# What makes two figures the same figure.
KEYS = ("level", "territory", "year", "measure", "sector", "energy", "category", "unit", "basis")

Mask = NDArray[np.bool_]


@dataclass
class _Reading:
    mapping: ColumnMapping
    tally: WarningTally
    known: KnownLines


def mapped_format(mapping: ColumnMapping) -> Format:
    """The format of the files that a mapping reads, for `collect` and the summary of a file.

    >>> mapped_format(ColumnMapping(name="orcae", columns={})).title_fr
    'fichier d’un observatoire, lu par la correspondance « orcae »'
    """
    return Format(
        key="mapped_columns",
        title_fr=f"fichier d’un observatoire, lu par la correspondance « {mapping.name} »",
        recognises=lambda head: False,
        read=partial(read_mapped, mapping=mapping),
    )


def read_mapped(stream: BinaryIO, mapping: ColumnMapping) -> Iterator[Part]:
    """Rows of `FIGURES` from a CSV and the mapping of its columns; value and unit as published.

    A line is refused with a sentence when a word is not in the mapping, when its territory or its
    year is none, when its value is no number, and when the same figure was read above. Raises
    UnreadableFile when a column of the mapping is not in the file, or when it has no line.

    >>> import io
    >>> from atre.formats.column_mapping import mapping_of
    >>> mapping = mapping_of('''
    ... columns: {territory: insee, year: an, sector: secteur, value: conso}
    ... fixed: {level: commune, measure: consumption, unit: GWh}
    ... words: {sector: {Résidentiel: residential}}
    ... secret: [secret]
    ... '''.encode())
    >>> text = "insee;an;secteur;conso\\n1004;2021;RESIDENTIEL;12,5\\n01005;2021;Résidentiel;secret\\n01006;2021;Fret;1"
    >>> first, _ = read_mapped(io.BytesIO(text.encode()), mapping)
    >>> first.rows.select(["territory", "sector", "value", "status"]).to_pylist()[0]
    {'territory': '01004', 'sector': 'residential', 'value': 12.5, 'status': 'published'}
    >>> first.rows["status"].to_pylist(), first.rejects[0].reason_fr
    (['published', 'secret'], '« Fret » (colonne « secteur ») n’est pas dans la correspondance : ajoutez ce mot, ou mettez-le dans ignored.')
    """
    tally = WarningTally()
    reading = _Reading(mapping, tally, KnownLines())
    blocks = line_blocks(stream, tally, rows=BLOCK_LINES)
    told = partial(_titles, mapping=mapping, tally=tally)
    found = cell_blocks(
        blocks, told, lambda _: KnownLines(is_judged=False), unknown_fr=_absent_fr(mapping)
    )
    for _, cells, rejects in found:
        rows, refused = _figures(cells, reading)
        yield Part(rows=rows, rejects=(*rejects, *refused))
    yield without_rows(warnings=tally.take())


def _absent_fr(mapping: ColumnMapping) -> str:
    titles = ", ".join(f"« {title} »" for title in mapping.columns.values())
    return (
        f"La première ligne du fichier n’a pas toutes les colonnes de la correspondance ({titles}) : "
        "vérifiez leurs titres, lettre à lettre."
    )


def _titles(line: str, *, mapping: ColumnMapping, tally: WarningTally) -> Titles | None:
    delimiter = sniffed_delimiter([line])
    cells = [plain(cell) for cell in fields_of(line, delimiter)]
    wanted = {name: plain(title) for name, title in mapping.columns.items()}
    if not set(wanted.values()) <= set(cells):
        return None
    places = {name: cells.index(title) for name, title in wanted.items()}
    tally.add(UNMAPPED_FR, count=len(set(cells) - set(wanted.values()) - {""}))
    return Titles(delimiter, len(cells), places, frozenset())


def _figures(cells: Cells, reading: _Reading) -> tuple[pa.RecordBatch, list[Reject]]:
    mapping, rejects = reading.mapping, list[Reject]()
    worded = {
        name: _translated(cells.of(name), mapping.words[name])
        for name in mapping.columns
        if name not in PLAIN_FIELDS
    }
    kept = _refuse_unknown_words(cells, worded, reading, rejects)
    cells = cells.chosen(pa.array(kept))
    columns = {name: column.filter(pa.array(kept)) for name, column in worded.items()}
    columns |= {
        name: pa.repeat(pa.scalar(word), len(cells)) for name, word in mapping.fixed.items()
    }
    columns["territory"], outside = _territories(cells, columns["level"], reading.tally)
    columns["year"], undated = _years(cells, columns.get("year"))
    columns["value"], columns["status"], no_number = _values(cells, columns, mapping)
    refused = np.zeros(len(cells), dtype=np.bool_)
    levels = columns["level"].to_pylist()
    for wrong, name, reason in (
        (outside, "territory", None),
        (undated, "year", YEAR_FR),
        (no_number, "value", NOT_NUMBER_FR),
    ):
        for at in np.flatnonzero(wrong & ~refused):
            sentence = reason or unknown_code_fr(Level(levels[at]))
            rejects.append(_reject(cells, int(at), name, sentence, mapping))
        refused |= wrong
    columns["line"] = cells.lines
    fresh = _once(columns, ~refused, reading.known, rejects)
    return _rows(columns, fresh, reading.tally), rejects


def _translated(texts: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Our word for each text, null for a text that the mapping has not."""
    distinct = texts.dictionary_encode()
    ours = [words.get(plain(word)) for word in distinct.dictionary.to_pylist()]
    return pa.array(ours, pa.string()).take(distinct.indices)


def _refuse_unknown_words(
    cells: Cells, worded: Mapping[str, pa.Array], reading: _Reading, rejects: list[Reject]
) -> Mask:
    mapping = reading.mapping
    kept = np.ones(len(cells), dtype=np.bool_)
    left = np.zeros(len(cells), dtype=np.bool_)
    for name in worded:
        if ignored := mapping.ignored.get(name):
            words = _translated(cells.of(name), dict.fromkeys(ignored, "left"))
            left |= pc.is_valid(words).to_numpy(zero_copy_only=False)
    for name, ours in worded.items():
        unknown = pc.is_null(ours).to_numpy(zero_copy_only=False) & ~left & kept
        for at in np.flatnonzero(unknown):
            word = cells.of(name)[int(at)].as_py()
            shown = f"« {word[:60]} »" if word else "Cellule vide"
            reason = (
                f"{shown} (colonne « {mapping.columns[name]} ») n’est pas dans la correspondance : "
                "ajoutez ce mot, ou mettez-le dans ignored."
            )
            rejects.append(_reject(cells, int(at), name, reason, mapping))
        kept &= ~unknown
    if left.any():
        line = cells.lines[int(np.flatnonzero(left)[0])].as_py()
        reading.tally.add(IGNORED_FR, line=line, count=int(left.sum()))
    return kept & ~left


def _reject(cells: Cells, at: int, name: str, reason: str, mapping: ColumnMapping) -> Reject:
    return rejected(
        cells.lines[at].as_py(),
        reason,
        found=cells.of(name)[at].as_py(),
        place=mapping.columns.get(name, ""),
    )


def _territories(cells: Cells, levels: pa.Array, tally: WarningTally) -> tuple[pa.Array, Mask]:
    texts = cells.of("territory")
    codes = pa.nulls(len(cells), pa.string())
    for level in pc.unique(levels).to_pylist():
        mine = pc.equal(levels, level)
        found = official_codes(pc.if_else(mine, texts, ""), Level(level))
        tell_repaired(found, cells.lines.to_pylist(), tally)
        codes = pc.if_else(mine, found.codes, codes)
    return codes, pc.is_null(codes).to_numpy(zero_copy_only=False)


def _years(cells: Cells, fixed: pa.Array | None) -> tuple[pa.Array, Mask]:
    texts = cells.of("year") if fixed is None else fixed
    is_year = pc.match_substring_regex(texts, r"^\d{4}$")
    years = pc.if_else(is_year, texts, pa.scalar(None, pa.string())).cast(pa.int16())
    known = pc.and_(pc.greater_equal(years, FIRST_YEAR), pc.less_equal(years, LAST_YEAR))
    return years, ~pc.fill_null(known, False).to_numpy(zero_copy_only=False).astype(np.bool_)


def _values(
    cells: Cells, columns: Mapping[str, pa.Array], mapping: ColumnMapping
) -> tuple[pa.Array, pa.Array, Mask]:
    values, status = values_and_status(cells.of("value"), mapping.marks)
    if "status" in columns:
        # The value's own mark first: « s » is secret, whatever the other column says.
        hidden = pc.is_in(columns["status"], pa.array([str(Status.SECRET), str(Status.MISSING)]))
        status = pc.if_else(
            pc.or_kleene(hidden, pc.equal(status, "published")), columns["status"], status
        )
        values = pc.if_else(hidden, pa.scalar(None, pa.float64()), values)
    return values, status, pc.is_null(status).to_numpy(zero_copy_only=False)


def _once(
    columns: Mapping[str, pa.Array], sound: Mask, known: KnownLines, rejects: list[Reject]
) -> NDArray[np.intp]:
    """The rows to give: sound, and whose figure was not read above."""
    keyed = [
        columns[name].cast(pa.string()).to_pylist() for name in (*KEYS, "value") if name in columns
    ]
    lines = columns["line"].to_pylist()
    kept = np.flatnonzero(sound)
    rows = [(lines[at], [column[at] or "" for column in keyed]) for at in kept]
    titles = Titles(" ; ", len(keyed), {}, frozenset({len(keyed) - 1}))
    fresh = {number for number, _ in known.fresh(rows, titles, rejects)}
    return np.array([at for at in kept if lines[at] in fresh], dtype=np.intp)


def _rows(
    columns: Mapping[str, pa.Array], kept: NDArray[np.intp], tally: WarningTally
) -> pa.RecordBatch:
    count = len(columns["line"])
    whole = {"sector": WHOLE, "energy": WHOLE}
    arrays: list[pa.Array] = []
    for schema_field in FIGURES:
        column = columns.get(schema_field.name, pa.nulls(count, schema_field.type))
        if schema_field.name in whole:
            column = pc.if_else(pc.equal(column, WHOLE), pa.scalar(None, pa.string()), column)
        arrays.append(column.cast(schema_field.type).take(pa.array(kept, pa.int64())))
    rows = pa.RecordBatch.from_arrays(arrays, schema=FIGURES)
    for said, sentence in ((Status.SECRET, SECRET_FR), (Status.MISSING, MISSING_FR)):
        tally.add(sentence, count=pc.sum(pc.equal(rows["status"], str(said))).as_py() or 0)
    return rows
