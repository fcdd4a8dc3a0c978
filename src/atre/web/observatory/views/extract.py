"""The cited extract of a territory: what it is for, which chapters, then the document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from atre.documents.territory_extract import render_territory_extract
from atre.warehouse.edition import NotBuilt
from atre.web.access import public_screen
from atre.web.observatory.extract import territory_extract
from atre.web.observatory.extract.form import ExtractForm
from atre.web.observatory.places import Place, place_of
from atre.web.observatory.views.territory import not_built
from atre.web.throttle import Bucket

# A document takes a second of the server: a person asks a few, a robot asks them all.
documents_asked = Bucket(most=20, seconds=600)
AUTHOR = "Observatoire Âtre"
LATER_FR = "Beaucoup d’extraits ont été demandés d’ici : attendez dix minutes, puis recommencez."


@public_screen()
def extract(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Choose (`?pour=plh` ticks its usual chapters), then the PDF (`?faire=1`)."""
    try:
        found = place_of(request, place, code)
        form = ExtractForm(request.GET) if "faire" in request.GET else None
        is_refused = form is not None and form.is_valid() and documents_asked.is_full(request)
        if form is not None and form.is_valid() and not is_refused:
            return _document(request, found, form)
    except NotBuilt:
        return not_built(request)
    if form is not None and is_refused:
        form.add_error(None, LATER_FR)
    shown = form or ExtractForm(initial=ExtractForm.first(request.GET.get("pour", "")))
    status = 429 if is_refused else 422 if shown.errors else 200
    return render(
        request, "observatory/extract.html", {"place": found, "form": shown}, status=status
    )


def _document(request: HttpRequest, place: Place, form: ExtractForm) -> HttpResponse:
    made = territory_extract(
        place,
        purpose=form.cleaned_data["pour"],
        chapters=form.cleaned_data["chapitres"],
        author=request.agency.name if request.agency else AUTHOR,
        issued_on=localdate(),
        address=request.build_absolute_uri(place.url),
    )
    answer = HttpResponse(render_territory_extract(made), content_type="application/pdf")
    name = f"extrait-{place.word}-{place.code[:40]}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
