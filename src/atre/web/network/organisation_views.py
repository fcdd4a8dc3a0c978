"""The network of partners: who helps with what, where, and whether they can now."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from atre.domain.agencies.permissions import may
from atre.domain.errors import DomainError
from atre.domain.network import actions
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation
from atre.domain.network.selectors import organisation_for, organisations, territory_names
from atre.domain.territories.errors import UnknownTerritory
from atre.web.access import screen
from atre.web.communes import suggestions
from atre.web.design.fields import error_entries
from atre.web.household.refusals import form_page, show_refusal
from atre.web.network.organisation_forms import (
    DeactivateForm,
    NetworkSearchForm,
    OrganisationForm,
    contact_formset,
    contacts_of,
)

MOST_SHOWN = 200
ACCEPT_TONES = {True: "active", False: "stopped", None: "waiting"}
ACCEPT_LABELS = {
    True: "Prend des orientations",
    False: "Ne prend pas d’orientations",
    None: "Personne ne lui a demandé",
}


@screen(right="network.view")
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Services by kind, narrowed by a word, a kind or a commune."""
    form = NetworkSearchForm(request.GET or None)
    if form.is_bound:
        form.is_valid()
    search = form.search()
    rows = [
        {
            "row": row,
            "tone": ACCEPT_TONES[row.accepts_referrals],
            "label": ACCEPT_LABELS[row.accepts_referrals],
            "is_operator": row.kind == OrganisationKind.OPERATOR,
            "territory_unknown": bool(search.commune) and row.perimeter_id is None,
        }
        for row in organisations(by=request.membership, search=search)[:MOST_SHOWN]
    ]
    context = {
        "form": form,
        "rows": rows,
        "searching": form.is_bound,
        "may_edit": may(request.membership, "network.edit"),
    }
    return render(request, "network/organisation_list.html", context)


@screen(right="network.view")
def network_communes(request: HttpRequest) -> HttpResponse:
    """Communes for what is typed in the search."""
    context = {"communes": suggestions(request.GET.get("q", ""))}
    return render(request, "design/components/commune_options.html", context)


@screen(right="network.view")
def organisation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One service: what for, where, whom to call, and when its sheet was last checked."""
    row = _organisation_or_404(request, pk)
    context = {
        "row": row,
        "tone": ACCEPT_TONES[row.accepts_referrals],
        "label": ACCEPT_LABELS[row.accepts_referrals],
        "territory": territory_names(row.perimeter),
        "may_edit": may(request.membership, "network.edit"),
        "is_operator": row.kind == OrganisationKind.OPERATOR,
    }
    return render(request, "network/organisation_detail.html", context)


@screen(right="network.edit", writes=True)
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Add a service."""
    return _edit(request, None)


@screen(right="network.edit", writes=True)
def organisation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a service's sheet."""
    return _edit(request, _organisation_or_404(request, pk))


def _edit(request: HttpRequest, organisation: Organisation | None) -> HttpResponse:
    form = OrganisationForm(request.POST or None, organisation=organisation)
    contacts = contact_formset(request.POST or None, organisation=organisation)
    if request.method == "POST" and all([form.is_valid(), contacts.is_valid()]):
        saved = _save(request, organisation, form, contacts)
        if saved is not None:
            messages.success(request, "La fiche du service est à jour.")
            return redirect("organisation_detail", pk=saved.pk)
    context = {
        "form": form,
        "contacts": contacts,
        "errors": error_entries([form, contacts]),
        "organisation": organisation,
        "title": organisation.name if organisation else "Nouveau service",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "network/organisation_form.html", context, status=status)


def _save(
    request: HttpRequest, organisation: Organisation | None, form: OrganisationForm, contacts: Any
) -> Organisation | None:
    details = form.details(contacts_of(contacts))
    by, on = request.membership, localdate()
    try:
        if organisation is None:
            return actions.create_organisation(by=by, details=details, on=on)
        return actions.update_organisation(by=by, organisation=organisation, details=details, on=on)
    except UnknownTerritory as refusal:
        near = " ".join(refusal.suggestions)
        form.add_error("territory", f"{refusal.message_fr} {near}".strip())
    except DomainError as refusal:
        show_refusal(form, refusal)
    return None


@screen(right="network.edit", writes=True)
def organisation_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop proposing a service, with a reason."""
    row = _organisation_or_404(request, pk)
    form = DeactivateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.deactivate_organisation(
                by=request.membership, organisation=row, **form.cleaned_data
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Ce service ne sera plus proposé.")
            return redirect("organisation_detail", pk=pk)
    return form_page(request, "network/organisation_deactivate.html", form, row=row)


@screen(right="network.edit", writes=True)
@require_POST
def organisation_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a service again."""
    row = _organisation_or_404(request, pk)
    actions.reactivate_organisation(by=request.membership, organisation=row)
    messages.success(request, "Ce service est de nouveau proposé.")
    return redirect("organisation_detail", pk=pk)


def _organisation_or_404(request: HttpRequest, pk: int) -> Organisation:
    try:
        return organisation_for(by=request.membership, pk=pk)
    except Organisation.DoesNotExist as absent:
        raise Http404 from absent
