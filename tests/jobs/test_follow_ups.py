"""The job of the year: each agency's own cases, no double, nothing lost by a day without it."""

import time_machine

from atre.domain.agencies import isolation
from atre.domain.support.models import FollowUp, SavingRecord
from atre.jobs.follow_ups import open_due, record_estimates
from tests.support import visited, world


def test_two_runs_open_each_case_once(db):
    first, second = visited.followed(), visited.followed()

    with time_machine.travel(world.at("2026-11-10", 5)):
        assert (open_due(), open_due()) == (2, 0)

    for followed in (first, second):
        with isolation.within(followed.agency):
            assert FollowUp.objects.get(agency=followed.agency).case == followed.case


def test_the_day_can_be_named(db):
    followed = visited.followed()

    assert open_due(on=visited.VISITED_ON) == 0
    assert open_due(on=visited.VISITED_ON.replace(year=2026)) == 1
    with isolation.within(followed.agency):
        assert FollowUp.objects.get().case == followed.case


def test_a_household_whose_report_was_never_handed_over_is_followed_up_too(db):
    visited.followed(state="visited")

    assert open_due(on=visited.VISITED_ON.replace(year=2026)) == 1


def test_estimates_are_written_once_for_each_visit(db):
    followed = visited.followed()

    assert record_estimates(agency_id=followed.agency.pk) == 1
    assert record_estimates(agency_id=followed.agency.pk) == 0
    with isolation.within(followed.agency):
        assert SavingRecord.objects.get().case == followed.case
