"""Coverage on arrays against a day-by-day count, and what a year may and may not be."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.bills.coverage import (
    YEAR_LONGEST_DAYS,
    YEAR_SHORTEST_DAYS,
    days_inside,
    gaps_between,
    latest_years,
    overlapping_pairs,
    sort_periods,
)
from atre.calc.bills.energies import Energy, QuantityUnit, gas_kwh_pci
from atre.calc.bills.model import Bill, OverlappingBills
from atre.calc.bills.summary import summarise_bills

EPOCH = date(2022, 1, 1)


@st.composite
def meters(draw):
    """Bills of a few meters without overlap: lists of (group, start, end), in days from EPOCH."""
    rows = []
    for group in range(draw(st.integers(1, 4))):
        day = draw(st.integers(0, 60))
        for _ in range(draw(st.integers(1, 14))):
            length = draw(st.integers(1, 420))
            rows.append((group, day, day + length))
            day += length + draw(st.sampled_from([0, 0, 0, 1, 2, 30]))
    return draw(st.permutations(rows))


def arrays(rows):
    group = np.array([row[0] for row in rows], dtype=np.int64)
    start = np.array([EPOCH + timedelta(days=row[1]) for row in rows], dtype="datetime64[D]")
    end = np.array([EPOCH + timedelta(days=row[2]) for row in rows], dtype="datetime64[D]")
    return group, start, end


def covered_by_hand(rows, group, opens, closes):
    """Days one by one; a day alone between two bills counts as covered (inclusive dates)."""
    mine = sorted((start, end) for which, start, end in rows if which == group)
    days = {day for start, end in mine for day in range(start, end)}
    days |= {end for (_, end), (start, _) in itertools.pairwise(mine) if start == end + 1}
    return sum(opens <= day < closes for day in days)


@settings(deadline=None)
@given(rows=meters(), opens=st.integers(0, 1500), length=st.integers(1, 400))
def test_days_inside_the_window_are_those_counted_one_by_one(rows, opens, length):
    group, start, end = arrays(rows)
    groups = int(group.max()) + 1
    edges = [
        np.full(groups, EPOCH + timedelta(days=day), "datetime64[D]")
        for day in (opens, opens + length)
    ]
    covered = days_inside(sort_periods(group, start, end), edges[0], edges[1], groups)
    by_hand = [covered_by_hand(rows, which, opens, opens + length) for which in range(groups)]
    assert covered.tolist() == by_hand


@settings(deadline=None)
@given(rows=meters())
def test_bills_that_only_touch_do_not_overlap(rows):
    assert overlapping_pairs(*arrays(rows)).size == 0


@settings(deadline=None)
@given(rows=meters(), which=st.data())
def test_a_copy_of_a_bill_is_found_wherever_it_stands(rows, which):
    copied = which.draw(st.integers(0, len(rows) - 1))
    pairs = overlapping_pairs(*arrays([*rows, rows[copied]]))
    assert sorted(pairs[0].tolist()) == [copied, len(rows)]


def test_a_short_bill_inside_a_long_one_is_found_past_another():
    rows = [(0, 0, 300), (0, 10, 20), (0, 200, 210)]
    assert overlapping_pairs(*arrays(rows)).tolist() == [[0, 1], [0, 2]]


@settings(deadline=None)
@given(rows=meters())
def test_a_year_is_the_latest_unbroken_whole_bills_of_350_to_380_days(rows):
    periods = sort_periods(*arrays(rows))
    groups = int(periods.group.max()) + 1
    firsts, lasts = latest_years(periods, groups)
    for group in range(groups):
        assert (firsts[group], lasts[group]) == year_by_hand(periods, group)


def year_by_hand(periods, group):
    """Every pair of bills tried one by one, the latest end first, then the nearest to 365."""
    mine = np.flatnonzero(periods.group == group)
    for last in mine[::-1]:
        spans = [
            (abs(int(periods.day_end[last] - periods.day_start[first]) - 365), -first, first)
            for first in mine[mine <= last]
            if periods.run[first] == periods.run[last]
            and YEAR_SHORTEST_DAYS
            <= periods.day_end[last] - periods.day_start[first]
            <= YEAR_LONGEST_DAYS
        ]
        if spans:
            nearest = min(span[0] for span in spans)
            # Of two sets as near to 365 days, the longer one is kept.
            return min(s[2] for s in spans if s[0] == nearest), last
    return -1, -1


@settings(deadline=None)
@given(rows=meters())
def test_gaps_are_holes_longer_than_a_day(rows):
    group, start, end = arrays(rows)
    periods = sort_periods(group, start, end)
    _, days = gaps_between(periods)
    expected = []
    for which in range(int(group.max()) + 1):
        mine = sorted((begin, finish) for g, begin, finish in rows if g == which)
        expected += [later - earlier for (_, earlier), (later, _) in itertools.pairwise(mine)]
    assert days.tolist() == [hole for hole in expected if hole > 1]


def test_a_hundred_thousand_meters_are_covered_together():
    meters_count, bills = 100_000, 6
    group = np.repeat(np.arange(meters_count), bills)
    first = np.tile(np.arange(bills) * 61, meters_count)
    start = np.datetime64("2025-01-01") + first.astype("timedelta64[D]")
    periods = sort_periods(group, start, start + np.timedelta64(61, "D"))
    firsts, lasts = latest_years(periods, meters_count)
    assert (lasts - firsts == bills - 1).all()


def gas(start, end, **changes):
    values = {
        "energy": Energy.NATURAL_GAS,
        "start": start,
        "end": end,
        "quantity": Decimal(1000),
        "unit": QuantityUnit.KWH,
        "euros_ttc": Decimal(100),
        "estimated": False,
    }
    return Bill(**{**values, **changes})


def test_overlap_names_both_bills():
    first = gas(date(2025, 1, 1), date(2025, 7, 1), reference="n° 12")
    second = gas(date(2025, 6, 15), date(2026, 1, 1), reference="n° 13")
    with pytest.raises(OverlappingBills) as refusal:
        summarise_bills([second, first], date(2026, 2, 1))
    assert {refusal.value.first, refusal.value.second} == {first, second}
    assert "n° 12" in refusal.value.message_fr
    assert "n° 13" in refusal.value.message_fr


def test_the_same_bills_without_the_overlap_are_accepted():
    first = gas(date(2025, 1, 1), date(2025, 6, 15))
    second = gas(date(2025, 6, 15), date(2026, 1, 1))
    (summary,) = summarise_bills([second, first], date(2026, 2, 1))
    assert summary.annual is not None
    assert summary.annual.days == 365


def test_no_bill_is_no_summary():
    assert summarise_bills([], date(2026, 2, 1)) == ()


def test_eleven_months_say_how_much_is_covered_and_what_a_year_needs():
    (summary,) = summarise_bills([gas(date(2025, 2, 10), date(2026, 1, 10))], date(2026, 2, 1))
    assert summary.annual is None
    assert summary.covered_share == pytest.approx(334 / 365)
    assert "350 à 380 jours" in summary.no_annual_reason_fr
    assert "334" in summary.no_annual_reason_fr


def test_estimated_readings_and_deliveries_are_said():
    oil = gas(
        date(2025, 2, 10),
        date(2026, 1, 10),
        energy=Energy.FUEL_OIL,
        unit=QuantityUnit.LITRE,
        estimated=True,
    )
    (summary,) = summarise_bills([oil], date(2026, 2, 1))
    said = " ".join(summary.cautions_fr)
    assert "index estimé" in said
    assert "livraison" in said
    assert "Arrêté du 27 août 2012" in said


def test_a_visit_on_29_february_has_its_twelve_months():
    (summary,) = summarise_bills([gas(date(2023, 2, 28), date(2024, 2, 29))], date(2024, 2, 29))
    assert summary.days_covered_last_year == summary.window_days == 366


def test_gas_goes_from_pcs_to_pci():
    assert gas_kwh_pci([1111, np.nan], date(2026, 1, 1)) == pytest.approx(
        [1000, np.nan], nan_ok=True
    )
