"""`./atre territory`: real communes and populations, for a reader and for a program."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from atre.config import cli, preparation
from atre.jobs import reference

VAR_PACT = ("248300394", "200040210", "200027100", "200040202", "248300410")


@pytest.fixture
def territory(monkeypatch: pytest.MonkeyPatch, territory_file: Path) -> Callable[..., int]:
    """Runs the command on the built file; the preparation only announces itself, as a step does."""
    monkeypatch.setattr(preparation, "ensure_reference_data", lambda: print("→ Communes …"))
    monkeypatch.setattr(reference, "reference_file", lambda: territory_file)
    return lambda *arguments: cli.main(["territory", *arguments])


def test_json_gives_the_communes_and_each_population_apart(
    territory: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert territory(*VAR_PACT, "--json") == 0
    output = capsys.readouterr()
    answer = json.loads(output.out)
    assert answer["communes"] == len(answer["members"]) == 51
    assert {"kind": "total", "year": 2022, "value": 179_118} in answer["population"]
    assert {"kind": "municipal", "year": 2023, "value": 178_852} in answer["population"]
    assert answer["missing"] == []
    assert answer["source"]["vintage"] == "COG 2026"
    assert "Communes …" in output.err


def test_a_population_that_some_communes_lack_is_said_to_be_missing(
    territory: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert territory("248300394", "13001", "Bagnolet", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["communes"] == 11
    assert answer["missing"] == [{"kind": "total", "year": 2023, "value": 43_234, "communes": 1}]
    assert ("total", 2023) not in {(f["kind"], f["year"]) for f in answer["population"]}
    assert [t["name"] for t in answer["territories"][1:]] == ["Aix-en-Provence", "Bagnolet"]


def test_the_page_names_the_kind_and_year_of_each_figure(
    territory: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert territory("Est Ensemble", "Angers") == 0
    page = capsys.readouterr().out
    assert "Est Ensemble (200057875)" in page
    assert "10 communes" in page
    assert "population totale, année légale 2022 :" in page
    assert "population totale, année légale 2023 : incomplète, connue pour 9 des 10" in page
    assert "Licence Ouverte" in page


def test_a_district_is_answered_with_its_whole_commune_and_says_so(
    territory: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert territory("13201") == 0
    assert "Marseille (13055), la commune entière, pour le code 13201" in capsys.readouterr().out


def test_a_doubt_is_refused_with_what_to_type(
    territory: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert territory("Saint-Denis", "--json") == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert "plusieurs territoires" in output.err
    assert "Saint-Denis (93), code Insee 93066" in output.err
