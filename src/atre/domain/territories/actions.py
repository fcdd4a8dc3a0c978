"""Writing territories: loading the reference, drawing a perimeter."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from atre.domain.territories.errors import EmptyPerimeter, ImpossibleDates, UnknownTerritory
from atre.domain.territories.models import (
    Commune,
    Department,
    Epci,
    FormerCommune,
    Perimeter,
    PerimeterMember,
    Population,
    PostalCode,
    Region,
    TerritoryVintage,
)
from atre.domain.territories.names import normalise
from atre.formats.decoupage import Decoupage

BATCH = 2000


@transaction.atomic
def load_reference(
    *, content: Decoupage, fingerprint: str, source: str, version: str, licence: str, vintage: str
) -> bool:
    """Makes the tables hold `content`; False when another process has just done it.

    What left the official list is kept with is_current=False: cases and perimeters point at it.
    No audit entry: this is public data, traced by its TerritoryVintage row.
    """
    _wait_for_other_loadings()
    latest = TerritoryVintage.objects.order_by("-loaded_at").first()
    if latest is not None and latest.content_sha256 == fingerprint:
        return False
    _write_areas(content)
    _write_communes(content)
    _rewrite_details(content)
    TerritoryVintage.objects.update_or_create(
        content_sha256=fingerprint,
        defaults={
            "source": source,
            "version": version,
            "licence": licence,
            "vintage": vintage,
            "communes": len(content.communes),
        },
    )
    return True


def _wait_for_other_loadings() -> None:
    """SQLite's write lock already serialises; PostgreSQL needs one of its own."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE territories_territoryvintage IN SHARE ROW EXCLUSIVE MODE")


def _write_areas(content: Decoupage) -> None:
    Region.objects.bulk_create(
        [Region(code=r.code, name=r.name) for r in content.regions],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )
    Department.objects.bulk_create(
        [Department(code=d.code, name=d.name, region_id=d.region) for d in content.departments],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "region"],
    )
    Epci.objects.update(is_current=False)
    Epci.objects.bulk_create(
        [
            Epci(siren=e.siren, name=e.name, kind=e.kind, search_name=normalise(e.name))
            for e in content.groupings
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["siren"],
        update_fields=["name", "kind", "search_name", "is_current"],
    )


def _write_communes(content: Decoupage) -> None:
    Commune.objects.update(is_current=False)
    Commune.objects.bulk_create(
        [
            Commune(
                insee=c.insee,
                name=c.name,
                search_name=normalise(c.name),
                department_id=c.department,
                region_id=c.region,
                epci_id=c.epci,
                ept_id=c.ept,
                siren=c.siren,
                zone=c.zone,
            )
            for c in content.communes
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["insee"],
        update_fields=[
            "name", "search_name", "department", "region", "epci", "ept", "siren", "zone",
            "is_current",
        ],
    )  # fmt: skip


def _rewrite_details(content: Decoupage) -> None:
    """Rows that nothing points at are replaced as a whole."""
    for model in (PostalCode, FormerCommune, Population):
        model.objects.all().delete()
    PostalCode.objects.bulk_create(
        [
            PostalCode(code=code, commune_id=c.insee)
            for c in content.communes
            for code in c.postal_codes
        ],
        batch_size=BATCH,
    )
    FormerCommune.objects.bulk_create(
        [
            FormerCommune(
                code=f.code,
                name=f.name,
                search_name=normalise(f.name) if f.name else None,
                kind=f.kind,
                commune_id=f.commune,
            )
            for f in content.formers
        ],
        batch_size=BATCH,
    )
    Population.objects.bulk_create(
        [
            Population(commune_id=p.insee, kind=p.kind, year=p.year, value=p.value)
            for p in content.populations
        ],
        batch_size=BATCH,
    )


@transaction.atomic
def create_perimeter(
    *,
    name: str,
    sirens: Iterable[str] = (),
    communes: Iterable[str] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Perimeter:
    """Draws a perimeter from EPCI or EPT SIREN codes and INSEE codes, both days included.

    Raises EmptyPerimeter, ImpossibleDates or UnknownTerritory. The audit entry is that of the
    action that gives the perimeter to an agency, a programme or a pact.
    """
    sirens, communes = list(dict.fromkeys(sirens)), list(dict.fromkeys(communes))
    if not sirens and not communes:
        raise EmptyPerimeter("Un périmètre comprend au moins une intercommunalité ou une commune.")
    if valid_from and valid_to and valid_to < valid_from:
        raise ImpossibleDates("Le dernier jour du périmètre précède le premier.")
    _refuse_unknown("SIREN d’intercommunalité", sirens, Epci)
    _refuse_unknown("code Insee de commune", communes, Commune)
    perimeter = Perimeter.objects.create(name=name)
    dates = {"valid_from": valid_from, "valid_to": valid_to}
    PerimeterMember.objects.bulk_create(
        [PerimeterMember(perimeter=perimeter, epci_id=siren, **dates) for siren in sirens]
        + [PerimeterMember(perimeter=perimeter, commune_id=insee, **dates) for insee in communes]
    )
    return perimeter


def _refuse_unknown(what: str, codes: list[str], model: type[Epci] | type[Commune]) -> None:
    known = set(model.objects.filter(pk__in=codes, is_current=True).values_list("pk", flat=True))
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise UnknownTerritory(f"{what} inconnu : {', '.join(unknown)}.")
