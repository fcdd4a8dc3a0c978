"""What `./atre aids FICHIER` shows besides the plans, when the file speaks of it."""

import argparse
import json
from datetime import date
from pathlib import Path

import pytest

from atre.calc.aids.project import project_from
from atre.calc.errors import RefusedInput
from atre.config.commands import aids

HOUSEHOLD = "occupancy: owner_occupier\nrfr_eur: 17000\npersons: 1\ncommune: '26362'\n"
BUILDING = "copro_dwellings: 30\n"
SOURCES = "funding_sources: [slime, anah_pact]\n"


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def told(folder: Path, capsys, text: str, *words: str) -> str:
    path = folder / "situation.yaml"
    path.write_text(text, encoding="utf-8")
    parser = argparse.ArgumentParser()
    aids.add_arguments(parser)
    given = (str(path), "--date", "2026-06-01", *words)
    assert aids.run(parser.parse_args(given)) == 0
    return plain(capsys.readouterr().out)


def test_two_sources_of_money_for_one_expense_are_to_confirm(tmp_path, capsys):
    said = told(tmp_path, capsys, HOUSEHOLD + SOURCES + "same_expense: true\n")
    assert "Slime et Pacte territorial France Rénov’ (Anah) : à confirmer" in said
    assert "si c’est la même dépense" not in said


def test_without_knowing_the_expense_the_pair_is_said_under_condition(tmp_path, capsys):
    said = told(tmp_path, capsys, HOUSEHOLD + SOURCES)
    assert "Double financement, si c’est la même dépense" in said
    assert "à confirmer" in said


def test_two_expenses_have_no_double_funding(tmp_path, capsys):
    said = told(tmp_path, capsys, HOUSEHOLD + SOURCES + "same_expense: false\n")
    assert "Double financement : rien à signaler" in said


def test_a_file_with_one_source_or_none_does_not_speak_of_it(tmp_path, capsys):
    for text in ("", "funding_sources: []\n", "funding_sources: [slime]\n"):
        assert "Double financement" not in told(tmp_path, capsys, HOUSEHOLD + text)


def test_a_copropriete_shows_the_bonus_of_the_co_owner(tmp_path, capsys):
    said = told(tmp_path, capsys, HOUSEHOLD + BUILDING)
    assert "Prime individuelle du copropriétaire" in said
    assert "3 000 €" in said
    assert "Prime individuelle" not in told(tmp_path, capsys, HOUSEHOLD)


def test_the_machine_reads_both(tmp_path, capsys):
    text = HOUSEHOLD + BUILDING + SOURCES + "same_expense: true\n"
    said = json.loads(told(tmp_path, capsys, text, "--json"))
    assert said["copropriete_individual_bonus"]["amount_eur"] == "3000.00"
    assert said["double_funding"]["doubtful"] == "yes"
    assert [pair["verdict"] for pair in said["double_funding"]["combinations"]] == ["to_confirm"]
    nothing = json.loads(told(tmp_path, capsys, HOUSEHOLD, "--json"))
    assert nothing["copropriete_individual_bonus"] is None
    assert nothing["double_funding"] is None


@pytest.mark.parametrize(
    "content",
    [
        {"funding_sources": "slime"},
        {"funding_sources": ["slyme"]},
        {"funding_sources": [["slime"]]},
        {"funding_sources": ["slime", "slime"]},
        {"same_expense": "oui"},
    ],
)
def test_a_source_that_does_not_exist_is_refused_with_its_key(content):
    with pytest.raises(RefusedInput) as refusal:
        project_from({"deposit_on": date(2026, 6, 1), **content})
    assert refusal.value.field == next(iter(content))


def test_the_trace_of_an_aid_keeps_its_cautions(tmp_path, capsys):
    text = HOUSEHOLD + BUILDING
    short = told(tmp_path, capsys, text, "--date", "2026-10-01", "--route", "ampleur")
    traced = told(tmp_path, capsys, text, "--date", "2026-10-01", "--route", "ampleur", "--explain")
    cautions = {line for line in short.splitlines() if line.startswith("  Attention")}
    assert cautions
    assert cautions <= set(traced.splitlines())
