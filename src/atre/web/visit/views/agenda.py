"""A week of visits as a list, availability, and the address of one's own calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.errors import DomainError, InvalidInput
from atre.domain.visits.actions.calendars import renew_calendar, revoke_calendar
from atre.domain.visits.actions.slots import offer_slots, withdraw_slot
from atre.domain.visits.agenda import agenda, slots_in_scope
from atre.domain.visits.feed import calendar_is_open
from atre.domain.visits.models import Appointment, Slot
from atre.domain.visits.visitors import reachable_visitors
from atre.web.access import screen
from atre.web.visit.scheduling_forms import SlotForm
from atre.web.visit.showing import appointment_tone


@dataclass(frozen=True)
class Day:
    """What one day holds."""

    date: date
    is_today: bool
    visits: list[tuple[Appointment, str]]
    slots: list[Slot]


@screen(right="visit.schedule")
def agenda_week(request: HttpRequest) -> HttpResponse:
    """The visits of a week within reach, day after day."""
    return render(request, "visit/agenda.html", week_context(request))


@screen(right="visit.schedule", writes=True)
@require_POST
def slot_new(request: HttpRequest) -> HttpResponse:
    """Add an availability; a refusal shows the week again with what was typed."""
    by = request.membership
    form = SlotForm(request.POST, people=people_of(by))
    if form.is_valid():
        try:
            offer_slots(
                by=by, visitor=form.people[form.cleaned_data["visitor"]], ranges=form.ranges()
            )
        except DomainError as refusal:
            field = refusal.field if isinstance(refusal, InvalidInput) else None
            form.show_refusal(refusal.message_fr, field)
        else:
            messages.success(request, "La disponibilité est notée.")
            return redirect(f"{reverse('agenda')}?semaine={form.cleaned_data['day']}")
    return render(request, "visit/agenda.html", week_context(request, form=form), status=422)


@screen(right="visit.schedule", writes=True)
@require_POST
def slot_withdraw(request: HttpRequest, slot_id: int) -> HttpResponse:
    """Take an availability back."""
    by = request.membership
    always = (timezone.now() - timedelta(days=3650), timezone.now() + timedelta(days=3650))
    slot = slots_in_scope(by=by, start=always[0], end=always[1]).filter(pk=slot_id).first()
    if slot is None:
        raise Http404
    day = timezone.localdate(slot.starts_at)
    withdraw_slot(by=by, slot=slot)
    messages.success(request, "La disponibilité est retirée.")
    return redirect(f"{reverse('agenda')}?semaine={day}")


@screen(right="visit.view", writes=True)
def calendar_settings(request: HttpRequest) -> HttpResponse:
    """Open, renew or close the feed that a calendar application reads. Its address shows once."""
    by = request.membership
    address = ""
    if request.method == "POST" and "revoke" in request.POST:
        revoke_calendar(by=by)
        messages.success(request, "L’adresse ne fonctionne plus.")
        return redirect("calendar_settings")
    if request.method == "POST":
        token = renew_calendar(by=by)
        address = f"{settings.BASE_URL}{reverse('calendar_feed', args=[token])}"
    return render(
        request,
        "visit/calendar.html",
        {"address": address, "is_open": calendar_is_open(owner=by)},
    )


def people_of(by: Membership) -> list[Membership]:
    reach = require(by, "visit.schedule")
    return list(reachable_visitors(by=by, reach=reach).order_by("user__full_name"))


def week_context(request: HttpRequest, form: SlotForm | None = None) -> dict[str, Any]:
    """The week asked by `?semaine=` (any of its days), else the current one."""
    by = request.membership
    asked = request.GET.get("semaine", "")
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    day = day or timezone.localdate()
    monday = day - timedelta(days=day.weekday())
    start = timezone.make_aware(datetime.combine(monday, time()))
    end = timezone.make_aware(datetime.combine(monday + timedelta(days=7), time()))
    visits = agenda(by=by, start=start, end=end)
    slots = list(slots_in_scope(by=by, start=start, end=end))
    people = people_of(by)
    return {
        "days": _days(monday, visits, slots),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "previous": monday - timedelta(days=7),
        "next": monday + timedelta(days=7),
        "total": len(visits),
        "form": form or SlotForm(people=people, initial={"visitor": str(by.pk)}),
    }


def _days(monday: date, visits: list[Appointment], slots: list[Slot]) -> list[Day]:
    days = []
    for offset in range(7):
        day = monday + timedelta(days=offset)
        days.append(
            Day(
                date=day,
                is_today=day == timezone.localdate(),
                visits=[
                    (visit, appointment_tone(visit))
                    for visit in visits
                    if timezone.localdate(visit.starts_at) == day
                ],
                slots=[slot for slot in slots if timezone.localdate(slot.starts_at) == day],
            )
        )
    return [day for day in days if day.visits or day.slots or day.is_today]
