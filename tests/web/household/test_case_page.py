"""The case page: shaped by the role, its reading logged, foreign and absent alike."""

import pytest
from django.test import Client
from django.utils.timezone import localdate

from atre.domain.agencies.enums import Role
from atre.domain.audit.models import ReadEntry
from atre.domain.households.actions import assigning, noting
from atre.domain.households.selectors import case_for
from atre.web.household.case_page import case_context
from tests.support import world

pytestmark = pytest.mark.django_db

EVERYONE_READS = {
    "address",
    "arrived_by",
    "case",
    "composition",
    "difficulties",
    "dwelling",
    "events",
    "household",
    "may_assign",
    "may_edit",
    "next_step",
    "stalled",
    "tone",
}
TEAM_READS = {
    "answer_label",
    "answer_tone",
    "attachments",
    "consents",
    "eligibility",
    "may_answer_rights",
    "may_close",
    "merges",
    "note_form",
    "other_cases",
    "tasks",
}


@pytest.fixture
def team():
    agency = world.agency()
    adviser = world.member(agency)
    operator = world.organisation(agency)
    people = {
        Role.ADVISER: adviser,
        Role.DIRECTOR: world.member(agency, Role.DIRECTOR),
        Role.COORDINATOR: world.member(agency, Role.COORDINATOR, of=operator),
        Role.VISITOR: world.member(agency, Role.VISITOR, of=operator),
    }
    case = world.case(world.programme(agency), told="La chambre est froide.")
    assigning.assign_case(
        by=adviser, case=case, operator=operator, visitor=people[Role.VISITOR], adviser=adviser
    )
    noting.add_note(by=adviser, case=case, text="Une note de l’équipe.", on=localdate())
    return people, case


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        (Role.DIRECTOR, EVERYONE_READS | TEAM_READS),
        (Role.ADVISER, EVERYONE_READS | TEAM_READS),
        (Role.COORDINATOR, EVERYONE_READS),
        (Role.VISITOR, EVERYONE_READS),
    ],
)
def test_the_page_holds_what_the_role_may_read_and_nothing_else(team, role, keys):
    people, case = team
    fresh = case_for(by=people[role], reference=case.reference, right="case.view")

    context = case_context(by=people[role], case=fresh, on=localdate())

    assert set(context) == keys


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VISITOR])
def test_an_operator_reads_the_home_but_neither_income_nor_notes(client, team, role):
    people, case = team
    client.force_login(people[role].user)

    page = client.get(f"/dossiers/{case.reference}/").content.decode()

    assert "La chambre est froide." in page
    assert "Une note de l’équipe." not in page
    assert "revenu" not in page.lower()


def test_the_team_reads_notes_and_eligibility(client, team):
    people, case = team
    client.force_login(people[Role.ADVISER].user)

    page = client.get(f"/dossiers/{case.reference}/").content.decode()

    assert "Une note de l’équipe." in page
    assert "revenu fiscal de référence" in page


def test_the_story_stops_at_ten_events_and_folds_the_older_ones(client, team):
    people, case = team
    for number in range(10):
        noting.add_note(by=people[Role.ADVISER], case=case, text=f"Appel {number}", on=localdate())
    client.force_login(people[Role.ADVISER].user)

    page = client.get(f"/dossiers/{case.reference}/").content.decode()

    shown, folded = page.split('<details class="fold">')
    assert shown.count('<li class="story-item') == 10
    assert "Appel 9" in shown
    assert "Demande reçue" in folded
    older = folded.count('<li class="story-item')
    assert f"Voir la suite ({older}\u00a0événements)" in folded


def test_a_short_story_is_whole(client, team):
    people, case = team
    client.force_login(people[Role.ADVISER].user)

    page = client.get(f"/dossiers/{case.reference}/").content.decode()

    assert "Demande reçue" in page
    assert "Voir la suite" not in page


def test_opening_a_file_is_logged_and_a_foreign_one_looks_absent(client, team):
    people, case = team
    stranger = world.member(world.agency(insee=world.BAGNOLET), Role.DIRECTOR)

    assert visit(client, people[Role.ADVISER], case.reference) == 200
    assert visit(client, stranger, case.reference) == 404
    assert visit(client, stranger, "A0-NEVERR") == 404

    reads = ReadEntry.objects.filter(case_id=case.pk)
    assert [(read.reader_id, read.screen) for read in reads] == [
        (people[Role.ADVISER].pk, "case_detail")
    ]


def visit(client: Client, who, reference: str) -> int:
    client.force_login(who.user)
    return client.get(f"/dossiers/{reference}/").status_code
