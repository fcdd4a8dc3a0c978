"""The map's pages without any script: the table says all that the map shows, to whom may see it."""

import json
import re

import pytest
from django.conf import settings as django_settings
from django.test import Client

from atre.domain.agencies.enums import Role
from tests.support import world
from tests.support.mapped import OPENED_IN, open_cases

PAGE, EMBED = "/observatoire/carte/", "/observatoire/carte/integrer/"
NEED, REACHED = "/observatoire/carte/besoin/", "/observatoire/carte/besoin/dossiers/"
RESIDENTIAL = {"indicateur": "consumption", "annee": "2023", "secteur": "residential"}
LINE = re.compile(r'<tr data-code="(\w+)">(.*?)</tr>', re.DOTALL)


def text_of(content: str) -> str:
    """The page as one reads it: tags out, one kind of space."""
    bare = re.sub(r"<[^>]+>", " ", content)
    return " ".join(re.sub(r"[\u202f\xa0]|&#8239;", " ", bare).split())


def lines(answer) -> dict[str, str]:
    """The lines of the table, by commune, in the order of the page."""
    return {code: text_of(line) for code, line in LINE.findall(answer.content.decode())}


@pytest.fixture
def agency(db, settings, monkeypatch):
    settings.DEMO = True
    for code, name in (("95001", "Aincourt"), ("95002", "Boisemont")):
        row = (name, "95", "Val-d’Oise", "11", "Île-de-France")
        monkeypatch.setitem(world.COMMUNES, code, row)
    return world.agency(insee="95001")


def signed_in(owner, role=Role.ADVISER) -> Client:
    client = Client()
    client.force_login(world.member(owner, role).user)
    return client


def test_the_table_says_the_figures_of_the_map(client, mapped):
    values = client.get("/observatoire/carte/valeurs/", RESIDENTIAL).json()
    codes = [values["codes"][at : at + 5] for at in range(0, len(values["codes"]), 5)]
    found = lines(client.get(PAGE, RESIDENTIAL))
    assert set(found) == set(codes)
    for code, value, flag in zip(codes, values["values"], values["flags"], strict=True):
        if value is None:
            assert {"s": "secret", "u": "inconnu"}[flag] in found[code]
        else:
            assert f"{value:,}".replace(",", " ") in found[code]
            assert ("au moins" in found[code]) == (flag == "p")


def test_the_table_goes_down_from_the_highest_and_ends_with_what_is_unknown(client, mapped):
    assert list(lines(client.get(PAGE, RESIDENTIAL)))[:2] == ["95002", "95001"]
    upwards = list(lines(client.get(PAGE, RESIDENTIAL | {"tri": "valeur"})))
    assert upwards[:2] == ["95001", "95002"]
    by_name = list(lines(client.get(PAGE, RESIDENTIAL | {"tri": "nom"})))
    assert by_name == ["95001", "95002", "95003", "83001", "75056"]


def test_each_line_leads_to_the_commune_and_to_the_rows_of_its_figure(client, mapped):
    content = client.get(PAGE, RESIDENTIAL).content.decode()
    for address in re.findall(r'href="(/observatoire/commune/95001/[^"]*)"', content):
        assert client.get(address.replace("&amp;", "&")).status_code == 200
    assert "lignes/?indicateur=consumption&amp;annee=2023&amp;secteur=residential" in content


def test_a_page_far_beyond_the_last_is_the_last(client, mapped):
    assert "Page 1 sur 1" in text_of(client.get(PAGE, {"page": "9999"}).content.decode())


def test_the_legend_tells_secret_from_unknown_and_counts_both(client, mapped):
    page = text_of(client.get(PAGE, RESIDENTIAL).content.decode())
    assert "Secret : caché par son producteur 1" in page
    assert "Inconnu : pas de donnée 2" in page
    assert "1 commune sans contour connu n’est que dans le tableau" in page


