"""`./atre publish` says in a sentence, and by its exit code, whether tables may go out."""

import json

import pytest

from atre.config import cli
from tests.warehouse.test_secrecy_releases import CELLS, CLOSED, HEAD


@pytest.fixture
def publish(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ATRE_DATA_DIR", str(tmp_path / "data"))

    def run(text, *more, name="tableau.csv"):
        path = tmp_path / name
        path.write_text(HEAD + text, encoding="utf-8")
        code = cli.main(["publish", str(path), "--indicator", "MWh 2023", *more])
        return code, capsys.readouterr()

    return run


def test_an_open_table_is_refused_and_a_closed_one_goes_out(publish):
    refused, said = publish(CELLS)
    passed, out = publish(CLOSED, "--by", "Camille")

    assert (refused, passed) == (1, 0)
    assert "se recalcule exactement" in said.out
    assert "Inscrit au registre, publication n° 2" in out.out


def test_protecting_writes_what_may_go_out(publish, tmp_path):
    target = tmp_path / "sortie.csv"

    code, _ = publish(CELLS, "--protect", str(target))

    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert code == 0
    assert "MWh 2023 · commune Aulnes · energie bois;s" in lines
    assert "MWh 2023 · commune Brières · energie bois;210" in lines


def test_the_ledger_lists_who_asked_what_and_no_value(publish, capsys, tmp_path):
    publish(CELLS, "--by", "Camille", "--name", "Bilan")

    code = cli.main(["publish", "--ledger", "--json"])

    [entry] = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (entry["name"], entry["asked_by"], entry["outcome"]) == ("Bilan", "Camille", "refused")
    assert "cells" not in entry


def test_a_dry_run_writes_nothing(publish, capsys):
    publish(CLOSED, "--dry-run")

    cli.main(["publish", "--ledger"])

    assert "Aucune publication demandée" in capsys.readouterr().out


def test_a_table_without_total_is_unreadable(publish):
    code, said = publish("Aulnes;gaz;400;40;oui\n")

    assert code == 2
    assert "Aucune ligne de total" in said.err
