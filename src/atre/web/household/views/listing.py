"""The list of cases: search, filters, saved filters, one page after another."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from atre.domain.agencies.permissions import Scope, may, scope
from atre.domain.agencies.selectors import open_programmes
from atre.domain.errors import DomainError, InvalidInput
from atre.domain.households import daily_selectors, listing, rhythm
from atre.domain.households.actions import filtering
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case, SavedFilter
from atre.domain.territories.selectors import perimeter_communes
from atre.web.access import screen
from atre.web.household import presentation
from atre.web.household.forms import BulkAssignForm, CaseFilterForm
from atre.web.household.next_steps import STEPS
from atre.web.household.searches import remember_search, typed_search


@screen(right="case.view")
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases this person works on, newest first."""
    by, on = request.membership, localdate()
    form = filter_form(request)
    form.is_valid()
    criteria = form.criteria()
    text = typed_search(request)
    rows = listing.find_cases(by=by, criteria=criteria, on=on, text=text)
    try:
        page = listing.page_of(rows, mark=request.GET.get("page", ""))
    except InvalidInput as refusal:
        messages.warning(request, refusal.message_fr)
        return redirect("case_list")
    context = {
        "form": form,
        "text": text,
        "narrowed": bool(text) or not criteria.is_empty(),
        "criteria": criteria,
        "rows": [told(case, on=on) for case in page.cases],
        "previous_url": page_url(request, page.previous),
        "next_url": page_url(request, page.next),
        "saved": [
            {"row": row, "url": f"{reverse('case_list')}?{query_of(row.criteria)}"}
            for row in daily_selectors.saved_filters(by=by)
        ],
        "may_open": may(by, "case.open"),
        "may_import": may(by, "case.import"),
        "programmes": open_programmes(on=on, agency=request.agency),
    }
    if may(by, "case.assign"):
        context["bulk_form"] = BulkAssignForm(operators=form.operators, advisers=form.advisers)
    return render(request, "household/case_list.html", context)


def filter_form(request: HttpRequest) -> CaseFilterForm:
    """The form, with the choices of this person's agency."""
    by = request.membership
    whole_agency = scope(by, "case.view") is Scope.AGENCY
    return CaseFilterForm(
        request.GET,
        programmes=request.agency.programmes.order_by("name"),
        advisers=daily_selectors.advisers(by=by),
        operators=daily_selectors.operators(by=by) if whole_agency else [],
        communes=perimeter_communes(request.agency.perimeter, None).select_related("epci", "ept"),
    )


def told(case: Case, *, on: Any) -> dict[str, Any]:
    """One line of the list: who and where, what is hard, where it stands, what comes next."""
    step = STEPS[CaseState(case.state)]
    return {
        "case": case,
        "difficulties": presentation.short_difficulties(case),
        "tone": presentation.tone(case.state),
        "stalled": rhythm.is_stalled(state=case.state, since=case.state_since, on=on),
        "next": step.label or step.sentence,
    }


def page_url(request: HttpRequest, mark: str | None) -> str | None:
    """The address of another page of the same search."""
    if mark is None:
        return None
    query = request.GET.copy()
    query["page"] = mark
    return f"{reverse('case_list')}?{query.urlencode()}"


def query_of(criteria: dict[str, Any]) -> str:
    """The address of a saved filter."""
    values = dict(criteria)
    if values.pop("without_adviser", False):
        values["adviser"] = "none"
    if values.get("stalled"):
        values["stalled"] = "on"
    return urlencode(values)


@screen(right="case.view", writes=True)
@require_POST
def case_search(request: HttpRequest) -> HttpResponse:
    """Search by name, telephone or reference. What is typed never enters an address."""
    key = remember_search(request, request.POST.get("text", ""))
    query = f"?recherche={key}" if key else ""
    return redirect(reverse("case_list") + query)


@screen(right="case.view", writes=True)
@require_POST
def filter_save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the address under a name."""
    form = filter_form(request)
    back = f"{reverse('case_list')}?{request.GET.urlencode()}"
    if not form.is_valid():
        messages.error(request, "Ce filtre n’est pas lisible : corrigez-le avant de l’enregistrer.")
        return redirect(back)
    try:
        row = filtering.save_filter(
            by=request.membership, name=request.POST.get("name", ""), criteria=form.criteria()
        )
    except DomainError as refusal:
        messages.error(request, refusal.message_fr)
    else:
        messages.success(request, f"Le filtre « {row.name} » est enregistré.")
    return redirect(back)


@screen(right="case.view", writes=True)
@require_POST
def filter_delete(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Forget one of one's own filters."""
    try:
        filtering.delete_filter(by=request.membership, filter_id=filter_id)
    except SavedFilter.DoesNotExist as absent:
        raise Http404 from absent
    messages.success(request, "Le filtre est supprimé.")
    return redirect("case_list")
