"""What the tables add up is what the files gave, by commune or by IRIS."""

from dataclasses import replace

import pytest

from atre.warehouse import building
from atre.warehouse.closing import TotalsDiffer
from atre.warehouse.marts.additive import additive
from atre.warehouse.marts.registry import Mart
from tests.support.observatory import row


def by_iris(code: str, value: float | None, **more: object) -> dict[str, object]:
    return row(code, value, level="iris", measure="dwellings", unit="dwellings", **more)


def dwellings_without(line: int):
    """The mart of dwellings as it would be, had it lost the rows of this line of their file."""

    def rows(inputs):
        staged = inputs.staged.filter(inputs.staged.line != line)
        return additive(replace(inputs, staged=staged), ("dwellings",))

    return Mart(("dwellings",), rows, is_received=True)


def test_a_table_that_lost_an_iris_is_not_served(observatory, monkeypatch):
    observatory.receive("installed_census", [by_iris("950010101", 2.0), by_iris("950010102", 3.0)])
    monkeypatch.setattr(building, "MARTS", {**building.MARTS, "dwellings": dwellings_without(3)})

    with pytest.raises(TotalsDiffer, match="dwellings, 2023"):
        observatory.build("dwellings")


def test_a_table_with_all_its_iris_is_served(observatory):
    observatory.receive("installed_census", [by_iris("950010101", 2.0), by_iris("950010102", None)])

    assert observatory.build("dwellings").rows == {"dwellings": 1}


def test_a_lost_commune_is_seen_beside_communes_made_of_their_iris(observatory, monkeypatch):
    observatory.receive(
        "base_logement",
        [
            row("95001", 7.0, measure="dwellings", unit="dwellings"),
            by_iris("950020101", 2.0),
            by_iris("950020102", 3.0),
        ],
    )
    monkeypatch.setattr(building, "MARTS", {**building.MARTS, "dwellings": dwellings_without(2)})

    with pytest.raises(TotalsDiffer, match="2 lignes dont 2 connues, au lieu de 3"):
        observatory.build("dwellings")


def test_iris_of_a_commune_given_whole_are_not_missed(observatory):
    observatory.receive(
        "base_logement",
        [row("95001", 7.0, measure="dwellings", unit="dwellings"), by_iris("950010101", 2.0)],
    )

    assert observatory.build("dwellings").rows == {"dwellings": 1}


def test_iris_of_a_year_without_its_commune_are_added_up(observatory):
    """A file that has the commune whole one year and by IRIS the next loses neither."""
    observatory.receive(
        "base_logement",
        [
            row("95001", 7.0, measure="dwellings", unit="dwellings", year=2020),
            by_iris("950010101", 2.0, year=2021),
        ],
    )

    observatory.build("dwellings")

    found = {(one["year"], one["value"]) for one in observatory.mart("dwellings")}
    assert found == {(2020, 7.0), (2021, 2.0)}


def test_the_commune_and_the_iris_files_of_a_publisher_do_not_count_twice(observatory):
    """The ORE gives both, each in a file of its own."""
    observatory.receive("ore_consumption", [row("95001", 7.0, energy="gas")])
    observatory.receive("ore_consumption", [row("950010101", 7.0, level="iris", energy="gas")])
    observatory.receive(
        "ore_consumption", [row("950010101", 4.0, level="iris", energy="electricity")]
    )

    observatory.build("consumption")

    found = {(one["energy"], one["value"]) for one in observatory.mart("consumption")}
    assert found == {("gas", 7000.0), ("electricity", 4000.0)}
