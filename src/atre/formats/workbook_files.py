"""Workbooks (XLSX) read within bounds: what the archive announces is checked before anything is
unpacked, then that it holds what it announces. Values only: a formula gives the value its
spreadsheet kept, and is never computed."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from atre.formats.case_table import OVERLAP, PLACE, ROW
from atre.formats.reading import UnreadableFile

MAX_ARCHIVE_BYTES = 32 * 1024 * 1024
MAX_UNPACKED_BYTES = 160 * 1024 * 1024
MAX_ENTRIES = 1_000
MAX_ROWS = 300_000
MAX_COLUMNS = 120
CHUNK_BYTES = 256 * 1024
ARCHIVE_MARK = b"PK\x03\x04"

Cell = str | float | int | bool | date | datetime | time | timedelta | None

DAMAGED_FR = (
    "Ce classeur est abîmé ou n’est pas un .xlsx : ouvrez-le dans un tableur et enregistrez-le de "
    "nouveau."
)
HUGE_FR = (
    "Ce classeur est démesuré une fois ouvert : il n’a pas été lu. Copiez la feuille des mesures "
    "dans un nouveau classeur."
)
LOCKED_FR = "Ce classeur est protégé par un mot de passe : enlevez-le avant de l’envoyer."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows from its first line; blank cells are None, texts are stripped."""

    name: str
    rows: list[list[Cell]]


def is_archive(head: bytes) -> bool:
    """Whether the bytes begin as a ZIP does, which an XLSX is.

    >>> is_archive(b"PK\\x03\\x04..."), is_archive(b"date,kwh")
    (True, False)
    """
    return head.startswith(ARCHIVE_MARK)


def sheets_of(content: bytes, *, first_rows: int | None = None) -> Iterator[Sheet]:
    r"""The sheets of a workbook, or only their `first_rows`. A formula gives the value that its
    spreadsheet kept; a blank cell is None.

    Raises UnreadableFile for an archive that is damaged, locked, or larger than bounds once open.

    >>> from atre.formats.outgoing import xlsx_bytes
    >>> sheet, = sheets_of(xlsx_bytes(["date", "kwh"], [("2024-01-01", None)], sheet="Relevés"))
    >>> sheet.name, sheet.rows
    ('Relevés', [['date', 'kwh'], ['2024-01-01', None]])
    >>> list(sheets_of(b"PK\x03\x04 rien"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    atre.formats.reading.UnreadableFile: Ce classeur est abîmé ou n’est pas un .xlsx...
    """
    _check_archive(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for name in workbook.sheet_names:
                sheet = workbook.get_sheet_by_name(name)
                yield Sheet(name, _rows(sheet, first_rows))
    except PasswordError as locked:
        raise UnreadableFile(LOCKED_FR) from locked
    except (CalamineError, ValueError, OSError) as fault:
        if isinstance(fault, UnreadableFile):
            raise
        raise UnreadableFile(DAMAGED_FR) from fault


def _rows(sheet: CalamineSheet, first_rows: int | None) -> list[list[Cell]]:
    rows = sheet.to_python(skip_empty_area=False, nrows=first_rows)
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float | int | date | time | timedelta):
        return value
    return None


def _check_archive(content: bytes) -> None:
    if len(content) > MAX_ARCHIVE_BYTES:
        raise UnreadableFile(HUGE_FR)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            announced = sum(entry.file_size for entry in entries)
            if len(entries) > MAX_ENTRIES or announced > MAX_UNPACKED_BYTES:
                raise UnreadableFile(HUGE_FR)
            for entry in entries:
                _check_entry(archive, entry)
    except UnreadableFile:
        raise
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as fault:
        raise UnreadableFile(DAMAGED_FR) from fault


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpacks an entry into nothing. `zipfile` stops at the size announced, and refuses an entry
    that holds more by its checksum. A sheet that claims a cell far away is refused too: the reader
    lays the whole rectangle out in memory."""
    is_sheet = entry.filename.startswith("xl/worksheets/")
    tail = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            if is_sheet:
                _check_places(tail + chunk)
                tail = chunk[-OVERLAP:]


def _check_places(content: bytes) -> None:
    for letters, row in PLACE.findall(content):
        if int(row) > MAX_ROWS or _column(letters) > MAX_COLUMNS:
            raise UnreadableFile(HUGE_FR)
    for row, closed in ROW.findall(content):
        if int(row) > MAX_ROWS and not closed:
            raise UnreadableFile(HUGE_FR)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number
