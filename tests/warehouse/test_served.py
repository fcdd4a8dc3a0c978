"""What a question reads: the tables of its indicators, written or read from another, and no other."""

import json
from collections import Counter

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from atre.warehouse import gate
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.edition import NotBuilt, read_edition
from atre.warehouse.marts.registry import CALCULATIONS, MARTS, VIEWS
from atre.warehouse.served import tables_of
from tests.support.observatory import SmallObservatory, row

# Counted in an agency's own cases, outside the tables that everybody reads.
APART = {"cases_opened"}


@pytest.fixture
def observatory(tmp_path) -> SmallObservatory:
    found = SmallObservatory.at(tmp_path / "data")
    found.receive(
        "ore_consumption",
        [row("95001", 5.0, energy="gas", sector="residential"), row("95001", 3.0, measure="sites")],
    )
    found.receive("filosofi", [row("95001", 20_000.0, measure="median_income", unit="EUR")])
    return found


def test_every_indicator_of_the_catalogue_stands_in_one_table():
    tables = (*MARTS.values(), *CALCULATIONS.values(), *VIEWS.values())
    held = Counter(key for table in tables for key in table.indicators)

    assert set(held) == set(CATALOGUE) - APART
    assert set(held.values()) == {1}


def test_a_table_has_figures_of_no_other_indicator_than_it_says(observatory):
    edition = observatory.build()

    for name, table in {**MARTS, **CALCULATIONS}.items():
        rows = pq.read_table(observatory.folders.marts / edition.marts[name])
        assert set(pc.unique(rows["indicator"]).to_pylist()) <= set(table.indicators), name


def test_a_question_opens_the_tables_of_its_indicators_only():
    assert tables_of(["median_income"]) == ("incomes",)
    assert tables_of(["consumption_emissions"]) == ("consumption_emissions",)
    assert set(tables_of()) == {*MARTS, *CALCULATIONS, *VIEWS}


def test_a_map_asked_again_is_not_that_of_a_former_edition(observatory):
    observatory.build("consumption")
    asked = {"year": 2023, "folders": observatory.folders}
    [before] = gate.of_communes("consumption", **asked).values
    observatory.receive("ore_consumption", [row("95001", 7.0, energy="gas", sector="residential")])
    observatory.build("consumption")

    [after] = gate.of_communes("consumption", **asked).values

    assert (before, after) == (5000.0, 7000.0)


def test_an_edition_of_another_version_of_the_software_asks_for_a_build(observatory):
    observatory.build("consumption")
    written = json.loads(observatory.folders.edition.read_text())
    del written["constants"]
    observatory.folders.edition.write_text(json.dumps(written))

    with pytest.raises(NotBuilt):
        read_edition(observatory.folders)

    assert observatory.build("consumption") == read_edition(observatory.folders)
