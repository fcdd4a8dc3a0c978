"""`./atre aids FICHIER`: a plan in words or in JSON, and refusals that say what to mend."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from atre.config import cli
from atre.config.places import ROOT

EXAMPLE = re.search(
    r"```yaml\n(.*?)```",
    (ROOT / "docs/reference/situation.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


@pytest.fixture
def aids(tmp_path: Path) -> Callable[..., int]:
    """Runs the command on a file with this text, then these words."""

    def run(text: str, *words: str) -> int:
        path = tmp_path / "situation.yaml"
        path.write_text(text, encoding="utf-8")
        return cli.main(["aids", str(path), *words])

    return run


@pytest.fixture
def example() -> str:
    assert EXAMPLE
    return EXAMPLE.group(1)


def test_json_gives_the_plan_of_the_route_and_the_other_aids(aids, example, capsys):
    assert aids(example, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said["plans"]) == ["ampleur"]
    assert said["plans"]["ampleur"]["remainder_eur"] == "15475.00"
    assert {"reduced_vat", "cheque_energie"} <= set(said["other_aids"])


def test_the_date_of_the_command_wins_over_the_file(aids, example, capsys):
    assert aids(example, "--date", "2025-08-01", "--json") == 0
    plan = json.loads(capsys.readouterr().out)["plans"]["ampleur"]
    assert plan["on"] == "2025-08-01"
    assert plan["aids"][0]["status"] == "not_eligible"


def test_without_a_route_both_plans_are_given(aids, example, capsys):
    assert aids(example.replace("route: ampleur", "route:"), "--json") == 0
    assert set(json.loads(capsys.readouterr().out)["plans"]) == {"ampleur", "gestes"}


def test_explain_shows_each_step_with_the_key_the_period_and_the_source(aids, example, capsys):
    assert aids(example, "--explain") == 0
    said = capsys.readouterr().out
    assert "[oui] " in said
    assert "mpr.ampleur.dpe_before, depuis le 30\u00a0septembre\u00a02025" in said
    assert "Décret n° 2025-956" in said


def test_an_empty_file_is_unknown_throughout_not_an_error(aids, capsys):
    assert aids("persons:\n", "--date", "2026-03-12", "--json") == 0
    plans = json.loads(capsys.readouterr().out)["plans"]
    assert {plan["remainder_eur"] for plan in plans.values()} == {None}
    assert "works" in plans["gestes"]["missing"]


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("rfr_euro: 12000\n", (), "« rfr_eur »"),
        ("persons: 0\n", (), "persons"),
        ("rfr_eur: beaucoup\n", (), "Un nombre est attendu"),
        ("rfr_eur: true\n", (), "Un nombre est attendu"),
        ("commune: 01004\n", (), "guillemets"),
        ("commune: '75'\n", (), "code Insee"),
        ("dpe_before: [G\n", (), "YAML"),
        ("- une liste\n", (), "clés et de valeurs"),
        ("rfr_eur: .inf\n", (), "rfr_eur"),
        ("works: {geste: ite}\n", (), "liste de lignes"),
        ("works: [{geste: pac_air_eu}]\n", (), "pac_air_eau"),
        ("route: globale\n", (), "ampleur"),
        ("deposit_on: demain\n", (), "deposit_on"),
        ("commune: '93006'\ndwelling_in_idf: false\n", (), "contredisent"),
    ],
)
def test_a_wrong_file_is_refused_with_what_would_be_right(aids, capsys, text, words, said):
    assert aids(text, "--date", "2026-03-12", *words) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert output.out == ""


def test_no_date_at_all_is_asked_for(aids, capsys):
    assert aids("persons: 1\n") == 2
    assert "date de dépôt" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(capsys):
    assert cli.main(["aids", "/nulle/part.yaml", "--date", "2026-03-12"]) == 2
    assert "ne se lit pas" in capsys.readouterr().err
