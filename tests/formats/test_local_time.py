"""Legal time and UTC: checked against the zone database, on the days when clocks move."""

from datetime import UTC, date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atre.formats.local_time import (
    ParisClock,
    day_hours,
    paris_days_to_utc,
    utc_to_paris,
    within_rule,
)

PARIS = ZoneInfo("Europe/Paris")
HALF_HOUR = np.timedelta64(30, "m")


@given(st.integers(0, 41 * 365 * 86_400))
def test_legal_time_is_that_of_the_zone_database(seconds):
    utc = np.datetime64("1996-01-02", "us") + np.timedelta64(seconds, "s")
    expected = utc.item().replace(tzinfo=UTC).astimezone(PARIS).replace(tzinfo=None)
    assert utc_to_paris(np.array([utc]))[0] == np.datetime64(expected)


@pytest.mark.parametrize("year", [1996, 2003, 2021, 2026, 2038])
def test_a_year_of_half_hours_goes_to_legal_time_and_back(year):
    utc = np.arange(
        np.datetime64(f"{year}-02-01"), np.datetime64(f"{year}-12-01"), HALF_HOUR
    ).astype("datetime64[us]")
    back, twice, missing = ParisClock().to_utc(utc_to_paris(utc))
    assert (back == utc).all()
    assert twice.sum() == 4
    assert not missing.any()


def test_a_year_read_backwards_and_by_pieces_comes_back_the_same():
    utc = np.arange(np.datetime64("2021-10-01"), np.datetime64("2021-12-01"), HALF_HOUR).astype(
        "datetime64[us]"
    )[::-1]
    clock = ParisClock(descending=True)
    local = utc_to_paris(utc)
    pieces = [clock.to_utc(local[start : start + 7])[0] for start in range(0, local.size, 7)]
    assert (np.concatenate(pieces) == utc).all()


def test_a_time_that_was_skipped_in_march_is_said_to_be_missing():
    local = np.array(["2021-03-28T01:59", "2021-03-28T02:00", "2021-03-28T03:00"], "datetime64[us]")
    _, twice, missing = ParisClock().to_utc(local)
    assert missing.tolist() == [False, True, False]
    assert not twice.any()


def test_gas_days_begin_at_six_in_legal_time():
    days = np.array(["2021-03-27", "2021-03-28"], dtype="datetime64[D]")
    begins = paris_days_to_utc(days, hour=6)
    expected = np.array(["2021-03-27T05", "2021-03-28T04"], dtype="datetime64[us]")
    assert (begins == expected).all()


@given(st.dates(date(1997, 1, 1), date(2090, 1, 1)))
def test_a_day_has_23_24_or_25_hours_and_only_sundays_differ(day):
    hours = day_hours(np.array([day], dtype="datetime64[D]"))[0]
    assert hours in {23, 24, 25}
    assert hours == 24 or day.isoweekday() == 7


def test_missing_and_old_instants_are_told_apart():
    instants = np.array(["NaT", "1995-06-01", "2150-01-01", "2020-06-01"], dtype="datetime64[us]")
    assert within_rule(instants).tolist() == [False, False, False, True]
