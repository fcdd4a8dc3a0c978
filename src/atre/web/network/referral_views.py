"""A social worker sends a household's request, and sees where it is if the household agreed."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from atre.domain.agencies.coverage import coverage
from atre.domain.agencies.models import Programme
from atre.domain.agencies.selectors import open_programmes
from atre.domain.errors import DomainError
from atre.domain.households.actions.opening import open_case
from atre.domain.households.enums import CaseState, Channel
from atre.domain.households.referrals import referral, referrals
from atre.web.access import screen
from atre.web.request_form import RequestForm, carried

RIGHT = "referral.status"
TONES = {
    CaseState.TO_COMPLETE: "attention",
    CaseState.CLOSED: "stopped",
    CaseState.NOT_ELIGIBLE: "stopped",
    CaseState.EVALUATED: "done",
    CaseState.RECEIVED: "new",
}


@screen(right=RIGHT)
def referral_list(request: HttpRequest) -> HttpResponse:
    """The requests this person sent, newest first."""
    before = request.GET.get("avant", "")
    page = referrals(by=request.membership, before=int(before) if before.isdecimal() else None)
    rows = [
        {"referral": row, "tone": TONES.get(row.state, "active") if row.state else "active"}
        for row in page.rows
    ]
    context = {"rows": rows, "next_before": page.next_before}
    return render(request, "network/referral_list.html", context)


@screen(right=RIGHT)
def choose_programme(request: HttpRequest) -> HttpResponse:
    """Which programme; with a single one open there is nothing to choose."""
    programmes = list(
        open_programmes(on=timezone.localdate(), agency=request.agency).order_by("name")
    )
    if len(programmes) == 1:
        return redirect("referral_new", slug=programmes[0].slug)
    return render(request, "network/referral_choose.html", {"programmes": programmes})


@screen(right=RIGHT, writes=True)
def new_referral(request: HttpRequest, slug: str) -> HttpResponse:
    """The request form, in the household's name and with its agreement stated."""
    on = timezone.localdate()
    programme = get_object_or_404(open_programmes(on=on, agency=request.agency), slug=slug)
    fresh = partial(RequestForm, programme=programme, channel=Channel.REFERRER, on=on)
    if request.method != "POST":
        return show(request, programme, fresh())
    if "carry" in request.POST:
        return show(request, programme, fresh(initial=carried(request.POST)))
    form = fresh(request.POST)
    is_valid = form.is_valid()
    if form.is_outside:
        answer = coverage(commune=form.cleaned_data["commune"], on=on)
        return show(request, programme, form, outside=answer, status=422)
    if not is_valid:
        return show(request, programme, form, status=422)
    try:
        receipt = open_case(
            programme=programme,
            request=form.as_request(),
            submission=form.sent_as,
            channel=Channel.REFERRER,
            by=request.membership,
            on=on,
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return show(request, programme, form, status=422)
    return redirect("referral_receipt", reference=receipt.case.reference)


@screen(right=RIGHT)
def referral_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The reference to keep. The private link belongs to the household and is not shown here."""
    found = referral(by=request.membership, reference=reference)
    if found is None:
        raise Http404
    return render(request, "network/referral_receipt.html", {"referral": found})


def show(
    request: HttpRequest,
    programme: Programme,
    form: RequestForm,
    *,
    outside: Any = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    others = [
        other
        for other in (outside.programmes if outside else ())
        if other.agency_id == programme.agency_id
    ]
    context = {
        "programme": programme,
        "form": form,
        "outside": outside,
        "own_programmes": others,
        "voice": "referrer",
    }
    return render(request, "network/referral_new.html", context, status=status)
