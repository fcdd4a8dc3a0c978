"""Routes of the public read API."""

from collections.abc import Iterator
from functools import partial
from typing import NoReturn

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from pydantic_core import to_json

from atre.web.api import reference
from atre.web.api.contract import ROOT, api, openapi, parameters_of
from atre.web.api.guard import opened
from atre.web.api.refusals import TYPE, unknown_address


def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, as a file: programs read it all the same, and people keep it."""
    return HttpResponse(
        to_json(openapi(), indent=1),
        content_type=TYPE,
        headers={"Content-Disposition": 'attachment; filename="atre-openapi.json"'},
    )


def nothing_here(request: HttpRequest, rest: str) -> NoReturn:
    raise unknown_address(request)


def endpoints() -> Iterator[URLPattern]:
    """Ninja's own addresses, each behind the guard and under a name of ours."""
    for one in api.urls[0]:
        # Its first one, the root, only says where its own pages would be.
        if isinstance(one, URLPattern) and one.name != "api-root":
            address = str(one.pattern)
            written = address.replace("<", "{").replace(">", "}")
            view = opened(one.callback, partial(parameters_of, written))
            yield path(f"{ROOT}{address}", view, name=f"api_{one.name}")


urlpatterns = [
    path(ROOT, reference.page, name="api_reference"),
    path(f"{ROOT}openapi.json", opened(document, frozenset, of_edition=False), name="api_openapi"),
    *endpoints(),
    path(f"{ROOT}<path:rest>", opened(nothing_here, frozenset, of_edition=False)),
]
