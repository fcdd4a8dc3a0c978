"""Where the figures come from."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime

from atre.domain.agencies.permissions import may
from atre.warehouse.folders import data_folder
from atre.web.access import public_screen, screen
from atre.web.observatory import sources as known

RIGHT = "observatory.import"


@public_screen()
def sources(request: HttpRequest) -> HttpResponse:
    """Each file received: who publishes it, its years, what was read and what was not."""
    edition = known.edition()
    return render(
        request,
        "observatory/sources.html",
        {
            "sources": known.sources(),
            "edition": edition,
            "built_at": parse_datetime(edition.built_at) if edition else None,
            "may_import": may(request.membership, RIGHT),
        },
    )


@screen(right=RIGHT)
def rejects(request: HttpRequest, source: str) -> HttpResponse:
    """The lines of a file that were not read. A cell of them may hold what nobody expected there:
    only those who feed the observatory take this file."""
    found = known.rejects_of(data_folder(), source)
    if found is None:
        messages.warning(request, "Ce fichier n’a pas, ou n’a plus, de lignes non lues.")
        return redirect("observatory_sources")
    receipt, content = found
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="lignes-non-lues-{receipt.key}.csv"',
            "X-Content-Type-Options": "nosniff",
        },
    )
