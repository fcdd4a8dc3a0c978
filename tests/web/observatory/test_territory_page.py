"""A territory's page: what it says of each figure, and what it does not say."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from atre.domain.agencies.enums import Role
from atre.warehouse.folders import data_folder
from atre.warehouse.territories import atlas
from atre.web.observatory.places import Place
from atre.web.observatory.reading import read
from atre.web.observatory.telling_consumption import consumption
from tests.support import world
from tests.web.observatory.conftest import AINCOURT, BOISEMONT, EPCI

PAGE = f"/observatoire/epci/{EPCI}/"


def territory_of(text):
    return atlas(data_folder()).territory(text)


def text_of(answer) -> str:
    """The page as one reads it: tags out, one kind of space."""
    bare = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(re.sub(r"[\u202f\xa0]|&#8239;", " ", bare).split())


def test_a_figure_says_its_unit_year_source_and_what_is_lacking(client, served):
    page = text_of(client.get(PAGE))
    assert "Au moins 4 500 MWh consommés en 2023" in page
    assert "Source : Agence ORE, 2022 à 2023 ; donnée publiée" in page
    assert "données élémentaires sont secrètes" in page


def test_a_median_of_three_communes_is_not_made_up(client, served):
    page = text_of(client.get(PAGE))
    assert "Connu pour 2 communes sur 3" in page
    assert "Il ne s’additionne pas" in page
    assert "27 770" not in page  # the mean of the two medians


def test_a_commune_shows_its_own_median(client, served):
    page = text_of(client.get(f"/observatoire/commune/{AINCOURT}/"))
    assert "24 540 €" in page


def test_gas_is_shown_in_the_calorific_value_that_is_asked(client, served):
    commune = f"/observatoire/commune/{AINCOURT}/"
    assert "Gaz compté en PCI" in text_of(client.get(commune))
    assert "2 000 MWh consommés en 2023" in text_of(client.get(commune))
    assert "2 011 MWh consommés en 2023" in text_of(client.get(commune, {"base": "pcs"}))


def test_an_empty_cell_of_the_frame_is_shown_empty(client, served):
    page = text_of(client.get(PAGE))
    assert "Transport routier pas de donnée pas de donnée" in page
    assert "NH₃) : pas de donnée" in page


def test_an_inventory_of_one_commune_of_three_says_so_and_leaves_biomass_out(client, served):
    page = text_of(client.get(PAGE))
    assert "Au moins 340 t CO₂e émises" in page
    assert "connu pour 1 commune sur 3" in page
    assert "répartis d’après des clés nationales" in page


def test_a_consumption_that_lacks_a_commune_has_no_figure_by_inhabitant(client, served):
    assert "Par habitant : pas de chiffre" in text_of(client.get(PAGE))
    page = text_of(client.get(f"/observatoire/commune/{BOISEMONT}/"))
    assert "2 273 kWh population municipale de 2023" in page


@pytest.mark.parametrize(
    "path",
    ["commune/99999/", "epci/95001/", "ville/95001/", "pays/DE/", "choix/95001-00000/", "perimetre/1/"],
)  # fmt: skip
def test_what_is_no_territory_is_not_found(client, served, path):
    assert client.get(f"/observatoire/{path}").status_code == 404


def test_communes_chosen_one_by_one_make_a_territory(client, served):
    answer = client.get("/observatoire/choix/", {"communes": [AINCOURT, BOISEMONT]}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/observatoire/choix/{AINCOURT}-{BOISEMONT}/"
    assert "2 communes choisies" in text_of(answer)
    assert "4 500 MWh consommés en 2023" in text_of(answer)


def test_an_agency_reads_its_own_perimeter_and_nobody_else_does(served, settings):
    settings.DEMO = True
    mine, theirs = world.agency(), world.agency()
    page = f"/observatoire/perimetre/{mine.perimeter_id}/"
    member, other = Client(), Client()
    member.force_login(world.member(mine, Role.ADVISER).user)
    other.force_login(world.member(theirs, Role.DIRECTOR).user)
    assert text_of(member.get("/observatoire/")).count(mine.name) >= 1
    assert member.get(page).status_code == 200
    assert other.get(page).status_code == 404
    assert Client().get(page).status_code == 404


def test_before_any_build_each_page_says_what_to_do(client, nothing_built):
    for path in ("", "commune/95001/", "commune/95001/lignes/", "commune/95001/semblables/"):
        answer = client.get(f"/observatoire/{path}")
        assert answer.status_code == 200
        assert "Rien n’est encore construit ici" in text_of(answer)


def test_a_territory_that_no_file_speaks_of_is_a_real_empty_page(client, served):
    assert "Aucun chiffre pour ce territoire" in text_of(client.get("/observatoire/commune/75056/"))


def test_a_name_typed_whole_leads_to_its_territory(client, served):
    answer = client.get("/observatoire/", {"territoire": "Val-d’Oise"})
    assert answer.url == "/observatoire/departement/95/"
    refused = client.get("/observatoire/", {"territoire": "Nulle part"})
    assert refused.status_code == 422
    assert "Aucun territoire de ce nom" in text_of(refused)


def test_a_corrected_consumption_stands_beside_the_raw_one_never_instead(served):
    place = Place(territory_of(f"epci:{EPCI}"), "epci", EPCI)
    reading = read(place)
    homes = [one for one in reading.by_sector if one.sector == "residential"]
    corrected = [
        replace(one, indicator="consumption_corrected", sector=None, value=(one.value or 0) * 1.1)
        for one in homes
    ]
    chart = consumption(replace(reading, totals=[*reading.totals, *corrected])).corrected
    assert {line.label for line in chart.lines} == {
        "Logements, brute",
        "Logements, corrigée du climat",
    }
    assert consumption(reading).corrected is None
