"""A visited household, and the same in another agency."""

from collections.abc import Iterator

import pytest

from atre.domain.agencies import isolation
from tests.support import visited


@pytest.fixture
def followed(db) -> Iterator[visited.Followed]:
    """The test stands in this agency, as a view does."""
    made = visited.followed()
    with isolation.within(made.agency):
        yield made


@pytest.fixture
def elsewhere(db) -> visited.Followed:
    """The same situation in another agency."""
    return visited.followed()
