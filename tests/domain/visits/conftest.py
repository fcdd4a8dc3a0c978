"""A case waiting for its visit, and the people around it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Agency, Membership, Programme
from atre.domain.households.actions import moving
from atre.domain.households.models import Case
from atre.domain.network.models import Organisation
from tests.support import world


@dataclass
class Operator:
    """An agency, its operator's people, and as many cases to plan as a test asks for."""

    agency: Agency
    programme: Programme
    organisation: Organisation
    adviser: Membership
    coordinator: Membership
    visitor: Membership
    second: Membership

    def assigned_case(self, **changes: object) -> Case:
        """A case confided to the operator, waiting for a date."""
        case = world.case(self.programme, **changes)
        with isolation.within(self.agency):
            fresh = moving.locked_case(by=self.adviser, case=case, right="case.assign")
            fresh.operator = self.organisation
            moving.change_state(case=fresh, verb="assign", by=self.adviser)
        return fresh


def make_operator() -> Operator:
    agency = world.agency()
    organisation = world.organisation(agency)
    return Operator(
        agency=agency,
        programme=world.programme(agency),
        organisation=organisation,
        adviser=world.member(agency, Role.ADVISER),
        coordinator=world.member(agency, Role.COORDINATOR, of=organisation),
        visitor=world.member(agency, Role.VISITOR, of=organisation),
        second=world.member(agency, Role.VISITOR, of=organisation),
    )


@pytest.fixture
def operator(db) -> Operator:
    return make_operator()


@pytest.fixture
def inside(operator: Operator):
    """Stand in the operator's agency for the whole test, as a view does."""
    with isolation.within(operator.agency):
        yield


def in_days(days: int, hour: int = 10) -> datetime:
    """A moment to come, in Paris time."""
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)
