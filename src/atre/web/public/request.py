"""A household asks for help, without account."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.coverage import coverage
from atre.domain.agencies.models import Programme
from atre.domain.errors import DomainError
from atre.domain.households.actions.opening import open_case
from atre.domain.households.enums import Channel
from atre.web.access import public_screen
from atre.web.communes import entry_of
from atre.web.public.forms import PublicRequestForm
from atre.web.public.where import open_programme
from atre.web.request_form import carried
from atre.web.throttle import too_many

# A family, or the computer of a town hall: enough for both, too few for a machine.
MOST_REQUESTS = 20
WINDOW_SECONDS = 60 * 60


@public_screen(writes=True)
def request_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, its errors, or the way to the receipt."""
    programme = open_programme(slug)
    on = timezone.localdate()
    with isolation.reading(programme.agency_id):
        if request.method != "POST":
            initial = {"commune": entry_of(request.GET.get("commune", ""))}
            form = PublicRequestForm(programme=programme, on=on, initial=initial)
            return show(request, programme, form)
        if "carry" in request.POST:
            # Typed for a neighbouring programme: nothing is lost, and its agreements are asked anew.
            form = PublicRequestForm(programme=programme, on=on, initial=carried(request.POST))
            return show(request, programme, form)
        form = PublicRequestForm(request.POST, programme=programme, on=on)
        is_valid, is_outside = form.is_valid(), form.is_outside
    if is_outside:
        answer = coverage(commune=form.cleaned_data["commune"], on=on)
        return show(request, programme, form, outside=answer, status=422)
    if not is_valid:
        return show(request, programme, form, status=422)
    return send(request, programme, form)


def send(request: HttpRequest, programme: Programme, form: PublicRequestForm) -> HttpResponse:
    """Open the case and lead to its receipt."""
    if too_many(request, action="request", most=MOST_REQUESTS, seconds=WINDOW_SECONDS):
        form.add_error(
            None,
            "Beaucoup de demandes viennent d’arriver de cette connexion. Patientez une heure, ou "
            "appelez-nous : nous noterons la vôtre.",
        )
        return show(request, programme, form, status=429)
    try:
        receipt = open_case(
            programme=programme,
            request=form.as_request(),
            submission=form.sent_as,
            channel=Channel.PUBLIC,
            by=None,
            on=form.on,
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return show(request, programme, form, status=422)
    if receipt.link_token is None:
        # The link of this receipt was replaced since: only its newest holder may open the file.
        return render(
            request,
            "public/already_sent.html",
            {"case": receipt.case, "agency": programme.agency},
        )
    return redirect("public_receipt", token=receipt.link_token)


def show(
    request: HttpRequest,
    programme: Programme,
    form: PublicRequestForm,
    *,
    outside: Any = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "programme": programme,
        "agency": programme.agency,
        "form": form,
        "outside": outside,
        "voice": "household",
    }
    return render(request, "public/request.html", context, status=status)
