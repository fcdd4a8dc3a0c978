"""The outbox: a message is written with the change it announces, and sent afterwards."""

from django.db import models

from atre.domain.agencies.models import TenantModel


class Message(TenantModel):
    """An e-mail to send once. `dedupe_key` makes writing it again harmless."""

    dedupe_key = models.CharField(max_length=120, unique=True)
    kind = models.CharField("sorte", max_length=40)
    case_id = models.BigIntegerField("dossier", null=True)
    to_email = models.EmailField("destinataire")
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    created_at = models.DateTimeField("création", auto_now_add=True)
    send_after = models.DateTimeField("à envoyer après")
    sent_at = models.DateTimeField("envoi", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulation", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=200, blank=True)

    class Meta:
        verbose_name = "message"
        indexes = [
            models.Index(
                fields=["agency", "send_after"],
                condition=models.Q(sent_at__isnull=True, cancelled_at__isnull=True),
                name="messages_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
