"""The few blocks a letter is made of, as the template reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class LetterBody:
    """A letter's words. `signed_by`: the person who signs in the agency's place; `after`: pages that follow."""

    title: str
    subject: str
    salutation: str
    blocks: Sequence[Block]
    closing: str
    signed_by: str | None = None
    sender_lines: Sequence[str] = ()
    delivery: str | None = None
    after: Sequence[Block] = field(default=())


def paragraph(text: str) -> Block:
    return {"kind": "paragraph", "text": text}


def strong(text: str) -> Block:
    return {"kind": "strong", "text": text}


def heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def bullets(items: Sequence[str]) -> Block:
    return {"kind": "bullets", "items": list(items)}


def facts(rows: Sequence[tuple[str, str]], *, header: tuple[str, str]) -> Block:
    return {
        "kind": "facts",
        "header": list(header),
        "rows": [{"label": label, "value": value} for label, value in rows],
    }


def question(text: str, options: Sequence[str], *, writing_lines: int = 0) -> Block:
    return {
        "kind": "question",
        "text": text,
        "options": list(options),
        "writing_lines": writing_lines,
    }


def private_link(data: dict[str, Any]) -> Block:
    return {"kind": "private_link", **data}
