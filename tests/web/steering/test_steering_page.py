"""The steering page and its files: who sees what, and what leaves."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.network.models import Organisation
from tests.domain.steering.lives import Life
from tests.support import world
from tests.web.steering.conftest import just_proved, signed_in

PAGE, DOWNLOAD = "/pilotage/", "/pilotage/telecharger/?period=this_year"


def text_of(response) -> str:
    return response.content.decode()


def observer(agency):
    town = world.organisation(agency, "commune", name="Ville d’essai")
    with isolation.within(agency):
        Organisation.objects.filter(pk=town.pk).update(perimeter=agency.perimeter)
    return world.member(agency, Role.OBSERVER, of=town)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VISITOR, Role.REFERRER])
def test_partners_are_refused(agency, role):
    world.programme(agency)
    assert signed_in(world.member(agency, role)).get(PAGE).status_code == 403


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.ADVISER])
def test_the_team_reads_the_page_with_its_source_and_period(agency, role):
    world.case(world.programme(agency), on=localdate())
    page = text_of(signed_in(world.member(agency, role)).get(PAGE))
    assert "Source : dossiers de l’agence, au" in page
    assert "Demandes" in page


def test_an_agency_without_programme_is_told_the_next_step(director):
    page = signed_in(director).get(PAGE)
    assert page.status_code == 200
    assert "Aucun dispositif pour l’instant" in text_of(page)


def test_an_agency_without_a_case_sees_a_real_empty_page(agency, director):
    world.programme(agency)
    assert "Rien à montrer pour ces dates" in text_of(signed_in(director).get(PAGE))


def test_another_agency_s_cases_are_not_counted(agency, director):
    world.programme(agency)
    world.case(world.programme(world.agency()), on=localdate())
    assert "Rien à montrer pour ces dates" in text_of(signed_in(director).get(PAGE))


def test_another_agency_s_programme_is_not_a_choice(agency, director):
    world.programme(agency)
    theirs = world.programme(world.agency())
    assert signed_in(director).get(PAGE, {"programme": theirs.slug}).status_code == 422


def test_dates_in_the_wrong_order_are_explained_and_kept(agency, director):
    world.programme(agency)
    page = signed_in(director).get(
        PAGE, {"period": "dates", "start": "2026-05-01", "end": "2026-04-01"}
    )
    assert page.status_code == 422
    assert "Cette date vient avant celle du début" in text_of(page)
    assert 'value="2026-05-01"' in text_of(page)


def test_the_page_makes_the_same_queries_for_3_cases_and_60(agency, director):
    scheme = world.programme(agency)

    def queries_with(number: int) -> int:
        for _ in range(number):
            Life(scheme, director, localdate() - timedelta(days=80)).visited(
                localdate(), (("led_bulb", 1),)
            )
            Life(scheme, director, localdate() - timedelta(days=80))
        client = signed_in(director)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, {"period": "twelve_months"}).status_code == 200
        return len(queries)

    assert queries_with(3) == queries_with(57)


def test_an_observer_sees_a_whole_year_without_small_counts_nor_references(agency, director):
    scheme = world.programme(agency)
    last_year = date(localdate().year - 1, 3, 2)
    small = Life(scheme, director, last_year)
    client = signed_in(observer(agency))
    page = text_of(client.get(PAGE))
    assert "Des nombres sont cachés" in page
    assert small.case.reference not in page
    assert "Base : nombre secret" in page
    for _ in range(13):
        Life(scheme, director, last_year)
    page = text_of(client.get(PAGE))
    assert "Base : 14 demandes" in page.replace("\u202f", " ").replace("\xa0", " ")


def test_neither_an_observer_nor_the_federation_may_choose_days_or_download(agency, director):
    world.case(world.programme(agency), on=date(localdate().year - 1, 3, 2))
    for member in (observer(agency), world.member(agency, Role.FEDERATION)):
        client = just_proved(signed_in(member))
        page = text_of(client.get(PAGE, {"period": "dates", "start": "2026-01-01"}))
        assert 'name="start"' not in page
        assert "Tous les dispositifs" not in page
        assert client.get(DOWNLOAD).status_code == 403
        assert client.post(DOWNLOAD, {"file": "cases-csv"}).status_code == 403


def test_a_download_asks_who_you_are_again(agency, director):
    world.case(world.programme(agency), on=localdate())
    client = signed_in(director)
    for asked in (client.get(DOWNLOAD), client.post(DOWNLOAD, {"file": "cases-csv"})):
        assert asked.status_code == 302
        assert asked.url.startswith("/compte/reauthenticate/")
    assert not AuditEntry.objects.filter(action="export_steering").exists()
    assert just_proved(client).get(DOWNLOAD).status_code == 200


def test_a_proof_older_than_five_minutes_is_asked_again(agency, director, monkeypatch):
    world.case(world.programme(agency), on=localdate())
    client = just_proved(signed_in(director))
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 301
    session.save()
    assert client.get(DOWNLOAD).status_code == 302


def test_the_list_of_cases_holds_no_name_nor_address_and_is_journaled(agency, director):
    case = world.case(
        world.programme(agency), on=localdate(), last_name="Zuntz", address_line="3 rue Cachée"
    )
    response = just_proved(signed_in(director)).post(DOWNLOAD, {"file": "cases-csv"})
    content = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    (line,) = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert line["Référence"] == case.reference
    assert line["Éligibilité"] == "Éligible"
    for hidden in ("Zuntz", "Cachée", "0612345678", "+33612345678", "18000"):
        assert hidden not in content
    with isolation.within(agency):
        entry = AuditEntry.objects.get(action="export_steering")
    assert entry.actor_id == director.pk
    assert entry.details["rows"] == 1


def test_names_that_are_formulas_leave_as_text(agency, director):
    scheme = world.programme(agency, name="=HYPERLINK(1)")
    world.case(scheme, on=localdate())
    client = just_proved(signed_in(director))
    text = client.post(DOWNLOAD, {"file": "cases-csv"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ";=HYPERLINK" not in text
    book = client.post(DOWNLOAD, {"file": "cases-xlsx"}).content
    (_, row, *_) = (
        CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    )
    assert row[1] == "'=HYPERLINK(1)"


def test_the_figures_leave_with_their_unit_period_and_source(agency, director):
    world.case(world.programme(agency), on=localdate())
    client = just_proved(signed_in(director))
    rows = list(
        csv.DictReader(
            io.StringIO(client.post(DOWNLOAD, {"file": "figures-csv"}).content.decode("utf-8-sig")),
            delimiter=";",
        )
    )
    first = rows[0]
    assert (first["Rubrique"], first["Valeur"], first["Unité"]) == (
        "Demandes par voie d’arrivée",
        "1",
        "demandes",
    )
    assert all(row["Source"].startswith("dossiers de l’agence") and row["Du"] for row in rows)


def test_an_unknown_file_is_not_made(agency, director):
    world.programme(agency)
    client = just_proved(signed_in(director))
    assert (
        client.post(DOWNLOAD, {"file": "everything"})
        .headers["Content-Type"]
        .startswith("text/html")
    )
    assert not AuditEntry.objects.filter(action="export_steering").exists()
