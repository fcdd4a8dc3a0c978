"""Fixtures of every test; what browser tests need is in tests.support.browser."""

import pytest
from django.db import connections

pytest_plugins = [
    "tests.support.browser",
    "tests.support.journal",
    "tests.support.mapped",
    "tests.support.standing",
    "tests.support.territories",
]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test of PostgreSQL's own guarantees is skipped, by name, on the embedded database."""
    if item.get_closest_marker("postgres") and connections["default"].vendor != "postgresql":
        pytest.skip("PostgreSQL seulement : ./atre test --postgres-only")
