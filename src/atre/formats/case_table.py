"""A table that an agency kept in a spreadsheet: bytes in, lines of plain values out.

Everything is bounded before it is read: what an archive says of its size is not believed, it is
unpacked and counted; a sheet that claims cells at the end of the world is refused, because the
reader lays the whole rectangle out in memory.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from atre.formats.outgoing import genuine

Value = str | int | float | bool | date | None

MAX_ROWS = 5_000
MAX_COLUMNS = 150
MAX_CELL_CHARACTERS = 5_000
MAX_UNPACKED_BYTES = 80 * 1024 * 1024
MAX_ARCHIVE_ENTRIES = 1_000
MAX_TEXT_BYTES = 20 * 1024 * 1024
CHUNK = 256 * 1024
# A cell's place: « r="AB12" ». Kept short so that a place cut by a chunk is found in the next one.
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,4})([0-9]{1,8})["']""")
ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]{0,200}?\br\s*=\s*["']([0-9]{1,8})["'][^>]{0,200}?(/?)>""")
OVERLAP = 260


class UnreadableTable(Exception):
    """The file cannot be read; the message is a French sentence that says what to do."""


@dataclass(frozen=True)
class Line:
    """One line under the headers. `number` is the line of the file, as a spreadsheet shows it."""

    number: int
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """Headers as written (trimmed) and the lines that hold something."""

    sheet: str
    headers: tuple[str, ...]
    lines: tuple[Line, ...]


def sheet_names(content: bytes) -> list[str]:
    """The sheets one may choose among, in the workbook's order; one nameless sheet for a text file.

    Raises `UnreadableTable`, with a French sentence, for a workbook damaged, locked or beyond
    bounds.

    >>> from atre.formats.outgoing import xlsx_bytes
    >>> sheet_names(xlsx_bytes(["Nom"], [], sheet="Dossiers 2025")), sheet_names(b"Nom;Ville")
    (['Dossiers 2025'], [''])
    """
    if not _is_archive(content):
        return [""]
    _check_archive(content)
    with _workbook(content) as workbook:
        return list(workbook.sheet_names)


def read_table(content: bytes, *, sheet: str = "") -> Table:
    r"""The first sheet, or the one named. The first line that holds something gives the headers.

    Blank cells are None; a number stays a number in a workbook and is a text in a CSV, whose
    separator is the one most seen in the headers. At most `MAX_ROWS` lines of `MAX_COLUMNS` cells.
    Raises `UnreadableTable` for what is no XLSX or CSV, damaged, locked, or larger than bounds.

    >>> read_table("Nom;Surface m²\nAïssa;\n;48,5\n".encode("cp1252")).lines
    (Line(number=2, values=('Aïssa', None)), Line(number=3, values=(None, '48,5')))
    >>> read_table(b"Nom;Surface")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    atre.formats.case_table.UnreadableTable: Ce fichier n’a qu’une ligne...
    """
    rows = _xlsx_rows(content, sheet) if _is_archive(content) else _csv_rows(content)
    numbered = ((n, row) for n, row in enumerate(rows, start=1) if any(v is not None for v in row))
    try:
        _, headers = next(numbered)
    except StopIteration as empty:
        raise UnreadableTable("Ce fichier ne contient aucune ligne.") from empty
    lines = tuple(_bounded(Line(number, tuple(row)) for number, row in numbered))
    if not lines:
        raise UnreadableTable(
            "Ce fichier n’a qu’une ligne : la première doit porter les titres des colonnes, les "
            "dossiers viennent dessous."
        )
    width = max(len(headers), *(len(line.values) for line in lines))
    if width > MAX_COLUMNS:
        raise UnreadableTable(f"Ce fichier a plus de {MAX_COLUMNS} colonnes : gardez les utiles.")
    titles = [_title(value, column) for column, value in enumerate(headers)]
    titles += [f"Colonne {column + 1}" for column in range(len(headers), width)]
    return Table(sheet=sheet, headers=tuple(titles), lines=lines)


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines, start=1):
        if count > MAX_ROWS:
            raise UnreadableTable(
                f"Ce fichier a plus de {MAX_ROWS} lignes : reprenez-le en plusieurs fichiers, par "
                "exemple une année à la fois."
            )
        yield line


def _title(value: Value, column: int) -> str:
    return " ".join(str(value).split())[:120] if value is not None else f"Colonne {column + 1}"


