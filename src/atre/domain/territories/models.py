"""Official territories (Code officiel géographique) and the perimeters drawn on them.

Reference rows are written only by the loader. A row that leaves the official list keeps
its place with ``is_current=False``, because cases and perimeters still point at it.
"""

from django.db import models
from django.db.models import F, Q

from atre.domain.territories.enums import EpciKind, FormerKind, PopulationKind, Zone

ILE_DE_FRANCE = "11"


class TerritoryVintage(models.Model):
    """One loading of the reference file; the last one is what the tables hold."""

    content_sha256 = models.CharField("empreinte", max_length=64, unique=True)
    vintage = models.CharField("millésime", max_length=40)
    source = models.CharField("source", max_length=200)
    version = models.CharField("version", max_length=40)
    licence = models.CharField("licence", max_length=80)
    communes = models.PositiveIntegerField("communes")
    loaded_at = models.DateTimeField("chargé le", auto_now=True)

    class Meta:
        verbose_name = "millésime de territoires"
        verbose_name_plural = "millésimes de territoires"
        ordering = ["-loaded_at"]

    def __str__(self) -> str:
        return f"{self.vintage} ({self.source} {self.version})"


class Region(models.Model):
    """A region, or an overseas collectivity that stands in its place."""

    code = models.CharField("code", primary_key=True, max_length=3)
    name = models.CharField("nom", max_length=120)

    class Meta:
        verbose_name = "région"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department, or an overseas collectivity that stands in its place."""

    code = models.CharField("code", primary_key=True, max_length=3)
    name = models.CharField("nom", max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departments")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Epci(models.Model):
    """A grouping of communes known by its SIREN: EPCI with own taxation, or Paris EPT."""

    siren = models.CharField("SIREN", primary_key=True, max_length=9)
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("forme juridique", max_length=6, choices=EpciKind)
    search_name = models.CharField(max_length=200, db_index=True, editable=False)
    is_current = models.BooleanField("existe au millésime chargé", default=True)

    class Meta:
        verbose_name = "groupement de communes"
        verbose_name_plural = "groupements de communes"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """A commune, by its INSEE code. Its EPCI and EPT are unknown or absent when null."""

    insee = models.CharField("code Insee", primary_key=True, max_length=5)
    name = models.CharField("nom", max_length=120)
    search_name = models.CharField(max_length=120, db_index=True, editable=False)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="communes")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="communes")
    epci = models.ForeignKey(
        Epci, on_delete=models.PROTECT, related_name="communes", null=True, blank=True
    )
    ept = models.ForeignKey(
        Epci, on_delete=models.PROTECT, related_name="ept_communes", null=True, blank=True
    )
    siren = models.CharField("SIREN", max_length=9, null=True, blank=True)
    zone = models.CharField("zone", max_length=5, choices=Zone)
    is_current = models.BooleanField("existe au millésime chargé", default=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["name", "insee"]

    def __str__(self) -> str:
        return f"{self.name} ({self.department_id})"

    @property
    def is_ile_de_france(self) -> bool:
        """True in the region Île-de-France (code 11), where the Anah ceilings differ."""
        return self.region_id == ILE_DE_FRANCE


class PostalCode(models.Model):
    """A postal code and one commune it serves; many to many in real life."""

    code = models.CharField("code postal", max_length=5)
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="postal_codes")

    class Meta:
        verbose_name = "code postal"
        verbose_name_plural = "codes postaux"
        constraints = [
            models.UniqueConstraint(fields=["code", "commune"], name="postal_code_once_per_commune")
        ]

    def __str__(self) -> str:
        return self.code


class FormerCommune(models.Model):
    """A code that is no commune of today and the commune that now answers for it.

    The name is null where the source gives a code alone.
    """

    code = models.CharField("code Insee", max_length=5)
    name = models.CharField("nom", max_length=120, null=True, blank=True)
    search_name = models.CharField(max_length=120, null=True, editable=False)
    kind = models.CharField("nature", max_length=10, choices=FormerKind)
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="former_communes")

    class Meta:
        verbose_name = "ancienne commune"
        verbose_name_plural = "anciennes communes"
        constraints = [
            models.UniqueConstraint(fields=["code", "commune"], name="former_code_once_per_commune")
        ]

    def __str__(self) -> str:
        return f"{self.name or self.code} → {self.commune_id}"


class Population(models.Model):
    """A legal population of a commune: one kind, one legal year. No row means unknown."""

    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="populations")
    kind = models.CharField("nature", max_length=9, choices=PopulationKind)
    year = models.PositiveSmallIntegerField("année légale")
    value = models.PositiveIntegerField("habitants")

    class Meta:
        verbose_name = "population légale"
        verbose_name_plural = "populations légales"
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "kind", "year"], name="population_once_per_kind_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} {self.kind} {self.year}"


class Perimeter(models.Model):
    """What an agency, a programme or a pact covers: groupings and communes, with dates."""

    name = models.CharField("nom", max_length=200)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    class Meta:
        verbose_name = "périmètre"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PerimeterMember(models.Model):
    """One line of a perimeter: a whole grouping or one commune, first and last day included."""

    perimeter = models.ForeignKey(Perimeter, on_delete=models.CASCADE, related_name="members")
    epci = models.ForeignKey(
        Epci, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    valid_from = models.DateField("à partir du", null=True, blank=True)
    valid_to = models.DateField("jusqu’au (inclus)", null=True, blank=True)

    class Meta:
        verbose_name = "membre du périmètre"
        verbose_name_plural = "membres du périmètre"
        constraints = [
            models.CheckConstraint(
                condition=Q(epci__isnull=False, commune__isnull=True)
                | Q(epci__isnull=True, commune__isnull=False),
                name="perimeter_member_is_epci_or_commune",
                violation_error_message="Un membre est un groupement ou une commune, pas les deux.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="perimeter_member_dates_in_order",
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.perimeter_id}: {self.epci_id or self.commune_id}"
