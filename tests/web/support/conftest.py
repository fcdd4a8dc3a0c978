"""These pages are opened by password alone, as in the demonstration."""

from collections.abc import Iterator

import pytest
from django.test import Client

from atre.domain.agencies import isolation
from tests.support import visited


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def followed(db) -> Iterator[visited.Followed]:
    """The test stands in this agency, as a view does."""
    made = visited.followed()
    with isolation.within(made.agency):
        yield made


@pytest.fixture
def elsewhere(db) -> visited.Followed:
    return visited.followed()


@pytest.fixture
def signed_in():
    """A browser signed in as a member."""

    def enter(membership) -> Client:
        browser = Client()
        browser.force_login(membership.user)
        return browser

    return enter
