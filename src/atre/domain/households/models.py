"""Households, the dwellings they live in, and the cases opened for them."""

from django.db import models
from django.db.models import Q

from atre.domain.agencies.models import Membership, Programme, TenantModel
from atre.domain.households.enums import (
    CaseState,
    Channel,
    ClosingReason,
    ConsentKind,
    DwellingKind,
    EligibilityAnswer,
    Tenure,
)
from atre.domain.households.rhythm import STALLED_AFTER_DAYS


class Dwelling(TenantModel):
    """A place where a household lives."""

    address_line = models.CharField("adresse", max_length=200)
    address_extra = models.CharField("bâtiment, étage, porte", max_length=200, blank=True)
    postal_code = models.CharField("code postal", max_length=5)
    commune = models.ForeignKey(
        "territories.Commune", verbose_name="commune", on_delete=models.PROTECT
    )
    address_key = models.CharField(max_length=220, editable=False)
    kind = models.CharField("type", max_length=10, choices=DwellingKind.choices, blank=True)
    floor_area_m2 = models.DecimalField(
        "surface (m²)", max_digits=6, decimal_places=1, null=True, blank=True
    )
    landlord_name = models.CharField("bailleur", max_length=150, blank=True)

    class Meta:
        verbose_name = "logement"
        constraints = [
            models.CheckConstraint(
                condition=Q(floor_area_m2__isnull=True) | Q(floor_area_m2__gt=0),
                name="floor_area_is_positive",
            ),
        ]
        indexes = [models.Index(fields=["agency", "address_key"], name="dwellings_by_address")]

    def __str__(self) -> str:
        return f"Logement {self.pk}"


