"""One way of writing a visit document, so that the same content always has the same digest."""

import hashlib
import json
from typing import Any

RESULTS = "results"


def content(document: dict[str, Any]) -> dict[str, Any]:
    """What people wrote: the document without what was computed from it."""
    return {name: part for name, part in document.items() if name != RESULTS}


def digest(document: dict[str, Any]) -> str:
    """SHA-256 of the content: keys in order, no spaces, UTF-8. Decimals are strings already."""
    return part_digest(content(document))


def part_digest(part: Any) -> str:
    """SHA-256 of a part of a document, to tell whether somebody changed it meanwhile."""
    text = json.dumps(part, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
