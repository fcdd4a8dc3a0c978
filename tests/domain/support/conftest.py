"""A visited household, and the same in another agency."""

import pytest

from tests.support import visited


@pytest.fixture
def followed(db) -> visited.Followed:
    return visited.followed()


@pytest.fixture
def elsewhere(db) -> visited.Followed:
    """The same situation in another agency."""
    return visited.followed()
