"""The way in: search a territory, or open one of one's own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from atre.warehouse.edition import NotBuilt, read_edition
from atre.warehouse.folders import data_folder
from atre.web.access import public_screen
from atre.web.observatory import search
from atre.web.observatory.forms import SearchForm
from atre.web.observatory.places import MOST_DRAWN, SET, own_places
from atre.web.throttle import Bucket

# A quick typist asks five times a second for a few seconds.
suggestions_asked = Bucket(most=60, seconds=20)


@public_screen()
def door(request: HttpRequest) -> HttpResponse:
    """Search a territory (GET with `territoire` goes there), or open one of one's agency."""
    form = SearchForm(request.GET if "territoire" in request.GET else None)
    if form.is_bound and form.is_valid():
        word, _, code = form.cleaned_data["territoire"].partition("/")
        return redirect("observatory_territory", place=word, code=code)
    return render(
        request,
        "observatory/door.html",
        {
            "form": form,
            "is_built": is_built(),
            "own": own_places(request.agency) if request.agency else [],
        },
        status=422 if form.errors else 200,
    )


def is_built() -> bool:
    try:
        read_edition(data_folder())
    except NotBuilt:
        return False
    return True


@public_screen()
def suggestions(request: HttpRequest) -> HttpResponse:
    """Lines of the list under the field, for `?q=`."""
    if suggestions_asked.is_full(request):
        return HttpResponse(status=429)
    found = search.suggestions(request.GET.get("q", ""))
    return render(request, "design/components/commune_options.html", {"communes": found})


@public_screen()
def drawn(request: HttpRequest) -> HttpResponse:
    """Communes chosen in a list or on the map (`?communes=…`, repeated or with commas)."""
    asked = [code for text in request.GET.getlist("communes") for code in text.split(",")]
    codes = sorted({code.strip().upper() for code in asked if code.strip().isalnum()})
    if not codes:
        return redirect(reverse("observatory"))
    if len(codes) > MOST_DRAWN:
        return render(
            request,
            "observatory/too_many.html",
            {"count": len(codes), "most": MOST_DRAWN},
            status=422,
        )
    if any(len(code) != 5 for code in codes):
        raise Http404
    return redirect("observatory_territory", place=SET, code="-".join(codes))
