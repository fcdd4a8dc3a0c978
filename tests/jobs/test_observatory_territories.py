"""A territory by its codes, by several together, or by the name its agency gives it."""

import pytest

from atre.jobs.observatory_territories import SeveralPerimeters, territory_named
from atre.warehouse.territories import UnknownTerritory
from tests.support.observatory import SmallObservatory

PERIMETERS = {"Visites énergie": [["95001", "83001"]], "Pacte": [["95001"], ["83001"]]}


@pytest.fixture
def named(tmp_path):
    observatory = SmallObservatory.at(tmp_path / "data")
    return lambda text: territory_named(
        text, perimeters=lambda name: PERIMETERS.get(name, []), folders=observatory.folders
    )


def test_several_territories_together_count_each_commune_once(named):
    found = named("epci:200000001, com:95001,com:83001")
    assert found.communes == ("83001", "95001", "95002", "95003")


def test_one_territory_keeps_its_kind(named):
    assert named("dep:95").key == "dep:95"


def test_a_perimeter_is_found_by_its_name(named):
    assert named("Visites énergie").communes == ("83001", "95001")


def test_a_name_of_two_different_perimeters_is_refused(named):
    with pytest.raises(SeveralPerimeters) as refusal:
        named("Pacte")
    assert "2 périmètres" in refusal.value.message_fr


def test_a_name_of_nothing_is_refused(named):
    with pytest.raises(UnknownTerritory):
        named("dep:95,com:00000")
