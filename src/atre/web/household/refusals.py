"""Showing a refusal where it belongs: at its field, or beside the version saved meanwhile."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Choices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atre.domain.agencies.models import Membership
from atre.domain.errors import DomainError, InvalidInput
from atre.domain.households.models import Case

CASE_LABELS = {
    "operator": "Opérateur",
    "visitor": "Visiteur",
    "adviser": "Suivi par",
    "rfr_eur": "Revenu fiscal de référence (€)",
    "rfr_income_year": "Année des revenus",
    "adults": "Adultes",
    "children": "Enfants",
    "answer": "Décision",
    "reason_code": "Motif de clôture",
    "reason": "Motif en mots",
}


def show_refusal(form: forms.Form, refusal: DomainError) -> None:
    """Put the sentence at the field it names, else at the top of the form."""
    field = refusal.field if isinstance(refusal, InvalidInput) else None
    form.add_error(field if field in form.fields else None, refusal.message_fr)


def form_page(
    request: HttpRequest, template: str, form: forms.Form, **context: Any
) -> HttpResponse:
    """A page around a form: HTTP 422 when it shows refusals, so that machines see them too."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def conflict_rows(
    yours: Mapping[str, Any], theirs: Mapping[str, Any], labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Both versions of each field, in the order of the labels."""
    return [
        {"label": label, "yours": yours.get(name), "theirs": theirs.get(name)}
        for name, label in labels.items()
        if name in yours
    ]


def conflict_page(
    request: HttpRequest,
    *,
    reference: str,
    rows: list[dict[str, Any]],
    action_url: str,
    typed: Mapping[str, Any],
    revision: int,
) -> HttpResponse:
    """HTTP 409 with both versions; one button saves mine anyway, with all that I typed."""
    fields = [
        (name, value)
        for name, value in typed.items()
        if name not in {"csrfmiddlewaretoken", "revision"}
    ]
    return render(
        request,
        "household/conflict.html",
        {
            "reference": reference,
            "rows": rows,
            "action_url": action_url,
            "fields": fields,
            "revision": revision,
        },
        status=409,
    )


def case_conflict(
    request: HttpRequest, case: Case, current: object, *, yours: Mapping[str, Any]
) -> HttpResponse:
    """The 409 page of a form about the case itself."""
    assert isinstance(current, Case)
    theirs = {
        "operator": current.operator,
        "visitor": current.visitor.user if current.visitor else None,
        "adviser": current.adviser.user if current.adviser else None,
        "rfr_eur": current.rfr_eur,
        "rfr_income_year": current.rfr_income_year,
        "adults": current.household.adults,
        "children": current.household.children,
        "answer": current.get_override_answer_display(),
        "reason_code": current.get_closing_reason_display(),
        "reason": current.override_reason,
    }
    shown = {name: _in_words(value) for name, value in yours.items()}
    return conflict_page(
        request,
        reference=case.reference,
        rows=conflict_rows(shown, theirs, CASE_LABELS),
        action_url=request.path or reverse("case_detail", args=[case.reference]),
        typed=request.POST.dict(),
        revision=current.revision,
    )


def _in_words(value: object) -> object:
    """A chosen person by name, a choice of a list by its label."""
    if isinstance(value, Membership):
        return value.user
    return value.label if isinstance(value, Choices) else value
