"""Pages for what went wrong: a plain sentence, what to do next, the way back.

The root URLs name these as handler400, handler403, handler404 and handler500.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

PAGES = {400, 403, 404, 409, 413, 429, 500, 503}


def error_page(
    request: HttpRequest, status: int, *, sentence: str = "", context: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of one status; `sentence` (already in French) takes the place of the usual one."""
    if status not in PAGES:
        raise ValueError(f"no page for status {status}")
    return render(
        request,
        f"design/errors/{status}.html",
        {"sentence": sentence, **(context or {})},
        status=status,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The refusal's own French sentence, when the view gave one."""
    return error_page(request, HTTPStatus.FORBIDDEN, sentence=str(exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without any context processor: the database may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form left open too long, or sent from another site: nothing was saved."""
    return error_page(
        request,
        HTTPStatus.FORBIDDEN,
        sentence=(
            "Ce formulaire est resté ouvert trop longtemps ou votre navigateur refuse les cookies. "
            "Rien n’a été enregistré. Revenez en arrière, rechargez la page, puis renvoyez-le."
        ),
    )
