"""A form's page: HTTP 422 when it shows refusals, 409 when someone else saved meanwhile."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from atre.domain.errors import DomainError, InvalidInput
from atre.web.design import formatting


def show_refusal(form: forms.Form, refusal: DomainError) -> None:
    """Put the sentence at the field it names, else at the top of the form."""
    field = refusal.field if isinstance(refusal, InvalidInput) else None
    form.add_error(field if field in form.fields else None, refusal.message_fr)


def form_page(
    request: HttpRequest, template: str, form: forms.Form, **context: Any
) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, f"organisation/{template}", {"form": form, **context}, status=status)


def conflict_page(request: HttpRequest, form: forms.Form, theirs: forms.Form) -> HttpResponse:
    """HTTP 409 with both versions; one button saves mine anyway, with all that I typed.

    `theirs` is the same form, unbound, of the row as it stands: what it shows is what was saved.
    """
    names = [name for name in form.fields if name != "seen"]
    rows = [
        {
            "label": label_of(form, name),
            "yours": as_read(form, name, form.cleaned_data.get(name)),
            "theirs": as_read(form, name, theirs.get_initial_for_field(theirs.fields[name], name)),
        }
        for name in names
    ]
    posted = request.POST.dict()
    return render(
        request,
        "organisation/conflict.html",
        {
            "rows": [row for row in rows if row["yours"] is not None or row["theirs"] is not None],
            "action_url": request.path,
            "fields": [(name, posted[name]) for name in names if name in posted],
            "seen": theirs["seen"].value(),
        },
        status=409,
    )


def label_of(form: forms.Form, name: str) -> str:
    """A field's label; one that completes another is told with it, as on the page."""
    completed = name.removesuffix("_before")
    label = str(form[name].label)
    return f"{form[completed].label}. {label}" if completed != name else label


def as_read(form: forms.Form, name: str, value: Any) -> Any:
    """A value as the form's reader writes it; an unticked box and an empty field are None."""
    if value in (None, "", False):
        return None
    choices: Mapping[Any, Any] = dict(getattr(form.fields[name], "choices", ()))
    if value in choices:
        return choices[value]
    if isinstance(value, date):
        return formatting.date(value)
    if isinstance(value, Decimal | float) and not isinstance(value, bool):
        exact = Decimal(str(value))
        return formatting.number(exact, max(0, -int(exact.normalize().as_tuple().exponent)))
    return value
