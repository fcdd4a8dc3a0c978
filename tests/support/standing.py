"""Stands a test in its agency, as a screen does, so that PostgreSQL shows it that agency's rows."""

from typing import Any

import pytest

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from tests.support import world


@pytest.fixture
def standing_in_the_first_agency(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first agency a test makes is the one it reads and writes in; the next are foreign."""
    make = world.agency
    made: list[Agency] = []

    def make_and_stand(**given: Any) -> Agency:
        agency = make(**given)
        if not made:
            isolation.enter(agency.pk)
        made.append(agency)
        return agency

    monkeypatch.setattr(world, "agency", make_and_stand)
