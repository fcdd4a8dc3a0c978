"""What follows a visit: orientations, reinforced support, and the result one year later."""

from django.db import models
from django.db.models import Q

from atre.domain.agencies.models import Membership, TenantModel
from atre.domain.households.models import Attachment, Case
from atre.domain.network.models import Organisation
from atre.domain.support.enums import (
    AidKind,
    AidState,
    ExitAnswer,
    FollowUpState,
    MediationState,
    MediationStepKind,
    OrientationState,
    SavingTier,
    SupportActionKind,
)


class Orientation(TenantModel):
    """A household directed to a partner service, with that service's answer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="orientations")
    service = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="orientations")
    purpose = models.TextField("objet de la demande")
    state = models.CharField("état", max_length=10, choices=OrientationState.choices)
    sent_at = models.DateTimeField("envoyée le")
    sent_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answer_due_on = models.DateField("réponse attendue le")
    received_at = models.DateTimeField("reçue le", null=True, blank=True)
    answered_at = models.DateTimeField("réponse le", null=True, blank=True)
    done_at = models.DateTimeField("aboutie le", null=True, blank=True)
    # Who opened it is the proof of receipt; a member of the agency when it was told by telephone.
    received_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField("réponse", blank=True)
    reminders_sent = models.PositiveSmallIntegerField("relances", default=0)
    last_reminder_at = models.DateTimeField("dernière relance", null=True, blank=True)

    class Meta:
        verbose_name = "orientation"
        indexes = [
            models.Index(fields=["agency", "state", "answer_due_on"], name="orientations_due"),
            models.Index(fields=["agency", "service", "state"], name="orientations_by_service"),
        ]

    def __str__(self) -> str:
        return f"Orientation {self.pk}"


class Support(TenantModel):
    """A reinforced support: the agency walks with the household for a while."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="support")
    goal = models.TextField("objectif")
    opened_on = models.DateField("ouvert le")
    closed_on = models.DateField("clos le", null=True, blank=True)
    outcome = models.TextField("bilan", blank=True)
    adviser = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "accompagnement renforcé"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("opened_on")),
                name="support_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"Accompagnement {self.pk}"


class SupportAction(TenantModel):
    """One thing done for the household, and the time it took."""

    support = models.ForeignKey(Support, on_delete=models.CASCADE, related_name="actions")
    kind = models.CharField("sorte", max_length=20, choices=SupportActionKind.choices)
    on = models.DateField("date")
    minutes = models.PositiveIntegerField("temps passé (minutes)")
    text = models.TextField("ce qui a été fait")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "action d’accompagnement"

    def __str__(self) -> str:
        return f"Action {self.pk}"


class AidFile(TenantModel):
    """A financial aid asked for the household."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="aid_files")
    kind = models.CharField("aide", max_length=20, choices=AidKind.choices)
    state = models.CharField("état", max_length=10, choices=AidState.choices)
    asked_on = models.DateField("demandée le")
    asked_eur = models.DecimalField(
        "montant demandé (€)", max_digits=9, decimal_places=2, null=True, blank=True
    )
    decided_on = models.DateField("décision le", null=True, blank=True)
    granted_eur = models.DecimalField(
        "montant accordé (€)", max_digits=9, decimal_places=2, null=True, blank=True
    )
    paid_on = models.DateField("versée le", null=True, blank=True)
    note = models.TextField("précisions", blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "dossier d’aide"
        verbose_name_plural = "dossiers d’aide"
        constraints = [
            models.CheckConstraint(
                condition=(Q(asked_eur__isnull=True) | Q(asked_eur__gte=0))
                & (Q(granted_eur__isnull=True) | Q(granted_eur__gte=0)),
                name="aid_amounts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AidState.GRANTED, AidState.PAID])
                | Q(granted_eur__isnull=False),
                name="granted_aid_has_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"Aide {self.pk}"


class LandlordMediation(TenantModel):
    """The agency speaks with the landlord so that the dwelling gets warmer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mediations")
    landlord_name = models.CharField("bailleur", max_length=150)
    landlord_address = models.TextField("adresse du bailleur", blank=True)
    landlord_email = models.EmailField("adresse e-mail du bailleur", blank=True)
    problem = models.TextField("ce qui est demandé")
    # The day the household agreed that its landlord be written to. Null: no letter may leave.
    agreed_on = models.DateField("accord du ménage le", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=MediationState.choices)
    opened_on = models.DateField("ouverte le")
    closed_on = models.DateField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "médiation bailleur"

    def __str__(self) -> str:
        return f"Médiation {self.pk}"


class MediationStep(TenantModel):
    """A letter, a reply or a commitment; `due_on` is when silence calls for the next one."""

    mediation = models.ForeignKey(LandlordMediation, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField("étape", max_length=20, choices=MediationStepKind.choices)
    on = models.DateField("date")
    due_on = models.DateField("réponse attendue le", null=True, blank=True)
    text = models.TextField("contenu", blank=True)
    letter = models.ForeignKey(
        Attachment, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "étape de médiation"
        verbose_name_plural = "étapes de médiation"

    def __str__(self) -> str:
        return f"Étape {self.pk}"


class FollowUp(TenantModel):
    """The question asked one year later: did it change anything?"""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="follow_up")
    due_on = models.DateField("à faire le")
    state = models.CharField("état", max_length=12, choices=FollowUpState.choices)
    opened_at = models.DateTimeField("ouverture")
    answered_on = models.DateField("réponse le", null=True, blank=True)
    answers = models.JSONField("réponses", default=dict)
    bills = models.JSONField("factures", default=list)
    exit_answer = models.CharField(
        "sortie de précarité", max_length=10, choices=ExitAnswer.choices, blank=True
    )
    exit_explanation = models.JSONField("explication", default=dict)
    by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField("révision", default=1)

    class Meta:
        verbose_name = "suivi à un an"
        verbose_name_plural = "suivis à un an"
        indexes = [models.Index(fields=["agency", "state", "due_on"], name="follow_ups_due")]

    def __str__(self) -> str:
        return f"Suivi {self.pk}"


class SavingRecord(TenantModel):
    """A saving of one tier. Null is unknown; tiers are never added to each other."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="savings")
    tier = models.CharField("niveau de preuve", max_length=10, choices=SavingTier.choices)
    kwh_per_year = models.DecimalField(
        "kWh par an", max_digits=9, decimal_places=1, null=True, blank=True
    )
    euros_per_year = models.DecimalField(
        "€ par an", max_digits=8, decimal_places=2, null=True, blank=True
    )
    basis = models.TextField("d’où vient ce chiffre")
    recorded_on = models.DateField("établie le")

    class Meta:
        verbose_name = "économie"
        constraints = [
            models.UniqueConstraint(fields=["case", "tier"], name="one_saving_per_tier"),
        ]

    def __str__(self) -> str:
        return f"Économie {self.pk}"
