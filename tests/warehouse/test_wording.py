"""Every word of a figure has its French one."""

import pytest

from atre.formats.base_logement import DwellingCategory
from atre.formats.generation import Generation
from atre.formats.territory_figures import Energy, Level, Sector, Status
from atre.warehouse import wording
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.staging.figures import Standing


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (Sector, wording.SECTORS_FR),
        (Energy, wording.ENERGIES_FR),
        (Generation, wording.CATEGORIES_FR),
        (DwellingCategory, wording.CATEGORIES_FR),
        (Level, wording.LEVELS_FR),
        (Status, wording.STATUSES_FR),
        (Standing, wording.STANDINGS_FR),
    ],
)
def test_each_word_of_a_closed_list_is_said_in_french(words, said):
    assert [word for word in words if word not in said] == []


def test_a_reference_climate_names_its_years():
    assert wording.category_fr("reference:2018-2020") == "climat moyen de 2018 à 2020"


def test_a_unit_written_in_english_is_said_in_french():
    english = {"persons", "dwellings", "households", "sites", "degree_days", "installations"}
    units = {one.unit for one in CATALOGUE.values()}
    assert [
        unit
        for unit in sorted(english & units)
        if wording.unit_fr(unit) == unit and unit != "installations"
    ] == []
