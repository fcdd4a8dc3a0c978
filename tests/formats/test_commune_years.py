"""Communes from year to year: what merged is followed, what was divided is left where it is."""

import pytest

from atre.formats import commune_years
from atre.formats.commune_years import YEARS, commune_of
from atre.formats.decoupage import CommuneRecord, FormerRecord


def commune(code: str) -> CommuneRecord:
    return CommuneRecord(code, "Nom", code[:2], "93", "metro", None, "200000000", None, ())


@pytest.mark.parametrize(
    ("code", "year", "other", "holds"),
    [
        ("01039", 2021, 2026, "01138"),  # Béon merged into Culoz in 2023
        ("01039", 2021, 2022, "01039"),
        ("01138", 2026, 2022, None),  # and Culoz of 2026 lies in neither of the two
        ("27058", 2021, 2026, "27676"),  # Les Trois Lacs only changed code
        ("27676", 2026, 2021, "27058"),
        ("85084", 2023, 2024, None),  # Essarts-en-Bocage was divided in 2024
        ("85165", 2024, 2021, "85084"),  # L'Oie lay whole in it before
        ("83069", 2021, 2026, "83069"),
    ],
)
def test_the_commune_of_another_year_that_holds_it_whole(
    code: str, year: int, other: int, holds: str | None
) -> None:
    assert commune_of(code, year, other) == holds


def test_a_commune_that_another_year_does_not_know_has_no_row_that_year() -> None:
    table = commune_years.commune_years([commune("85084"), commune("85165")])
    rows = {(row["code"], row["year"]) for row in table.to_pylist()}
    assert ("85165", 2024) in rows
    assert ("85165", 2023) not in rows
    assert all(("85084", year) in rows for year in YEARS)


def test_a_former_code_that_led_to_two_communes_is_not_shared_out() -> None:
    formers = [
        FormerRecord("55273", "Lamarche-en-Woëvre", "associated", "55245"),
        FormerRecord("55273", "Lamarche-en-Woëvre", "associated", "55386"),
        FormerRecord("49069", "Champtoceaux", "delegated", "49126"),
        FormerRecord("49126", "Drain", "delegated", "49126"),
    ]
    table = commune_years.former_codes(formers, ["49126", "55245", "55386"])
    assert {row["code"]: row["code_2026"] for row in table.to_pylist()} == {
        "49069": "49126",
        "55273": None,
    }
