"""The cited extract: what is chosen, what each table says of its source, and what is refused."""

import pytest

from atre.config import extract_writing
from atre.warehouse.territories import atlas
from atre.web.observatory.views import extract as view
from tests.documents.pdf_reading import text_of
from tests.web.observatory.conftest import AINCOURT, EPCI

PAGE = f"/observatoire/epci/{EPCI}/extrait/"
ALL = ("population", "consommation", "production", "emissions", "revenus", "dpe")


@pytest.fixture(autouse=True)
def _no_robot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view.documents_asked, "is_full", lambda _: False)


def asked(chapters=ALL, purpose="scot") -> dict[str, object]:
    return {"faire": "1", "pour": purpose, "chapitres": list(chapters)}


@pytest.fixture
def whole(client, served) -> str:
    answer = client.get(PAGE, asked())
    assert answer["Content-Type"] == "application/pdf"
    return text_of(answer.content)


def test_the_page_ticks_the_chapters_of_the_document(client, served):
    page = client.get(PAGE, {"pour": "plh"}).content.decode()
    assert page.count("checked") == 4
    assert 'value="emissions" checked' not in " ".join(page.split())


def test_a_table_says_its_source_flag_and_secret_share(whole):
    assert "au moins 4 500" in whole
    assert "des données élémentaires sont secrètes" in whole
    assert "[2] Agence ORE" in whole
    assert "Licence Ouverte 2.0" in whole
    assert "communes de 2026" in whole


def test_the_frame_of_a_pcaet_keeps_its_empty_cells(whole):
    assert "Cadre d’un PCAET en 2023" in whole
    assert "Branche énergie — — — — — —" in whole
    assert "Produits pétroliers" in whole.replace("- ", "")


def test_incomes_say_for_how_many_communes_they_are_known(whole):
    assert "connu pour 2 communes sur 3" in whole
    assert "par commune seulement" in whole
    assert "24 540" in whole
    assert "27 770" not in whole  # the mean of the two medians


def test_allocated_sectors_are_named_as_such(whole):
    assert "répartition nationale" in whole
    assert "ils ne mesurent pas une action locale" in whole


def test_a_chapter_without_file_says_so(whole):
    assert "Aucun fichier reçu ne parle de ce territoire pour ce chapitre." in whole


def test_only_the_chosen_chapters_and_their_sources_are_there(client, served):
    found = text_of(client.get(PAGE, asked(["revenus"])).content)
    assert "Revenus et précarité énergétique" in found
    assert "Énergie consommée" not in found
    assert "Agence ORE" not in found


def test_no_chapter_is_refused_in_a_sentence(client, served):
    answer = client.get(PAGE, asked([]))
    assert answer.status_code == 422
    assert "Cochez au moins un chapitre." in answer.content.decode()


def test_a_robot_is_asked_to_wait(client, served, monkeypatch):
    monkeypatch.setattr(view.documents_asked, "is_full", lambda _: True)
    answer = client.get(PAGE, asked())
    assert answer.status_code == 429
    assert "attendez dix minutes" in answer.content.decode()


def test_an_unknown_territory_has_no_extract(client, served):
    assert client.get("/observatoire/epci/999999999/extrait/").status_code == 404


def test_before_the_first_build_the_page_says_what_to_do(client, nothing_built):
    assert client.get(f"/observatoire/commune/{AINCOURT}/extrait/").status_code == 200


def test_the_same_extract_has_the_same_bytes(client, served):
    first, second = (client.get(PAGE, asked()).content for _ in range(2))
    assert first == second


class Asked:
    purpose, chapters, name, author = "scot", None, "Mon pacte", "Une agence"

    def __init__(self, out, **more):
        self.out = str(out)
        self.__dict__ |= more


def test_the_command_line_names_a_set_of_communes(served, tmp_path):
    known = atlas(served.folders)
    both = known.drawn("deux", ["95001", "83001"])

    path = extract_writing.write(Asked(tmp_path / "f.pdf"), both)

    assert "Mon pacte" in text_of(path.read_bytes())


def test_the_command_line_refuses_a_chapter_we_do_not_have(served, tmp_path):
    commune = atlas(served.folders).territory(f"com:{AINCOURT}")

    with pytest.raises(extract_writing.NotAnExtract) as refusal:
        extract_writing.write(Asked(tmp_path / "f.pdf", chapters="revenus,meteo"), commune)

    assert "« meteo » n’existe pas ici" in refusal.value.message_fr
    assert not (tmp_path / "f.pdf").exists()
