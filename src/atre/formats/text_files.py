"""Text files line by line, in bounded memory: encoding, separators, numbers as French files write
them, and the tally of what was refused or doubted on the way.

Bytes are read by the megabyte and given as blocks of lines, so that readers work on arrays. A line
longer than `MAX_LINE_BYTES` is refused and skipped: it never sits whole in memory.
"""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from atre.formats.reading import PART_ROWS, Reject, UnreadableFile, Warned

HEAD_BYTES = 64 * 1024
CHUNK_BYTES = 1024 * 1024
MAX_LINE_BYTES = 64 * 1024
FOUND_CHARACTERS = 80
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ";\t,"

NOT_UTF8_FR = (
    "Le fichier n’est pas en UTF-8 : ses caractères ont été lus comme ceux de Windows (CP1252)."
)
TOO_LONG_FR = f"Ligne de plus de {MAX_LINE_BYTES // 1024} Ko : ce n’est pas une ligne de mesures."
UTF16_FR = (
    "Ce fichier texte est en UTF-16 : ouvrez-le dans un tableur et enregistrez-le en CSV UTF-8."
)
# A doubt may quote the file: a hostile one could otherwise invent a million of them.
MAX_WARNINGS = 100
OTHER_WARNINGS_FR = "Autres doutes, trop divers pour être détaillés."
BINARY_FR = "Ce fichier n’est pas du texte : il contient des octets nuls."


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Lines that follow each other; `numbers` counts from 1 and skips the lines refused."""

    numbers: list[int]
    lines: list[str]
    rejects: tuple[Reject, ...] = ()


class WarningTally:
    """Doubts, one by sentence, with how many times and the first line; given once, at the end."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, int | None]] = {}

    def add(self, reason_fr: str, *, line: int | None = None, count: int = 1) -> None:
        if count <= 0:
            return
        if len(self._found) >= MAX_WARNINGS and reason_fr not in self._found:
            reason_fr = OTHER_WARNINGS_FR
        known, first = self._found.get(reason_fr, (0, line))
        self._found[reason_fr] = (known + count, first)

    def take(self) -> tuple[Warned, ...]:
        """What was added since the last call."""
        found, self._found = self._found, {}
        return tuple(Warned(reason, count, first) for reason, (count, first) in found.items())


def rejected(line: int | None, reason_fr: str, *, found: str = "", place: str = "") -> Reject:
    """A Reject whose text is cut short, so that a monstrous cell is not carried along.

    >>> rejected(4, "Nombre illisible.", found="x" * 200).found[-3:]
    'xx…'
    """
    if len(found) > FOUND_CHARACTERS:
        found = found[: FOUND_CHARACTERS - 1] + "…"
    return Reject(line=line, reason_fr=reason_fr, place=place, found=found)


def line_blocks(
    stream: BinaryIO, warnings: WarningTally, *, rows: int = PART_ROWS
) -> Iterator[LineBlock]:
    r"""The lines of a stream without their ends, by blocks of at most `rows`, numbered as in the
    file.

    Bytes that are not UTF-8 are read as Windows' (CP1252), told in `warnings`. A line beyond
    `MAX_LINE_BYTES` is refused and skipped. Raises UnreadableFile for UTF-16 and for bytes that are
    not text. Memory: one chunk of bytes and one block of lines, whatever the file weighs.

    >>> import io
    >>> lines = "Début;kWh\r\n1;12\r\n".encode("cp1252") + b"x" * 70_000
    >>> block, = line_blocks(io.BytesIO(lines), told := WarningTally())
    >>> block.lines, block.rejects[0].line, block.rejects[0].reason_fr
    (['Début;kWh', '1;12'], 3, 'Ligne de plus de 64 Ko : ce n’est pas une ligne de mesures.')
    >>> told.take()[0].first_line
    1
    """
    number = 0
    numbers: list[int] = []
    lines: list[str] = []
    rejects: list[Reject] = []
    for raw, is_whole in _raw_lines(stream):
        texts = _decoded(raw, warnings, number + 1) if is_whole else [""]
        if not is_whole or max(map(len, texts)) > MAX_LINE_BYTES:
            for offset, text in enumerate(texts, start=1):
                if is_whole and len(text) <= MAX_LINE_BYTES:
                    numbers.append(number + offset)
                    lines.append(text)
                else:
                    rejects.append(rejected(number + offset, TOO_LONG_FR, found=text))
        else:
            numbers += range(number + 1, number + 1 + len(texts))
            lines += texts
        number += len(texts)
        while len(lines) + len(rejects) >= rows:
            yield LineBlock(numbers[:rows], lines[:rows], tuple(rejects))
            numbers, lines, rejects = numbers[rows:], lines[rows:], []
    if lines or rejects:
        yield LineBlock(numbers, lines, tuple(rejects))


