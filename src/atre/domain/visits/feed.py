"""The iCalendar of one person's visits: reference and commune, never a name or a telephone."""

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from atre.domain.agencies import permissions
from atre.domain.agencies.actions import token_digest
from atre.domain.agencies.models import Membership
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.models import Appointment

if TYPE_CHECKING:
    from icalendar import Event

KEPT_BEFORE = timedelta(days=31)
SHOWN_AFTER = timedelta(days=366)

STATUS = {
    AppointmentState.PLANNED: "CONFIRMED",
    AppointmentState.HELD: "CONFIRMED",
    AppointmentState.NO_SHOW: "CONFIRMED",
    AppointmentState.CANCELLED: "CANCELLED",
}


def feed_owner(*, token: str) -> Membership | None:
    """Whose feed a secret address opens; None when it is unknown, revoked, or they have left."""
    found = (
        Membership.objects.filter(
            calendar_token=token_digest(token), is_active=True, user__is_active=True
        )
        .select_related("agency")
        .first()
    )
    return found if permissions.may(found, "visit.view") else None


def feed(*, owner: Membership) -> bytes:
    """The calendar (RFC 5545). Cancelled visits stay, with their sequence, so that phones drop them."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Atre//Visites//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Mes visites Âtre")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    now = timezone.now()
    rows = (
        Appointment.objects.filter(
            agency_id=owner.agency_id,
            visitors=owner,
            starts_at__gte=now - KEPT_BEFORE,
            starts_at__lt=now + SHOWN_AFTER,
        )
        .select_related("case__dwelling__commune")
        .order_by("starts_at", "pk")
    )
    for appointment in rows:
        calendar.add_component(_event(appointment))
    return calendar.to_ical()


def _event(appointment: Appointment) -> "Event":
    from icalendar import Event

    case = appointment.case
    event = Event()
    event.add("uid", f"appointment-{appointment.pk}@{_host()}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    absent = " (ménage absent)" if appointment.state == AppointmentState.NO_SHOW else ""
    event.add("summary", f"Visite {case.reference}{absent}")
    event.add("location", case.dwelling.commune.name)
    event.add("url", f"{settings.BASE_URL}/dossiers/{case.reference}/")
    event.add("status", STATUS[AppointmentState(appointment.state)])
    event.add("class", "PRIVATE")
    return event


def _host() -> str:
    return settings.BASE_URL.split("://", 1)[1].split("/", 1)[0].split(":", 1)[0]


def calendar_is_open(*, owner: Membership) -> bool:
    """Whether an address of this person's feed works at present."""
    return Membership.objects.filter(pk=owner.pk, calendar_token__isnull=False).exists()
