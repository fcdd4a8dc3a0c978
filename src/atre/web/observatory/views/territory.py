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
from atre.web.observatory import rows, telling, telling_consumption
from atre.web.observatory.places import Place, parents_of, place_of
from atre.web.observatory.reading import PCI, PCS, Reading, read
from atre.web.observatory.words import CUTS


def basis_of(request: HttpRequest) -> str:
    """The calorific value that gas is shown in: PCI, as a PCAET counts, unless PCS is asked."""
    return PCS if request.GET.get("base") == PCS else PCI


def cut_of(request: HttpRequest) -> dict[str, str]:
    """The sector, energy or category of an address."""
    asked = {ours: request.GET.get(theirs, "") for theirs, ours in CUTS.items()}
    return {name: value for name, value in asked.items() if value}


def year_of(request: HttpRequest) -> int | None:
    """The year of an address; None for none, or for what is none."""
    year = request.GET.get("annee", "")
    return int(year) if year.isdecimal() and len(year) == 4 else None


def page_of(request: HttpRequest, most: int) -> int:
    """The page of an address, from 1; the first one for what is none."""
    page = request.GET.get("page", "1")
    return int(page) if page.isdecimal() and 0 < int(page) <= most else 1


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
        "consumption": telling_consumption.consumption(reading),
        "production": telling.production(reading),
        "emissions": telling.emissions(reading),
        "pollutants": telling.pollutants(reading),
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
    year, cut = year_of(request), cut_of(request)
    number = page_of(request, rows.MOST_PAGES)
    answer = source_rows(
        asked.key,
        place.territory,
        year=year,
        cut=cut,
        limit=rows.A_PAGE,
        offset=(number - 1) * rows.A_PAGE,
    )
    return {
        "place": place,
        "indicator": asked,
        "asked": rows.asked_fr(year, cut),
        "lines": rows.lines(answer.rows),
        "total": answer.total,
        **pages(request, number, answer.total, rows.A_PAGE),
    }


def pages(request: HttpRequest, number: int, total: int, each: int) -> dict[str, str | None]:
    """The addresses of the pages before and after, what is asked kept."""
    kept = {name: value for name, value in request.GET.dict().items() if name != "page"}

    def address(page: int) -> str:
        return f"?{urlencode({**kept, 'page': str(page)})}"

    return {
        "page_text": f"{number} sur {max(1, -(-total // each))}",
        "previous_url": address(number - 1) if number > 1 else None,
        "next_url": address(number + 1) if number * each < total else None,
    }
