"""The journal: in order, chained, closed to changes, free of personal values."""

import pytest
from django.db import DatabaseError, connection, transaction

from atre.domain.agencies import isolation
from atre.domain.audit import actions, protection, selectors
from atre.domain.audit.models import AuditEntry
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    agency = world.agency()
    scheme = world.programme(agency)
    world.case(scheme)
    world.case(scheme, last_name="Deuxième")
    isolation.enter(agency.pk)
    return agency


def test_the_chain_of_an_agency_is_whole_after_real_work(agency):
    assert selectors.first_broken_link(agency=agency) is None
    ranks = list(
        AuditEntry.objects.filter(agency=agency).order_by("sequence").values_list("sequence")
    )
    assert [rank for (rank,) in ranks] == list(range(1, len(ranks) + 1))


@pytest.mark.parametrize("statement", ["UPDATE {t} SET reason = 'autre'", "DELETE FROM {t}"])
def test_the_database_refuses_to_change_an_entry(agency, statement):
    table = AuditEntry._meta.db_table
    with (
        pytest.raises(DatabaseError, match="journal"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(t=table))


def test_an_entry_rewritten_below_the_lock_is_found(agency):
    table = AuditEntry._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        protection.allow_changes()
        cursor.execute(f"UPDATE {table} SET action = 'autre' WHERE sequence = 2")
    assert selectors.first_broken_link(agency=agency) == 2


def test_a_reason_can_be_forgotten_and_leaves_the_chain_whole(agency):
    actions.record(agency=agency, action="x", obj=agency, by=None, case_id=7, reason="Mme Untel")
    assert actions.forget_reasons(agency=agency, case_ids=[7]) == 1
    assert not AuditEntry.objects.filter(agency=agency, case_id=7).exclude(reason="").exists()
    assert selectors.first_broken_link(agency=agency) is None


def test_a_reason_cannot_be_replaced_by_another(agency):
    entry = actions.record(agency=agency, action="x", obj=agency, by=None, reason="vrai motif")
    with pytest.raises(DatabaseError, match="journal"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(reason="faux motif")


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_the_action_s_transaction_is_refused():
    agency = world.agency()
    with pytest.raises(RuntimeError, match="transaction"):
        actions.record(agency=agency, action="x", obj=agency, by=None)


def test_the_journal_never_holds_what_a_household_said(agency):
    told = ["Amina", "Exemple", "612345678", "menage@example.org", "rue des Essais", "18000"]
    for entry in AuditEntry.objects.filter(agency=agency):
        text = f"{entry.reason} {entry.details} {entry.object_id}"
        assert not [word for word in told if word in text]


def test_another_agency_s_journal_is_not_mixed_in(agency):
    other = world.agency()
    isolation.enter(other.pk)
    assert {e.agency_id for e in selectors.entries(agency=other)} == {other.pk}
