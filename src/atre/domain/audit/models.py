"""Who did what, and who read what. Rows are only ever added."""

from django.db import models

from atre.domain.agencies.models import Agency, Membership, TenantModel


class AuditHead(models.Model):
    """The last link of an agency's chain; its lock puts that agency's writes in order."""

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "tête de journal"

    def __str__(self) -> str:
        return f"{self.agency_id}:{self.sequence}"


class AuditEntry(TenantModel):
    """One action done. Holds names of what changed, never the personal values themselves.

    The reason is a person's own words, which may name someone: the chain seals its salted
    digest instead of the words, so that a household's erasure can take the words away and
    leave the chain whole.
    """

    sequence = models.PositiveBigIntegerField("rang")
    at = models.DateTimeField("date")
    actor = models.ForeignKey(
        Membership, verbose_name="par", on_delete=models.PROTECT, null=True, related_name="+"
    )
    channel = models.CharField("voie", max_length=20)
    action = models.CharField("action", max_length=60)
    object_type = models.CharField("objet", max_length=60)
    object_id = models.CharField("identifiant", max_length=40)
    case_id = models.BigIntegerField("dossier", null=True)
    reason = models.TextField("motif", blank=True)
    reason_salt = models.CharField(max_length=32, blank=True)
    reason_seal = models.CharField(max_length=64, blank=True)
    details = models.JSONField("détails", default=dict)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        constraints = [
            models.UniqueConstraint(fields=["agency", "sequence"], name="audit_rank_is_unique"),
        ]
        indexes = [models.Index(fields=["agency", "case_id", "at"], name="audit_by_case")]

    def __str__(self) -> str:
        return f"{self.action} #{self.sequence}"


class ReadEntry(TenantModel):
    """A person opened a household's file. Shown to the household on its private link."""

    at = models.DateTimeField("date", auto_now_add=True)
    reader = models.ForeignKey(
        Membership, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )
    case_id = models.BigIntegerField("dossier")
    screen = models.CharField("écran", max_length=60)

    class Meta:
        verbose_name = "lecture"
        indexes = [models.Index(fields=["agency", "case_id", "at"], name="reads_by_case")]

    def __str__(self) -> str:
        return f"{self.screen} {self.case_id}"
