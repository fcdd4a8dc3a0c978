"""Agreeing on a date, moving it, calling it off, noting an absence and correcting it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput, StaleSave
from atre.domain.households.models import Case
from atre.domain.visits.actions.appointments import (
    cancel_appointment,
    reschedule,
    schedule_appointment,
)
from atre.domain.visits.actions.attendance import correct_no_show, mark_no_show
from atre.domain.visits.agenda import appointment_for, free_slots
from atre.domain.visits.errors import SlotTaken
from atre.domain.visits.models import Appointment
from atre.domain.visits.selectors import planned_appointment
from atre.domain.visits.visitors import eligible_visitors
from atre.domain.visits.wording import moment_fr
from atre.web.access import screen
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import conflict_page, form_page, show_refusal
from atre.web.visit.scheduling_forms import (
    AbsenceForm,
    AppointmentForm,
    CorrectionForm,
    ReasonForm,
    initial_from_slot,
    initial_of,
    slot_words,
)

PROPOSED_DAYS = 28
MOST_PROPOSED = 8


@screen(right="visit.schedule", writes=True)
def visit_schedule(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose a free slot or another moment; the same page moves a planned visit."""
    by = request.membership
    case = case_or_404(request, reference, right="visit.schedule")
    planned = planned_appointment(case=case)
    people = list(eligible_visitors(case=case))
    form = AppointmentForm(
        request.POST or None, people=people, initial=_initial(request, case, planned)
    )
    if request.method == "POST" and form.is_valid():
        try:
            appointment = _book(by, case, planned, form)
        except StaleSave as stale:
            return _conflict(request, case, form, stale.current)
        except DomainError as refusal:
            field = refusal.field if isinstance(refusal, InvalidInput) else None
            if isinstance(refusal, SlotTaken):
                field = "starts_at"
            form.show_refusal(refusal.message_fr, "visitor" if field == "visitors" else field)
        else:
            messages.success(request, _booked(appointment, case))
            return redirect("case_detail", reference=reference)
    if request.method == "GET":
        audit.log_read(by=by, case_id=case.pk, screen="visit_schedule")
    return form_page(
        request,
        "visit/schedule.html",
        form,
        case=case,
        planned=planned,
        proposals=_proposals(by, case),
        has_people=bool(people),
    )


@screen(right="visit.schedule", writes=True)
def appointment_cancel(request: HttpRequest, reference: str, appointment_id: int) -> HttpResponse:
    """Call a planned visit off."""
    return _change(
        request,
        reference,
        appointment_id,
        form=ReasonForm(request.POST or None),
        act=cancel_appointment,
        template="visit/cancel.html",
        done="Le rendez-vous est annulé. Le dossier attend une nouvelle date.",
    )


@screen(right="visit.schedule", writes=True)
def appointment_absence(request: HttpRequest, reference: str, appointment_id: int) -> HttpResponse:
    """Note that nobody was there."""
    return _change(
        request,
        reference,
        appointment_id,
        form=AbsenceForm(request.POST or None),
        act=mark_no_show,
        template="visit/absence.html",
        done="L’absence est notée. Le dossier attend une nouvelle date.",
    )


@screen(right="visit.schedule", writes=True)
def appointment_correct(request: HttpRequest, reference: str, appointment_id: int) -> HttpResponse:
    """Put right an absence noted by mistake."""
    return _change(
        request,
        reference,
        appointment_id,
        form=CorrectionForm(request.POST or None),
        act=correct_no_show,
        template="visit/correct.html",
        done="C’est corrigé.",
    )


def _change(
    request: HttpRequest,
    reference: str,
    appointment_id: int,
    *,
    form: forms.Form,
    act: Any,
    template: str,
    done: str,
) -> HttpResponse:
    case = case_or_404(request, reference, right="visit.schedule")
    try:
        appointment = appointment_for(
            by=request.membership, pk=appointment_id, right="visit.schedule"
        )
    except Appointment.DoesNotExist as absent:
        raise Http404 from absent
    if appointment.case_id != case.pk:
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            act(by=request.membership, appointment=appointment, **form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("case_detail", reference=reference)
    return form_page(request, template, form, case=case, appointment=appointment)


def _book(
    by: Membership, case: Case, planned: Appointment | None, form: AppointmentForm
) -> Appointment:
    booking = {
        "by": by,
        "starts_at": form.moment("begins"),
        "ends_at": form.moment("ends"),
        "visitors": form.visitors(),
        "practical": form.cleaned_data["practical"],
        "revision": form.cleaned_data["revision"],
    }
    if planned is not None:
        return reschedule(appointment=planned, **booking)
    return schedule_appointment(case=case, **booking)


def _booked(appointment: Appointment, case: Case) -> str:
    told = (
        "Le ménage reçoit un e-mail de confirmation."
        if case.household.email
        else "Le ménage n’a pas d’adresse e-mail : confirmez-lui par téléphone."
    )
    return f"Visite prévue {moment_fr(appointment.starts_at)}. {told}"


def _initial(request: HttpRequest, case: Case, planned: Appointment | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"revision": case.revision}
    if case.visitor_id is not None:
        initial["visitor"] = str(case.visitor_id)
    if planned is not None:
        initial |= initial_of(planned)
    begins, ends = (_moment(request.GET.get(name, "")) for name in ("debut", "fin"))
    if begins is not None and ends is not None:
        initial |= initial_from_slot(
            visitor=request.GET.get("visiteur", ""), starts_at=begins, ends_at=ends
        )
    return initial


def _moment(text: str) -> Any:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _proposals(by: Membership, case: Case) -> list[dict[str, Any]]:
    now = timezone.now()
    found = free_slots(
        by=by, operator=case.operator, start=now, end=now + timedelta(days=PROPOSED_DAYS)
    )
    return [
        {
            "words": slot_words(slot),
            "who": slot.visitor.user.full_name,
            "visitor": slot.visitor.pk,
            "begins": slot.starts_at.isoformat(),
            "ends": slot.ends_at.isoformat(),
        }
        for slot in found[:MOST_PROPOSED]
    ]


def _conflict(
    request: HttpRequest, case: Case, form: AppointmentForm, current: object
) -> HttpResponse:
    """Both versions of the appointment; mine can still be saved."""
    assert isinstance(current, Case)
    theirs = planned_appointment(case=current)
    rows = [
        {
            "label": "Rendez-vous",
            "yours": moment_fr(form.moment("begins")),
            "theirs": moment_fr(theirs.starts_at) if theirs else "aucun",
        },
        {
            "label": "Avec",
            "yours": ", ".join(person.user.full_name for person in form.visitors()),
            "theirs": ", ".join(p.user.full_name for p in theirs.visitors.all()) if theirs else "",
        },
        {
            "label": "État du dossier",
            "yours": case.get_state_display(),
            "theirs": current.get_state_display(),
        },
    ]
    return conflict_page(
        request,
        reference=case.reference,
        rows=rows,
        action_url=request.path,
        typed=request.POST.dict(),
        revision=current.revision,
    )
