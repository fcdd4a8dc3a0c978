"""Commune by commune, and the files that leave."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode

from atre.warehouse.catalogue import CATALOGUE, UnknownIndicator
from atre.warehouse.edition import NotBuilt
from atre.web.access import public_screen
from atre.web.observatory import downloads
from atre.web.observatory.by_commune import ByCommune, by_commune, years_of
from atre.web.observatory.places import Place, place_of
from atre.web.observatory.reading import read
from atre.web.observatory.views.territory import (
    basis_of,
    cut_of,
    not_built,
    page_of,
    pages,
    year_of,
)
from atre.web.observatory.words import CUTS

A_PAGE, MOST_PAGES = 100, 1_000
PAGE_FILE, COMMUNES_FILE = "chiffres", "communes"
FIRST_INDICATOR = "consumption"


def asked_of(request: HttpRequest, place: Place) -> ByCommune:
    """The indicator, year and cutting of an address. 404 for an indicator we have not."""
    key = request.GET.get("indicateur") or FIRST_INDICATOR
    try:
        return by_commune(place, key, year_of(request), cut_of(request))
    except UnknownIndicator:
        raise Http404 from None


@public_screen()
def communes(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """One indicator, a line a commune, the largest first; communes may be ticked into a set."""
    try:
        found = place_of(request, place, code)
        listed = asked_of(request, found)
    except NotBuilt:
        return not_built(request)
    number, lines = page_of(request, MOST_PAGES), listed.by_value()
    return render(
        request,
        "observatory/communes.html",
        {
            "place": found,
            "listed": listed,
            "lines": lines[(number - 1) * A_PAGE : number * A_PAGE],
            "indicators": list(CATALOGUE.values()),
            "years": years_of(listed.indicator.key, found),
            **pages(request, number, len(lines), A_PAGE),
            "files": commune_files(listed),
        },
    )


def commune_files(listed: ByCommune) -> list[tuple[str, str]]:
    """Names and addresses of the files of a list of communes."""
    asked: dict[str, Any] = {"indicateur": listed.indicator.key}
    if listed.year is not None:
        asked["annee"] = listed.year
    asked |= {theirs: listed.cut[ours] for theirs, ours in CUTS.items() if ours in listed.cut}
    kinds = [kind for kind in downloads.TYPES if kind != "geojson" or downloads.has_contours()]
    return [
        (kind, f"{_file_url(listed.place, f'{COMMUNES_FILE}.{kind}')}?{urlencode(asked)}")
        for kind in kinds
    ]


def _file_url(place: Place, name: str) -> str:
    return place.url_of("observatory_file", file=name)


@public_screen()
def choose(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Which file to take."""
    try:
        found = place_of(request, place, code)
        listed = asked_of(request, found)
    except NotBuilt:
        return not_built(request)
    basis = basis_of(request)
    suffix = f"?base={basis}" if basis != "pci" else ""
    return render(
        request,
        "observatory/downloads.html",
        {
            "place": found,
            "listed": listed,
            "page_files": [
                (kind, f"{_file_url(found, f'{PAGE_FILE}.{kind}')}{suffix}")
                for kind in downloads.TYPES
                if kind != "geojson"
            ],
            "commune_files": commune_files(listed),
            "communes_url": found.url_of("observatory_communes"),
        },
    )


@public_screen()
def file(request: HttpRequest, place: str, code: str, file: str) -> HttpResponseBase:
    """A file of a territory: « chiffres.csv », « communes.geojson »…"""
    stem, _, extension = file.rpartition(".")
    if extension not in downloads.TYPES or stem not in {PAGE_FILE, COMMUNES_FILE}:
        raise Http404
    if stem == PAGE_FILE and extension == "geojson":
        raise Http404
    try:
        found = place_of(request, place, code)
        parts = _parts(request, found, stem, extension)
    except NotBuilt:
        return not_built(request)
    answer = StreamingHttpResponse(parts, content_type=downloads.TYPES[extension])
    answer["Content-Disposition"] = (
        f'attachment; filename="{stem}-{found.word}-{found.code[:40]}.{extension}"'
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _parts(request: HttpRequest, place: Place, stem: str, extension: str) -> Iterator[bytes]:
    """Figures are read before the first byte leaves: what fails is still a page."""
    if stem == PAGE_FILE:
        return downloads.of_page(read(place, basis_of(request))).parts(extension)
    listed = asked_of(request, place)
    if extension == "geojson":
        return downloads.geojson_parts(listed)
    return downloads.of_communes(listed).parts(extension)
