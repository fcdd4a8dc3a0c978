"""The first questions: where do you live, and what does this programme do."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from atre.domain.agencies.coverage import coverage
from atre.domain.agencies.models import Programme
from atre.domain.agencies.selectors import open_programmes
from atre.domain.households.enums import Difficulty
from atre.web import communes
from atre.web.access import public_screen
from atre.web.public.forms import WhereForm
from atre.web.throttle import Bucket

# A quick typist asks five times a second for a few seconds.
suggestions_asked = Bucket(most=60, seconds=20)


def open_programme(slug: str) -> Programme:
    """The programme of an address, while it takes requests; else 404."""
    return get_object_or_404(open_programmes(on=timezone.localdate()), slug=slug)


@public_screen()
def where_do_you_live(request: HttpRequest) -> HttpResponse:
    """GET asks, GET with a commune answers: nothing here is personal enough to need a POST."""
    form = WhereForm(request.GET if "commune" in request.GET else None)
    answer = None
    if form.is_bound and form.is_valid():
        answer = coverage(commune=form.cleaned_data["commune"], on=timezone.localdate())
    return render(request, "public/where.html", {"form": form, "answer": answer})


@public_screen()
def commune_suggestions(request: HttpRequest) -> HttpResponse:
    """Lines of the list under a commune field, for `?q=`."""
    if suggestions_asked.is_full(request):
        return HttpResponse(status=429)
    found = communes.suggestions(request.GET.get("q", ""))
    return render(request, "design/components/commune_options.html", {"communes": found})


@public_screen()
def programme_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the programme brings, and to whom."""
    if request.method not in {"GET", "HEAD"}:
        raise Http404
    programme = open_programme(slug)
    return render(
        request,
        "public/programme.html",
        {"programme": programme, "agency": programme.agency, "difficulties": Difficulty.labels},
    )
