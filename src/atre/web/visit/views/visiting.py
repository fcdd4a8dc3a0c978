"""Filling a visit, section after section, and finishing it."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from atre.domain.agencies.permissions import may
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, StaleSave
from atre.domain.households import states
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.visits.actions.drafting import save_parts, start_visit
from atre.domain.visits.actions.photographing import visit_photos
from atre.domain.visits.actions.sealing import seal_visit
from atre.domain.visits.enums import VisitState
from atre.domain.visits.faults import DocumentRefused
from atre.domain.visits.missing import missing
from atre.domain.visits.models import Visit
from atre.domain.visits.selectors import current_visit, planned_appointment, reports_of_case
from atre.web.access import screen
from atre.web.design.widgets import DateInput
from atre.web.household.lookup import case_or_404
from atre.web.visit.form_sections import BY_KEY, BY_SLUG, SECTIONS, Section
from atre.web.visit.section_form import SectionForm
from atre.web.visit.showing import section_summaries, told


class StartForm(forms.Form):
    """The day of the visit. `identifier` makes a second press harmless."""

    visited_on = forms.DateField(label="Jour de la visite", widget=DateInput())
    identifier = forms.UUIDField(widget=forms.HiddenInput())


@screen(right="visit.view", writes=True)
def visit_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Start a visit, see how far its form is, or read it once finished."""
    by = request.membership
    case = case_or_404(request, reference, right="visit.view")
    visit = current_visit(by=by, case=case)
    audit.log_read(by=by, case_id=case.pk, screen="visit_page")
    if visit is None or request.method == "POST":
        return _start(request, case)
    if visit.state == VisitState.SEALED:
        sections = told(visit.document)
        return render(
            request,
            "visit/sealed.html",
            {
                "case": case,
                "visit": visit,
                "sections": sections,
                "unknown": [name for section in sections for name in section.unknown],
                "results": visit.document["results"],
                "reports": reports_of_case(by=by, case=case),
            },
        )
    return render(request, "visit/overview.html", _overview(request, case, visit))


@screen(right="visit.write", writes=True)
def visit_section(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """One section of the form: shown, saved, saved by itself while typing."""
    by = request.membership
    case, visit = _draft_or_404(request, reference)
    section = BY_SLUG.get(slug)
    if section is None:
        raise Http404
    form = SectionForm(section, visit.document, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = save_parts(
                    by=by,
                    visit=visit,
                    parts=form.parts(),
                    seen={name: request.POST.get(f"seen-{name}", "") for name in section.parts},
                )
            except StaleSave as stale:
                return _conflict(request, case, section, form, stale.current)
            except DocumentRefused as refusal:
                form.show_faults(refusal.faults)
            except DomainError as refusal:
                form.single.add_error(None, refusal.message_fr)
            else:
                return _saved(request, case, section, saved)
    if request.htmx:
        return render(request, "visit/autosave.html", {"refused": True, "form": form}, status=422)
    return render(
        request, "visit/section.html", _section_context(case, section, form), status=status
    )


@screen(right="visit.write", writes=True)
def visit_finish(request: HttpRequest, reference: str) -> HttpResponse:
    """What is still unknown, then the one button that seals the visit."""
    case, visit = _draft_or_404(request, reference, sealed_too=request.method == "POST")
    refusal = ""
    if request.method == "POST":
        try:
            seal_visit(by=request.membership, visit=visit, revision=_revision(request))
        except DomainError as refused:
            refusal = refused.message_fr
        else:
            messages.success(request, "La visite est terminée. Faites maintenant son compte rendu.")
            return redirect("visit", reference=reference)
    context = _overview(request, case, visit) | {"refusal": refusal}
    return render(request, "visit/finish.html", context, status=409 if refusal else 200)


def _start(request: HttpRequest, case: Case) -> HttpResponse:
    by = request.membership
    possible = CaseState(case.state) in states.TRANSITIONS["visit"].sources
    form = StartForm(
        request.POST or None,
        initial={"visited_on": timezone.localdate(), "identifier": uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        identifier: UUID = form.cleaned_data["identifier"]
        try:
            start_visit(
                by=by,
                case=case,
                identifier=identifier,
                visited_on=form.cleaned_data["visited_on"],
            )
        except DomainError as refusal:
            field = "visited_on" if isinstance(refusal, DocumentRefused) else None
            form.add_error(field, refusal.message_fr)
        else:
            return redirect("visit_section", reference=case.reference, slug=SECTIONS[0].slug)
    return render(
        request,
        "visit/start.html",
        {
            "case": case,
            "form": form,
            "may_write": may(by, "visit.write"),
            "possible": possible,
            "planned": planned_appointment(case=case),
        },
        status=422 if form.is_bound else 200,
    )


def _draft_or_404(
    request: HttpRequest, reference: str, *, sealed_too: bool = False
) -> tuple[Case, Visit]:
    case = case_or_404(request, reference, right="visit.write")
    visit = current_visit(by=request.membership, case=case)
    if visit is None or (visit.state == VisitState.SEALED and not sealed_too):
        raise Http404
    return case, visit


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _overview(request: HttpRequest, case: Case, visit: Visit) -> dict[str, Any]:
    gaps = [
        {"section": BY_KEY[gap.section], "sentence": gap.sentence}
        for gap in missing(visit.document)
    ]
    return {
        "case": case,
        "visit": visit,
        "summaries": section_summaries(visit.document),
        "gaps": gaps,
        "photos": visit_photos(by=request.membership, case=case),
        "may_write": may(request.membership, "visit.write"),
    }


def _section_context(case: Case, section: Section, form: SectionForm) -> dict[str, Any]:
    rank = SECTIONS.index(section)
    return {
        "case": case,
        "section": section,
        "form": form,
        "step": rank + 1,
        "steps": len(SECTIONS),
        "previous": SECTIONS[rank - 1] if rank else None,
        "following": SECTIONS[rank + 1] if rank + 1 < len(SECTIONS) else None,
        "sections": SECTIONS,
    }


def _saved(request: HttpRequest, case: Case, section: Section, visit: Visit) -> HttpResponse:
    if request.htmx:
        form = SectionForm(section, visit.document)
        context = {"form": form, "section": section, "at": timezone.now()}
        return render(request, "visit/autosave.html", context)
    if "add" in request.POST:
        messages.success(request, "Enregistré. Une ligne vide vous attend.")
        return redirect("visit_section", reference=case.reference, slug=section.slug)
    rank = SECTIONS.index(section)
    if "next" in request.POST and rank + 1 < len(SECTIONS):
        return redirect("visit_section", reference=case.reference, slug=SECTIONS[rank + 1].slug)
    messages.success(request, f"« {section.title} » est enregistré.")
    return redirect("visit", reference=case.reference)


def _conflict(
    request: HttpRequest, case: Case, section: Section, form: SectionForm, current: object
) -> HttpResponse:
    """HTTP 409: both versions of the section; mine can still be saved, with all that I typed."""
    assert isinstance(current, Visit)
    if request.htmx:
        return render(request, "visit/autosave.html", {"conflict": True}, status=409)
    skipped = {"csrfmiddlewaretoken", *(f"seen-{name}" for name in section.parts)}
    return render(
        request,
        "visit/conflict.html",
        {
            "case": case,
            "section": section,
            "rows": form.conflict_rows(current.document),
            "fields": [
                (name, value) for name, value in request.POST.items() if name not in skipped
            ],
            "seen": SectionForm(section, current.document).seen,
        },
        status=409,
    )
