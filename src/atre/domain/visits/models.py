"""Appointments at the household's home, and the visit document that comes out of them."""

from django.db import models
from django.db.models import F, Q

from atre.domain.agencies.models import Membership, TenantModel
from atre.domain.households.models import Case
from atre.domain.visits.enums import AppointmentState, VisitState


class Slot(TenantModel):
    """A time at which a visitor says they can go out."""

    visitor = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")

    class Meta:
        verbose_name = "disponibilité"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_has_length"),
            models.UniqueConstraint(fields=["visitor", "starts_at"], name="one_slot_per_start"),
        ]

    def __str__(self) -> str:
        return f"Disponibilité {self.pk}"


class Appointment(TenantModel):
    """A visit agreed with the household, by one visitor or two."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="appointments")
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    visitors = models.ManyToManyField(
        Membership, through="AppointmentVisitor", related_name="appointments"
    )
    state = models.CharField("état", max_length=10, choices=AppointmentState.choices)
    practical = models.CharField("accès, consignes", max_length=300, blank=True)
    reason = models.CharField("motif", max_length=300, blank=True)
    # Grows with each change: calendars that subscribe replace what they hold.
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField("création", auto_now_add=True)

    class Meta:
        verbose_name = "rendez-vous"
        verbose_name_plural = "rendez-vous"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointment_has_length"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=AppointmentState.PLANNED),
                name="one_planned_appointment_per_case",
            ),
        ]
        indexes = [models.Index(fields=["agency", "starts_at"], name="appointments_by_time")]

    def __str__(self) -> str:
        return f"Rendez-vous {self.pk}"


class AppointmentVisitor(TenantModel):
    """One of the people who go to an appointment."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="+")
    visitor = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "visiteur du rendez-vous"
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "visitor"], name="visitor_once_per_appointment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.visitor_id}"


class Visit(TenantModel):
    """What was seen and said at the home: a self-contained document, sealed once complete.

    `document` follows schema.json of its `schema_version`; it needs no other row to be read.
    """

    identifier = models.UUIDField("identifiant", unique=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="visits")
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="visit"
    )
    state = models.CharField("état", max_length=10, choices=VisitState.choices)
    schema_version = models.PositiveSmallIntegerField("version du schéma")
    document = models.JSONField("document", default=dict)
    visited_on = models.DateField("date de la visite")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField("révision", default=1)
    sealed_at = models.DateTimeField("terminée le", null=True, blank=True)
    document_sha256 = models.CharField("empreinte", max_length=64, blank=True)
    created_at = models.DateTimeField("création", auto_now_add=True)

    class Meta:
        verbose_name = "visite"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=VisitState.SEALED)
                | (Q(sealed_at__isnull=False) & ~Q(document_sha256="")),
                name="sealed_visit_has_its_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"Visite {self.pk}"


class VisitReport(TenantModel):
    """The PDF given to the household, made from a sealed visit."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="reports")
    sha256 = models.CharField("empreinte", max_length=64)
    size_bytes = models.PositiveIntegerField("taille (octets)")
    made_at = models.DateTimeField("fait le", auto_now_add=True)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    handed_over_on = models.DateField("remis le", null=True, blank=True)

    class Meta:
        verbose_name = "compte rendu de visite"

    def __str__(self) -> str:
        return f"Compte rendu {self.pk}"
