"""XML read as it comes, in bounded memory: a document type is refused before any entity could be
expanded or fetched, nests are shallow, and texts are cut."""

from collections.abc import Iterator
from typing import BinaryIO, Protocol
from xml.parsers import expat

from atre.formats.reading import PART_ROWS, Part, UnreadableFile, without_rows
from atre.formats.text_files import head_text, rejected

CHUNK_BYTES = 64 * 1024
MAX_NESTED = 60
MAX_TEXT = 1_000

DOCTYPE_FR = (
    "Ce XML déclare un type de document (DOCTYPE), ce qu’un fichier de mesures ne fait pas : il "
    "n’a pas été lu, par précaution."
)
DAMAGED_FR = "Ce XML est mal formé dès le début : téléchargez le fichier de nouveau."
CUT_FR = "Le XML est coupé ou mal formé à partir d’ici : la suite n’est pas lue."


class Flow(Protocol):
    """Gathers rows from the elements of one kind of document."""

    @property
    def rows(self) -> int:
        """Rows gathered and not yet taken."""
        ...

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None: ...

    def end(self, tag: str, text: str, line: int) -> None: ...

    def take(self, *, is_last: bool) -> Iterator[Part]:
        """The parts gathered since the last call."""
        ...


def has_root(head: bytes, root: str) -> bool:
    """Whether the first element of a head is `root`, whatever its namespace.

    >>> has_root(b'<?xml version="1.0"?><ns2:R171 xmlns:ns2="urn:x">', "R171")
    True
    >>> has_root(b"<Enveloppe><R171/></Enveloppe>", "R171")
    False
    """
    text = head_text(head).lstrip()
    if not text.startswith("<"):
        return False
    for piece in text.split("<")[1:]:
        if piece.startswith(("?", "!")):
            continue
        name = piece.split(">", 1)[0].split(None, 1)[:1]
        return bool(name) and name[0].rstrip("/").rpartition(":")[2] == root
    return False


def read_xml(stream: BinaryIO, flow: Flow) -> Iterator[Part]:
    """Feeds a document to a flow and gives its parts. What comes before a break is kept; the break
    is a Reject. Raises UnreadableFile for a DOCTYPE, or when nothing at all could be parsed.

    >>> import io
    >>> from atre.formats.recognition import recognise
    >>> flow = b"<R50><PRM><PDC><H>2022-02-02T00:30:00+01:00</H><V>5</V></PDC><PDC><H>"
    >>> last = list(recognise(flow).read(io.BytesIO(flow)))[-1]
    >>> last.rejects[0].reason_fr
    'Le XML est coupé ou mal formé à partir d’ici : la suite n’est pas lue.'
    """
    parser = _Parser(flow)
    broken = None
    while broken is None and (chunk := stream.read(CHUNK_BYTES)):
        broken = parser.feed(chunk)
        if flow.rows >= PART_ROWS:
            yield from flow.take(is_last=False)
    if broken is None:
        broken = parser.feed(b"", is_last=True)
    if broken is not None and not parser.seen:
        raise UnreadableFile(DAMAGED_FR)
    yield from flow.take(is_last=True)
    if broken is not None:
        yield without_rows(rejects=(rejected(parser.line, CUT_FR, found=broken),))


class _Parser:
    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text_of
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._depth = 0
        self._text: list[str] = []
        self._kept = 0
        self.seen = False

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    def feed(self, chunk: bytes, *, is_last: bool = False) -> str | None:
        """The parser's complaint, None when there is none."""
        try:
            self._parser.Parse(chunk, is_last)
        except UnreadableFile:
            raise
        except (expat.ExpatError, LookupError, ValueError) as fault:
            return str(fault)
        return None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen = True
        self._depth += 1
        if self._depth > MAX_NESTED:
            raise UnreadableFile(DAMAGED_FR)
        self._text, self._kept = [], 0
        self._flow.start(tag.rpartition(":")[2], attributes, self._parser.CurrentLineNumber)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        text = "".join(self._text).strip()
        self._text, self._kept = [], 0
        self._flow.end(tag.rpartition(":")[2], text, self._parser.CurrentLineNumber)

    def _text_of(self, text: str) -> None:
        if self._kept < MAX_TEXT:
            self._text.append(text[:MAX_TEXT])
            self._kept += len(text)

    def _refuse(self, *_: object) -> None:
        raise UnreadableFile(DOCTYPE_FR)
