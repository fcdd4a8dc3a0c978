"""Many people booking one visitor at the same instant: one of them gets it."""

import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from atre.domain.agencies import isolation
from atre.domain.visits.actions.appointments import schedule_appointment
from atre.domain.visits.errors import SlotTaken
from atre.domain.visits.models import Appointment
from tests.domain.visits.conftest import in_days, make_operator

THREADS = 8


@pytest.fixture
def shared_database(transactional_db, tmp_path):
    """A database that threads share: PostgreSQL, or SQLite in a file. SQLite in memory shares one
    cache among connections, whose locks are not those of a file: it would prove nothing."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "shared.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        in_memory.backup(copy)
    connection.connection = None
    connection.settings_dict["NAME"] = connections.settings["default"]["NAME"] = str(path)
    yield
    connection.close()
    connection.settings_dict["NAME"] = connections.settings["default"]["NAME"] = name
    connection.connection = in_memory


def race(operator, starts, *, visitors):
    """Each of the cases tries its own start at once; the outcomes."""
    cases = [operator.assigned_case() for _ in starts]
    barrier = Barrier(len(cases))

    def attempt(case, start, people):
        try:
            barrier.wait(timeout=20)
            with isolation.within(operator.agency):
                schedule_appointment(
                    by=operator.coordinator,
                    case=case,
                    starts_at=start,
                    ends_at=start + timedelta(hours=2),
                    visitors=people,
                )
            return "booked"
        except SlotTaken:
            return "taken"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(cases)) as pool:
        return Counter(pool.map(attempt, cases, starts, visitors))


def test_one_of_many_simultaneous_bookings_wins(shared_database):
    operator = make_operator()
    start = in_days(7)

    outcomes = race(operator, [start] * THREADS, visitors=[[operator.visitor]] * THREADS)

    assert outcomes == {"booked": 1, "taken": THREADS - 1}
    with isolation.within(operator.agency):
        assert Appointment.objects.filter(visitors=operator.visitor).count() == 1


def test_pairs_named_in_opposite_orders_neither_overlap_nor_block_each_other(shared_database):
    operator = make_operator()
    pair = [operator.visitor, operator.second]
    outcomes = race(operator, [in_days(7)] * THREADS, visitors=[pair, pair[::-1]] * (THREADS // 2))
    assert outcomes == {"booked": 1, "taken": THREADS - 1}


def test_different_visitors_are_all_booked_at_once(shared_database):
    operator = make_operator()
    people = [[operator.visitor], [operator.second], [operator.coordinator]]
    assert race(operator, [in_days(7)] * 3, visitors=people) == {"booked": 3}
