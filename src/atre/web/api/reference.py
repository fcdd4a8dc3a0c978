"""The page that says what the API answers: written from the OpenAPI document, for people."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from atre.web.access import public_screen
from atre.web.api.contract import openapi
from atre.web.api.guard import MOST_ASKED


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address, in words."""

    name: str
    is_required: bool
    description: SafeString
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """An address, what it answers and what it takes. `example`: one that works, empty when none."""

    address: str
    anchor: str
    title: str
    description: SafeString
    parameters: tuple[Parameter, ...]
    example: str


EXAMPLES = {
    "/api/v1/edition": "",
    "/api/v1/indicators": "",
    "/api/v1/indicators/{key}": "/api/v1/indicators/population",
    "/api/v1/equivalents": "",
    "/api/v1/sources": "",
    "/api/v1/territories": "/api/v1/territories?kind=dep",
    "/api/v1/territories/{territory}": "/api/v1/territories/dep:95",
    "/api/v1/figures": "/api/v1/figures?indicator=population&territory=dep:95",
    "/api/v1/source-rows": "/api/v1/source-rows?indicator=population&territory=dep:95&limit=10",
    "/api/v1/commune-values": "/api/v1/commune-values?indicator=population&within=dep:95",
}


@public_screen()
def page(request: HttpRequest) -> HttpResponse:
    """Each address with its parameters and an example to open."""
    found = operations(openapi())
    return render(request, "api/reference.html", {"operations": found, "most": MOST_ASKED})


def operations(document: dict[str, Any]) -> list[Operation]:
    """The operations of an OpenAPI document, in its order."""
    return [
        _operation(address, methods["get"], document)
        for address, methods in document["paths"].items()
    ]


def _operation(address: str, said: dict[str, Any], document: dict[str, Any]) -> Operation:
    parameters = [_parameter(one, document) for one in said.get("parameters", [])]
    return Operation(
        address=address,
        anchor=said["operationId"],
        title=said["summary"],
        description=marked(" ".join(said.get("description", "").split())),
        # What must be given comes first; the rest in the document's order.
        parameters=tuple(sorted(parameters, key=lambda one: not one.is_required)),
        example=EXAMPLES.get(address, "") or ("" if "{" in address else address),
    )


def _parameter(said: dict[str, Any], document: dict[str, Any]) -> Parameter:
    shape = said.get("schema", {})
    return Parameter(
        name=said["name"],
        is_required=bool(said.get("required")),
        description=marked(said.get("description") or shape.get("description", "")),
        choices=tuple(_choices(shape, document)),
    )


def marked(text: str) -> SafeString:
    """A text whose words between backticks are code.

    >>> marked("au moins `limit` < 3")
    'au moins <code>limit</code> &lt; 3'
    """
    parts = text.split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<code>{}</code>", one) if place % 2 else one,)
            for place, one in enumerate(parts)
        ),
    )


def _choices(shape: dict[str, Any], document: dict[str, Any]) -> list[str]:
    if "$ref" in shape:
        shape = document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    for one in shape.get("anyOf", []):
        if found := _choices(one, document):
            return found
    return [str(one) for one in shape.get("enum", [])]
