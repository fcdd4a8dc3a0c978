"""Correcting contacts and the dwelling, two people at once included."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate

from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, StaleSave
from atre.domain.households.actions import correcting
from atre.domain.households.models import Case, Household
from atre.web.access import screen
from atre.web.design import formatting
from atre.web.household.forms_case import ContactsForm, HomeForm
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import conflict_page, conflict_rows, form_page, show_refusal


@screen(right="case.edit", writes=True)
def case_contacts(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct who the household is and how to reach it."""
    by = request.membership
    case = case_or_404(request, reference, right="case.edit")
    form = ContactsForm(request.POST or None, household=case.household)
    if request.method == "POST" and form.is_valid():
        try:
            correcting.update_contacts(
                by=by,
                case=case,
                contacts=form.contacts(),
                revision=form.cleaned_data["revision"],
                on=localdate(),
            )
        except StaleSave as stale:
            return household_conflict(request, case, form, stale.current)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Les coordonnées sont à jour.")
            return redirect("case_detail", reference=reference)
    if request.method == "GET":
        audit.log_read(by=by, case_id=case.pk, screen="case_contacts")
    return form_page(request, "household/contacts.html", form, case=case)


@screen(right="case.edit", writes=True)
def case_home(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct the dwelling, but for its commune."""
    by = request.membership
    case = case_or_404(request, reference, right="case.edit")
    form = HomeForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            correcting.update_home(
                by=by, case=case, home=form.home(), revision=form.cleaned_data["revision"]
            )
        except StaleSave as stale:
            return household_conflict(request, case, form, stale.current)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Le logement est à jour.")
            return redirect("case_detail", reference=reference)
    if request.method == "GET":
        audit.log_read(by=by, case_id=case.pk, screen="case_home")
    return form_page(request, "household/home.html", form, case=case)


def household_conflict(
    request: HttpRequest, case: Case, form: ContactsForm | HomeForm, current: object
) -> HttpResponse:
    """Both versions of the household's file, mine ready to be saved."""
    assert isinstance(current, Household)
    labels = {name: str(form[name].label) for name in form.fields if name != "revision"}
    theirs: dict[str, Any] = {
        name: getattr(current, name, None)
        if hasattr(current, name)
        else getattr(case.dwelling, name)
        for name in labels
    }
    yours = {name: as_read(form, name, form.cleaned_data.get(name)) for name in labels}
    theirs = {name: as_read(form, name, value) for name, value in theirs.items()}
    return conflict_page(
        request,
        reference=case.reference,
        rows=conflict_rows(yours, theirs, labels),
        action_url=request.path,
        typed=request.POST.dict(),
        revision=current.revision,
    )


def as_read(form: ContactsForm | HomeForm, name: str, value: Any) -> Any:
    """A value as the form's reader writes it, so that two versions differ only where they do."""
    if value in (None, ""):
        return None
    if name == "phone":
        return formatting.phone(value)
    if isinstance(value, date):
        return formatting.date(value)
    if isinstance(value, Decimal):
        return formatting.number(value, 0 if value == value.to_integral_value() else 1)
    choices = dict(getattr(form.fields[name], "choices", ()))
    return choices.get(value, value)
