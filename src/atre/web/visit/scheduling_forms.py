"""Forms about time: when a visit takes place, by whom, and what happened."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.visits.agenda import FreeSlot
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.models import Appointment
from atre.domain.visits.wording import day_fr, time_fr
from atre.web.design.widgets import DateInput

USUAL_VISIT = timedelta(minutes=90)


class TimeInput(forms.TimeInput):
    """The browser's own hour field."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class MomentFields(forms.Form):
    """A day, an hour of beginning and of end, in the agency's time."""

    day = forms.DateField(label="Jour", widget=DateInput())
    begins = forms.TimeField(label="De", widget=TimeInput())
    ends = forms.TimeField(label="À", widget=TimeInput())

    def moment(self, name: str) -> datetime:
        """« begins » or « ends » as an aware moment."""
        hour: time = self.cleaned_data[name]
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], hour))

    def show_refusal(self, message: str, field: str | None) -> None:
        places = {"starts_at": "begins", "ends_at": "ends"}
        name = places.get(field or "", field)
        self.add_error(name if name in self.fields else None, message)


class AppointmentForm(MomentFields):
    """When, by whom, and what to know to get in."""

    visitor = forms.ChoiceField(label="Visiteur")
    second = forms.ChoiceField(label="Deuxième personne", required=False)
    practical = forms.CharField(
        label="Accès et consignes",
        help_text="Code, étage, chien… Lu par les visiteurs, jamais envoyé au ménage.",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, people: Iterable[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(person.pk): person for person in people}
        names = [(pk, person.user.full_name) for pk, person in self.people.items()]
        fields: dict[str, Any] = self.fields
        fields["visitor"].choices = [("", "Choisir"), *names]
        fields["second"].choices = [("", "Personne"), *names]

    def visitors(self) -> list[Membership]:
        chosen = [self.cleaned_data["visitor"], self.cleaned_data["second"]]
        return [self.people[pk] for pk in chosen if pk]


def initial_of(appointment: Appointment) -> dict[str, Any]:
    """A planned appointment as the form shows it."""
    starts, ends = (
        timezone.localtime(appointment.starts_at),
        timezone.localtime(appointment.ends_at),
    )
    people = [str(person.pk) for person in appointment.visitors.all()]
    return {
        "day": starts.date(),
        "begins": starts.time(),
        "ends": ends.time(),
        "visitor": people[0] if people else "",
        "second": people[1] if len(people) > 1 else "",
        "practical": appointment.practical,
    }


def initial_from_slot(*, visitor: str, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """A free slot as the form shows it: a usual visit at its beginning."""
    starts = timezone.localtime(starts_at)
    ends = timezone.localtime(min(ends_at, starts_at + USUAL_VISIT))
    return {"day": starts.date(), "begins": starts.time(), "ends": ends.time(), "visitor": visitor}


def slot_words(slot: FreeSlot) -> str:
    return f"{day_fr(slot.starts_at)}, de {time_fr(slot.starts_at)} à {time_fr(slot.ends_at)}"


class SlotForm(MomentFields):
    """An availability, on one day or repeated for some weeks."""

    visitor = forms.ChoiceField(label="Pour")
    weeks = forms.IntegerField(
        label="Pendant",
        min_value=1,
        max_value=12,
        initial=1,
        help_text="Nombre de semaines, le même jour.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, people: Iterable[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {str(person.pk): person for person in people}
        fields: dict[str, Any] = self.fields
        fields["visitor"].choices = [
            (pk, person.user.full_name) for pk, person in self.people.items()
        ]

    def ranges(self) -> list[tuple[datetime, datetime]]:
        """The same hours on the same weekday, clocks going forward or back included."""
        found = []
        for week in range(self.cleaned_data["weeks"]):
            day = self.cleaned_data["day"] + timedelta(weeks=week)
            begins, ends = (
                timezone.make_aware(datetime.combine(day, self.cleaned_data[name]))
                for name in ("begins", "ends")
            )
            found.append((begins, ends))
        return found


class ReasonForm(forms.Form):
    """Why an appointment is called off."""

    reason = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Pour l’équipe. Le ménage reçoit l’annulation sans le motif.",
    )


class AbsenceForm(forms.Form):
    """What is known of an absence."""

    reason = forms.CharField(label="Précisions", max_length=300, required=False)


class CorrectionForm(forms.Form):
    """What happened in reality."""

    to = forms.ChoiceField(
        label="En réalité",
        choices=[
            (AppointmentState.HELD, "La visite a eu lieu"),
            (AppointmentState.PLANNED, "Le rendez-vous tient toujours"),
            (AppointmentState.CANCELLED, "Le rendez-vous avait été annulé"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Pourquoi cette correction", max_length=300)
