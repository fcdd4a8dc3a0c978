"""Rows of files in our units, on today's communes, with what became of each."""

from collections import Counter

import pytest

from tests.support.observatory import SmallObservatory, row


def by_published(observatory: SmallObservatory) -> dict[str, dict]:
    return {line["published_territory"]: line for line in observatory.staged()}


def test_gas_in_pcs_is_counted_in_pci_and_kept_as_published(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.111, energy="gas", basis="pcs")])

    [line] = observatory.staged()

    assert line["value"] == pytest.approx(1000)
    assert line["value_pcs"] == pytest.approx(1111)
    assert (line["published_value"], line["published_unit"], line["unit"]) == (1.111, "MWh", "kWh")


def test_electricity_has_one_calorific_value(observatory):
    observatory.receive("ore_consumption", [row("95001", 2.0, energy="electricity")])

    [line] = observatory.staged()

    assert (line["value"], line["value_pcs"]) == (2000, 2000)


def test_a_unit_that_we_do_not_convert_stays_as_it_is(observatory):
    observatory.receive("filosofi", [row("95001", 14.5, measure="poverty_rate", unit="%")])

    [line] = observatory.staged()

    assert (line["value"], line["unit"]) == (14.5, "%")


def test_a_former_commune_goes_to_the_one_it_joined(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.0), row("95900", 2.0)])

    lines = by_published(observatory)

    assert (lines["95900"]["commune"], lines["95900"]["geography"]) == ("95001", "former")
    assert lines["95900"]["standing"] == "kept"


def test_a_commune_divided_since_is_outside_rather_than_shared_out(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.0), row("95902", 2.0)])

    lines = by_published(observatory)

    assert lines["95902"]["standing"] == "outside"
    assert lines["95902"]["commune"] is None


def test_an_unknown_code_is_outside_and_still_there(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.0), row("99999", 7.0)])

    assert Counter(line["standing"] for line in observatory.staged()) == {"kept": 1, "outside": 1}


def test_arrondissements_are_not_counted_beside_their_whole_city(observatory):
    observatory.receive(
        "filosofi",
        [
            row(code, 5.0, measure="tax_households", unit="households")
            for code in ("75056", "75101", "75102")
        ],
    )

    lines = by_published(observatory)

    assert lines["75056"]["standing"] == "kept"
    assert lines["75101"]["standing"] == lines["75102"]["standing"] == "counted_in_city"


def test_arrondissements_make_their_city_when_the_file_has_it_in_parts_only(observatory):
    observatory.receive("ore_consumption", [row("75101", 1.0), row("75102", 2.0)])

    [paris] = observatory.mart("consumption")

    assert (paris["territory"], paris["value"], paris["geographies"]) == ("75056", 3000, 2)


def test_a_later_file_replaces_what_it_says_again_and_nothing_else(observatory):
    observatory.receive(
        "ore_consumption", [row("95001", 1.0), row("95002", 1.0), row("95001", 1.0, year=2022)]
    )
    observatory.receive("ore_consumption", [row("95001", 9.0)])

    found = {
        (line["territory"], line["year"], line["published_value"]): line["standing"]
        for line in observatory.staged()
    }

    assert found == {
        ("95001", 2023, 1.0): "superseded",
        ("95001", 2023, 9.0): "kept",
        ("95002", 2023, 1.0): "kept",
        ("95001", 2022, 1.0): "kept",
    }


def test_a_file_of_gas_does_not_replace_one_of_electricity(observatory):
    observatory.receive("sdes_local_energy", [row("95001", 1.0, energy="electricity")])
    observatory.receive("sdes_local_energy", [row("95001", 2.0, energy="gas")])

    assert {line["standing"] for line in observatory.staged()} == {"kept"}


def test_a_merged_commune_told_later_replaces_what_it_was_made_of(observatory):
    observatory.receive(
        "ore_consumption", [row("95001", 1.0), row("95900", 2.0), row("95002", 4.0)]
    )
    observatory.receive("ore_consumption", [row("95001", 3.5)])

    found = {
        (line["published_territory"], line["published_value"]): line["standing"]
        for line in observatory.staged()
    }

    assert found == {
        ("95001", 1.0): "superseded",
        ("95900", 2.0): "superseded",
        ("95001", 3.5): "kept",
        ("95002", 4.0): "kept",
    }
