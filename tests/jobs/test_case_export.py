"""Cases leave the database for the observatory as counts, each agency's into its own file."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atre.domain.agencies import isolation
from atre.domain.households.selectors import export_cases
from atre.jobs.case_export import export_all
from atre.warehouse.folders import Folders
from atre.warehouse.sources.cases import file_of, read_cases
from tests.support import world

NIGHT = date(2026, 4, 15)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = Folders(tmp_path)
    found.reference.mkdir(parents=True)
    communes = {
        "code": [world.ANGERS, world.NOGENT],
        "epci": ["244900015", "200054781"],
        "department": ["49", "94"],
        "region": ["52", "11"],
    }
    pq.write_table(pa.table(communes), found.reference / "communes-2026.parquet")
    return found


def opened(agency, count: int, **more):
    scheme = world.programme(agency)
    for number in range(count):
        world.case(
            scheme,
            first_name=f"Prénom{number}",
            last_name=f"Nom{number}",
            birth_date=date(1980, 1, 1 + number),
            phone=f"06000000{number:02}",
            email=f"menage{number}@example.org",
            address_line=f"{number} rue des Essais",
            **more,
        )
    return scheme


def test_only_counts_leave_the_database(db):
    agency = world.agency()
    scheme = opened(agency, 2)

    with isolation.within(agency):
        export = export_cases(agency=agency, before=NIGHT)

    assert [tuple(count) for count in export.counts] == [
        (world.NOGENT, 2026, scheme.slug, "under_way", 2)
    ]
    assert export.households == {(world.NOGENT, 2026): 2}


def test_a_case_of_the_month_under_way_waits_for_its_end(db):
    agency = world.agency()
    opened(agency, 1, on=date(2026, 4, 2))

    with isolation.within(agency):
        before, after = (
            export_cases(agency=agency, before=day).counts
            for day in (date(2026, 4, 1), date(2026, 5, 1))
        )

    assert (len(before), len(after)) == (0, 1)


def test_the_cases_of_another_agency_are_in_no_file_but_theirs(db, folders):
    ours, theirs, idle = world.agency(), world.agency(), world.agency(insee=world.ANGERS)
    opened(ours, 12)
    opened(theirs, 3)

    export_all(NIGHT, folders=folders)

    def shown(agency):
        rows = read_cases(folders, agency.slug).to_pylist()
        return {row["value"] for row in rows if row["territory"] == world.NOGENT}

    assert 12 in shown(ours)
    assert shown(theirs) == {None}
    assert read_cases(folders, idle.slug).num_rows == 0


def test_a_second_night_writes_the_same_counts(db, folders):
    agency = world.agency()
    opened(agency, 12)

    export_all(NIGHT, folders=folders)
    first = file_of(folders, agency.slug).read_bytes()
    export_all(NIGHT, folders=folders)

    assert file_of(folders, agency.slug).read_bytes() == first
