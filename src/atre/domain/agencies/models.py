"""Agencies (tenants), the people who work with them, and the programmes they run."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from atre.domain.agencies.enums import RequiredIncomeClass, Role


class UserAccounts(BaseUserManager["User"]):
    """Creates users whose e-mail is their name."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can log in. What they may do comes from their memberships."""

    email = models.EmailField("adresse e-mail", unique=True)
    full_name = models.CharField("nom complet", max_length=150)
    is_active = models.BooleanField("actif", default=True)
    date_joined = models.DateTimeField("arrivée", default=timezone.now)

    objects = UserAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "personne"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_email"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Agency(models.Model):
    """A local energy and climate agency: the tenant to which every case belongs."""

    name = models.CharField("nom", max_length=150, unique=True)
    slug = models.SlugField("identifiant", unique=True)
    code = models.CharField("préfixe des références", max_length=6, unique=True)
    perimeter = models.ForeignKey(
        "territories.Perimeter", verbose_name="périmètre", on_delete=models.PROTECT
    )
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    website = models.URLField("site", blank=True)
    postal_address = models.TextField("adresse postale", blank=True)
    created_at = models.DateTimeField("création", auto_now_add=True)

    class Meta:
        verbose_name = "agence"
        verbose_name_plural = "agences"

    def __str__(self) -> str:
        return self.name


class TenantModel(models.Model):
    """A row that belongs to one agency, and that PostgreSQL hides from the others."""

    agency = models.ForeignKey(
        Agency, verbose_name="agence", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class Membership(models.Model):
    """A role of a person in an agency, sometimes on behalf of a partner organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        "network.Organisation",
        verbose_name="organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    is_active = models.BooleanField("active", default=True)
    calendar_token = models.CharField(max_length=64, unique=True, null=True, editable=False)
    created_at = models.DateTimeField("création", auto_now_add=True)
    ended_at = models.DateTimeField("fin", null=True, blank=True)

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role", "organisation"],
                nulls_distinct=False,
                name="one_membership_per_role",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.COORDINATOR, Role.VISITOR, Role.REFERRER])
                | Q(organisation__isnull=False),
                name="partner_roles_have_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.agency}"


class Invitation(models.Model):
    """An e-mailed offer of a membership, usable once. Only a digest of its token is kept."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField("adresse e-mail")
    full_name = models.CharField("nom complet", max_length=150)
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        "network.Organisation", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("création", auto_now_add=True)
    expires_at = models.DateTimeField("expiration")
    accepted_at = models.DateTimeField("acceptation", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulation", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"

    def __str__(self) -> str:
        return f"Invitation {self.pk}"


class LoginCounter(models.Model):
    """Failed logins of one device, origin or address, known by a keyed digest only."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "compteur d’essais de connexion"
        verbose_name_plural = "compteurs d’essais de connexion"

    def __str__(self) -> str:
        return self.key[:8]


class Programme(models.Model):
    """A scheme that takes households in: where, for whom, and how its results are judged."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="programmes")
    slug = models.SlugField("adresse publique", unique=True)
    name = models.CharField("nom", max_length=120)
    summary = models.TextField("présentation publique", blank=True)
    perimeter = models.ForeignKey(
        "territories.Perimeter", verbose_name="périmètre", on_delete=models.PROTECT
    )
    required_income_class = models.CharField(
        "ressources acceptées", max_length=20, choices=RequiredIncomeClass.choices
    )
    support_target_share = models.DecimalField(
        "part visée d’accompagnements renforcés",
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
    )
    exit_test = models.JSONField("test de sortie de précarité", null=True, blank=True)
    consent_text_version = models.CharField("version du texte de consentement", max_length=20)
    opens_on = models.DateField("ouverture")
    closes_on = models.DateField("fermeture", null=True, blank=True)

    class Meta:
        verbose_name = "dispositif"
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=models.F("opens_on")),
                name="programme_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(support_target_share__isnull=True)
                | Q(support_target_share__gte=0, support_target_share__lte=1),
                name="programme_support_target_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name
