"""The counts of cases that the observatory may know, carried each night, agency by agency."""

from dataclasses import dataclass
from datetime import date

import pyarrow.parquet as pq
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.households.selectors import export_cases
from atre.domain.territories.selectors import perimeter_communes
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.secrecy.cells import Membership, membership
from atre.warehouse.sources.cases import CaseCount, Kept, keep_cases
from atre.warehouse.staging.geography import COMMUNES_FILE

COUNTRY_CODE = "FR"


@dataclass(frozen=True)
class Carried:
    """What one night carried for one agency."""

    agency: str
    kept: Kept


def export_all(on: date | None = None, *, folders: Folders | None = None) -> list[Carried]:
    """Counts and protects the cases of every agency. Running it twice changes nothing more.

    Only whole months are counted: from one night to the next, the difference of two tables would be
    one household. Raises FileNotFoundError before the first `./atre prepare`.
    """
    day = on or timezone.localdate()
    folders = folders or data_folder()
    places = _places(folders)
    return [
        Carried(agency.slug, _export(agency, day, folders, places))
        for agency in Agency.objects.select_related("perimeter").order_by("pk")
    ]


def _export(agency: Agency, day: date, folders: Folders, places: Membership) -> Kept:
    with isolation.within(agency):
        export = export_cases(agency=agency, before=day.replace(day=1))
        perimeter = list(
            perimeter_communes(agency.perimeter, day).order_by().values_list("pk", flat=True)
        )
    return keep_cases(
        folders,
        agency=agency.slug,
        counts=[CaseCount(*count) for count in export.counts],
        households=export.households,
        perimeter=perimeter,
        places=places,
        on=day,
    )


def _places(folders: Folders) -> Membership:
    path = folders.reference / COMMUNES_FILE
    columns = ["code", "epci", "department", "region"]
    return membership(pq.read_table(path, columns=columns), COUNTRY_CODE)