def _raw_lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Stretches of whole lines (True), or a line too long of which nothing is kept (False)."""
    carry = b""
    skipping, first = False, True
    while chunk := stream.read(CHUNK_BYTES):
        if first:
            _refuse_other_than_text(chunk)
            chunk, first = chunk.removeprefix(UTF8_MARK), False
        data = carry + chunk
        # A carriage return at the end of a chunk may be the first half of a line's end.
        held = data[-1:] if data.endswith(b"\r") else b""
        data = data[: len(data) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        whole, newline, rest = data.rpartition(b"\n")
        if newline and skipping:
            skipping = False
            yield b"", False
            _, newline, whole = whole.partition(b"\n")
        if newline:
            yield whole, True
        if skipping or len(rest) > MAX_LINE_BYTES:
            skipping, rest = True, b""
        carry = rest + held
    if skipping:
        yield b"", False
    elif carry:
        yield carry.rstrip(b"\r"), True


def _refuse_other_than_text(chunk: bytes) -> None:
    if chunk.startswith(UTF16_MARKS):
        raise UnreadableFile(UTF16_FR)
    if b"\x00" in chunk[:HEAD_BYTES]:
        raise UnreadableFile(BINARY_FR)


def _decoded(raw: bytes, warnings: WarningTally, line: int) -> list[str]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        warnings.add(NOT_UTF8_FR, line=line)
        text = raw.decode("cp1252", errors="replace")
    return text.split("\n")


def head_text(head: bytes) -> str:
    """The first bytes as text, whatever they are, for a reader to say whether it knows them.

    >>> head_text(b"\\xef\\xbb\\xbfHorodate;Valeur")
    'Horodate;Valeur'
    """
    bare = head.removeprefix(UTF8_MARK)
    try:
        return bare.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.start >= len(bare) - 3:  # a character cut by the end of the head
            return bare[: fault.start].decode("utf-8")
        return bare.decode("cp1252", errors="replace")


def head_lines(head: bytes, count: int = 20) -> list[str]:
    r"""The first lines of a head that hold something, stripped; at most `count`, of the first 64
    KB.

    >>> head_lines(b"\n  date;kwh \n\n2024-01-01;12\n", 1)
    ['date;kwh']
    """
    lines = (line.strip() for line in head_text(head[:HEAD_BYTES]).splitlines())
    return [line for line in lines if line][:count]


def sniffed_delimiter(lines: Sequence[str]) -> str:
    """The separator most regular in these lines: « ; », tabulation, or comma.

    A comma that separates decimals loses to a semicolon that separates columns.

    >>> sniffed_delimiter(["Début;Fin;Valeur (en Kw)", "a;b;4,030"])
    ';'
    """
    scores = {mark: min((line.count(mark) for line in lines), default=0) for mark in DELIMITERS}
    best = max(scores, key=lambda mark: scores[mark])
    return best if scores[best] else ";"


def fields_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line, stripped; quotes are taken away.

    >>> fields_of('"02/03/2023";4,030 ;', ";")
    ['02/03/2023', '4,030', '']
    """
    if '"' in line:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            cells = line.split(delimiter)
    else:
        cells = line.split(delimiter)
    return [cell.strip() for cell in cells]


_SPACES = re.compile(r"[\s\u00a0\u202f']")
_DOTTED_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?")


def number_of(text: str) -> float | None:
    """The number a cell holds, None for a blank; a comma or a dot marks the decimals.

    Raises ValueError for anything else, « inf » and « nan » included.

    >>> number_of("1 234,5"), number_of(""), number_of("1.234,50"), number_of("4.030")
    (1234.5, None, 1234.5, 4.03)
    """
    bare = _SPACES.sub("", text)
    if not bare:
        return None
    if _DOTTED_THOUSANDS.fullmatch(bare):
        bare = bare.replace(".", "")
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    if not bare.isascii() or not _NUMBER.fullmatch(bare):
        raise ValueError(f"« {text[:FOUND_CHARACTERS]} » n’est pas un nombre.")
    value = float(bare)
    if not math.isfinite(value):
        raise ValueError(f"« {text[:FOUND_CHARACTERS]} » dépasse tout nombre plausible.")
    return value


def plain(title: str) -> str:
    """A column's title without case, accents, quotes or repeated spaces, to compare it.

    >>> plain("  Début de  période ")
    'debut de periode'
    """
    return " ".join(title.casefold().translate(_UNACCENTED).replace('"', "").split())


_UNACCENTED = str.maketrans("àâäéèêëîïôöùûüç’", "aaaeeeeiioouuuc'")
