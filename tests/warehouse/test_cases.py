"""The cases of the platform in the observatory: counted, protected, one agency at a time."""

from datetime import date

import pyarrow as pa
import pytest

from atre.warehouse import gate
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import Flag
from atre.warehouse.secrecy.cells import membership
from atre.warehouse.sources.cases import CaseCount, file_of, keep_cases, read_cases
from atre.warehouse.territories import Kind, Territory

ON = date(2026, 11, 22)
EPCI = "249500000"
COMMUNES = ("95001", "95002", "95003", "95004")
PLACES = membership(
    pa.table(
        {
            "code": list(COMMUNES),
            "epci": [EPCI] * 4,
            "department": ["95"] * 4,
            "region": ["11"] * 4,
        }
    ),
    "FR",
)
WHOLE = Territory(Kind.EPCI, EPCI, "CC", COMMUNES)


def commune(code: str) -> Territory:
    return Territory(Kind.COMMUNE, code, code, (code,))


def kept(folders, counts, *, agency="loire", households=None):
    rows = [
        CaseCount(code, 2025, "slime", progress, n)
        for code, by_progress in counts.items()
        for progress, n in by_progress.items()
    ]
    each = {(code, 2025): sum(by_progress.values()) for code, by_progress in counts.items()}
    return keep_cases(
        folders,
        agency=agency,
        counts=rows,
        households=households or each,
        perimeter=COMMUNES,
        places=PLACES,
        on=ON,
    )


@pytest.fixture
def folders(tmp_path):
    return Folders(tmp_path)


def test_a_commune_of_enough_households_has_its_count(folders):
    kept(folders, {code: {"visited": 40} for code in COMMUNES})

    [figure] = gate.cases_opened("loire", commune("95001"), folders=folders)

    assert (figure.value, figure.flag, figure.year) == (40, Flag.MEASURED, 2025)


@pytest.mark.parametrize("few", [0, 1, 10])
def test_too_few_households_are_hidden_and_another_commune_with_them(folders, few):
    counts = {code: {"visited": 40 + rank} for rank, code in enumerate(COMMUNES)}
    kept(folders, counts | {"95002": {"visited": few}})

    hidden = [
        code
        for code in COMMUNES
        if gate.cases_opened("loire", commune(code), folders=folders)[0].flag is Flag.SECRET
    ]
    [whole] = gate.cases_opened("loire", WHOLE, folders=folders)

    assert "95002" in hidden
    assert len(hidden) > 1 or whole.value is None


def test_eleven_cases_of_ten_households_are_too_few(folders):
    counts = {code: {"visited": 40} for code in COMMUNES} | {"95001": {"visited": 11}}
    ten = {(code, 2025): 40 for code in COMMUNES} | {("95001", 2025): 10}

    kept(folders, counts, households=ten)

    [figure] = gate.cases_opened("loire", commune("95001"), folders=folders)
    assert figure.value is None


def test_what_is_hidden_is_not_in_the_file(folders):
    kept(folders, {"95001": {"visited": 7}, "95002": {"visited": 300}})

    rows = read_cases(folders, "loire").to_pylist()

    assert {row["value"] for row in rows if row["territory"] == "95001"} == {None}
    assert {row["status"] for row in rows if row["territory"] == "95001"} == {"secret"}


def test_another_agency_is_shown_nothing_of_these_cases(folders):
    kept(folders, {code: {"visited": 40} for code in COMMUNES}, agency="loire")
    kept(folders, {code: {"visited": 25} for code in COMMUNES}, agency="var")

    [of_loire] = gate.cases_opened("loire", WHOLE, folders=folders)
    [of_var] = gate.cases_opened("var", WHOLE, folders=folders)

    assert (of_loire.value, of_var.value) == (160, 100)
    assert gate.cases_opened("gironde", WHOLE, folders=folders) == []
    assert gate.cases_of_communes("gironde", year=2025, folders=folders).codes.size == 0


@pytest.mark.parametrize("name", ["../loire", "", "Loire", "loire/../var"])
def test_a_name_that_is_no_identifier_reaches_no_file(folders, name):
    with pytest.raises(ValueError, match="no agency"):
        file_of(folders, name)


def test_programmes_and_progress_add_up_to_what_is_shown(folders):
    counts = {code: {"visited": 40 + rank, "under_way": 20} for rank, code in enumerate(COMMUNES)}
    kept(folders, counts)

    figures = gate.cases_opened("loire", WHOLE, by=["category"], folders=folders)
    shown = {figure.category: figure.value for figure in figures}

    assert shown[None] == shown["programme:slime"] == 246
    assert shown["progress:visited"] + shown["progress:under_way"] == 246


def test_the_map_has_no_value_where_a_commune_is_hidden(folders):
    counts = {code: {"visited": 40 + rank} for rank, code in enumerate(COMMUNES)}
    kept(folders, counts | {"95004": {"visited": 2}})

    found = gate.cases_of_communes("loire", year=2025, folders=folders)

    by_code = dict(zip(found.codes, found.flags, strict=True))
    assert by_code["95004"] is Flag.SECRET
    assert [value != value for value in found.values] == [
        flag is Flag.SECRET for flag in found.flags
    ]
