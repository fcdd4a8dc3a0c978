"""What `./atre observatory status` says of each source, and what it asks a person to do."""

import json
from datetime import UTC, datetime

import pytest

from atre.jobs.observatory_status import page, status
from atre.warehouse.marts.registry import CALCULATIONS, MARTS
from atre.warehouse.wording import TABLES_FR
from tests.support.observatory import NOW, row


def told(observatory, now: datetime = NOW) -> str:
    return page(status(observatory.folders, now=now)).replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def built(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.0), row("95902", 2.0)])
    observatory.build("consumption")
    return observatory


def test_a_source_says_its_producer_licence_vintage_rows_and_standings(built):
    said = told(built)
    assert "1. Agence ORE — Consommation annuelle d’électricité et de gaz" in said
    assert "Licence Ouverte 2.0" in said
    assert "2023 · 2 chiffres lus, 0 ligne non lue" in said
    assert "1 comptées dans les tables, 1 hors des communes d’aujourd’hui" in said


def test_a_file_received_since_the_build_asks_for_another(built):
    assert "attendent leur construction" not in told(built)

    built.receive("ore_consumption", [row("95002", 1.0)])

    said = told(built)
    assert "pas encore dans les tables" in said
    assert "des fichiers attendent leur construction : lancez ./atre observatory build" in said


def test_an_annual_series_older_than_last_year_says_where_to_look(built):
    assert "son dernier millésime est 2023 : voir opendata.agenceore.fr" in told(built)
    recent = datetime(2024, 11, 22, tzinfo=UTC)
    assert "À faire" not in told(built, recent)


def test_a_file_received_more_than_a_year_ago_is_said_whatever_its_rhythm(observatory):
    observatory.receive("installed_climate", [row("95001", 1.0, year=None)])
    observatory.build("consumption")

    assert "À faire" not in told(observatory)
    assert "reçu il y a 400 jours" in told(observatory, datetime(2027, 12, 27, tzinfo=UTC))


def test_an_empty_folder_says_what_to_do(observatory):
    said = told(observatory)
    assert "n’est pas encore construit" in said
    assert "aucun fichier reçu : ./atre prepare, puis ./atre import FICHIER" in said


def test_a_program_reads_the_same(built):
    answer = json.loads(json.dumps(status(built.folders, now=NOW)))
    (source,) = answer["sources"]
    assert source["licence"] == "Licence Ouverte 2.0"
    assert source["age"]["last_year"] == 2023
    assert source["standings"] == {"kept": 1, "outside": 1}
    assert answer["edition"]["totals_checked"] == 1


def test_every_table_has_a_name_for_a_person():
    assert {*MARTS, *CALCULATIONS} <= set(TABLES_FR)
