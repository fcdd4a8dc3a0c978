"""The JSON Schemas of visit documents, one a version, and the French names of their fields."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atre.calc.wording import NO_BREAK

if TYPE_CHECKING:
    import jsonschema

FOLDER = Path(__file__).parent / "schema"
CURRENT = 1


@cache
def schema(version: int = CURRENT) -> dict[str, Any]:
    """The schema of a version. FileNotFoundError for one that never existed."""
    content: dict[str, Any] = json.loads(
        (FOLDER / f"visit-{int(version)}.json").read_text(encoding="utf-8")
    )
    return content


@cache
def validator(version: int = CURRENT) -> "jsonschema.Draft202012Validator":
    """Checks shapes, and that dates exist in the calendar."""
    import jsonschema

    return jsonschema.Draft202012Validator(
        schema(version), format_checker=jsonschema.FormatChecker(formats=["date"])
    )


def empty(visited_on: str) -> dict[str, Any]:
    """A document in which everything is unknown but its day (ISO)."""
    document = {name: _blank(part) for name, part in schema()["properties"].items()}
    return document | {"schema": CURRENT, "visited_on": visited_on}


def _blank(part: Mapping[str, Any]) -> Any:
    if part.get("type") == "array":
        return []
    if part.get("type") == "object":
        return {name: _blank(inner) for name, inner in part["properties"].items()}
    return None


def field_schema(path: Iterable[str | int]) -> Mapping[str, Any]:
    """The schema of the field at a path such as ("bills", 0, "euros")."""
    part: Mapping[str, Any] = schema()
    for step in path:
        part = part["items"] if isinstance(step, int) else part["properties"][step]
    return part


def name_fr(path: Iterable[str | int]) -> str:
    """Where a field stands, in words: « Les factures : Facture 2, Montant TTC »."""
    parts: list[str] = []
    part: Mapping[str, Any] = schema()
    item = ""
    for step in path:
        if isinstance(step, int):
            part = part["items"]
            parts.append(f"{item} {step + 1}")
            continue
        if step not in part.get("properties", {}):
            parts.append(str(step))
            break
        part = part["properties"][step]
        item = part.get("x-item", "Ligne")
        parts.append(part.get("title", step))
    if len(parts) < 2:
        return "".join(parts)
    return f"{parts[0]}{NO_BREAK}: {', '.join(parts[1:])}"
