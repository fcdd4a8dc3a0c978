"""The files attached to a PDF, taken out with the standard library alone.

Only what an electronic invoice needs is read: the objects of the file, those packed in object
streams, the tree of attachments and deflated data. What the table of references says of places is
not trusted: objects are found by reading the file, and the last definition of each wins, which is
how a PDF is amended. An attachment that the last catalogue no longer names is not given.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from atre.formats.facturx_objects import (
    Damaged,
    Dictionary,
    Name,
    Reference,
    Text,
    Value,
    read_value,
    skip_blanks,
)
from atre.formats.reading import UnreadableFile

MAX_PDF_BYTES = 50 * 1024 * 1024
MAX_OBJECTS = 300_000
# An invoice of a thousand lines is under 2 MB; whoever unpacks to more is not sending an invoice.
MAX_ATTACHMENT_BYTES = 16 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_ATTACHMENTS = 100
MAX_TREE_DEPTH = 20
# Each may cost a long look before it is given up: a whole PDF has none.
MAX_DAMAGED = 50

OBJECT = re.compile(rb"(?<![0-9])([0-9]{1,10})[\s\x00]{1,8}[0-9]{1,5}[\s\x00]{1,8}obj(?![A-Za-z])")
# A reference table is never packed, so this is in clear; packed objects are read before it is met.
ENCRYPT = re.compile(
    rb"/Encrypt[\s\x00]{0,8}(?:[0-9]{1,10}[\s\x00]{1,8}[0-9]{1,5}[\s\x00]{1,8}R|<<)"
)
TRAILER = re.compile(rb"trailer[\s\x00]{0,8}(?=<<)")

LOCKED = (
    "Ce PDF est chiffré : ouvrez-le et enregistrez-le sans protection, ou demandez la facture "
    "électronique telle que le fournisseur l’a émise."
)
DAMAGED = "Ce PDF est abîmé : téléchargez-le de nouveau depuis l’espace client du fournisseur."
TOO_LARGE = "Ce PDF est démesuré pour une facture : il n’a pas été ouvert."


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to a PDF, unpacked."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Stream:
    """The dictionary of a stream, and where its bytes are."""

    about: Dictionary
    start: int
    end: int


Held: TypeAlias = "Value | Stream"


@dataclass(slots=True)
class Document:
    """The objects of a PDF by number, the last definition of each."""

    content: bytes
    objects: dict[int, Held] = field(default_factory=dict)
    trailer: Dictionary = field(default_factory=dict)
    unpacked: int = 0
    damaged: int = 0

    def read(self, content: bytes, position: int) -> tuple[Value, int] | None:
        """The value that stands here, None when there is none; too many of these are refused."""
        try:
            return read_value(content, position)
        except Damaged:
            self.damaged += 1
            if self.damaged > MAX_DAMAGED:
                raise UnreadableFile(DAMAGED) from None
            return None

    def resolve(self, value: Held) -> Held:
        """Follow references to what they name; a reference to nothing is null."""
        for _ in range(MAX_TREE_DEPTH):
            if not isinstance(value, Reference):
                return value
            value = self.objects.get(value.number)
        return None

    def dictionary(self, value: Held) -> Dictionary:
        found = self.resolve(value)
        return found if isinstance(found, dict) else {}

    def array(self, value: Held) -> list[Value]:
        found = self.resolve(value)
        return found if isinstance(found, list) else []

    def unpack(self, stream: Stream) -> bytes:
        """The bytes of a stream. Raises `UnreadableFile` for what is packed otherwise or too big."""
        filters = self.resolve(stream.about.get("Filter"))
        names = filters if isinstance(filters, list) else [filters] if filters else []
        content = self.content[stream.start : stream.end]
        room = min(MAX_ATTACHMENT_BYTES, MAX_UNPACKED_BYTES - self.unpacked)
        for name in names:
            if self.resolve(name) not in (Name("FlateDecode"), Name("Fl")) or self._predicted(
                stream
            ):
                raise UnreadableFile(
                    "La pièce jointe de ce PDF est compressée d’une façon qui n’est pas lue ici : "
                    "demandez au fournisseur le fichier XML de la facture."
                )
            content = _inflate(content, room)
        if len(content) > room:
            raise UnreadableFile(TOO_LARGE)
        self.unpacked += len(content)
        return content

    def _predicted(self, stream: Stream) -> bool:
        about = self.resolve(stream.about.get("DecodeParms"))
        listed = about if isinstance(about, list) else [about]
        return any(self.dictionary(each).get("Predictor", 1) not in (1, 1.0) for each in listed)


def _inflate(content: bytes, room: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, room + 1)
    except zlib.error as fault:
        raise UnreadableFile(DAMAGED) from fault


def attachments(content: bytes) -> list[Attachment]:
    """The files attached to a PDF, unpacked, in the order of its catalogue, each once (ISO 32000-1,
    7.11.4). At most `MAX_ATTACHMENTS` of them, `MAX_UNPACKED_BYTES` in all.

    Raises `UnreadableFile` for a PDF that is locked, damaged or beyond bounds.

    >>> pdf = b'''%PDF-1.7
    ... 1 0 obj <</AF [2 0 R]>> endobj
    ... 2 0 obj <</F (factur-x.xml) /EF <</F 3 0 R>>>> endobj
    ... 3 0 obj <</Length 4>> stream
    ... <a/>
    ... endstream endobj
    ... trailer <</Root 1 0 R>>'''
    >>> attachments(pdf)
    [Attachment(name='factur-x.xml', content=b'<a/>')]
    >>> attachments(pdf + b"trailer <</Encrypt 9 0 R>>")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    atre.formats.reading.UnreadableFile: Ce PDF est chiffré : ouvrez-le et enregistrez...
    """
    document = _document(content)
    catalogue = document.dictionary(document.trailer.get("Root"))
    names = document.dictionary(catalogue.get("Names"))
    found: dict[int, Attachment] = {}
    listed = [*_tree(document, names.get("EmbeddedFiles"), 0, set())]
    for specification in [*listed, *document.array(catalogue.get("AF"))]:
        about = document.dictionary(specification)
        stream = _embedded(document, about)
        if stream is None or stream.start in found:
            continue
        if len(found) >= MAX_ATTACHMENTS:
            raise UnreadableFile(TOO_LARGE)
        found[stream.start] = Attachment(_name(document, about), document.unpack(stream))
    return list(found.values())


def _embedded(document: Document, about: Dictionary) -> Stream | None:
    files = document.dictionary(about.get("EF"))
    for key in ("UF", "F", "Unix", "DOS", "Mac"):
        stream = document.resolve(files.get(key))
        if isinstance(stream, Stream):
            return stream
    return None


def _name(document: Document, about: Dictionary) -> str:
    for key in ("UF", "F"):
        name = document.resolve(about.get(key))
        if isinstance(name, Text):
            return name.decoded()
    return ""


def _tree(document: Document, node: Held, depth: int, seen: set[int]) -> Iterator[Value]:
    """The values of a name tree; a tree that loops or is too deep gives what it gave so far."""
    if isinstance(node, Reference):
        if node.number in seen:
            return
        seen.add(node.number)
    about = document.dictionary(node)
    yield from document.array(about.get("Names"))[1::2]
    if depth < MAX_TREE_DEPTH:
        for kid in document.array(about.get("Kids")):
            yield from _tree(document, kid, depth + 1, seen)


def _document(content: bytes) -> Document:
    if len(content) > MAX_PDF_BYTES:
        raise UnreadableFile(TOO_LARGE)
    if ENCRYPT.search(content):
        raise UnreadableFile(LOCKED)
    document = Document(content)
    position = 0
    for _ in range(MAX_OBJECTS):
        found = OBJECT.search(content, position)
        _read_trailers(document, position, found.start() if found else len(content))
        if found is None:
            break
        position = _read_object(document, int(found[1]), found.end())
    else:
        raise UnreadableFile(TOO_LARGE)
    if "Root" not in document.trailer:
        raise UnreadableFile(DAMAGED)
    return document


def _read_trailers(document: Document, start: int, end: int) -> None:
    for found in TRAILER.finditer(document.content, start, end):
        held = document.read(document.content, found.end())
        if held and isinstance(held[0], dict):
            document.trailer = {**document.trailer, **held[0]}


def _read_object(document: Document, number: int, position: int) -> int:
    """Keep the object that starts here; give where to look for the next one."""
    content = document.content
    held = document.read(content, position)
    if held is None:
        return position
    value, after = held
    if not isinstance(value, dict):
        document.objects[number] = value
        return after
    after = skip_blanks(content, after)
    if not content.startswith(b"stream", after):
        document.objects[number] = value
        return after
    stream = _stream(content, value, after + len(b"stream"))
    document.objects[number] = stream
    kind = value.get("Type")
    if kind == Name("XRef"):
        document.trailer = {**document.trailer, **value}
    elif kind == Name("ObjStm"):
        _read_packed(document, stream)
    return stream.end


def _stream(content: bytes, about: Dictionary, position: int) -> Stream:
    """Where the bytes of a stream are: as long as announced when that is true, else to its end."""
    if content.startswith(b"\r\n", position):
        position += 2
    elif content[position : position + 1] in (b"\n", b"\r"):
        position += 1
    length = about.get("Length")
    if isinstance(length, int) and 0 <= length <= len(content) - position:
        after = skip_blanks(content, position + length)
        if content.startswith(b"endstream", after):
            return Stream(about, position, position + length)
    end = content.find(b"endstream", position)
    return Stream(about, position, len(content) if end < 0 else end)


def _read_packed(document: Document, stream: Stream) -> None:
    """Keep the objects packed in an object stream; those that cannot be read are left out."""
    content = document.unpack(stream)
    first = stream.about.get("First")
    if not isinstance(first, int) or not 0 <= first <= len(content):
        return
    places = [int(word) for word in content[:first].split() if word.isdigit() and len(word) < 11]
    for number, offset in zip(places[::2], places[1::2], strict=False):
        if len(document.objects) >= MAX_OBJECTS:
            raise UnreadableFile(TOO_LARGE)
        if held := document.read(content, first + offset):
            document.objects[number] = held[0]
