"""Down to the rows of files, and out as files."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from tests.web.observatory.conftest import AINCOURT, BOISEMONT, COURCELLES, EPCI
from tests.web.observatory.test_territory_page import text_of

PLACE = f"/observatoire/epci/{EPCI}/"


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_figure_leads_to_the_rows_of_its_file(client, served):
    page = text_of(
        client.get(
            f"{PLACE}lignes/",
            {"indicateur": "consumption", "annee": "2023", "energie": "electricity"},
        )
    )
    assert "3 lignes" in page
    assert "ore_consumption-2.csv Agence ORE 3 commune 95001 2023" in page
    assert "1 900 MWh publiée, compte dans le chiffre" in page
    assert "— secrète" in page


def test_rows_of_an_unknown_indicator_are_not_found(client, served):
    assert client.get(f"{PLACE}lignes/", {"indicateur": "bonheur"}).status_code == 404


def test_spoilt_questions_show_the_first_page_of_everything(client, served):
    asked = {"indicateur": "consumption", "annee": "²³", "page": "-1"}
    assert "5 lignes" in text_of(client.get(f"{PLACE}lignes/", asked))


def test_the_page_s_figures_leave_with_all_that_is_known_of_them(client, served):
    text = content_of(client.get(f"{PLACE}chiffres.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    (total,) = [
        one
        for one in rows
        if (one["Indicateur"], one["Niveau"], one["Année"]) == ("consumption", "total", "2023")
    ]
    assert total["Valeur"] == "4500000,0"
    assert (total["Unité"], total["Base du gaz"], total["État"]) == ("kWh", "PCI", "measured")
    assert float(total["Part secrète"].replace(",", ".")) == pytest.approx(0.25)
    assert (total["Communes connues"], total["Communes"]) == ("2", "3")
    assert (total["Source"], total["Communes de l’année"]) == ("Agence ORE", "2026")


def test_the_three_tables_hold_the_same_rows(client, served):
    lines = content_of(client.get(f"{PLACE}chiffres.csv")).decode("utf-8-sig").splitlines()
    book = content_of(client.get(f"{PLACE}chiffres.xlsx"))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    table = pq.read_table(io.BytesIO(content_of(client.get(f"{PLACE}chiffres.parquet"))))
    assert len(lines) - 1 == len(sheet) - 1 == table.num_rows > 5
    values = [one for one in table["value"].to_pylist() if one is not None]
    assert sorted(values) == sorted(float(line[9]) for line in sheet[1:] if line[9] != "")


def test_a_secret_commune_leaves_without_value_and_says_it_is_secret(client, served):
    answer = client.get(f"{PLACE}communes.geojson", {"indicateur": "consumption", "annee": "2023"})
    features = json.loads(content_of(answer))["features"]
    found = {one["properties"]["commune"]: one["properties"] for one in features}
    assert set(found) == {AINCOURT, BOISEMONT, COURCELLES}
    assert found[COURCELLES]["value"] is None
    assert (found[COURCELLES]["flag"], found[COURCELLES]["secret_share"]) == ("secret", 1.0)
    assert found[BOISEMONT]["value"] == 2_500_000.0
    # No contour is installed here: the figure leaves all the same.
    assert features[0]["geometry"] is None


def test_the_list_of_communes_puts_unknown_ones_last(client, served):
    page = text_of(client.get(f"{PLACE}communes/", {"indicateur": "median_income"}))
    assert "Connu pour 2 communes sur 3" in page
    boisemont, aincourt, courcelles = map(page.index, ("Boisemont 95002", "Aincourt 95001", "Courcelles 95003"))  # fmt: skip
    assert boisemont < aincourt < courcelles


@pytest.mark.parametrize("name", ["chiffres.exe", "secrets.csv", "chiffres.geojson", "chiffres"])
def test_a_file_we_do_not_make_is_not_found(client, served, name):
    assert client.get(f"{PLACE}{name}").status_code == 404


def test_alike_communes_are_those_that_meet_the_criteria_said(client, served):
    asked = {"mesure": "consommation", "population": "10", "hiver": "", "maisons": "", "parmi": "connus"}  # fmt: skip
    page = text_of(client.get(f"/observatoire/commune/{AINCOURT}/semblables/", asked))
    # 1 100 inhabitants are within 10 % of 1 000, and its consumption is known; 900 is secret.
    assert "1 territoire sur 5 de même nature (commune) répond aux critères, chiffre connu" in page
    assert "Boisemont" in page
    assert "Courcelles" not in page
    everyone = text_of(client.get(f"/observatoire/commune/{AINCOURT}/semblables/", asked | {"parmi": ""}))  # fmt: skip
    assert "2 territoires sur 5" in everyone


def test_a_trait_that_is_unknown_chooses_nobody_and_says_so(client, served):
    page = text_of(client.get(f"/observatoire/commune/{AINCOURT}/semblables/"))
    assert "On ne connaît pas les degrés-jours ni la part de maisons" in page
