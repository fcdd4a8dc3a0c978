"""The list of cases: what it shows, how it narrows, and that no name enters an address."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atre.domain.agencies.enums import Role
from atre.domain.households.models import Case, SavedFilter
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def programme(agency):
    return world.programme(agency)


@pytest.fixture
def adviser(client, agency):
    member = world.member(agency)
    client.force_login(member.user)
    return member


def test_a_search_by_name_finds_and_never_writes_the_name_in_an_address(client, programme, adviser):
    world.case(programme, last_name="Benali")
    world.case(programme, last_name="Martin")

    answer = client.post("/dossiers/chercher/", {"text": "benal"})
    page = client.get(answer.url).content.decode()

    assert "benal" not in answer.url.lower()
    assert "Benali Amina" in page
    assert "Martin Amina" not in page


def test_a_search_of_someone_else_s_session_is_nobody_s(client, agency, programme, adviser):
    world.case(programme, last_name="Benali")
    url = client.post("/dossiers/chercher/", {"text": "benal"}).url
    client.force_login(world.member(agency).user)

    assert "benal" not in client.get(url).content.decode()


def test_the_list_asks_as_many_queries_for_thirty_cases_as_for_three(client, programme, adviser):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/dossiers/").status_code == 200
        return len(captured)

    for _ in range(3):
        world.case(programme, by=adviser)
    few = queries()
    for _ in range(27):
        world.case(programme, by=adviser)

    assert queries() == few


def test_filters_narrow_and_a_filter_can_be_kept_opened_and_forgotten(client, programme, adviser):
    world.case(programme, last_name="Benali", rfr_eur=None)
    world.case(programme, last_name="Martin")

    client.post("/dossiers/filtres/?state=to_decide", {"name": "À décider"})
    page = client.get("/dossiers/").content.decode()
    assert 'href="/dossiers/?state=to_decide">À décider</a>' in page
    narrowed = client.get("/dossiers/?state=to_decide").content.decode()
    assert "Benali Amina" in narrowed
    assert "Martin Amina" not in narrowed

    row = SavedFilter.objects.get()
    client.post(f"/dossiers/filtres/{row.pk}/supprimer/")
    assert not SavedFilter.objects.exists()


def test_a_filter_of_a_colleague_is_not_found(client, agency, adviser):
    client.post("/dossiers/filtres/?state=eligible", {"name": "A"})
    row = SavedFilter.objects.get()
    client.force_login(world.member(agency).user)

    assert client.post(f"/dossiers/filtres/{row.pk}/supprimer/").status_code == 404


@pytest.mark.parametrize("query", ["state=martian", "adviser=999", "deposited_from=hier", "page=x"])
def test_a_nonsense_address_is_answered_by_a_page(client, adviser, query):
    answer = client.get(f"/dossiers/?{query}", follow=True)

    assert answer.status_code == 200


def test_ticked_cases_are_entrusted_and_the_rest_is_explained(client, agency, programme, adviser):
    operator = world.organisation(agency)
    ready, waiting = world.case(programme), world.case(programme, rfr_eur=None)

    page = client.post(
        "/dossiers/confier/",
        {"reference": [ready.reference, waiting.reference], "operator": operator.pk},
    ).content.decode()

    assert "1 dossier confié" in page
    assert "« À compléter »" in page
    assert Case.objects.get(pk=ready.pk).operator == operator


def test_nothing_ticked_or_nobody_chosen_is_said(client, programme, adviser):
    case = world.case(programme)

    nothing = client.post("/dossiers/confier/", {})
    nobody = client.post("/dossiers/confier/", {"reference": [case.reference]})

    assert (nothing.status_code, nobody.status_code) == (422, 422)
    assert "Cochez au moins un dossier" in nothing.content.decode()
    assert "Choisissez un opérateur ou un conseiller" in nobody.content.decode()


def test_a_visitor_sees_a_list_without_bulk_assignment(client, agency):
    visitor = world.member(agency, Role.VISITOR)
    client.force_login(visitor.user)

    page = client.get("/dossiers/").content.decode()

    assert "Aucun dossier ne vous est confié" in page
    assert client.post("/dossiers/confier/", {}).status_code == 403


def test_another_agency_s_cases_never_show(client, programme):
    world.case(programme, last_name="Benali")
    stranger = world.member(world.agency(insee=world.BAGNOLET), Role.DIRECTOR)
    client.force_login(stranger.user)

    assert "Benali" not in client.get("/dossiers/").content.decode()
