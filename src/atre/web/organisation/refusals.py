"""A form's page: HTTP 422 when it shows refusals, so that machines see them too."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from atre.domain.errors import DomainError, InvalidInput


def show_refusal(form: forms.Form, refusal: DomainError) -> None:
    """Put the sentence at the field it names, else at the top of the form."""
    field = refusal.field if isinstance(refusal, InvalidInput) else None
    form.add_error(field if field in form.fields else None, refusal.message_fr)


def form_page(
    request: HttpRequest, template: str, form: forms.Form, **context: Any
) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, f"organisation/{template}", {"form": form, **context}, status=status)
