"""Eligibility: the answer with what is behind it, completing the income, deciding otherwise."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from atre.calc.aids.income_class_answer import MISSING_LABELS_FR
from atre.domain.agencies.permissions import may
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, StaleSave
from atre.domain.households.actions import judging
from atre.domain.households.enums import CaseState, EligibilityAnswer
from atre.domain.households.models import Case
from atre.web.access import screen
from atre.web.design.formatting import euros
from atre.web.household.forms_eligibility import IncomeForm, OverrideForm
from atre.web.household.lookup import case_or_404
from atre.web.household.next_steps import next_step
from atre.web.household.presentation import ANSWER_TONES
from atre.web.household.refusals import case_conflict, show_refusal

# Once answered and before anyone else took the case up, the page leads to what the answer calls for.
JUST_ANSWERED = {CaseState.ELIGIBLE, CaseState.NOT_ELIGIBLE}
PLACES = {True: "en Île-de-France", False: "hors Île-de-France", None: None}


@screen(right="case.income", writes=True)
def case_eligibility(request: HttpRequest, reference: str) -> HttpResponse:
    """The answer, its sentence, its table and source; completing what it lacks."""
    by = request.membership
    case = case_or_404(request, reference, right="case.income")
    form = IncomeForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            judging.complete_income(by=by, case=case, **form.cleaned_data)
        except StaleSave as stale:
            return case_conflict(request, case, stale.current, yours=form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "C’est enregistré. L’éligibilité est recalculée.")
            return redirect("case_eligibility", reference=reference)
    if request.method == "GET":
        audit.log_read(by=by, case_id=case.pk, screen="case_eligibility")
    return eligibility_page(request, case, form=form, override_form=OverrideForm(case=case))


def eligibility_page(
    request: HttpRequest, case: Case, *, form: IncomeForm, override_form: OverrideForm
) -> HttpResponse:
    """Draw the page with whichever form holds a refusal."""
    computed: dict[str, Any] = case.eligibility
    return render(
        request,
        "household/eligibility.html",
        {
            "case": case,
            "computed": computed,
            "income": computed.get("income") or {},
            "missing": [MISSING_LABELS_FR[name] for name in computed.get("missing", [])],
            "rfr": euros(computed.get("rfr_eur")) if computed.get("rfr_eur") else None,
            "ceiling": euros((computed.get("income") or {}).get("ceiling_eur")),
            "place": PLACES[computed.get("in_idf")],
            "answer_label": EligibilityAnswer(case.is_eligible).label,
            "follows": next_step(by=request.membership, case=case)
            if case.state in JUST_ANSWERED
            else None,
            "answer_tone": ANSWER_TONES[case.is_eligible],
            "form": form,
            "override_form": override_form,
            "may_override": may(request.membership, "case.override") and case.state != "closed",
        },
        status=422 if form.errors or override_form.errors else 200,
    )


@screen(right="case.override", writes=True)
@require_POST
def case_override(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide against the computation, with a reason."""
    by = request.membership
    case = case_or_404(request, reference, right="case.override")
    form = OverrideForm(request.POST, case=case)
    if form.is_valid():
        try:
            judging.override_eligibility(by=by, case=case, **form.cleaned_data)
        except StaleSave as stale:
            return case_conflict(request, case, stale.current, yours=form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "La décision est enregistrée à côté du calcul.")
            return redirect("case_eligibility", reference=reference)
    return eligibility_page(request, case, form=IncomeForm(case=case), override_form=form)


@screen(right="case.override", writes=True)
@require_POST
def case_override_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Come back to the computed answer."""
    case = case_or_404(request, reference, right="case.override")
    try:
        judging.withdraw_override(by=request.membership, case=case)
    except DomainError as refusal:
        messages.error(request, refusal.message_fr)
    else:
        messages.success(request, "La décision est retirée : le calcul s’applique à nouveau.")
    return redirect("case_eligibility", reference=reference)
