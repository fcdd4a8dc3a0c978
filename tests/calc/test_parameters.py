"""Dated parameters: refused whole when wrong, looked up by date, never extrapolated."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from atre.calc.parameters import (
    Confidence,
    NoSuchParameter,
    ParameterFileError,
    UnknownParameter,
    all_parameters,
    changes_between,
    load_folder,
    parameter,
    parameters_on,
)
from atre.calc.parameters.loading import VALUES_FOLDER, keys_by_file, strict_loader
from atre.calc.parameters.page import value_fr
from atre.calc.parameters.words import NAMES_FR

ONE_VALUE = """
title: Essai de fichier
parameters:
  - key: essai.seuil
    label_fr: Seuil d'essai
    unit: ratio
    values:
"""


def dated(valid_from: str, valid_to: str, value: str = "0.5") -> str:
    return f"""
      - valid_from: {valid_from}
        valid_to: {valid_to}
        value: {value}
        source: {{title: Texte d'essai, address: "https://example.org"}}
        confidence: high
"""


def folder_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "essai.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_two_periods_that_follow_each_other_are_read(tmp_path):
    text = ONE_VALUE + dated("2024-01-01", "2024-12-31", "0.4") + dated("2025-01-01", "null")
    found = load_folder(folder_with(tmp_path, text))["essai.seuil"]
    assert found.on(date(2024, 12, 31)).number == 0.4
    assert found.on(date(2031, 1, 1)).number == 0.5


@pytest.mark.parametrize(
    ("periods", "problem"),
    [
        (dated("2024-01-01", "2024-12-30") + dated("2025-01-01", "null"), "gap in time"),
        (dated("2024-01-01", "2025-01-01") + dated("2025-01-01", "null"), "overlap in time"),
        (dated("2025-01-01", "2025-12-31") + dated("2024-01-01", "2024-12-31"), "overlap"),
        (dated("2024-01-01", "null") + dated("2025-01-01", "null"), "open period"),
        (dated("2024-12-31", "2024-01-01"), "before it starts"),
        (dated("2024-02-30", "2024-12-31"), "is not a date"),
        (dated("2024", "2024-12-31"), "essai.yaml: parameters/0/values/0"),
        (dated("2024-01-01", "null", "beaucoup"), "parameters/0/values/0/value"),
        (dated("2024-01-01", "null", "{tres_modestes: 80, superieures: 10}"), "superieures"),
        (dated("2024-01-01", "null", "[E, F, F]"), "parameters/0/values/0/value"),
        (dated("2024-01-01", "null", "[E, 4]"), "parameters/0/values/0/value"),
        (
            dated("2025-01-01", "2026-08-31", "[ite, fenetre]") + dated("2026-10-01", "null", "[]"),
            "gap in time",
        ),
        (dated("2024-01-01", "null").replace("confidence: high", "confidence: sure"), "sure"),
        (dated("2024-01-01", "null").replace("https://", "ftp://"), "address"),
        (dated("2024-01-01", "null") + "        confidence: low\n", "written twice"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path, periods, problem):
    with pytest.raises(ParameterFileError, match=problem):
        load_folder(folder_with(tmp_path, ONE_VALUE + periods))


def test_a_key_defined_in_two_files_is_refused(tmp_path):
    folder_with(tmp_path, ONE_VALUE + dated("2024-01-01", "null"))
    (tmp_path / "second.yaml").write_text(ONE_VALUE + dated("2024-01-01", "null"), encoding="utf-8")
    with pytest.raises(ParameterFileError, match=r"second\.yaml: essai\.seuil is already defined"):
        load_folder(tmp_path)


@pytest.mark.parametrize("base", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_both_readers_of_yaml_keep_dates_as_text_and_refuse_a_repeated_key_and_any_object(base):
    def read(text: str):
        return yaml.load(text, Loader=strict_loader(base))

    assert read("day: 2026-01-01\nrate: 0.5\nholds: true") == {
        "day": "2026-01-01",
        "rate": 0.5,
        "holds": True,
    }
    with pytest.raises(ParameterFileError, match="key 'a' written twice, line 3"):
        read("a: 1\nb: 2\na: 3")
    with pytest.raises(yaml.YAMLError):
        read("!!python/object/apply:os.getcwd []")


def test_one_value_is_read_from_its_file_as_with_all_the_others():
    index = keys_by_file(VALUES_FOLDER)
    assert set(index) == set(all_parameters())
    for key, found in all_parameters().items():
        first = found.values[0].valid_from or found.values[0].valid_to or date(2026, 1, 1)
        assert parameter(key, on=first) == found.on(first)


def test_one_value_is_looked_up_without_reading_the_other_files():
    code = (
        "import time; from datetime import date\n"
        "from atre.calc.parameters import parameter\n"
        "from atre.calc.parameters import loading\n"
        "parameter('anah.ceilings.idf.modestes', on=date(2026, 1, 1))\n"
        "assert loading.parameters_of.cache_info().currsize == 1\n"
        "assert loading.all_parameters.cache_info().currsize == 0\n"
        "import sys; assert 'jsonschema' not in sys.modules\n"
    )
    source = Path(__file__).parents[2] / "src"
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": str(source)}
    )


def test_a_key_that_the_index_would_not_see_is_refused(tmp_path):
    text = ONE_VALUE.replace("- key: essai.seuil", '- "key": essai.seuil')
    with pytest.raises(ParameterFileError, match="« - key: »"):
        load_folder(folder_with(tmp_path, text + dated("2024-01-01", "null")))


def test_a_unit_outside_the_list_is_refused(tmp_path):
    text = ONE_VALUE.replace("unit: ratio", "unit: fahrenheit") + dated("2024-01-01", "null")
    with pytest.raises(ParameterFileError, match="fahrenheit"):
        load_folder(folder_with(tmp_path, text))


def test_our_files_have_no_gap_and_an_answer_on_each_day_they_claim():
    for key, found in all_parameters().items():
        for value in found.values:
            for edge in (value.valid_from, value.valid_to):
                if edge is not None:
                    assert found.on(edge) == value, key


def test_ceilings_stop_at_the_last_published_year():
    for key, found in all_parameters().items():
        if not key.startswith("anah.ceilings."):
            continue
        last = found.values[-1].valid_to
        assert last is not None, f"{key} would be carried over to a year nobody published"
        with pytest.raises(UnknownParameter) as unknown:
            parameter(key, on=last + timedelta(days=1))
        assert unknown.value.key == key


def test_nothing_of_low_confidence_is_in_the_product_unmarked():
    low = [
        value.key
        for found in all_parameters().values()
        for value in found.values
        if value.confidence is Confidence.LOW and not value.note_fr
    ]
    assert low == []


def test_a_key_that_no_file_defines_is_another_error_than_an_unknown_date():
    with pytest.raises(NoSuchParameter):
        parameter("anah.ceilings.mars.modestes", on=date(2026, 1, 1))


def test_values_of_another_kind_are_not_read_as_a_number():
    ceilings = parameter("anah.ceilings.idf.modestes", on=date(2026, 1, 1))
    with pytest.raises(TypeError):
        _ = ceilings.number
    assert ceilings.table.persons[0] == 29253


def test_a_rule_may_be_a_yes_or_a_list_and_each_is_read_as_what_it_is(tmp_path):
    text = (
        ONE_VALUE + dated("2024-01-01", "2024-12-31", "true") + dated("2025-01-01", "null", "[E]")
    )
    found = load_folder(folder_with(tmp_path, text))["essai.seuil"]
    yes, listed = found.on(date(2024, 6, 1)), found.on(date(2025, 6, 1))
    assert yes.holds is True
    assert listed.names == ("E",)
    assert (value_fr(yes), value_fr(listed)) == ("oui", "E")
    for read in ("number", "names", "table", "named_numbers"):
        with pytest.raises(TypeError):
            getattr(yes, read)
    with pytest.raises(TypeError):
        _ = listed.holds


def test_an_amount_by_income_class_is_shown_with_the_classes_names(tmp_path):
    text = ONE_VALUE + dated("2024-01-01", "null", "{tres_modestes: 1200, superieurs: 0}")
    found = load_folder(folder_with(tmp_path, text))["essai.seuil"].on(date(2024, 6, 1))
    assert found.named_numbers["tres_modestes"] == 1200
    assert value_fr(found).replace("\u202f", " ") == "très modestes 1 200; supérieurs 0"


def test_the_page_has_french_words_for_every_name_in_a_value():
    unsaid = {
        name
        for found in all_parameters().values()
        for value in found.values
        if value.unit != "dpe_classes" and isinstance(value.value, Mapping | tuple)
        for name in value.value
        if name not in NAMES_FR
    }
    assert unsaid == set()


def test_bounds_gains_and_zones_are_said_in_words():
    on = date(2026, 6, 1)
    for key, said in (
        ("cee.pac_air_eau.surface_factor", "moins de 70 m² 0,5"),
        ("cee.ampleur.surface_factor", "130 m² et plus 1,3"),
        ("cee.ampleur.amount", "gain de 4 classes ou plus 7 400"),
        ("cee.pac_air_eau.zone_factor", "zone H3 0,7"),
        ("mpr.gestes.covered", "pompe à chaleur air/eau"),
    ):
        assert said in value_fr(parameter(key, on=on)).replace("\u202f", " ")


def test_changes_name_what_appears_and_disappears():
    keys = {change.key for change in changes_between(date(2015, 6, 1), date(2016, 6, 1))}
    assert keys == {"energy_poverty.tee_threshold"}
    gone = {c.key: c.after for c in changes_between(date(2026, 6, 1), date(2027, 6, 1))}
    assert gone["anah.ceilings.idf.modestes"] is None


def test_values_of_a_day_are_those_of_each_key():
    on = date(2025, 7, 14)
    for key, value in parameters_on(on).items():
        assert parameter(key, on=on) == value
