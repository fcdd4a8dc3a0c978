"""Lets the test runner empty the database, which the journal's own lock refuses to anyone."""

from typing import Any

import pytest
from django.test import TransactionTestCase

from atre.domain.audit import protection


@pytest.fixture(autouse=True, scope="session")
def journal_unlocked_between_tests():
    """Around each flush of a transactional test, the lock is taken off and put back."""
    flush = TransactionTestCase._fixture_teardown

    def unlocked(self: Any) -> None:
        protection.allow_changes()
        try:
            flush(self)
        finally:
            protection.forbid_changes()

    TransactionTestCase._fixture_teardown = unlocked
    yield
    TransactionTestCase._fixture_teardown = flush
