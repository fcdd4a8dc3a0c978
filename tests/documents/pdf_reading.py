"""Read a PDF as a person and as a screen reader do."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Tag:
    """One element of the structure tree: PDF role, alternative text, depth."""

    role: str
    alt: str
    depth: int


def text_of(pdf: bytes) -> str:
    """All the text, one kind of space, invisible break points taken out."""
    return " ".join(page_texts(pdf))


def page_texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [plain(page.get_textpage().get_text_bounded()) for page in document]


def text_between(pdf: bytes, *, left: float, right: float, top: float, bottom: float) -> str:
    """Text of the first page inside a box, in millimetres from the sheet's top left corner."""
    page = pypdfium2.PdfDocument(pdf)[0]
    height = page.get_height()
    box = page.get_textpage().get_text_bounded(
        left=left * POINTS_PER_MM,
        right=right * POINTS_PER_MM,
        top=height - top * POINTS_PER_MM,
        bottom=height - bottom * POINTS_PER_MM,
    )
    return plain(box)


def rightmost_ink_mm(pdf: bytes) -> float:
    """Where the furthest character of any page ends, in millimetres from the left edge."""
    furthest = 0.0
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            furthest = max(furthest, text.get_charbox(index)[2])
    return furthest / POINTS_PER_MM


def plain(text: str) -> str:
    # pdfium writes U+FFFE or U+0002 where a line ends in the middle of a word.
    joined = re.sub("[\u200b\ufffe\u0002]\\s*", "", text)
    return re.sub(r"\s+", " ", joined).strip()


def tags_of(pdf: bytes) -> list[Tag]:
    found: list[Tag] = []
    for page in pypdfium2.PdfDocument(pdf):
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            child = pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
            found.extend(_walk(child, 0))
        pdfium.FPDF_StructTree_Close(tree)
    return found


def _walk(element: object, depth: int) -> Iterator[Tag]:
    if not element:
        return
    role = _string(pdfium.FPDF_StructElement_GetType, element)
    yield Tag(role, _string(pdfium.FPDF_StructElement_GetAltText, element), depth)
    for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        yield from _walk(child, depth + 1)


def _string(getter: object, element: object) -> str:
    length = getter(element, None, 0)
    buffer = ctypes.create_string_buffer(length)
    getter(element, buffer, length)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
