"""What people add to a case day after day: notes, files, tasks, saved filters, merges."""

from django.db import models

from atre.domain.agencies.models import Membership, TenantModel
from atre.domain.households.enums import AttachmentKind
from atre.domain.households.models import Case, Household


class Note(TenantModel):
    """A remark by a person who follows the case; never shown outside the agency's own team."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField("note")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("date", auto_now_add=True)

    class Meta:
        verbose_name = "note"

    def __str__(self) -> str:
        return f"Note {self.pk}"


class Attachment(TenantModel):
    """A file of a case, stored by content under the agency's private folder."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField("sorte", max_length=12, choices=AttachmentKind.choices)
    name = models.CharField("nom", max_length=150)
    content_type = models.CharField("format", max_length=80)
    size_bytes = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte", max_length=64)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("date", auto_now_add=True)

    class Meta:
        verbose_name = "pièce"

    def __str__(self) -> str:
        return f"Pièce {self.pk}"


class Task(TenantModel):
    """Something to do by someone before a date."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    title = models.CharField("à faire", max_length=200)
    due_on = models.DateField("échéance")
    assigned_to = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tasks")
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("création", auto_now_add=True)
    done_at = models.DateTimeField("fait le", null=True, blank=True)
    done_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "tâche"
        indexes = [
            models.Index(
                fields=["agency", "assigned_to", "due_on"],
                condition=models.Q(done_at__isnull=True),
                name="tasks_open",
            )
        ]

    def __str__(self) -> str:
        return f"Tâche {self.pk}"


class SavedFilter(TenantModel):
    """A search of the case list that a person keeps under a name."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="saved_filters"
    )
    name = models.CharField("nom", max_length=80)
    criteria = models.JSONField("critères")

    class Meta:
        verbose_name = "filtre enregistré"
        constraints = [
            models.UniqueConstraint(fields=["membership", "name"], name="one_filter_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class HouseholdMerge(TenantModel):
    """Two files of the same household made one, with what undoing it needs."""

    kept = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    moved_case_ids = models.JSONField("dossiers déplacés")
    reason = models.TextField("motif")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("date", auto_now_add=True)
    undone_at = models.DateTimeField("annulation", null=True, blank=True)
    undone_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "fusion"

    def __str__(self) -> str:
        return f"Fusion {self.pk}"
