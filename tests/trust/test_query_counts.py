"""A page asks the database as many questions for twelve rows as for three."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.households.actions import assigning, noting, tasking
from atre.domain.network.enums import OrganisationKind
from atre.domain.support.actions.orienting import send_orientation
from atre.domain.support.actions.sharing import record_sharing_consent
from atre.domain.visits.actions.appointments import schedule_appointment
from tests.support import world
from tests.support.whole import Whole, whole_agency
from tests.trust.crawling import signed_in

pytestmark = pytest.mark.django_db

# The home page of a director, PostgreSQL's own context included.
MOST = 45
LISTS = [
    ("/", Role.DIRECTOR),
    ("/", Role.ADVISER),
    ("/", Role.COORDINATOR),
    ("/", Role.VISITOR),
    ("/", Role.REFERRER),
    ("/dossiers/", Role.DIRECTOR),
    ("/dossiers/", Role.COORDINATOR),
    ("/dossiers/", Role.VISITOR),
    ("/visites/", Role.COORDINATOR),
    ("/mes-demandes/", Role.REFERRER),
    ("/orientations-recues/", Role.REFERRER),
    ("/reseau/", Role.ADVISER),
    ("/pilotage/", Role.DIRECTOR),
    ("/reglages/", Role.DIRECTOR),
    ("/reglages/journal/", Role.DIRECTOR),
]


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


def grow(whole: Whole, rows: int, *, first: int) -> None:
    """Add that many lines to every list of the agency."""
    agency, people = whole.agency, whole.people
    scheme, adviser, visitor = whole.case.programme, people[Role.ADVISER], people[Role.VISITOR]
    with isolation.within(agency):
        service = people[Role.REFERRER].organisation
        operator = visitor.organisation
    today = timezone.localdate()
    for number in range(first, first + rows):
        told = {"last_name": f"Ligne{number}", "phone": f"06{number:08d}", "email": ""}
        world.case(scheme, by=people[Role.REFERRER], **told)
        case = world.case(scheme, **told | {"phone": f"07{number:08d}"})
        start = timezone.now() + timedelta(minutes=40 * number)
        with isolation.within(agency):
            record_sharing_consent(by=adviser, case=case, service=service)
            send_orientation(
                by=adviser, case=case, service=service, purpose="Aide", on=today, answer_days=9
            )
            tasking.add_task(by=adviser, case=case, title="Rappeler", due_on=today, on=today)
            case = assigning.assign_case(by=adviser, case=case, operator=operator, visitor=visitor)
            schedule_appointment(
                by=visitor,
                case=case,
                starts_at=start,
                ends_at=start + timedelta(minutes=30),
                visitors=[visitor],
            )
        with isolation.within(agency):
            noting.add_note(by=adviser, case=whole.case, text="Rappelé", on=today)
            tasking.add_task(by=adviser, case=whole.case, title="Écrire", due_on=today, on=today)
        world.organisation(agency, OrganisationKind.CHARITY)
        world.member(agency, Role.ADVISER)
        world.programme(agency)


def questions(get: Callable[[], object]) -> int:
    get()  # what is asked once per process is not a question of the page
    with CaptureQueriesContext(
        connection,
    ) as asked:
        get()
    return len(asked)


@time_machine.travel(world.at("2026-11-23", 8), tick=True)
def test_lists_ask_as_much_for_twelve_rows_as_for_three():
    whole = whole_agency()
    clients = {role: signed_in(member) for role, member in whole.people.items()}

    pages = [*LISTS, (f"/dossiers/{whole.case.reference}/", Role.ADVISER)]

    def counts() -> dict[str, int]:
        found = {}
        for path, role in pages:
            answer = clients[role].get(path)
            assert answer.status_code == 200, (path, role)
            found[f"{path} as {role}"] = questions(lambda p=path, r=role: clients[r].get(p))
        return found

    grow(whole, 3, first=1)
    few = counts()
    grow(whole, 9, first=4)
    many = counts()
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    assert {name: count for name, count in many.items() if count > MOST} == {}
