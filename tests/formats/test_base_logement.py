"""INSEE's census tables of dwellings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import base_logement
from atre.formats.base_logement import DwellingCategory
from tests.support.territory_files import figures, read_file, warned

# The columns of base-cc-logement-2021 that are read, and some that are not.
TITLES = (
    "CODGEO;P21_LOG;P21_RP;P21_RSECOCC;P21_LOGVAC;P21_MAISON;P21_APPART;P21_RP_1P;P21_RP_ACHTOT;"
    "P21_RP_ACH1919;P21_RP_ACH1945;P21_RP_ACH1970;P21_RP_ACH1990;P21_RP_ACH2005;P21_RP_ACH2018;"
    "P21_RP_PROP;P21_RP_LOC;P21_RP_LOCHLMV;P21_RP_GRAT;P21_RP_CGAZV;P21_RP_CFIOUL;P21_RP_CELEC;"
    "P21_RP_CGAZB;P21_RP_CAUT;P15_LOG;P15_RP_ACH19;P10_LOG;P10_RP_ACHT1"
)
COUNT = len(TITLES.split(";")) - 1


def line(code: str) -> str:
    return ";".join([code, *(f"{number}.5" for number in range(COUNT))])


def named(content: str) -> dict[tuple[str, int, str | None, str | None], float]:
    return {
        (row["measure"], row["year"], row["category"], row["energy"]): row["value"]
        for row in figures(read_file(content.encode()))
    }


def test_each_column_has_the_year_of_its_own_title():
    found = named(f"{TITLES}\n{line('01004')}\n")
    assert found["dwellings", 2021, None, None] == 0.5
    assert found["dwellings", 2015, None, None] == 23.5
    assert found["dwellings", 2010, None, None] == 25.5


def test_periods_tenures_and_heating_are_of_main_residences():
    found = named(f"{TITLES}\n{line('01004')}\n")
    assert found["main_dwellings", 2021, DwellingCategory.PERIOD_BEFORE_1919, None] == 8.5
    assert found["main_dwellings", 2021, DwellingCategory.PERIOD_SINCE_2006, None] == 13.5
    assert found["main_dwellings", 2015, DwellingCategory.PERIOD_BEFORE_1919, None] == 24.5
    assert found["main_dwellings", 2010, DwellingCategory.OLD_PERIOD_BEFORE_1946, None] == 26.5
    assert found["main_dwellings", 2021, DwellingCategory.AMONG_TENANTS_SOCIAL, None] == 16.5
    assert found["main_dwellings", 2021, DwellingCategory.HEATING_FUEL, "oil"] == 19.5


def test_a_column_that_is_not_read_is_counted():
    reading = read_file(f"{TITLES}\n{line('01004')}\n".encode())
    assert reading.rows == COUNT - 1
    assert [count for reason, count in warned(reading).items() if "ne reprend pas" in reason] == [1]


def test_the_table_by_iris_gives_iris():
    reading = read_file(b"IRIS;COM;TYP_IRIS;LAB_IRIS;P21_LOG\n10040101;1004;H;1;921\n")
    assert [(row["level"], row["territory"], row["value"]) for row in figures(reading)] == [
        ("iris", "010040101", 921.0)
    ]
    assert not any("ne reprend pas" in reason for reason in warned(reading))


def test_that_a_census_counts_by_sample_is_told():
    reading = read_file(b"CODGEO;P21_LOG\n01004;7331.5\n")
    assert base_logement.SAMPLE_FR in warned(reading)


@pytest.mark.parametrize("title", ["P21_RP_ACH19", "P22_RP_ACH1919"])
def test_a_class_is_named_with_two_digits_or_four(title):
    found = named(f"CODGEO;P21_LOG;{title}\n01004;1;2\n")
    assert [key[2] for key in found] == [None, DwellingCategory.PERIOD_BEFORE_1919]


def test_the_categories_of_one_family_are_apart():
    families = {category.split(":")[0] for category in DwellingCategory}
    assert families == {
        "occupancy", "type", "period", "old_period", "tenure", "among_tenants", "area", "heating",
        "heating_system",
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.decimals(0, 999_999, places=3), min_size=COUNT, max_size=COUNT))
def test_every_number_comes_out_as_written(numbers):
    cells = [str(number).replace(".", ",") for number in numbers]
    found = named(f"{TITLES}\n{';'.join(['01004', *cells])}\n")
    unread = float(numbers[TITLES.split(";").index("P21_RP_1P") - 1])
    assert sorted([*found.values(), unread]) == sorted(map(float, numbers))
