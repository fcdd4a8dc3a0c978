"""PostgreSQL's own lock between agencies, tried without any help from our selectors."""

import threading

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from atre.domain.agencies import isolation
from atre.domain.agencies.models import TenantModel
from atre.domain.households.models import Case, Household
from tests.support import world

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def two_agencies():
    first, second = world.agency(), world.agency(insee=world.BAGNOLET)
    world.case(world.programme(first))
    world.case(world.programme(second), commune=world.commune(world.BAGNOLET), postal_code="93170")
    isolation.enter(None)
    return first, second


def test_the_application_role_cannot_step_around_row_security():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_every_tenant_table_forces_row_security():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        protected = {name for (name,) in cursor.fetchall()}
    assert set(isolation.tenant_tables()) <= protected


def test_every_table_with_an_agency_of_case_data_is_a_tenant_table():
    # These lead to an agency before its rows can be seen; none holds a household's data.
    doors = {
        "agencies.Membership",
        "agencies.Invitation",
        "agencies.Programme",
        "audit.AuditHead",
        "households.CaseLink",
    }
    for model in apps.get_models():
        has_agency = any(f.name == "agency" for f in model._meta.fields)
        if has_agency and not issubclass(model, TenantModel):
            assert model._meta.label in doors


def test_no_context_shows_no_case(two_agencies):
    assert Case.objects.count() == 0
    assert Household.objects.count() == 0


def test_a_context_shows_its_agency_only(two_agencies):
    first, second = two_agencies
    with isolation.within(first):
        assert set(Case.objects.values_list("agency_id", flat=True)) == {first.pk}
    with isolation.within(second):
        assert set(Case.objects.values_list("agency_id", flat=True)) == {second.pk}


def test_the_context_dies_with_its_block(two_agencies):
    first, _ = two_agencies
    with isolation.within(first):
        pass
    assert Case.objects.count() == 0


def test_a_foreign_row_cannot_be_written(two_agencies):
    first, second = two_agencies
    with isolation.within(second):
        stolen = Household.objects.get()
    stolen.pk = None
    with (
        isolation.within(first),
        pytest.raises((ProgrammingError, IntegrityError)),
        transaction.atomic(),
    ):
        stolen.save(force_insert=True)


def test_a_foreign_row_cannot_be_changed_or_erased(two_agencies):
    first, second = two_agencies
    with isolation.within(first):
        assert Case.objects.filter(agency=second).update(told="vu") == 0
        assert Household.objects.filter(agency=second).delete()[0] == 0


@pytest.mark.django_db(transaction=True)
def test_the_context_does_not_outlive_a_transaction_on_a_reused_connection():
    agency = world.agency()
    world.case(world.programme(agency))
    with isolation.within(agency):
        assert Case.objects.count() == 1
    assert Case.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_threads_never_see_each_other_s_agency():
    agencies = [world.agency() for _ in range(4)]
    for agency in agencies:
        world.case(world.programme(agency))
    seen: list[tuple[int, set[int]]] = []
    start = threading.Barrier(len(agencies))

    def look(agency_id: int) -> None:
        try:
            start.wait(timeout=10)
            for _ in range(20):
                with isolation.within(agency_id):
                    seen.append((agency_id, set(Case.objects.values_list("agency_id", flat=True))))
        finally:
            connection.close()

    threads = [threading.Thread(target=look, args=[agency.pk]) for agency in agencies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 80
    assert all(rows == {mine} for mine, rows in seen)
