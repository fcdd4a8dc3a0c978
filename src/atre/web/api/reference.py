"""The page that says what the API answers: written from the OpenAPI document, for people."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from atre.web.access import public_screen
from atre.web.api.contract import openapi
from atre.web.api.guard import MOST_ASKED


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address, in words."""

    name: str
    is_required: bool
    description: str
    choices: str


@dataclass(frozen=True)
class Operation:
    """An address, what it answers and what it takes. `example`: one that works, empty when none."""

    address: str
    anchor: str
    title: str
    description: str
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
    return Operation(
        address=address,
        anchor=said["operationId"],
        title=said["summary"],
        description=" ".join(said.get("description", "").split()),
        parameters=tuple(_parameter(one, document) for one in said.get("parameters", [])),
        example=EXAMPLES.get(address, "") or ("" if "{" in address else address),
    )


def _parameter(said: dict[str, Any], document: dict[str, Any]) -> Parameter:
    shape = said.get("schema", {})
    return Parameter(
        name=said["name"],
        is_required=bool(said.get("required")),
        description=said.get("description") or shape.get("description", ""),
        choices=", ".join(_choices(shape, document)),
    )


def _choices(shape: dict[str, Any], document: dict[str, Any]) -> list[str]:
    if "$ref" in shape:
        shape = document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    for one in shape.get("anyOf", []):
        if found := _choices(one, document):
            return found
    return [str(one) for one in shape.get("enum", [])]
