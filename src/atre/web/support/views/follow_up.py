"""The one-year follow-up: asking, comparing, concluding."""

from datetime import timedelta
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from atre.documents import from_support
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, StaleSave
from atre.domain.households.models import Case
from atre.domain.support.actions import following
from atre.domain.support.actions.saving import sealed_visit
from atre.domain.support.enums import FollowUpState
from atre.domain.support.models import FollowUp
from atre.domain.visits.faults import DocumentRefused
from atre.web.access import screen
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import conflict_page, conflict_rows, form_page, show_refusal
from atre.web.household.views.daily import private_file
from atre.web.support.forms_follow_up import FollowUpForm, PaperForm, WithoutAnswerForm
from atre.web.support.lookup import follow_up_or_404

ANSWER_DAYS = 30


def _form(request: HttpRequest, case: Case, follow_up: FollowUp) -> FollowUpForm:
    visit = sealed_visit(case)
    criteria = (case.programme.exit_test or {}).get("criteria", [])
    return FollowUpForm(
        request.POST or None,
        follow_up=follow_up,
        gestures=from_support.advised_gestures(visit) if visit else [],
        asks_incomes=any(one["kind"] == "effort_ratio_under" for one in criteria),
        on=localdate(),
    )


@screen(right="follow_up.write", writes=True)
def follow_up_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """The questionnaire: kept as one goes, or concluded."""
    by = request.membership
    case = case_or_404(request, reference, right="follow_up.write")
    follow_up = follow_up_or_404(request, case)
    if follow_up.state != FollowUpState.DUE:
        messages.info(request, "Ce suivi est conclu : son résultat est dans le dossier.")
        return redirect("case_detail", reference=reference)
    form = _form(request, case, follow_up)
    if request.method == "POST" and form.is_valid():
        conclude = "conclude" in request.POST
        write = following.complete_follow_up if conclude else following.save_follow_up
        try:
            write(
                by=by,
                follow_up=follow_up,
                told=form.told(),
                revision=form.questionnaire.cleaned_data["revision"],
            )
        except StaleSave as stale:
            return _conflict(request, case, form, stale.current)
        except DocumentRefused as refusal:
            form.show_faults(refusal)
        except DomainError as refusal:
            show_refusal(form.questionnaire, refusal)
        else:
            return _saved(request, reference, concluded=conclude)
    if request.method == "GET":
        audit.log_read(by=by, case_id=case.pk, screen="follow_up_edit")
    status = 422 if request.method == "POST" else 200
    return render(request, "support/follow_up.html", {"form": form, "case": case}, status=status)


def _saved(request: HttpRequest, reference: str, *, concluded: bool) -> HttpResponse:
    if concluded:
        messages.success(request, "Le suivi est conclu. Son résultat est dans le dossier.")
        return redirect("case_detail", reference=reference)
    line = " Une ligne vide vous attend." if "add" in request.POST else ""
    messages.success(request, f"Les réponses sont gardées.{line} Le suivi reste à conclure.")
    return redirect("follow_up_edit", reference=reference)


def _conflict(
    request: HttpRequest, case: Case, form: FollowUpForm, current: object
) -> HttpResponse:
    assert isinstance(current, FollowUp)
    return conflict_page(
        request,
        reference=case.reference,
        rows=form.conflict_rows(current),
        action_url=request.path,
        typed=request.POST.dict(),
        revision=current.revision,
    )


@screen(right="follow_up.write", writes=True)
def follow_up_unanswered(request: HttpRequest, reference: str) -> HttpResponse:
    """The household cannot be reached, or does not wish to answer: an outcome too."""
    case = case_or_404(request, reference, right="follow_up.write")
    follow_up = follow_up_or_404(request, case)
    form = WithoutAnswerForm(request.POST or None, follow_up=follow_up)
    if request.method == "POST" and form.is_valid():
        try:
            following.end_without_answer(
                by=request.membership, follow_up=follow_up, on=localdate(), **form.cleaned_data
            )
        except StaleSave as stale:
            return _outcome_conflict(request, case, form, stale.current)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Le suivi est conclu, sans réponse du ménage.")
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        "support/form.html",
        form,
        case=case,
        title="Conclure le suivi sans réponse",
        button="Conclure le suivi",
    )


def _outcome_conflict(
    request: HttpRequest, case: Case, form: WithoutAnswerForm, current: object
) -> HttpResponse:
    assert isinstance(current, FollowUp)
    outcome = FollowUpState(form.cleaned_data["outcome"]).label
    yours = {"outcome": outcome, "reason": form.cleaned_data["reason"]}
    theirs = {"outcome": current.get_state_display(), "reason": None}
    labels = {"outcome": "Suivi", "reason": "Ce qui a été tenté"}
    return conflict_page(
        request,
        reference=case.reference,
        rows=conflict_rows(yours, theirs, labels),
        action_url=request.path,
        typed=request.POST.dict(),
        revision=current.revision,
    )


@screen(right="follow_up.write", writes=True)
def follow_up_paper(request: HttpRequest, reference: str) -> HttpResponse | FileResponse:
    """The questions as a letter to post, for a household that does not answer the telephone."""
    on = localdate()
    case = case_or_404(request, reference, right="follow_up.write")
    follow_up_or_404(request, case)
    form = PaperForm(
        request.POST or None,
        initial={
            "place": from_support.usual_place(case),
            "reply_by": on + timedelta(days=ANSWER_DAYS),
        },
    )
    visit = sealed_visit(case)
    if request.method == "POST" and form.is_valid() and visit is not None:
        if form.cleaned_data["reply_by"] > on:
            content = from_support.questionnaire_pdf(
                case=case, visit=visit, on=on, **form.cleaned_data
            )
            audit.log_read(by=request.membership, case_id=case.pk, screen="follow_up_paper")
            response = FileResponse(
                BytesIO(content), as_attachment=True, filename=f"questionnaire-{reference}.pdf"
            )
            return private_file(response, "application/pdf")
        form.add_error("reply_by", "La réponse est attendue après aujourd’hui.")
    return form_page(
        request,
        "support/form.html",
        form,
        case=case,
        title="Imprimer le questionnaire",
        button="Imprimer",
    )
