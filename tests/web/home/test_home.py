"""The home page is what waits today, and each role's own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from atre.domain.agencies.enums import Role
from atre.domain.households.actions import assigning, tasking
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def programme(agency):
    return world.programme(agency)


def page_of(client, who) -> str:
    client.force_login(who.user)
    return client.get("/").content.decode()


def test_an_adviser_finds_what_to_decide_to_entrust_and_to_do(client, agency, programme):
    adviser = world.member(agency)
    to_complete = world.case(programme, rfr_eur=None, last_name="Benali")
    ready = world.case(programme, last_name="Martin")
    tasking.add_task(
        by=adviser, case=ready, title="Rappeler le bailleur", due_on=localdate(), on=localdate()
    )

    page = page_of(client, adviser)

    assert "Rappeler le bailleur" in page
    assert f"/dossiers/{to_complete.reference}/eligibilite/" in page
    assert f"/dossiers/{ready.reference}/confier/" in page


def test_a_coordinator_finds_their_visits_to_plan_alone(client, agency, programme):
    operator = world.organisation(agency)
    coordinator = world.member(agency, Role.COORDINATOR, of=operator)
    case = world.case(programme, last_name="Benali")
    world.case(programme, last_name="Martin")
    assigning.assign_case(by=world.member(agency), case=case, operator=operator)

    page = page_of(client, coordinator)

    assert "Visite à planifier" in page
    assert "Benali" in page
    assert "Martin" not in page


def test_a_referrer_reads_a_state_and_no_name(client, agency, programme):
    referrer = world.member(agency, Role.REFERRER)
    case = world.case(programme, by=referrer, last_name="Benali")

    page = page_of(client, referrer)

    assert case.reference in page
    assert "Benali" not in page


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.FEDERATION])
def test_those_who_read_figures_go_to_the_figures(client, agency, role):
    client.force_login(world.member(agency, role).user)

    assert client.get("/").status_code == 302


def test_a_quiet_day_says_so_and_another_agency_s_work_never_shows(client, programme):
    world.case(programme, last_name="Benali")
    stranger = world.member(world.agency(insee=world.BAGNOLET))

    page = page_of(client, stranger)

    assert "Rien ne vous attend aujourd’hui" in page
    assert "Benali" not in page


def test_the_page_asks_as_many_queries_for_thirty_cases_as_for_three(client, agency, programme):
    adviser = world.member(agency)
    client.force_login(adviser.user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    for _ in range(3):
        world.case(programme)
    few = queries()
    for _ in range(27):
        world.case(programme)

    assert queries() == few
