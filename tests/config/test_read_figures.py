"""`./atre read` on a file of territorial figures."""

import json
from pathlib import Path

from atre.config import cli
from tests.support.territory_files import REAL

COMMUNES = REAL / "filosofi_2021_communes.csv.gz"
SMALL = "CODGEO;NBMENFISC19;MED19;TP6019\n1004;6855;21660;s\n01005;nd;24610;17,0\n99000;1;2;3\n"


def printed(capsys) -> str:
    return capsys.readouterr().out.replace("\xa0", " ").replace("\u202f", " ")


def test_a_person_is_told_how_many_incomes_are_known_and_how_many_are_secret(capsys):
    assert cli.main(["read", str(COMMUNES)]) == 0
    page = printed(capsys)
    assert "34 909 territoires ; année : 2021." in page
    assert "Revenus médians : 34 909, dont 3 593 secrets, 12 absents." in page
    assert "Taux de pauvreté" in page
    assert "Ne jamais additionner les deux." in page


def test_a_program_is_told_the_same_by_measure_and_status(tmp_path: Path, capsys):
    path = tmp_path / "cc_filosofi_2019_COM.csv"
    path.write_text(SMALL, encoding="utf-8")
    assert cli.main(["read", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["format"]["key"] == "filosofi"
    assert answer["tables"] == [
        {
            "kind": "figures",
            "rows": 6,
            "territories": 2,
            "years": [2019],
            "measures": [
                {"measure": "tax_households", "rows": 2, "missing": 1, "published": 1},
                {"measure": "median_income", "rows": 2, "published": 2},
                {"measure": "poverty_rate", "rows": 2, "published": 1, "secret": 1},
            ],
        }
    ]
    assert (answer["rejected_rows"], answer["rejects"][0]["first_found"]) == (1, "99000")


def test_a_file_without_a_year_says_so(capsys):
    assert cli.main(["read", str(REAL / "ges_igt_ademe_pacte_var_51_communes.csv")]) == 0
    page = printed(capsys)
    assert "51 territoires ; année : non dite par le fichier." in page
    assert "sont des répartitions d’un total" in page


def test_a_file_with_titles_nearly_known_is_pointed_at_its_format(tmp_path: Path, capsys):
    path = tmp_path / "revenus.csv"
    path.write_text("CODGEO;REVENU\n01004;3\n", encoding="utf-8")
    assert cli.main(["read", str(path)]) == 1
    told = capsys.readouterr()
    assert "Filosofi" in f"{told.out}{told.err}"
