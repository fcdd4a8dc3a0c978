"""Enedis' flows: R50, R4Q, R151, R171, R64 and the answer of a web service."""

import json
from collections import Counter
from datetime import UTC, datetime

import pyarrow.compute as pc
import pytest

from atre.formats.reading import INDEXES, INTERVALS, UnreadableFile
from atre.formats.xml_stream import CUT_FR
from tests.support.enedis_files import doubts, reading, real, reasons, recognised


def test_r50_gives_the_half_hours_that_end_at_each_point():
    found = reading(real("R50.xml"))
    (table,) = found.tables
    assert (found.format.key, table.schema, table.num_rows) == ("enedis_r50", INTERVALS, 48)
    assert table["start"][0].as_py() == datetime(2022, 2, 1, 23, tzinfo=UTC)
    assert table["kwh"][0].as_py() == pytest.approx(0.238)
    assert pc.sum(table["kwh"]).as_py() == pytest.approx(20.681)


def test_r4q_gives_the_ten_minutes_that_begin_and_leaves_reactive_power_out():
    found = reading(real("R4Q.xml.gz"))
    (table,) = found.tables
    assert table.num_rows == 144
    assert table["start"][0].as_py() == datetime(2022, 2, 1, 23, tzinfo=UTC)
    assert table["kwh"][0].as_py() == pytest.approx(28 / 6)
    assert Counter(table["quality"].to_pylist()) == {"R": 144}
    assert found.rejects[0].found == "10 kVAr CONS ERI : 144 points"


def test_r151_dates_the_index_at_the_end_of_its_day():
    found = reading(real("R151.xml"))
    indexes, powers = found.tables
    assert indexes["register"].to_pylist() == ["D1", "F1"]
    assert set(indexes["index_kwh"].to_pylist()) == {9744.495}
    assert set(indexes["read_at"].to_pylist()) == {datetime(2022, 2, 2, 23, tzinfo=UTC)}
    assert powers["power_va"].to_pylist() == [3817]


def test_r171_reads_active_energy_and_says_what_it_leaves():
    found = reading(real("R171.xml"))
    indexes, powers = found.tables
    assert indexes.schema == INDEXES
    by_class = dict(
        zip(indexes["register"].to_pylist(), indexes["index_kwh"].to_pylist(), strict=True)
    )
    assert by_class == {"HPH": 429_229, "HCE": 60_091, "HCH": 175_013, "HPE": 129_034}
    assert powers["power_va"].to_pylist() == [86_000]
    assert len([reason for reason in doubts(found) if reason.startswith("Grandeur")]) == 5


def test_consumption_between_readings_is_counted_on_one_calendar_only():
    found = reading(real("ConsultationMesures_C5_response.xml"))
    (table,) = found.tables
    assert table.num_rows == 13
    assert table["kwh"][-1].as_py() == 775
    assert Counter(table["quality"].to_pylist()) == {"REEL": 11, "ESTI": 1, "REGU": 1}


@pytest.mark.parametrize("name", ["R50.xml", "R151.xml", "R171.xml", "R4Q.xml.gz"])
def test_a_document_type_is_refused_before_any_entity(name):
    content = real(name)
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    after = content.index(b"?>") + 2
    with pytest.raises(UnreadableFile, match="DOCTYPE"):
        reading(content[:after] + declared + content[after:])


@pytest.mark.parametrize("name", ["R50.xml", "R171.xml", "ConsultationMesures_C5_response.xml"])
def test_a_flow_cut_short_gives_what_came_and_says_where_it_stops(name):
    found = reading(real(name)[:-700])
    assert found.rows > 0
    assert reasons(found)[-1] == CUT_FR


def test_a_namespace_or_a_prefix_changes_nothing():
    content = real("R171.xml")
    bare = content.replace(b"ns2:R171", b"R171").replace(b"xmlns:ns2", b"xmlns")
    assert reading(bare).tables[0].equals(reading(content).tables[0])


def test_nests_without_end_are_refused():
    with pytest.raises(UnreadableFile):
        reading(b"<R50>" + b"<a>" * 500)


def r64(*values: dict, **quantity: object) -> bytes:
    about = {"grandeurMetier": "CONS", "grandeurPhysique": "EA", "unite": "Wh", **quantity}
    about["calendrier"] = [
        {
            "idCalendrier": "FC000165",
            "classeTemporelle": [
                {"idClasseTemporelle": "HP", "codeCadran": "01", "valeur": list(values)}
            ],
        }
    ]
    meter = {"idPrm": "1", "contexte": [{"typeReleve": "AQ", "grandeur": [about]}]}
    return json.dumps({"header": {"codeFlux": "R64"}, "mesures": [meter]}, indent=1).encode()


def test_r64_gives_the_registers_of_each_calendar():
    found = reading(r64({"d": "2026-01-01T00:00:00+01:00", "v": 123_456, "iv": 0}))
    (only,) = found.tables[0].to_pylist()
    assert only["index_kwh"] == 123.456
    assert (only["calendar"], only["temporal_class"], only["register"]) == ("FC000165", "HP", "01")
    assert only["read_at"] == datetime(2025, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        {"d": "2026-01-01", "v": "douze"},
        {"d": "demain", "v": 1},
        {"d": "2026-01-01", "v": -1},
        {"d": "2026-01-01", "v": None},
        {"d": "2026-01-01", "v": True},
        {"d": "2026-01-01", "v": 1e999},
        {"d": 5, "v": 1},
        {},
    ],
)
def test_r64_refuses_a_value_that_is_no_index(value):
    found = reading(r64(value))
    assert found.rows == 0
    assert len(found.rejects) == 1


def test_r64_leaves_production_and_reactive_energy_out():
    value = {"d": "2026-01-01", "v": 1}
    for other in ({"grandeurMetier": "PROD"}, {"grandeurPhysique": "ERI", "unite": "VArh"}):
        found = reading(r64(value, **other))
        assert found.rows == 0
        assert len(found.warnings) == 1


def test_r64_cut_short_gives_the_meters_that_came_whole():
    whole = json.loads(r64({"d": "2026-01-01", "v": 1}))
    whole["mesures"] *= 3
    content = json.dumps(whole).encode()
    found = reading(content[:-40])
    assert found.tables[0].num_rows == 2
    assert found.rejects[0].place == "mesures[3]"


def test_another_json_is_not_r64():
    with pytest.raises(UnreadableFile, match="JSON"):
        recognised(b'{"header": {"codeFlux": "R67"}, "mesures": []}')
