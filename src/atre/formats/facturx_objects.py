"""The values that a PDF is made of: names, texts, numbers, arrays, dictionaries, references.

ISO 32000-1 section 7.3. Bounded in depth and in length: a PDF comes from anyone.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

MAX_DEPTH = 40
MAX_TEXT_BYTES = 64 * 1024
MAX_ITEMS = 200_000


@dataclass(frozen=True, slots=True)
class Name:
    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    number: int


@dataclass(frozen=True, slots=True)
class Text:
    raw: bytes

    def decoded(self) -> str:
        """A text string: UTF-16 when it says so, else as close to PDFDocEncoding as Latin-1 is."""
        if self.raw.startswith(b"\xfe\xff"):
            return self.raw[2:].decode("utf-16-be", errors="replace")
        if self.raw.startswith(b"\xef\xbb\xbf"):
            return self.raw[3:].decode("utf-8", errors="replace")
        return self.raw.decode("latin-1")


Value: TypeAlias = (
    "bool | int | float | Name | Reference | Text | list[Value] | dict[str, Value] | None"
)
Dictionary: TypeAlias = dict[str, Value]


class Damaged(ValueError):
    """What stands here is no PDF value."""


BLANKS = re.compile(rb"(?:[\x00\t\n\f\r ]|%[^\r\n]*)*")
REFERENCE = re.compile(
    rb"([0-9]{1,10})[\x00\t\n\f\r ]{1,8}[0-9]{1,5}[\x00\t\n\f\r ]{1,8}R(?![A-Za-z0-9])"
)
NUMBER = re.compile(rb"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")
NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]{0,127})")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f\x00\t\n\f\r ]*)>")
WORDS: dict[bytes, Value] = {b"null": None, b"true": True, b"false": False}
SIMPLE_ESCAPES = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\r": b"",
    b"\n": b"",
}


def skip_blanks(content: bytes, position: int) -> int:
    r"""The position after blanks and comments (ISO 32000-1, 7.2.2 and 7.2.3).

    >>> skip_blanks(b"  % un commentaire\n/Type", 0)
    19
    """
    found = BLANKS.match(content, position)
    return found.end() if found else position


def read_value(content: bytes, position: int, depth: int = 0) -> tuple[Value, int]:
    """The value at this place and the place after it. Raises `Damaged`.

    >>> read_value(b"<</F(factur-x.xml)/EF<</F 17 0 R>>/N[1 -.5 true]>>", 0)[0]["EF"]
    {'F': Reference(number=17)}
    """
    if depth > MAX_DEPTH:
        raise Damaged
    position = skip_blanks(content, position)
    if content.startswith(b"<<", position):
        return _dictionary(content, position + 2, depth)
    lead = content[position : position + 1]
    if lead == b"[":
        return _array(content, position + 1, depth)
    if lead == b"/":
        return _name(content, position)
    if lead == b"(":
        return _literal(content, position + 1)
    if lead == b"<":
        return _hexadecimal(content, position)
    return _plain(content, position)


def _plain(content: bytes, position: int) -> tuple[Value, int]:
    for word, value in WORDS.items():
        if content.startswith(word, position):
            return value, position + len(word)
    if reference := REFERENCE.match(content, position):
        return Reference(int(reference[1])), reference.end()
    number = NUMBER.match(content, position)
    if number is None:
        raise Damaged
    text = number[0]
    return (float(text) if b"." in text else int(text)), number.end()


def _array(content: bytes, position: int, depth: int) -> tuple[list[Value], int]:
    items: list[Value] = []
    while len(items) < MAX_ITEMS:
        position = skip_blanks(content, position)
        if content.startswith(b"]", position):
            return items, position + 1
        item, position = read_value(content, position, depth + 1)
        items.append(item)
    raise Damaged


def _dictionary(content: bytes, position: int, depth: int) -> tuple[Dictionary, int]:
    items: Dictionary = {}
    for _ in range(MAX_ITEMS):
        position = skip_blanks(content, position)
        if content.startswith(b">>", position):
            return items, position + 2
        key, position = _name(content, position)
        items[key.value], position = read_value(content, position, depth + 1)
    raise Damaged


def _name(content: bytes, position: int) -> tuple[Name, int]:
    found = NAME.match(content, position)
    if found is None:
        raise Damaged
    plain = ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), found[1])
    return Name(plain.decode("latin-1")), found.end()


def _hexadecimal(content: bytes, position: int) -> tuple[Text, int]:
    found = HEXADECIMAL.match(content, position)
    if found is None or len(found[1]) > 2 * MAX_TEXT_BYTES:
        raise Damaged
    digits = found[1].translate(None, b"\x00\t\n\f\r ")
    return Text(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())), found.end()


SPECIAL = re.compile(rb"[()\\]")
OCTAL = re.compile(rb"[0-7]{1,3}")


def _literal(content: bytes, position: int) -> tuple[Text, int]:
    """A text between balanced parentheses, its escapes undone."""
    parts: list[bytes] = []
    opened = 1
    limit = min(len(content), position + MAX_TEXT_BYTES)
    while found := SPECIAL.search(content, position, limit):
        parts.append(content[position : found.start()])
        position = found.end()
        if found[0] == b"\\":
            plain, position = _escape(content, position)
            parts.append(plain)
            continue
        opened += 1 if found[0] == b"(" else -1
        if not opened:
            return Text(b"".join(parts)), position
        parts.append(found[0])
    raise Damaged


def _escape(content: bytes, position: int) -> tuple[bytes, int]:
    if octal := OCTAL.match(content, position):
        return bytes([int(octal[0], 8) & 0xFF]), octal.end()
    if content.startswith(b"\r\n", position):
        return b"", position + 2
    letter = content[position : position + 1]
    return SIMPLE_ESCAPES.get(letter, letter), position + 1
