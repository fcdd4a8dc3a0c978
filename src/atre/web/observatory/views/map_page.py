"""The map of communes: a table of what it shows, which a browser that can turns into a map."""

import json
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_exempt

from atre.warehouse.edition import NotBuilt, read_edition
from atre.warehouse.folders import data_folder
from atre.warehouse.territories import Kind, atlas
from atre.web.access import public_screen
from atre.web.design import formatting
from atre.web.observatory import publishers
from atre.web.observatory.mapping import answer, choosing, table, tiles
from atre.web.observatory.mapping.question import Question, offers, read_question
from atre.web.observatory.mapping.values import SECRET, UNKNOWN, Choropleth, choropleth
from atre.web.observatory.places import MOST_DRAWN
from atre.web.observatory.views.territory import not_built

# An authority's site may show it; nothing of a session is in it.
ANY_SITE = ["*"]
EMBED_SECONDS = 600
NO_CODE = "00000"


@public_screen()
def map_page(request: HttpRequest) -> HttpResponse:
    """One indicator over the communes of France or of a place."""
    try:
        if not offers():
            return not_built(request)
        question = read_question(request, request.GET)
        found = choropleth(question)
    except NotBuilt:
        return not_built(request)
    context = {
        **shown(found),
        **_listed(request, found),
        "form": choosing.MapForm(request, question),
        "frames": choosing.frames() if question.place is None else [],
        "embed_url": _embed_url(question),
        "drawn_url": reverse("observatory_drawn"),
        "start": json.dumps(chosen(request)),
    }
    return render(request, "observatory/map.html", context)


@public_screen()
@xframe_options_exempt
@csp_replace({"frame-ancestors": ANY_SITE})
def embedded(request: HttpRequest) -> HttpResponse:
    """The same map alone, for another site's page: its source and its date are on it."""
    try:
        question = read_question(request, request.GET)
    except NotBuilt:
        return not_built(request)
    if question.is_private:
        # A perimeter of an agency is for its own people; a frame on a public page has none.
        return HttpResponse(status=404)
    context = {
        **shown(choropleth(question)),
        "page_url": f"{settings.BASE_URL}{reverse('observatory_map')}?{question.query()}",
        # Without a token nothing is written in the reader's browser.
        "csrf_token": "",
    }
    response = render(request, "observatory/map_embed.html", context)
    response["Cache-Control"] = f"public, max-age={EMBED_SECONDS}"
    return response


def chosen(request: HttpRequest) -> list[tuple[str, str]]:
    """Code and name of the communes of `?communes=…`; those that do not exist are left out."""
    names = atlas(data_folder()).names[Kind.COMMUNE]
    asked = [code for text in request.GET.getlist("communes") for code in text.split(",")]
    return [(code, names[code]) for code in dict.fromkeys(asked) if code in names][:MOST_DRAWN]


def shown(found: Choropleth) -> dict[str, Any]:
    """What the drawing, its legend and its source need."""
    question = found.question
    return {
        "question": question,
        "title": answer.title_fr(question),
        "where": question.place.name if question.place else "France",
        "unit": found.unit,
        "legend": found.legend,
        "secret": found.count(SECRET),
        "unknown": found.count(UNKNOWN),
        "undrawn": found.undrawn,
        "source": publishers.short_fr(found.source) if found.source else "",
        "year": answer.year_fr(question.year),
        "built_on": built_on(),
        "cautions": question.indicator.cautions_fr,
        "drawing": drawing(found),
    }


def built_on() -> str:
    """The day the tables were made, as people write it: « 22 novembre 2026 »."""
    text = read_edition(data_folder()).built_at
    return formatting.date(formatting.dt.datetime.fromisoformat(text))


def drawing(found: Choropleth) -> dict[str, str]:
    """What the script reads on the map's element; nothing when no map was cut."""
    folders, question = data_folder(), found.question
    ground = tiles.path_of(folders, "communes")
    if ground is None:
        return {}
    own = tiles.path_of(folders, "fond")
    rows = table.rows_url_of(question)(NO_CODE)
    values = f"{reverse('observatory_map_values')}?{question.query(v=found.edition)}"
    place = reverse("observatory_territory", kwargs={"place": "commune", "code": NO_CODE})
    return {
        "values": values,
        "tiles": tiles_url("communes"),
        "background": tiles_url("fond") if own else "",
        "frame": choosing.written(choosing.frame_of(question)),
        "place": place,
        "rows": rows,
        "label": f"Carte : {answer.title_fr(question)}",
    }


def tiles_url(name: str) -> str:
    """The address of a map's tiles, which changes with them."""
    path = tiles.path_of(data_folder(), name)
    stamp = tiles.stamp_of(path) if path else ""
    return f"{reverse('observatory_tiles', kwargs={'name': name})}?{urlencode({'v': stamp})}"


def _listed(request: HttpRequest, found: Choropleth) -> dict[str, Any]:
    asked = request.GET.get("tri", table.FROM_TOP)
    page = table.page(found, sort=asked, asked=request.GET.get("page", ""))
    query = found.question.query

    def at(number: int) -> str:
        return f"?{query(tri=page.sort, page=str(number))}#tableau"

    by_value = table.BY_VALUE if page.sort == table.FROM_TOP else table.FROM_TOP
    return {
        "page": page,
        "page_text": f"Page {page.number} sur {page.last}",
        "previous_url": at(page.number - 1) if page.number > 1 else None,
        "next_url": at(page.number + 1) if page.number < page.last else None,
        "by_name_url": f"?{query(tri=table.BY_NAME)}#tableau",
        "by_value_url": f"?{query(tri=by_value)}#tableau",
        "name_order": "ascending" if page.sort == table.BY_NAME else None,
        "value_order": {table.FROM_TOP: "descending", table.BY_VALUE: "ascending"}.get(page.sort),
    }


def _embed_url(question: Question) -> str:
    if question.is_private:
        return ""
    return f"{settings.BASE_URL}{reverse('observatory_map_embed')}?{question.query()}"
