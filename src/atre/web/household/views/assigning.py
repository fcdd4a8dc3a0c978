"""Entrusting one case, or those ticked in the list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from atre.domain.errors import DomainError, StaleSave
from atre.domain.households import daily_selectors
from atre.domain.households.actions import assigning
from atre.web.access import screen
from atre.web.household.forms import AssignForm, BulkAssignForm
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import case_conflict, form_page, show_refusal


@screen(right="case.assign", writes=True)
def case_assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the operator, the visitor and who follows the case."""
    by = request.membership
    case = case_or_404(request, reference, right="case.assign")
    form = AssignForm(
        request.POST or None,
        operators=daily_selectors.operators(by=by),
        visitors=daily_selectors.visitors(by=by),
        advisers=daily_selectors.advisers(by=by),
        initial={
            "operator": case.operator_id,
            "visitor": case.visitor_id,
            "adviser": case.adviser_id or by.pk,
            "revision": case.revision,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            assigning.assign_case(by=by, case=case, **form.chosen())
        except StaleSave as stale:
            return case_conflict(request, case, stale.current, yours=form.chosen())
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Le dossier est confié.")
            return redirect("case_detail", reference=reference)
    return form_page(request, "household/assign.html", form, case=case)


@screen(right="case.assign", writes=True)
@require_POST
def case_assign_many(request: HttpRequest) -> HttpResponse:
    """Entrust the ticked cases and say what became of each."""
    by = request.membership
    form = BulkAssignForm(
        request.POST,
        operators=daily_selectors.operators(by=by),
        advisers=daily_selectors.advisers(by=by),
    )
    references = request.POST.getlist("reference")
    refusal, outcomes = "", []
    if not references:
        refusal = "Cochez au moins un dossier dans la liste."
    elif form.is_valid():
        try:
            outcomes = assigning.assign_many(by=by, references=references, **form.chosen())
        except DomainError as error:
            refusal = error.message_fr
    else:
        refusal = "Ce choix n’existe plus : reprenez la liste."
    return render(
        request,
        "household/assigned.html",
        {
            "refusal": refusal,
            "done": [outcome for outcome in outcomes if outcome.done],
            "refused": [outcome for outcome in outcomes if not outcome.done],
        },
        status=422 if refusal else 200,
    )
