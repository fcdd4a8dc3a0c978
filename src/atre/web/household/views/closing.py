"""Closing a case and taking it up again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from atre.domain.errors import DomainError, StaleSave
from atre.domain.households.actions import closing
from atre.web.access import screen
from atre.web.household.forms_case import CloseForm, ReopenForm
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import case_conflict, form_page, show_refusal


@screen(right="case.close", writes=True)
def case_close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close without a result, with a reason."""
    case = case_or_404(request, reference, right="case.close")
    form = CloseForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close_case(by=request.membership, case=case, **form.cleaned_data)
        except StaleSave as stale:
            return case_conflict(request, case, stale.current, yours=form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Le dossier est clos.")
            return redirect("case_detail", reference=reference)
    return form_page(request, "household/close.html", form, case=case, title="Clore le dossier")


@screen(right="case.close", writes=True)
def case_reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a closed case up again."""
    case = case_or_404(request, reference, right="case.close")
    form = ReopenForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            closing.reopen_case(by=request.membership, case=case, **form.cleaned_data)
        except StaleSave as stale:
            return case_conflict(request, case, stale.current, yours=form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Le dossier est rouvert, là où son éligibilité le mène.")
            return redirect("case_detail", reference=reference)
    return form_page(request, "household/close.html", form, case=case, title="Rouvrir le dossier")