class Household(TenantModel):
    """The people of one dwelling, known by one of them. A blank is unknown, never zero."""

    dwelling = models.ForeignKey(Dwelling, verbose_name="logement", on_delete=models.PROTECT)
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    birth_date = models.DateField("date de naissance", null=True, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    contact_preference = models.CharField("quand et comment joindre", max_length=200, blank=True)
    adults = models.PositiveSmallIntegerField("adultes", null=True, blank=True)
    children = models.PositiveSmallIntegerField("enfants de moins de 18 ans", null=True, blank=True)
    tenure = models.CharField(
        "statut d’occupation", max_length=20, choices=Tenure.choices, blank=True
    )
    name_key = models.CharField(max_length=220, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed"
    )
    erased_at = models.DateTimeField("effacement", null=True, blank=True)
    revision = models.PositiveIntegerField("révision", default=1)
    created_at = models.DateTimeField("création", auto_now_add=True)

    class Meta:
        verbose_name = "ménage"
        indexes = [
            models.Index(fields=["agency", "name_key"], name="households_by_name"),
            models.Index(fields=["agency", "birth_date"], name="households_by_birth"),
            models.Index(fields=["agency", "phone"], name="households_by_phone"),
            models.Index(fields=["agency", "email"], name="households_by_email"),
        ]

    def __str__(self) -> str:
        return f"Ménage {self.pk}"

    @property
    def persons(self) -> int | None:
        """Adults plus children; unknown as soon as either is."""
        if self.adults is None or self.children is None:
            return None
        return self.adults + self.children


class HouseholdToken(TenantModel):
    """A word of a household's name, folded, so that name search reads an index range."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="tokens")
    token = models.CharField("mot", max_length=60)

    class Meta:
        verbose_name = "mot de recherche"
        # The household rides along: a search reads the index alone (8 ms for two common words
        # among 100 000 households, 80 ms when each row is fetched).
        indexes = [
            models.Index(
                fields=["agency", "token"], include=["household"], name="households_by_word"
            )
        ]

    def __str__(self) -> str:
        return f"{self.household_id}"


class Case(TenantModel):
    """One household taken through one programme, from the alert to the result a year later."""

    reference = models.CharField("référence", max_length=20, unique=True)
    submission = models.UUIDField("envoi", unique=True)
    programme = models.ForeignKey(Programme, verbose_name="dispositif", on_delete=models.PROTECT)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cases")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField("état", max_length=20, choices=CaseState.choices)
    state_since = models.DateTimeField("dans cet état depuis")
    channel = models.CharField("voie", max_length=10, choices=Channel.choices)
    referrer = models.ForeignKey(
        Membership,
        verbose_name="prescripteur",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referred_cases",
    )
    deposited_on = models.DateField("déposé le")
    high_bills = models.BooleanField("factures élevées", default=False)
    trouble_paying = models.BooleanField("difficultés à payer", default=False)
    too_cold_or_hot = models.BooleanField("trop froid ou trop chaud", default=False)
    damp = models.BooleanField("humidité", default=False)
    told = models.TextField("ce que dit le ménage", blank=True)

    rfr_eur = models.DecimalField(
        "revenu fiscal de référence (€)", max_digits=10, decimal_places=2, null=True, blank=True
    )
    rfr_income_year = models.PositiveSmallIntegerField("année des revenus", null=True, blank=True)
    eligibility = models.JSONField("éligibilité calculée", default=dict)
    eligibility_answer = models.CharField(
        "éligibilité", max_length=10, choices=EligibilityAnswer.choices
    )
    override_answer = models.CharField(
        "éligibilité décidée", max_length=10, choices=EligibilityAnswer.choices, blank=True
    )
    override_reason = models.TextField("motif de la décision", blank=True)
    overridden_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    adviser = models.ForeignKey(
        Membership,
        verbose_name="suivi par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_cases",
    )
    operator = models.ForeignKey(
        "network.Organisation",
        verbose_name="opérateur",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="operated_cases",
    )
    visitor = models.ForeignKey(
        Membership,
        verbose_name="visiteur",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visited_cases",
    )
    closing_reason = models.CharField(
        "motif de clôture", max_length=20, choices=ClosingReason.choices, blank=True
    )
    last_contact_on = models.DateField("dernier contact")
    purge_notified_at = models.DateTimeField("effacement annoncé", null=True, blank=True)
    # The household's own, written with it: joined from there, each list reads a whole agency
    # before it sorts it (58 ms for thirty rows of 23 000 cases; without the join, the index
    # gives them in order).
    erased_at = models.DateTimeField("effacement", null=True, blank=True)
    revision = models.PositiveIntegerField("révision", default=1)
    created_at = models.DateTimeField("création", auto_now_add=True)

    class Meta:
        verbose_name = "dossier"
        constraints = [
            models.CheckConstraint(
                condition=Q(rfr_eur__isnull=True) | Q(rfr_eur__gte=0),
                name="rfr_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(override_answer="") | ~Q(override_reason=""),
                name="override_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.CLOSED) | ~Q(closing_reason=""),
                name="closed_case_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "state_since"], name="cases_by_state"),
            # What may wait for someone, oldest first: evaluated and closed cases are most of a table.
            models.Index(
                fields=["agency", "state_since"],
                condition=Q(state__in=[*STALLED_AFTER_DAYS]),
                name="cases_waiting",
            ),
            models.Index(fields=["agency", "-deposited_on", "-id"], name="cases_newest"),
            models.Index(fields=["agency", "programme", "deposited_on"], name="cases_by_programme"),
            models.Index(fields=["agency", "adviser", "state"], name="cases_by_adviser"),
            models.Index(fields=["agency", "operator", "state"], name="cases_by_operator"),
            models.Index(fields=["agency", "visitor", "state"], name="cases_by_visitor"),
            models.Index(fields=["agency", "referrer"], name="cases_by_referrer"),
            models.Index(fields=["agency", "last_contact_on"], name="cases_by_last_contact"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_eligible(self) -> str:
        """The decision that holds: a person's when one was made, else the computed answer."""
        return self.override_answer or self.eligibility_answer


class StateChange(TenantModel):
    """A case moved from one state to another: who, when, why."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="changes")
    transition = models.CharField("passage", max_length=30)
    from_state = models.CharField("de", max_length=20, choices=CaseState.choices, blank=True)
    to_state = models.CharField("à", max_length=20, choices=CaseState.choices)
    at = models.DateTimeField("date")
    by = models.ForeignKey(
        Membership, verbose_name="par", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "passage d’état"
        verbose_name_plural = "passages d’état"
        indexes = [models.Index(fields=["agency", "to_state", "at"], name="changes_by_target")]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Consent(TenantModel):
    """What the household agreed to, in which words, and until when."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField("objet", max_length=20, choices=ConsentKind.choices)
    text_version = models.CharField("version du texte", max_length=20)
    partners = models.ManyToManyField("network.Organisation", blank=True, related_name="+")
    given_at = models.DateTimeField("accord donné")
    stated_by = models.ForeignKey(
        Membership,
        verbose_name="accord rapporté par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField("accord retiré", null=True, blank=True)

    class Meta:
        verbose_name = "consentement"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_consent_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class CaseLink(models.Model):
    """A household's private link. Outside row security: it only leads to the agency to enter.

    The token is shown once and kept as a digest, so a copy of the database opens no file.
    """

    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    case_id = models.BigIntegerField()
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "lien privé"
        indexes = [models.Index(fields=["case_id"], name="links_by_case")]

    def __str__(self) -> str:
        return f"Lien {self.pk}"


# Django registers an app's models from this module.
from atre.domain.households.daily_models import (  # noqa: E402
    Attachment,
    HouseholdMerge,
    Note,
    SavedFilter,
    Task,
)

__all__ = [
    "Attachment",
    "Case",
    "CaseLink",
    "Consent",
    "Dwelling",
    "Household",
    "HouseholdMerge",
    "HouseholdToken",
    "Note",
    "SavedFilter",
    "StateChange",
    "Task",
]
