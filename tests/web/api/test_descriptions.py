"""What can be asked: indicators, territories, sources, the edition, the identifiers of others."""

import pytest

from atre.warehouse import crosswalk
from atre.warehouse.catalogue import CASES, CATALOGUE
from atre.warehouse.indicators import Secrecy
from tests.support.observatory import SmallObservatory, row
from tests.web.api.conftest import AINCOURT, Program

# Indicators of what agencies count of their own cases.
CLOSED = [key for key, one in CATALOGUE.items() if one.secrecy is Secrecy.HOUSEHOLDS]


def test_the_catalogue_says_what_each_indicator_counts(program):
    found = {one["key"]: one for one in program.read("indicators")["indicators"]}
    emissions = found["emissions"]
    assert (emissions["unit"], emissions["aggregation"]) == ("tCO2e", "sum")
    assert emissions["bars_follow_up"] == ["industry", "tertiary", "waste", "energy"]
    assert "cae_1.c" in emissions["cae"]
    assert found["median_income"]["aggregation"] == "never"
    assert all(one["cautions"] is not None and one["sources"] for one in found.values())


def test_an_indicator_says_its_years_the_latest_first(program):
    years = program.read("indicators/consumption")["years"]
    assert [one["year"] for one in years] == [2023, 2022]
    assert years[0]["energies"] == ["electricity", "gas"]
    assert program.refusal("indicators/x") == (404, "unknown_indicator", "indicator")


@pytest.mark.parametrize("key", CLOSED)
def test_what_agencies_count_of_their_cases_does_not_exist_here(program, key):
    assert key not in {one["key"] for one in program.read("indicators")["indicators"]}
    never_was = program.get("/api/v1/figures", {"indicator": "nothing", "territory": "fr"})
    closed = program.get("/api/v1/figures", {"indicator": key, "territory": "fr"})
    assert closed.status_code == never_was.status_code == 404
    assert closed.json()["message"] == never_was.json()["message"].replace("nothing", key)
    for address in (f"indicators/{key}", f"commune-values?indicator={key}"):
        assert program.get(f"/api/v1/{address}").status_code == 404


def test_there_is_an_indicator_of_cases_to_hide():
    assert CLOSED


def test_territories_are_found_by_kind_name_and_code(program):
    def codes(**asked):
        said = program.read("territories", **asked)
        return [one["territory"] for one in said["territories"]]

    assert codes(kind="dep") == ["dep:75", "dep:83", "dep:95"]
    assert codes(q="AINcourt") == ["com:95001"]
    assert codes(q="9500") == ["com:95001", "com:95002", "com:95003"]
    assert codes(kind="epci", within="dep:95") == ["epci:200000001"]
    assert codes(q="nowhere") == []
    assert program.refusal("territories", kind="moon") == (422, "bad_parameter", "kind")
    assert program.refusal("territories", within="x") == (404, "unknown_territory", "within")


def test_pages_of_territories_are_whole(program):
    read, following = [], "/api/v1/territories?limit=4"
    while following:
        page = program.get(following).json()
        read += [one["territory"] for one in page["territories"]]
        following = page["next"]
    assert len(read) == len(set(read)) == page["total"]
    assert read[0] == "fr"


def test_a_territory_lists_its_communes_and_what_holds_it(program):
    said = program.read("territories/epci:200000001")
    assert [one["territory"] for one in said["members"]] == ["com:95001", "com:95002", "com:95003"]
    assert [one["territory"] for one in said["parents"]] == ["dep:95", "reg:11"]
    assert program.refusal("territories/epci:0") == (404, "unknown_territory", "territory")


def test_sources_say_their_licence_and_what_was_read(program):
    [_, ore, *_] = program.read("sources")["sources"]
    assert (ore["publisher"], ore["licence"]) == ("Agence ORE", "Licence Ouverte 2.0")
    assert (ore["vintage"], ore["rows"], ore["rejected"]) == (2023, 6, 0)
    assert ore["standings"]["kept"] == 6
    lines = program.read("source-rows", indicator="consumption", territory=f"com:{AINCOURT}")
    assert {line["file"] for line in lines["rows"]} == {ore["key"]}


def test_a_file_of_cases_is_not_among_the_sources(tmp_path, monkeypatch):
    observatory = SmallObservatory.at(tmp_path / "data")
    observatory.receive("ore_consumption", [row(AINCOURT, 41.0)])
    observatory.build("consumption")
    observatory.receive(CASES, [row(AINCOURT, 12.0, measure="cases_opened", unit="cases")])
    monkeypatch.setenv("ATRE_DATA_DIR", str(observatory.folders.data))
    said = Program().read("sources")
    assert ([one["source"] for one in said["sources"]], said["total"]) == (["ore_consumption"], 1)


def test_the_edition_is_named(program):
    said = program.read("edition")
    assert said["geography_year"] == 2026
    assert said["edition"] == program.read("indicators")["edition"]
    assert said["built_at"].startswith("2026-11-22T12:00")


def test_equivalents_go_to_the_others_and_back():
    assert len(crosswalk.BY_CAE) == len(crosswalk.BY_CUT) == len(crosswalk.EQUIVALENTS)
    for one in crosswalk.EQUIVALENTS:
        indicator, sector, energy, category = one.cut
        back = crosswalk.equivalent_of(indicator, sector=sector, energy=energy, category=category)
        assert back is crosswalk.BY_CAE[one.cae] is one
        named = {"sector": sector, "energy": energy, "category": category}
        used = {name for name, value in named.items() if value is not None}
        assert used <= set(CATALOGUE[indicator].dimensions)
        assert one.in_ours(one.in_theirs(1_234.5)) == pytest.approx(1_234.5)
        assert one.in_theirs(None) is one.in_ours(None) is None


def test_units_of_the_others_are_multiples_of_ours():
    units = {
        (CATALOGUE[one.indicator].unit, one.unit, one.ours_in_theirs)
        for one in crosswalk.EQUIVALENTS
    }
    assert units == {
        ("kWh", "GWh", 1e6),
        ("kWh", "MWh", 1e3),
        ("tCO2e", "kteq CO2", 1e3),
        ("kW", "MW", 1e3),
    }


def test_a_figure_is_found_by_the_identifier_of_the_others(program):
    sun = {one["cae"]: one for one in program.read("equivalents")["equivalents"]}["cae_3.ac"]
    assert (sun["indicator"], sun["category"], sun["unit"]) == ("production", "solar", "MWh")
    [figure] = program.read(
        "figures", indicator=sun["indicator"], territory=f"com:{AINCOURT}", by="category"
    )["figures"]
    assert figure["cae"] == "cae_3.ac"
    assert figure["value"] / sun["ours_in_theirs"] == 40.0
