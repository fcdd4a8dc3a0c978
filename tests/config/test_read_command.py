"""`./atre read`: what a file is, what was read, what was not and why; never a traceback."""

import csv
import json
from pathlib import Path

import pytest

from atre.config import cli
from tests.support.enedis_files import curve, half_hours, real

HOURS = [f"2021-01-07T0{h}:00:00+01:00" for h in range(1, 7)]


@pytest.fixture
def file(tmp_path: Path):
    def write(content: bytes, name: str = "fichier.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return write


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert cli.main(["read", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_program_is_told_the_format_the_period_the_steps_and_the_energy(file, capsys):
    answer = answered(capsys, file(real("HDM_C5_CDC.csv.gz")))
    assert answer["status"] == "read"
    assert answer["format"]["key"] == "enedis_hdm"
    (table,) = answer["tables"]
    assert table == {
        "kind": "intervals",
        "rows": 17_869,
        "meters": ["09111642617347"],
        "start": "2021-01-07T00:00:00+01:00",
        "end": "2022-02-02T00:00:00+01:00",
        "unknown_rows": 17,
        "kwh": 9674.573,
        # 391 days less 28 hours without a value
        "kwh_per_day": round(9674.573 / (391 - 28 / 24), 3),
        "unknown_hours": 28.0,
        "steps": [{"minutes": 30, "rows": 16_992}, {"minutes": 60, "rows": 860}],
    }
    assert answer["rejected_rows"] == 0


def test_a_person_is_told_the_same_in_french(file, capsys):
    assert cli.main(["read", file(real("HDM_C5_IDX.csv.gz"))]) == 0
    page = capsys.readouterr().out.replace("\xa0", " ").replace("\u202f", " ")
    assert "Index : 1 261 lignes." in page
    assert "Puissances maximales : 469 lignes." in page
    assert "La plus forte : 9 121 VA." in page
    assert "Non lu : 3 lignes." in page
    assert "249 × Index daté de 23 h" in page


def test_what_is_refused_is_counted_by_reason_with_its_first_line(file, capsys):
    rows = [*half_hours(*HOURS), ("2021-01-07T07:00:00+01:00", "douze"), ("hier", "1")]
    answer = answered(capsys, file(curve(*rows)))
    assert answer["rejected_rows"] == 2
    first = answer["rejects"][0]
    assert (first["count"], first["first_line"], first["first_found"]) == (1, 10, "douze")


def test_each_refused_line_can_be_taken_away_without_a_formula(file, capsys, tmp_path):
    target = tmp_path / "rejets.csv"
    rows = [*half_hours(*HOURS), ("2021-01-07T07:00:00+01:00", "=1+1")]
    answered(capsys, file(curve(*rows)), "--rejects", str(target))
    with target.open(encoding="utf-8-sig", newline="") as stream:
        written = list(csv.reader(stream, delimiter=";"))
    assert written[0][:2] == ["Fichier", "Ligne"]
    assert written[1][1] == "10"
    assert written[1][4] == "'=1+1"


def test_several_files_of_a_meter_are_brought_together(file, capsys):
    answer = answered(
        capsys,
        file(real("HDM_C5_CDC.csv.gz"), "courbe.csv"),
        file(real("HDM_C5_IDX.csv.gz"), "index.csv"),
    )
    assert [found["status"] for found in answer["files"]] == ["read", "read"]
    reasons = [line["gaps"][0]["reason"] for line in answer["reconciliation"]]
    assert reasons.count("agrees") == 13
    assert reasons.count("holes") == 1


def test_the_comparison_is_told_to_a_person(file, capsys):
    content = real("HDM_C5_CDC.csv.gz"), real("HDM_C5_IDX.csv.gz")
    assert cli.main(["read", file(content[0], "courbe.csv"), file(content[1], "index.csv")]) == 0
    page = capsys.readouterr().out.replace("\xa0", " ")
    assert "Tout concorde." in page
    assert "il manque 14,0 h à la courbe" in page


def test_files_of_two_meters_are_not_brought_together(file, capsys):
    index = real("HDM_C5_IDX.csv.gz")
    first = file(curve(*half_hours(*HOURS), meter="1"), "courbe.csv")
    assert cli.main(["read", first, file(index, "index.csv")]) == 0
    assert "même compteur" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "vide"), (b"bonjour", "bonjour"), (b"\x00\x01", "ni du texte"), (b"<a/>", "racine")],
)
def test_an_unknown_file_is_refused_with_a_sentence(file, capsys, content, words):
    assert cli.main(["read", file(content)]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert "Traceback" not in told.err


def test_a_program_is_told_that_a_file_is_unreadable(file, capsys):
    assert cli.main(["read", file(b"bonjour"), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "unreadable"
    assert "On sait lire" in answer["message"]


def test_an_absent_file_and_a_folder_are_said_in_french(tmp_path, capsys):
    assert cli.main(["read", str(tmp_path / "absent.csv"), str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "n’existe pas" in told
    assert "est un dossier" in told


def test_a_good_file_beside_a_bad_one_is_still_told(file, capsys):
    good = file(curve(*half_hours(*HOURS)), "bon.csv")
    assert cli.main(["read", good, file(b"bonjour", "mauvais.csv")]) == 1
    told = capsys.readouterr()
    assert "Énergie" in told.out
    assert "mauvais.csv" in told.err


def test_what_two_overlapping_curves_repeat_is_told_to_a_person(file, capsys):
    content = real("HDM_C5_CDC.csv.gz")
    names = [file(content, "a.csv"), file(content, "b.csv")]
    assert cli.main(["read", *names, file(real("HDM_C5_IDX.csv.gz"), "index.csv")]) == 0
    page = capsys.readouterr().out.replace("\xa0", " ").replace("\u202f", " ")
    march = page[page.index("Mars 2021") :]
    assert "Tout concorde." in march.splitlines()[0]
    assert "se recouvrent sur 743,0 h" in march.splitlines()[1]


def named_bill(meter: str, kwh: int) -> bytes:
    return f"meter_id,start,end,kwh\n{meter},2022-01-01,2022-02-01,{kwh}\n".encode()


def test_invoices_that_two_files_say_otherwise_are_told_without_anything_to_compare(file, capsys):
    names = [file(named_bill("1", 300), "a.csv"), file(named_bill("1", 405), "b.csv")]
    assert cli.main(["read", *names]) == 0
    page = capsys.readouterr().out.replace("\xa0", " ")
    assert "Deux fichiers de factures disent 300 kWh et 405 kWh" in page
    assert "Tout concorde" not in page


def test_invoices_of_two_homes_are_not_brought_together(file, capsys):
    names = [file(named_bill("1", 300), "a.csv"), file(named_bill("2", 405), "b.csv")]
    assert cli.main(["read", *names]) == 0
    assert "Rapprochement" not in capsys.readouterr().out