def test_the_communes_chosen_are_kept_in_the_address_and_those_that_do_not_exist_are_not(
    client, mapped
):
    content = client.get(PAGE, {"communes": "95001,00000,83001"}).content.decode()
    start = re.search(r'data-start="([^"]*)"', content)
    assert start is not None
    assert json.loads(start[1].replace("&quot;", '"')) == [
        ["95001", "Aincourt"],
        ["83001", "Draguignan"],
    ]


def test_the_page_asks_nothing_of_another_service(client, mapped):
    content = client.get(PAGE).content.decode()
    outside = re.findall(r'(?:src|href|data-[a-z]+)="(https?://[^"]*)"', content)
    assert [each for each in outside if not each.startswith(django_settings.BASE_URL)] == []


def test_only_the_map_s_pages_load_the_map(client, mapped):
    script = "atre/map"
    assert script in client.get(PAGE).content.decode()
    assert script not in client.get("/observatoire/").content.decode()


def test_another_site_may_frame_the_map_alone(client, mapped):
    framed, page = client.get(EMBED, RESIDENTIAL), client.get(PAGE, RESIDENTIAL)
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_a_framed_map_says_its_source_and_date_and_writes_nothing_in_the_browser(client, mapped):
    answer = client.get(EMBED, RESIDENTIAL)
    page = text_of(answer.content.decode())
    assert "Source : Agence ORE, 2023 ; tables construites le 22 novembre 2026" in page
    assert not answer.cookies


def test_a_perimeter_of_an_agency_is_for_its_people_and_is_never_framed(mapped, agency):
    asked = RESIDENTIAL | {"territoire": f"perimetre/{agency.perimeter_id}"}
    own, other = signed_in(agency), signed_in(world.agency(insee="95002"))
    assert list(lines(own.get(PAGE, asked))) == ["95001"]
    values = own.get("/observatoire/carte/valeurs/", asked)
    assert values["Cache-Control"] == "private, no-store"
    for client in (other, Client()):
        assert client.get(PAGE, asked).status_code == 404
        assert client.get("/observatoire/carte/valeurs/", asked).status_code == 404
    assert own.get(EMBED, asked).status_code == 404


def test_the_need_is_public_with_its_band_and_its_caution(client, mapped):
    answer = client.get(NEED, {"territoire": "departement/95"})
    page = text_of(answer.content.decode())
    assert "entre" in lines(answer)["95001"]
    assert "Estimation d’un modèle ouvert" in page
    assert "Dossiers ouverts" not in page


def test_an_agency_s_team_sees_its_own_cases_beside_the_need(mapped, agency):
    open_cases(mapped, agency.slug, {"95001": 30, "95002": 14, "95003": 4})
    asked = {"territoire": "departement/95"}
    found = lines(signed_in(agency).get(NEED, asked))
    assert re.search(r" 30 ", found["95001"])
    assert "secret" in found["95003"]
    answer = signed_in(agency).get(REACHED, asked)
    assert answer["Cache-Control"] == "private, no-store"
    assert f"{OPENED_IN}" in answer.json()["title"]
    assert answer.json()["flags"][2] == "s"


def test_another_agency_or_a_role_outside_the_team_sees_no_case(mapped, agency):
    open_cases(mapped, agency.slug, {"95001": 30, "95002": 14, "95003": 4})
    asked = {"territoire": "departement/95"}
    other = signed_in(world.agency(insee="95002"))
    assert "Aucun dossier n’est encore compté ici" in text_of(
        other.get(NEED, asked).content.decode()
    )
    assert "values" not in other.get(REACHED, asked).json()
    observer = signed_in(agency, Role.OBSERVER)
    assert "Dossiers ouverts" not in text_of(observer.get(NEED, asked).content.decode())
    assert observer.get(REACHED, asked).status_code == 403


def test_without_incomes_the_need_page_says_what_to_do(client, served):
    page = text_of(client.get(NEED).content.decode())
    assert "Le besoin n’est pas encore estimé" in page
