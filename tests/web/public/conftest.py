"""Fixtures of the public pages."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_came_before(db) -> None:
    """The counters of too many requests start at zero in each test."""
    cache.clear()
