"""The partners an agency works with."""

from django.db import models

from atre.domain.agencies.models import TenantModel
from atre.domain.network.enums import OrganisationKind


class Organisation(TenantModel):
    """A service that refers households, visits them, or takes them over."""

    kind = models.CharField("sorte", max_length=20, choices=OrganisationKind.choices)
    name = models.CharField("nom", max_length=150)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    postal_address = models.TextField("adresse postale", blank=True)
    perimeter = models.ForeignKey(
        "territories.Perimeter",
        verbose_name="territoire couvert",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    what_for = models.TextField("pour quoi la solliciter", blank=True)
    # None: nobody asked them. The page says so rather than guess.
    accepts_referrals = models.BooleanField("reçoit des orientations", null=True, blank=True)
    answer_days = models.PositiveSmallIntegerField(
        "délai de réponse (jours)", null=True, blank=True
    )
    checked_on = models.DateField("fiche vérifiée le", null=True, blank=True)
    is_active = models.BooleanField("active", default=True)

    class Meta:
        verbose_name = "organisation"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "name"], name="one_organisation_per_name_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationContact(TenantModel):
    """Someone to call or write to in a service, and what for."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="contacts"
    )
    name = models.CharField("nom", max_length=150)
    position = models.CharField("fonction", max_length=150, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)

    class Meta:
        verbose_name = "contact d’une organisation"
        verbose_name_plural = "contacts d’une organisation"

    def __str__(self) -> str:
        return f"Contact {self.pk}"
