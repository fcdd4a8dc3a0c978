"""A request taken by the agency itself, with the households that may already be known."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from atre.domain.agencies.models import Membership, Programme
from atre.domain.agencies.permissions import Scope, scope
from atre.domain.agencies.selectors import open_programmes
from atre.domain.errors import DomainError, NotAllowed
from atre.domain.households import daily_selectors
from atre.domain.households.actions import noting
from atre.domain.households.actions.opening import open_case
from atre.domain.households.duplicates import candidates
from atre.domain.households.enums import Channel
from atre.domain.households.models import Household
from atre.web.access import screen
from atre.web.household.presentation import told_differently
from atre.web.request_form import RequestForm

ANOTHER = "another"


def require_team(by: Membership) -> None:
    """Referrers open cases too, by their own page: this one shows households already known."""
    if scope(by, "case.open") is not Scope.AGENCY:
        raise NotAllowed("Cette page est celle de l’agence.")


@screen(right="case.open")
def case_new_choice(request: HttpRequest) -> HttpResponse:
    """Which programme the request is for; straight to the form when there is only one."""
    require_team(request.membership)
    programmes = list(open_programmes(on=localdate(), agency=request.agency).order_by("name"))
    if len(programmes) == 1:
        return redirect("case_new", programme=programmes[0].slug)
    return render(request, "household/new_choice.html", {"programmes": programmes})


@screen(right="case.open", writes=True)
def case_new(request: HttpRequest, programme: str) -> HttpResponse:
    """The form; before saving, the households that look like this one."""
    by = request.membership
    require_team(by)
    try:
        scheme = open_programmes(on=localdate(), agency=request.agency).get(slug=programme)
    except Programme.DoesNotExist as absent:
        raise Http404 from absent
    form = RequestForm(
        request.POST or None, programme=scheme, channel=Channel.STAFF, on=localdate()
    )
    context: dict[str, Any] = {"programme": scheme, "form": form, "voice": "staff"}
    if request.method != "POST" or not form.is_valid():
        return show(request, context)
    if form.is_outside:
        form.add_error("commune", "Cette commune n’est pas dans le territoire de ce dispositif.")
        return show(request, context)
    choice = request.POST.get("household", "")
    if not choice:
        context["candidates"] = candidates(by=by, request=form.as_request())
        if context["candidates"]:
            return show(request, context)
    try:
        return save(request, form, household=known_household(by, choice))
    except DomainError as refusal:
        form.refuse(refusal)
        return show(request, context)


def show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    refused = bool(context["form"].errors)
    return render(request, "household/new.html", context, status=422 if refused else 200)


def known_household(by: Membership, choice: str) -> Household | None:
    """The household recognised among the candidates; None for another one."""
    if choice in {"", ANOTHER}:
        return None
    household = daily_selectors.household_for(by=by, household_id=choice)
    if household is None:
        raise Http404
    return household


def save(request: HttpRequest, form: RequestForm, *, household: Household | None) -> HttpResponse:
    """Open the case. What a known household told differently this time is kept as a note."""
    by = request.membership
    receipt = open_case(
        programme=form.programme,
        request=form.as_request(),
        submission=form.sent_as,
        channel=Channel.STAFF,
        by=by,
        on=form.on,
        household=household,
    )
    if household is not None and receipt.created:
        text = told_differently(household, form)
        if text:
            noting.add_note(by=by, case=receipt.case, text=text, on=form.on)
    if receipt.created:
        messages.success(request, f"La demande {receipt.case.reference} est enregistrée.")
    else:
        messages.info(request, "Cette demande était déjà enregistrée : la voici.")
    return redirect("case_detail", reference=receipt.case.reference)