def _is_archive(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def _check_archive(content: bytes) -> None:
    """Unpack every entry into nothing, counting, and look where the cells say they are."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ARCHIVE_ENTRIES:
                raise UnreadableTable("Ce classeur contient trop d’éléments : copiez la feuille.")
            for entry in entries:
                is_sheet = entry.filename.startswith("xl/worksheets/")
                tail = b""
                with archive.open(entry) as stream:
                    while chunk := stream.read(CHUNK):
                        unpacked += len(chunk)
                        if unpacked > MAX_UNPACKED_BYTES:
                            raise UnreadableTable(
                                "Ce classeur est démesuré une fois ouvert : copiez seulement la "
                                "feuille des dossiers dans un nouveau classeur."
                            )
                        if is_sheet:
                            _check_places(tail + chunk)
                            tail = chunk[-OVERLAP:]
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as fault:
        raise UnreadableTable(DAMAGED) from fault


DAMAGED = (
    "Ce fichier est abîmé ou n’est pas un classeur .xlsx : ouvrez-le dans votre tableur et "
    "enregistrez-le de nouveau, en .xlsx ou en .csv."
)


def _check_places(content: bytes) -> None:
    for letters, row in PLACE.findall(content):
        if int(row) > 4 * MAX_ROWS or _column(letters) > 4 * MAX_COLUMNS:
            raise UnreadableTable(_too_far(letters.decode() + row.decode()))
    for row, closed in ROW.findall(content):
        # Spreadsheets declare the height of empty rows far away: only rows that hold cells count.
        if int(row) > 4 * MAX_ROWS and not closed:
            raise UnreadableTable(_too_far(f"ligne {row.decode()}"))


def _too_far(place: str) -> str:
    return (
        f"Une cellule est remplie très loin ({place}) : ce fichier dépasse {MAX_ROWS} lignes ou "
        f"{MAX_COLUMNS} colonnes. Copiez seulement les dossiers dans un nouveau classeur."
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _workbook(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as locked:
        raise UnreadableTable(
            "Ce classeur est protégé par un mot de passe : enlevez-le avant de l’envoyer."
        ) from locked
    except CalamineError as fault:
        raise UnreadableTable(DAMAGED) from fault


def _xlsx_rows(content: bytes, sheet: str) -> Iterator[list[Value]]:
    _check_archive(content)
    with _workbook(content) as workbook:
        names = list(workbook.sheet_names)
        wanted = sheet or (names[0] if names else "")
        if wanted not in names:
            raise UnreadableTable("Cette feuille n’est plus dans le classeur : choisissez-en une.")
        try:
            rows = workbook.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
        except CalamineError as fault:
            raise UnreadableTable(DAMAGED) from fault
    for row in rows:
        yield [_value(cell) for cell in row]


def _value(cell: object) -> Value:
    """A cell as a plain value; blanks are None. A duration or an hour is kept as its text."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, bool | date):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, int):
        return cell
    if isinstance(cell, time | timedelta):
        return str(cell)
    return _text(str(cell))


def _text(cell: str) -> str | None:
    text = genuine(cell.strip()).strip()
    if len(text) > MAX_CELL_CHARACTERS:
        raise UnreadableTable(f"Une cellule dépasse {MAX_CELL_CHARACTERS} caractères.")
    return text or None


def _csv_rows(content: bytes) -> Iterator[list[Value]]:
    text = _decode(content)
    delimiter = _delimiter(text)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_text(cell) for cell in row]
    except csv.Error as fault:
        raise UnreadableTable(
            "Ce fichier texte n’est pas un tableau lisible (guillemets mal fermés ?) : "
            "enregistrez-le plutôt en .xlsx."
        ) from fault


def _decode(content: bytes) -> str:
    """UTF-8, else the Windows encoding that French spreadsheets write; never anything else."""
    if len(content) > MAX_TEXT_BYTES:
        raise UnreadableTable("Ce fichier texte est trop gros : reprenez-le en plusieurs fichiers.")
    if b"\x00" in content:
        raise UnreadableTable(DAMAGED)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise UnreadableTable(DAMAGED) from fault


def _delimiter(text: str) -> str:
    """The separator most seen in the first line that holds something."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {mark: first.count(mark) for mark in ";\t,"}
    return max(counts, key=lambda mark: counts[mark])
