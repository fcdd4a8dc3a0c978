"""The journal's page: newest first, by case, and a check that finds a rewriting."""

import re
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.db import connection

import atre
from atre.domain.agencies import isolation
from atre.domain.audit import actions, protection
from atre.domain.audit.models import AuditEntry
from atre.web.organisation import journal_words
from atre.web.organisation.views.journal import PAGE
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(director):
    return world.case(world.programme(director.agency))


def ranks(answer):
    return [row["rank"] for row in answer.context["rows"]]


def test_entries_come_newest_first_and_page_by_page(client, director, case):
    with isolation.within(director.agency_id):
        for _ in range(PAGE):
            actions.record(agency=director.agency_id, action="add_note", obj=case, by=director)
    first = client.get("/reglages/journal/")
    assert len(ranks(first)) == PAGE
    second = client.get(first.context["next_url"])
    assert ranks(first) + ranks(second) == sorted(ranks(first) + ranks(second), reverse=True)
    assert ranks(second)[-1] == 1


def test_a_reference_shows_that_case_and_who_opened_it(client, director, case):
    client.get(f"/dossiers/{case.reference}/")
    other = world.case(world.programme(director.agency), last_name="Autre")
    page = client.get("/reglages/journal/", {"dossier": case.reference.lower()})
    assert page.context["case"].pk == case.pk
    assert director.user.full_name in page.text
    assert f"Dossier n° {other.pk}<" not in page.text


def test_another_agency_s_reference_is_unknown(client, director):
    foreign_agency = world.agency(insee=world.BAGNOLET)
    foreign = world.case(
        world.programme(foreign_agency), commune=world.commune(world.BAGNOLET), postal_code="93170"
    )
    page = client.get("/reglages/journal/", {"dossier": foreign.reference})
    assert "Aucun dossier de cette référence" in page.text
    assert ranks(page) == []


def said(answer):
    return str(next(iter(get_messages(answer.wsgi_request))))


def test_the_check_says_that_the_chain_is_whole(client, case):
    assert "entière" in said(client.get("/reglages/journal/verification/"))


def test_the_check_finds_a_rewritten_entry(client, director, case):
    isolation.enter(director.agency_id)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        protection.allow_changes()
        cursor.execute(
            f"UPDATE {AuditEntry._meta.db_table} SET action = 'autre' WHERE sequence = 1"
        )
    assert "rompue à l’entrée n° 1" in said(client.get("/reglages/journal/verification/"))


@pytest.mark.parametrize("mark", ["abc", "-1", "9" * 30, "²"])
def test_a_spoilt_page_mark_shows_the_first_page(client, case, mark):
    assert client.get("/reglages/journal/", {"avant": mark}).status_code == 200


def test_every_action_of_the_code_has_a_french_name():
    source = Path(atre.__file__).parent / "domain"
    written = {
        name
        for path in source.rglob("actions/*.py")
        for name in re.findall(r'action="([a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    written |= {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r'(?<!log_)action="([a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(written) > 30
    assert sorted(written - set(journal_words.ACTIONS)) == []
