"""Closed lists about appointments and visits."""

from django.db.models import TextChoices


class AppointmentState(TextChoices):
    PLANNED = "planned", "Prévu"
    HELD = "held", "Tenu"
    NO_SHOW = "no_show", "Ménage absent"
    CANCELLED = "cancelled", "Annulé"


class VisitState(TextChoices):
    DRAFT = "draft", "Brouillon"
    SEALED = "sealed", "Terminée"
