"""Lets the test runner empty the database, which the journal's own lock refuses to anyone."""

from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from atre.domain.audit import protection
from atre.domain.audit.models import AuditEntry


def _unlock() -> None:
    table = AuditEntry._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS journal_is_closed ON {table}")
            return
        for event in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS journal_refuses_{event}")


@pytest.fixture(autouse=True, scope="session")
def journal_unlocked_between_tests():
    """Around each flush of a transactional test, the lock is taken off and put back."""
    flush = TransactionTestCase._fixture_teardown

    def unlocked(self: Any) -> None:
        _unlock()
        try:
            flush(self)
        finally:
            protection.forbid_changes()

    TransactionTestCase._fixture_teardown = unlocked
    yield
    TransactionTestCase._fixture_teardown = flush
