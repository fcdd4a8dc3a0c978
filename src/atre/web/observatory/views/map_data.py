"""What the map's script asks: the values of communes, and parts of the tiles they lie on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import quote_etag

from atre.warehouse.edition import NotBuilt
from atre.warehouse.folders import data_folder
from atre.web.access import public_screen
from atre.web.observatory.mapping import answer, tiles
from atre.web.observatory.mapping.question import read_question
from atre.web.observatory.mapping.values import Choropleth, choropleth


@public_screen()
def values(request: HttpRequest) -> HttpResponse:
    """The values of a question, whole: compact arrays in JSON. 404 before the first build."""
    try:
        question = read_question(request, request.GET)
    except NotBuilt:
        raise Http404 from None
    return sent(request, choropleth(question), is_private=question.is_private)


def sent(request: HttpRequest, found: Choropleth, *, is_private: bool) -> HttpResponse:
    """The compressed values; kept a year by browsers when the address names their edition, since
    another edition has another address."""
    body, tag = answer.packed(found)
    if quote_etag(tag) in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(body, content_type="application/json")
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(answer.unpacked(body), content_type="application/json")
    response["ETag"] = quote_etag(tag)
    patch_vary_headers(response, ["Accept-Encoding"])
    if is_private:
        return private(response)
    if request.GET.get("v") == found.edition:
        response["Cache-Control"] = f"public, max-age={tiles.A_YEAR}, immutable"
    else:
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def private(response: HttpResponse) -> HttpResponse:
    """Figures of some people alone: kept nowhere."""
    response["Cache-Control"] = "private, no-store"
    return response


@public_screen()
def tile_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A PMTiles file, by parts."""
    path = tiles.path_of(data_folder(), name)
    if path is None:
        raise Http404
    return tiles.answer(request, path)
