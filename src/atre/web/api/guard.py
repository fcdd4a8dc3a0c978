"""What stands before every endpoint: reading only, any site may ask, not too often, and not twice.

An answer is the same for everybody: nothing of a session or an agency is read here.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from atre.warehouse.edition import NotBuilt
from atre.warehouse.folders import data_folder
from atre.web.access import View, public_screen
from atre.web.api.refusals import Refused, answer_of, bad_parameter, not_found
from atre.web.api.state import State, state
from atre.web.throttle import Bucket

# A page's worth of territories at once, and five a second after: what a server of two cores bears.
MOST_ASKED, SECONDS = 300, 60
# Fresh for a minute, then asked again: a new edition is seen soon, at the cost of a 304.
KEPT = "public, max-age=60, must-revalidate"
METHODS = "GET, HEAD, OPTIONS"
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After",
    # Isolated pages of other sites may embed what is open.
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
asked = Bucket(most=MOST_ASKED, seconds=SECONDS)
# The parameters an address takes, read from the OpenAPI document once it is whole.
Known = Callable[[], frozenset[str]]


def opened(view: View, known: Known, *, of_edition: bool = True) -> View:
    """An endpoint as the world reaches it; `known` gives its parameters.

    `of_edition`: its answer changes with the tables being served, and only with them.
    """
    read = _of_edition(view) if of_edition else view

    @public_screen()
    @wraps(view)
    def guarded(request: HttpRequest, **of_path: str) -> HttpResponse:
        try:
            answer = _answer(request, read, known, of_path)
        except Refused as refused:
            answer = answer_of(refused)
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            answer.headers["Retry-After"] = str(SECONDS)
        for name, value in CROSS_ORIGIN.items():
            answer.headers[name] = value
        return answer

    return guarded


def _answer(
    request: HttpRequest, read: View, known: Known, of_path: dict[str, str]
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": METHODS, **PREFLIGHT})
    if request.method not in {"GET", "HEAD"}:
        return _read_only()
    if asked.is_full(request):
        raise Refused(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too_many_requests",
            f"Plus de {MOST_ASKED} questions en une minute : attendez une minute, et demandez un "
            "territoire entier plutôt que ses communes une à une.",
        )
    _refuse_unknown(request, known())
    return _read(request, read, of_path)


def _of_edition(view: View) -> View:
    """Answers 304 while nothing behind the answer has changed."""

    def unless_unchanged(request: HttpRequest, **of_path: str) -> HttpResponse:
        served = _served()
        etag = served.etag_of(request.get_full_path())
        unchanged = get_conditional_response(request, etag=etag, last_modified=served.changed_at)
        answer = unchanged or view(request, **of_path)
        assert isinstance(answer, HttpResponse)
        if answer.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            answer.headers["ETag"] = etag
            answer.headers["Last-Modified"] = http_date(served.changed_at)
            answer.headers["Cache-Control"] = KEPT
        return answer

    return unless_unchanged


def _served() -> State:
    try:
        return state(data_folder())
    except NotBuilt as missing:
        # Nothing failed: there is nothing yet, as on the observatory's pages.
        raise not_found("not_built", NotBuilt.message_fr) from missing


def _read_only() -> HttpResponse:
    answer = answer_of(
        Refused(HTTPStatus.METHOD_NOT_ALLOWED, "read_only", "Cette API se lit seulement : GET.")
    )
    answer.headers["Allow"] = METHODS
    return answer


def _refuse_unknown(request: HttpRequest, known: frozenset[str]) -> None:
    """A misspelt parameter is refused: left aside, it would answer another question."""
    for name, values in request.GET.lists():
        if name not in known:
            listed = ", ".join(sorted(known)) or "aucun"
            raise bad_parameter(
                name, f"« {name} » n’est pas un paramètre ici. Ceux que l’on a : {listed}."
            )
        if len(values) > 1:
            raise bad_parameter(
                name, f"« {name} » est donné plusieurs fois : séparez ses valeurs par des virgules."
            )


def _read(request: HttpRequest, read: View, of_path: dict[str, str]) -> HttpResponse:
    """The endpoint's own answer; to HEAD, its length without its body."""
    is_head = request.method == "HEAD"
    request.method = "GET"
    answer = read(request, **of_path)
    assert isinstance(answer, HttpResponse)
    if is_head:
        answer.headers["Content-Length"] = str(len(answer.content))
        answer.content = b""
        request.method = "HEAD"
    return answer
