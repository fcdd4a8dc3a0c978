"""An XML invoice as a tree: no document type, so no entity is ever expanded nor fetched."""

from collections.abc import Iterator
from xml.etree import ElementTree

from atre.formats.reading import UnreadableFile

MAX_XML_BYTES = 16 * 1024 * 1024
MAX_NESTED = 60

DAMAGED = "Le XML de cette facture est mal formé : demandez-la de nouveau au fournisseur."


class _Refusing(ElementTree.TreeBuilder):
    """Builds the tree; refuses a document type as soon as it is announced, and deep nests."""

    depth = 0

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise UnreadableFile(
            "Le XML de cette facture déclare un type de document (DOCTYPE), ce qu’une facture ne "
            "fait pas : elle n’a pas été lue, par précaution."
        )

    def start(self, tag: str, attrs: dict[str, str]) -> ElementTree.Element:
        self.depth += 1
        if self.depth > MAX_NESTED:
            raise UnreadableFile(DAMAGED)
        return super().start(tag, attrs)

    def end(self, tag: str) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag)


def parsed(content: bytes) -> ElementTree.Element:
    """The root of an XML document.

    Raises `UnreadableFile` for what is malformed, too large, nested too deep, or has a DOCTYPE.
    """
    if len(content) > MAX_XML_BYTES:
        raise UnreadableFile("Ce XML est démesuré pour une facture : il n’a pas été ouvert.")
    parser = ElementTree.XMLParser(target=_Refusing())
    try:
        parser.feed(content)
        root: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, LookupError, ValueError) as fault:
        if isinstance(fault, UnreadableFile):
            raise
        raise UnreadableFile(DAMAGED) from fault
    return root


def local_name(element: ElementTree.Element) -> str:
    """The name without its namespace: publishers differ in prefixes, and in versions of these.

    >>> local_name(ElementTree.fromstring('<a:b xmlns:a="urn:x"/>'))
    'b'
    """
    return element.tag.rpartition("}")[2]


def all_at(element: ElementTree.Element, path: str) -> Iterator[ElementTree.Element]:
    """The elements under this one at a path of local names, separated by « / »."""
    name, _, rest = path.partition("/")
    for child in element:
        if local_name(child) != name:
            continue
        if rest:
            yield from all_at(child, rest)
        else:
            yield child


def text_at(element: ElementTree.Element, path: str) -> str | None:
    """The text of the first element at a path, None when it is absent or blank."""
    for found in all_at(element, path):
        return (found.text or "").strip() or None
    return None
