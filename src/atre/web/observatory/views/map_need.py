"""Where help is needed, beside where it arrived: estimated energy poverty and cases opened.

The need is public. The cases are an agency's own, for its team alone, under the secrecy of households.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from atre.domain.agencies import permissions
from atre.domain.agencies.permissions import Scope
from atre.warehouse.edition import NotBuilt
from atre.web.access import public_screen, screen
from atre.web.observatory.mapping import choosing, reached, table
from atre.web.observatory.mapping.question import place_asked
from atre.web.observatory.mapping.reached import Need, Reached
from atre.web.observatory.places import Place, own_places
from atre.web.observatory.views.map_data import private, sent
from atre.web.observatory.views.map_page import shown
from atre.web.observatory.views.territory import not_built

# Only an agency's own team has it: those who look at it from outside read its published board.
TEAM = "steering.export"


@dataclass(frozen=True)
class Line:
    """A commune: its need, and what was opened there, empty for who may not see it."""

    share: table.Line
    households: str
    cases: str
    ratio: str


@public_screen()
def need(request: HttpRequest) -> HttpResponse:
    """The need for everyone; for the agency's team, its own cases beside it."""
    try:
        place = _place(request)
        found = reached.need(place)
    except NotBuilt:
        return not_built(request)
    if found is None:
        return render(request, "observatory/map_need.html", {"is_team": is_team(request)})
    years = _years(request, place)
    opened = reached.reached(request.agency.slug, found, _year(request, years)) if years else None
    context = {
        "need": shown(found.share),
        "reached": _shown_reached(opened) if opened else None,
        "is_team": is_team(request),
        "years": years,
        "form": choosing.PlaceForm(request, found.share.question, years),
        **_listed(request, found, opened),
    }
    return render(request, "observatory/map_need.html", context)


@screen(right=TEAM)
def reached_values(request: HttpRequest) -> HttpResponse:
    """The values of the second map: never kept by a browser or a proxy."""
    try:
        place = _place(request)
        found = reached.need(place)
    except NotBuilt:
        found, place = None, None
    years = _years(request, place)
    if found is None or not years:
        return private(JsonResponse({"nothing": "Aucun dossier n’est encore compté ici."}))
    opened = reached.reached(request.agency.slug, found, _year(request, years))
    return sent(request, opened.ratio, is_private=True)


def is_team(request: HttpRequest) -> bool:
    return permissions.scope(request.membership, TEAM) is Scope.AGENCY


def _place(request: HttpRequest) -> Place | None:
    """The place asked; the agency's own perimeter for its people when they ask nothing."""
    asked = request.GET.get("territoire", "")
    if not asked and request.agency is not None:
        asked = choosing.word_of(own_places(request.agency)[0].url)
    return place_asked(request, asked)


def _years(request: HttpRequest, place: Place | None) -> list[int]:
    if place is None or not is_team(request):
        return []
    return reached.case_years(request.agency.slug, place)


def _year(request: HttpRequest, years: list[int]) -> int:
    asked = request.GET.get("annee", "")
    return next((year for year in years if str(year) == asked), years[0])


def _shown_reached(opened: Reached) -> dict[str, Any]:
    context = shown(opened.ratio)
    place = opened.ratio.question.place
    asked = {"annee": str(opened.ratio.question.year)}
    if place is not None:
        asked["territoire"] = f"{place.word}/{place.code}"
    values = f"{reverse('observatory_reached_values')}?{urlencode(asked)}"
    # No row of a file stands behind a count of our own cases: there is nothing to go down to.
    context["drawing"] = {**context["drawing"], "values": values, "rows": ""}
    context["title"] = f"Ménages rencontrés : dossiers ouverts en {opened.ratio.question.year}"
    return context


def _listed(request: HttpRequest, found: Need, opened: Reached | None) -> dict[str, Any]:
    page = table.page(
        found.share, sort=request.GET.get("tri", ""), asked=request.GET.get("page", "")
    )
    rows = {str(code): row for row, code in enumerate(found.share.codes)}

    def line(share: table.Line) -> Line:
        row = rows[share.code]
        return Line(
            share=share,
            households=table.text(found.households, row),
            cases=table.text(opened.cases, row) if opened else "",
            ratio=table.text(opened.ratio, row) if opened else "",
        )

    kept = {name: request.GET[name] for name in ("territoire", "annee") if request.GET.get(name)}

    def at(number: int) -> str:
        return f"?{urlencode({**kept, 'tri': page.sort, 'page': number}, safe='/')}#tableau"

    return {
        "page": page,
        "lines": [line(each) for each in page.lines],
        "page_text": f"Page {page.number} sur {page.last}",
        "previous_url": at(page.number - 1) if page.number > 1 else None,
        "next_url": at(page.number + 1) if page.number < page.last else None,
    }
