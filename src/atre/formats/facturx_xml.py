"""An XML invoice as a tree: no document type, so no entity is ever expanded nor fetched."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from atre.formats.reading import UnreadableFile

MAX_XML_BYTES = 16 * 1024 * 1024
MAX_NESTED = 60
# An invoice of ten thousand lines has some 300 000.
MAX_ELEMENTS = 1_000_000

DAMAGED = "Le XML de cette facture est mal formé : demandez-la de nouveau au fournisseur."
HUGE = "Ce XML est démesuré pour une facture : il n’a pas été ouvert."
DOCTYPE = (
    "Le XML de cette facture déclare un type de document (DOCTYPE), ce qu’une facture ne fait pas : "
    "elle n’a pas été lue, par précaution."
)


@dataclass(slots=True)
class Element:
    """`name` is without its namespace: publishers differ in prefixes, and in versions of these."""

    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts).strip()

    def get(self, attribute: str, absent: str | None = None) -> str | None:
        return self.attributes.get(attribute, absent)


class _Tree:
    """Builds the tree; refuses a document type as soon as it is announced, and what has no end."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= MAX_NESTED:
            raise UnreadableFile(DAMAGED)
        if self._count > MAX_ELEMENTS:
            raise UnreadableFile(HUGE)
        element = Element(tag.rpartition(":")[2], attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, tag: str) -> None:
        self._open.pop()

    def characters(self, text: str) -> None:
        self._open[-1].texts.append(text)

    def doctype(self, *_: object) -> None:
        raise UnreadableFile(DOCTYPE)


def parsed(content: bytes) -> Element:
    """The root of an XML document.

    Raises `UnreadableFile` for what is malformed, too large, nested too deep, or has a DOCTYPE.

    >>> parsed(b'<a:b xmlns:a="urn:x"><c>1</c></a:b>').name
    'b'
    """
    if len(content) > MAX_XML_BYTES:
        raise UnreadableFile(HUGE)
    tree = _Tree()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.characters
    parser.StartDoctypeDeclHandler = tree.doctype
    try:
        parser.Parse(content, True)
    except UnreadableFile:
        raise
    except (expat.ExpatError, LookupError, ValueError) as fault:
        raise UnreadableFile(DAMAGED) from fault
    if tree.root is None:
        raise UnreadableFile(DAMAGED)
    return tree.root


def all_at(element: Element, path: str) -> Iterator[Element]:
    """The elements under this one at a path of names, separated by « / », whatever their
    namespaces; in the order of the document, those under different parents included.

    >>> root = parsed(b"<a><b><c>1</c></b><b><c>2</c><d/></b></a>")
    >>> [found.text for found in all_at(root, "b/c")], list(all_at(root, "c"))
    (['1', '2'], [])
    """
    name, _, rest = path.partition("/")
    for child in element.children:
        if child.name != name:
            continue
        if rest:
            yield from all_at(child, rest)
        else:
            yield child


def text_at(element: Element, path: str) -> str | None:
    """The text of the first element at a path, None when it is absent or blank.

    >>> root = parsed(b"<a><b> PRM 1 </b><c> </c></a>")
    >>> text_at(root, "b"), text_at(root, "c"), text_at(root, "d")
    ('PRM 1', None, None)
    """
    for found in all_at(element, path):
        return found.text or None
    return None
