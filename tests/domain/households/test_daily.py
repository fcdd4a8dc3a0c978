"""Notes, tasks and saved filters."""

from datetime import date, timedelta

import pytest

from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households.actions import filtering, noting, tasking
from atre.domain.households.listing import Criteria
from atre.domain.households.models import Case, Note, SavedFilter, Task
from tests.support import world

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 10)


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def case(agency):
    return world.case(world.programme(agency), on=date(2026, 3, 2))


@pytest.fixture
def adviser(agency):
    return world.member(agency)


@pytest.fixture
def stranger():
    return world.member(world.agency(insee=world.BAGNOLET))


def last_contact(case: Case) -> date:
    return Case.objects.get(pk=case.pk).last_contact_on


def test_a_note_of_a_contact_moves_the_last_contact_forward_only(adviser, case):
    noting.add_note(by=adviser, case=case, text="Appel.", on=TODAY, contact_on=TODAY)
    assert last_contact(case) == TODAY

    noting.add_note(
        by=adviser, case=case, text="Rencontre en mars.", on=TODAY, contact_on=date(2026, 3, 9)
    )

    assert last_contact(case) == TODAY
    assert AuditEntry.objects.filter(action="add_note").count() == 2


def test_a_note_alone_is_no_contact(adviser, case):
    noting.add_note(by=adviser, case=case, text="Dossier relu.", on=TODAY)
    assert last_contact(case) == case.deposited_on


@pytest.mark.parametrize("contact_on", [TODAY + timedelta(days=1), date(2026, 3, 1)])
def test_a_contact_ahead_or_before_the_request_is_refused(adviser, case, contact_on):
    with pytest.raises(InvalidInput) as refusal:
        noting.add_note(by=adviser, case=case, text="Appel.", on=TODAY, contact_on=contact_on)
    assert refusal.value.field == "contact_on"


def test_an_empty_note_is_refused_and_a_visitor_or_a_stranger_writes_none(
    agency, adviser, case, stranger
):
    with pytest.raises(InvalidInput):
        noting.add_note(by=adviser, case=case, text="  ", on=TODAY)
    with pytest.raises(NotAllowed):
        noting.add_note(by=world.member(agency, Role.VISITOR), case=case, text="x", on=TODAY)
    with pytest.raises(Case.DoesNotExist):
        noting.add_note(by=stranger, case=case, text="x", on=TODAY)
    assert not Note.objects.exists()


def add_task(by, case, **changes) -> Task:
    values = {"title": "Rappeler", "due_on": TODAY, "on": TODAY} | changes
    return tasking.add_task(by=by, case=case, **values)


def test_a_task_is_ticked_off_once_by_whoever_did_it_first(agency, adviser, case):
    colleague = world.member(agency)
    task = add_task(adviser, case)

    tasking.complete_task(by=colleague, task=task)
    done = tasking.complete_task(by=adviser, task=task)

    assert done.done_by == colleague
    assert AuditEntry.objects.filter(action="complete_task").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": " "}, "title"), ({"due_on": TODAY - timedelta(days=1)}, "due_on")],
)
def test_an_impossible_task_is_refused_at_its_field(adviser, case, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        add_task(adviser, case, **changes)
    assert refusal.value.field == field


def test_a_task_stays_in_its_agency(adviser, case, stranger):
    task = add_task(adviser, case)

    with pytest.raises(InvalidInput):
        add_task(adviser, case, assigned_to=stranger)
    with pytest.raises(Case.DoesNotExist):
        add_task(stranger, case)
    with pytest.raises(NotAllowed):
        tasking.complete_task(by=stranger, task=task)


def test_a_filter_is_kept_under_its_name_and_read_back(adviser):
    criteria = Criteria(state="eligible", deposited_from=date(2026, 1, 1), stalled=True)

    filtering.save_filter(by=adviser, name="Urgent", criteria=criteria)
    filtering.save_filter(by=adviser, name="Urgent", criteria=criteria)

    row = SavedFilter.objects.get()
    assert Criteria.from_dict(row.criteria) == criteria


def test_an_empty_or_nameless_filter_is_refused(adviser):
    with pytest.raises(InvalidInput):
        filtering.save_filter(by=adviser, name="Tout", criteria=Criteria())
    with pytest.raises(InvalidInput):
        filtering.save_filter(by=adviser, name=" ", criteria=Criteria(state="eligible"))


def test_a_filter_is_deleted_by_its_owner_alone(agency, adviser, stranger):
    row = filtering.save_filter(by=adviser, name="A", criteria=Criteria(state="eligible"))

    for other in (world.member(agency), stranger):
        with pytest.raises(SavedFilter.DoesNotExist):
            filtering.delete_filter(by=other, filter_id=row.pk)
    filtering.delete_filter(by=adviser, filter_id=row.pk)

    assert not SavedFilter.objects.exists()
