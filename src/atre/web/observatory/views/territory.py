"""A territory's page, and the rows behind each of its figures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from atre.warehouse.catalogue import UnknownIndicator
from atre.warehouse.catalogue import indicator as catalogued
from atre.warehouse.edition import NotBuilt
from atre.warehouse.gate import source_rows
from atre.web.access import public_screen
from atre.web.observatory import rows, telling
from atre.web.observatory.places import Place, parents_of, place_of
from atre.web.observatory.reading import PCI, PCS, Reading, read

CUTS = {"secteur": "sector", "energie": "energy", "categorie": "category"}


def basis_of(request: HttpRequest) -> str:
    """The calorific value that gas is shown in: PCI, as a PCAET counts, unless PCS is asked."""
    return PCS if request.GET.get("base") == PCS else PCI


def not_built(request: HttpRequest) -> HttpResponse:
    """There is nothing to show yet: what to do, for whom installs and for whom passes by."""
    return render(request, "observatory/not_built.html", {})


@public_screen()
def territory(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """What is known of a territory."""
    try:
        found = place_of(request, place, code)
        reading = read(found, basis_of(request))
    except NotBuilt:
        return not_built(request)
    return render(request, "observatory/territory.html", told(reading))


def told(reading: Reading) -> dict[str, Any]:
    """Everything the template reads."""
    return {
        "place": reading.place,
        "parents": parents_of(reading.place),
        "compare_url": reading.place.url_of("observatory_similar"),
        "download_url": reading.place.url_of("observatory_downloads"),
        "communes_url": reading.place.url_of("observatory_communes"),
        "basis": reading.basis,
        "is_empty": reading.is_empty,
        "key_figures": telling.key_figures(reading),
        "people": telling.people(reading),
        "consumption": telling.consumption(reading),
        "production": telling.production(reading),
        "emissions": telling.emissions(reading),
        "incomes": telling.incomes(reading),
        "certificates": telling.certificates(reading),
        "others": telling.others(reading),
    }


@public_screen()
def figure_rows(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """The rows of files that a figure is made of."""
    try:
        found = place_of(request, place, code)
        return render(request, "observatory/rows.html", _rows_context(request, found))
    except NotBuilt:
        return not_built(request)
    except UnknownIndicator:
        raise Http404 from None


def _rows_context(request: HttpRequest, place: Place) -> dict[str, Any]:
    asked = catalogued(request.GET.get("indicateur", ""))
    year = request.GET.get("annee", "")
    page = request.GET.get("page", "1")
    number = int(page) if page.isdecimal() and 0 < int(page) < rows.MOST_PAGES else 1
    cut = {ours: request.GET[theirs] for theirs, ours in CUTS.items() if request.GET.get(theirs)}
    answer = source_rows(
        asked.key,
        place.territory,
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        cut=cut,
        limit=rows.A_PAGE,
        offset=(number - 1) * rows.A_PAGE,
    )
    kept = {name: value for name, value in request.GET.items() if name != "page"}
    return {
        "place": place,
        "indicator": asked,
        "asked": rows.asked_fr(year, cut),
        "lines": rows.lines(answer.rows),
        "total": answer.total,
        "page_text": f"{number} sur {max(1, -(-answer.total // rows.A_PAGE))}",
        "previous_url": f"?{urlencode({**kept, 'page': number - 1})}" if number > 1 else None,
        "next_url": f"?{urlencode({**kept, 'page': number + 1})}"
        if number * rows.A_PAGE < answer.total
        else None,
    }
