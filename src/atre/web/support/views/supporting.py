"""Opening a reinforced support, noting what is done, closing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate

from atre.domain.errors import DomainError, StaleSave
from atre.domain.households import daily_selectors
from atre.domain.households.actions import moving
from atre.domain.support.actions import supporting
from atre.web.access import screen
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import case_conflict, form_page, show_refusal
from atre.web.support.forms import (
    ConfirmForm,
    SupportActionForm,
    SupportCloseForm,
    SupportOpenForm,
)

FORM = "support/form.html"


@screen(right="support.write", writes=True)
def support_open(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what the support aims at and who leads it."""
    by = request.membership
    case = case_or_404(request, reference, right="support.write")
    advisers = daily_selectors.advisers(by=by)
    form = SupportOpenForm(request.POST or None, case=case, by=by, advisers=advisers)
    if request.method == "POST" and form.is_valid():
        try:
            supporting.open_support(
                by=by,
                case=case,
                goal=form.cleaned_data["goal"],
                adviser=form.advisers[form.cleaned_data["adviser"]],
                on=localdate(),
                revision=form.cleaned_data["revision"],
            )
        except StaleSave as stale:
            yours = {"adviser": form.advisers[form.cleaned_data["adviser"]]}
            return case_conflict(request, case, stale.current, yours=yours)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "L’accompagnement est ouvert.")
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        FORM,
        form,
        case=case,
        title="Ouvrir un accompagnement renforcé",
        button="Ouvrir l’accompagnement",
    )


@screen(right="support.write", writes=True)
def support_action_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Note one thing done, and the time it took."""
    case = case_or_404(request, reference, right="support.write")
    form = SupportActionForm(request.POST or None, on=localdate())
    if request.method == "POST" and form.is_valid():
        try:
            supporting.add_support_action(
                by=request.membership, case=case, today=localdate(), **form.cleaned_data
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "C’est noté, avec le temps passé.")
            return redirect("case_detail", reference=reference)
    return form_page(
        request, FORM, form, case=case, title="Noter une action", button="Enregistrer l’action"
    )


@screen(right="support.write", writes=True)
def support_close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the support with what came out of it."""
    case = case_or_404(request, reference, right="support.write")
    form = SupportCloseForm(request.POST or None, case=case, on=localdate())
    if request.method == "POST" and form.is_valid():
        try:
            supporting.close_support(by=request.membership, case=case, **form.cleaned_data)
        except StaleSave as stale:
            return case_conflict(request, case, stale.current, yours={})
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request, "L’accompagnement est clos. Le suivi s’ouvrira un an après la visite."
            )
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        FORM,
        form,
        case=case,
        title="Clore l’accompagnement",
        button="Clore l’accompagnement",
    )


@screen(right="support.write", writes=True)
def case_await_follow_up(request: HttpRequest, reference: str) -> HttpResponse:
    """No reinforced support is needed: the case waits for its follow-up."""
    case = case_or_404(request, reference, right="support.write")
    form = ConfirmForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            moving.move_case(
                case=case,
                verb="await_follow_up",
                by=request.membership,
                revision=form.cleaned_data["revision"],
            )
        except StaleSave as stale:
            return case_conflict(request, case, stale.current, yours={})
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Le suivi s’ouvrira de lui-même un an après la visite.")
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        FORM,
        form,
        case=case,
        title="Attendre le suivi à un an",
        text="Aucun accompagnement renforcé n’est ouvert pour ce ménage. Le suivi s’ouvrira de "
        "lui-même un an après la visite. Un accompagnement reste possible d’ici là.",
        button="Attendre le suivi",
    )
