"""The steering page and its downloads."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from atre.domain.audit import actions as audit
from atre.domain.steering.board import board
from atre.domain.steering.question import audience
from atre.web.access import screen
from atre.web.steering.asking import form_for
from atre.web.steering.downloads import DOWNLOADS
from atre.web.steering.forms import RestrictedForm
from atre.web.steering.presentation import context


def query_of(request: HttpRequest) -> str:
    """What was asked, to ask it again; never empty, so that a download keeps its question."""
    return request.GET.urlencode() or "period=this_year"


@screen(right="steering.view")
def steering(request: HttpRequest) -> HttpResponse:
    """The figures of a programme, a territory and a period."""
    form = form_for(request, request.GET, on=localdate())
    if form is None:
        restricted = audience(by=request.membership, on=localdate()).restricted
        return render(request, "steering/nothing.html", {"restricted": restricted})
    if not form.is_valid():
        return render(request, "steering/board.html", {"form": form}, status=422)
    figures = board(form.question(agency_id=request.membership.agency_id))
    return render(
        request,
        "steering/board.html",
        {
            "form": form,
            "restricted": isinstance(form, RestrictedForm),
            "query": query_of(request),
            **context(figures),
        },
    )


@screen(right="steering.export", writes=True)
@reauthentication_required
def steering_download(request: HttpRequest) -> HttpResponse:
    """Choose a file (GET), or take it (POST): only by someone who just proved who they are.

    Every POST is noted in the journal with what was asked, never with what was in it.
    """
    form = form_for(request, request.GET, on=localdate())
    kind = DOWNLOADS.get(request.POST.get("file", ""))
    if form is None or not form.is_valid():
        return render(request, "steering/board.html", {"form": form}, status=422)
    question = form.question(agency_id=request.membership.agency_id)
    if request.method != "POST" or kind is None:
        return render(
            request,
            "steering/download.html",
            {"question": question, "downloads": DOWNLOADS, "query": query_of(request)},
        )
    file = kind.make(by=request.membership, question=question)
    audit.record(
        agency=question.agency_id,
        action="export_steering",
        obj=request.agency,
        by=request.membership,
        details={
            "file": kind.name,
            "rows": file.rows,
            "programme": question.programme.slug if question.programme else "",
            "territory": question.territory,
            "from": question.period.start.isoformat(),
            "to": question.period.end.isoformat(),
        },
    )
    return HttpResponse(
        file.content,
        content_type=kind.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{kind.filename(question)}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
