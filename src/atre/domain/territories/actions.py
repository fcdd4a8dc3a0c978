"""Writing territories: loading the reference, drawing a perimeter."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from atre.domain.territories.bulk import insert_rows
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
    """SQLite's write lock already serialises; PostgreSQL needs one of its own.

    The limits made for pages (settings) would stop the second of two loadings, which waits for
    the first to end.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("LOCK TABLE territories_territoryvintage IN SHARE ROW EXCLUSIVE MODE")


def _write_areas(content: Decoupage) -> None:
    insert_rows(Region, ("code", "name"), content.regions, replacing_by="code")
    columns = ("code", "name", "region_id")
    insert_rows(Department, columns, content.departments, replacing_by="code")
    Epci.objects.update(is_current=False)
    insert_rows(
        Epci,
        ("siren", "name", "kind", "search_name", "is_current"),
        ((*grouping, normalise(grouping.name), True) for grouping in content.groupings),
        replacing_by="siren",
    )


def _write_communes(content: Decoupage) -> None:
    Commune.objects.update(is_current=False)
    columns = (
        *("insee", "name", "search_name", "department_id", "region_id", "zone"),
        *("siren", "epci_id", "ept_id", "is_current"),
    )
    rows = (
        (c.insee, c.name, normalise(c.name), c.department, c.region, c.zone, c.siren, c.epci, c.ept, True)
        for c in content.communes
    )  # fmt: skip
    insert_rows(Commune, columns, rows, replacing_by="insee")


def _rewrite_details(content: Decoupage) -> None:
    """Rows that nothing points at are replaced as a whole."""
    for model in (PostalCode, FormerCommune, Population):
        model.objects.all().delete()
    postal_codes = ((code, c.insee) for c in content.communes for code in c.postal_codes)
    insert_rows(PostalCode, ("code", "commune_id"), postal_codes)
    insert_rows(
        FormerCommune,
        ("code", "name", "kind", "commune_id", "search_name"),
        ((*former, former.name and normalise(former.name)) for former in content.formers),
    )
    insert_rows(Population, ("commune_id", "kind", "year", "value"), content.populations)


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
