"""The page of the rules is the files' own words, and the command line reads the same values."""

import argparse
import json
from datetime import date
from pathlib import Path

import pytest

from atre.calc.parameters import all_parameters, changes_between
from atre.calc.parameters.loading import SCHEMA_FILE
from atre.calc.parameters.page import rules_page
from atre.calc.parameters.words import UNITS_FR
from atre.config.commands import aids, rules

ROOT = Path(__file__).parents[2]


def run(command, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def test_the_committed_page_is_current():
    committed = (ROOT / rules.PAGE).read_text(encoding="utf-8")
    assert committed == rules_page(all_parameters()), "run ./atre rules page and commit the page"


def test_each_unit_of_the_schema_has_its_french_words():
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    assert set(schema["$defs"]["unit"]["enum"]) == set(UNITS_FR)


def test_show_gives_value_period_source_and_confidence(capsys):
    assert run(rules, "show", "anah.ceilings.idf.modestes", "--date", "2025-06-01") == 0
    said = capsys.readouterr().out.replace("\u202f", " ").replace("\u00a0", " ")
    for part in ("28 933", "31 décembre 2025", "Arrêté du 24 mai 2013", "haute"):
        assert part in said


def test_show_refuses_a_year_nobody_published(capsys):
    assert run(rules, "show", "anah.ceilings.idf.modestes", "--date", "2027-06-01") == 1
    assert "aucune valeur connue après" in capsys.readouterr().err


def test_show_suggests_the_key_meant(capsys):
    assert run(rules, "show", "anah.ceilings.idf.modest", "--date", "2025-06-01") == 1
    assert "anah.ceilings.idf.modestes" in capsys.readouterr().err


def test_diff_counts_what_changes_on_new_year(capsys):
    assert run(rules, "diff", "2025-12-31", "2026-01-01") == 0
    said = capsys.readouterr().out
    changes = changes_between(date(2025, 12, 31), date(2026, 1, 1))
    assert f"{len(changes)} règle(s)" in said
    assert said.count("\nanah.ceilings.") + said.startswith("anah.ceilings.") == 6


def test_page_check_agrees_with_the_committed_page(capsys):
    assert run(rules, "page", "--check") == 0


def test_income_class_answers_the_cross_year_trap_in_json(capsys):
    words = ("income-class", "--rfr", "28934.2", "--persons", "1", "--commune", "93006", "--json")
    found = []
    for day in ("2025-06-01", "2026-06-01"):
        assert run(aids, *words, "--date", day) == 0
        found.append(json.loads(capsys.readouterr().out)["income_class"])
    assert found == ["intermediaires", "modestes"]


def test_income_class_says_what_is_missing(capsys):
    assert run(aids, "income-class", "--persons", "1", "--date", "2026-06-01") == 0
    said = capsys.readouterr().out
    assert "le revenu fiscal de référence et la commune du logement" in said


@pytest.mark.parametrize("wrong", [("--rfr=-3", "--commune=93006"), ("--rfr=3", "--commune=9300")])
def test_income_class_refuses_the_impossible_with_a_sentence(capsys, wrong):
    assert run(aids, "income-class", *wrong, "--persons", "1", "--date", "2026-06-01") == 2
    assert capsys.readouterr().err.strip().endswith((".", "€."))
