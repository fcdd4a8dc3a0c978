"""A year from irregular bills: what was billed is kept, what was added is counted apart."""

import gzip
import json
import re
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.bills.annual import AnnualStatus, annualise
from atre.calc.bills.annual_answer import annualise_bills
from atre.calc.bills.daily_series import DailySeries
from atre.calc.bills.energies import Energy, QuantityUnit
from atre.calc.bills.lines import weighted_lines
from atre.calc.bills.load_shape import (
    LoadShape,
    ShapeReason,
    cost_shape,
    shape_from_bills,
    shape_from_share,
)
from atre.calc.bills.model import Bill
from atre.calc.bills.monthly import calendarise
from atre.calc.bills.readings import BillRows, stretches_between_readings
from atre.calc.errors import RefusedInput
from tests.calc.test_bill_coverage import EPOCH, meters

FIRST = np.datetime64(EPOCH, "D")
DAYS = np.arange(FIRST - 400, FIRST + 7000)
# A cold half of the year and a mild one, with days without any heating.
DEGREE_DAYS = DailySeries.from_days(
    DAYS, np.maximum(0.0, 10 + 12 * np.cos(2 * np.pi * (DAYS - FIRST).astype(float) / 365.25))
)
PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "factures.md").read_text("utf-8")
GRDF = Path(__file__).parents[3] / "shared" / "cases" / "grdf"


@st.composite
def billed_meters(draw):
    """Bills without overlap, some estimated, and a shape for each meter."""
    rows = draw(meters())
    groups = max(row[0] for row in rows) + 1
    kwh = draw(st.lists(st.integers(0, 9000), min_size=len(rows), max_size=len(rows)))
    codes = draw(st.lists(st.sampled_from([0, 0, 1, -1]), min_size=len(rows), max_size=len(rows)))
    bills = BillRows.from_arrays(
        [row[0] for row in rows],
        np.array([FIRST + row[1] for row in rows]),
        np.array([FIRST + row[2] for row in rows]),
        kwh,
        np.array(codes, np.int8),
        groups,
    )
    return bills, some_shape(draw, groups)


def some_shape(draw, groups):
    some = st.lists(st.floats(0, 50), min_size=groups, max_size=groups)
    base, heat = np.array(draw(some)), np.array(draw(some))
    # A meter that uses nothing on any day has no year to compare with.
    return LoadShape(base + 0.1, heat, np.zeros(groups, np.int8), np.full(groups, np.nan))


def windows(bills, draw=0):
    opens = np.full(bills.groups, FIRST + draw)
    return opens, opens + 365


def same(found, expected):
    for name in ("kwh", "covered_kwh", "added_kwh", "degree_days_share"):
        assert getattr(found, name) == pytest.approx(
            getattr(expected, name), rel=1e-9, abs=1e-6, nan_ok=True
        )
    for name in ("covered_days", "window_days", "estimated_days", "status"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()


@settings(deadline=None, max_examples=30)
@given(meter=billed_meters())
def test_the_months_add_up_to_the_bills(meter):
    bills, shape = meter
    stretches = stretches_between_readings(bills)
    months = np.arange("2021-12", "2042-01", dtype="datetime64[M]").astype("datetime64[D]")
    found = calendarise(stretches, bills.groups, months, shape, DEGREE_DAYS)
    billed = np.bincount(bills.group, weights=bills.kwh, minlength=bills.groups)
    assert np.nansum(found.kwh, axis=1) == pytest.approx(billed, rel=1e-9, abs=1e-6)
    days = (stretches.end - stretches.start).astype(int)
    covered = np.bincount(stretches.group, weights=days, minlength=bills.groups)
    assert found.covered_days.sum(axis=1).tolist() == covered.tolist()


@settings(deadline=None, max_examples=30)
@given(meter=billed_meters())
def test_merging_estimates_neither_loses_nor_invents_a_kwh(meter):
    bills, _ = meter
    stretches = stretches_between_readings(bills)
    assert stretches.kwh.sum() == pytest.approx(bills.kwh.sum())
    by_stretch = np.bincount(stretches.of_bill, weights=bills.kwh)
    assert by_stretch == pytest.approx(stretches.kwh)
    # A stretch is open only if its last bill is an estimate.
    assert stretches.bills.sum() == bills.kwh.size


@settings(deadline=None, max_examples=30)
@given(meter=billed_meters(), opens=st.integers(0, 900))
def test_two_windows_that_touch_share_the_kwh_of_one_that_holds_both(meter, opens):
    bills, shape = meter
    first = np.full(bills.groups, FIRST + opens)
    parts = [
        annualise(bills, first + start, first + end, shape, DEGREE_DAYS)
        for start, end in ((0, 180), (180, 365), (0, 365))
    ]
    for name in ("covered_kwh", "covered_days"):
        left, right, both = (np.nan_to_num(getattr(part, name)) for part in parts)
        assert left + right == pytest.approx(both, rel=1e-9, abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(meter=billed_meters(), opens=st.integers(0, 900), times=st.sampled_from([0.5, 2.0, 10.0]))
def test_twice_the_kwh_make_twice_the_year(meter, opens, times):
    bills, shape = meter
    scaled = BillRows(
        bills.group, bills.start, bills.end, bills.kwh * times, bills.estimated, bills.groups
    )
    once = annualise(bills, *windows(bills, opens), shape, DEGREE_DAYS)
    more = annualise(scaled, *windows(bills, opens), shape, DEGREE_DAYS)
    assert more.kwh == pytest.approx(times * once.kwh, rel=1e-9, abs=1e-6, nan_ok=True)
    assert more.status.tolist() == once.status.tolist()


@settings(deadline=None, max_examples=30)
@given(meter=billed_meters(), opens=st.integers(0, 900), order=st.randoms())
def test_a_batch_in_any_order_answers_as_one_meter_at_a_time(meter, opens, order):
    bills, shape = meter
    shuffled = list(range(bills.kwh.size))
    order.shuffle(shuffled)
    mixed = rows_at(bills, np.array(shuffled), bills.groups)
    together = annualise(mixed, *windows(bills, opens), shape, DEGREE_DAYS)
    same(together, annualise(bills, *windows(bills, opens), shape, DEGREE_DAYS))
    for one in range(bills.groups):
        mine = rows_at(bills, np.flatnonzero(bills.group == one), 1)
        alone = LoadShape(
            shape.base_kwh_per_day[[one]],
            shape.heat_kwh_per_degree_day[[one]],
            shape.reason[[one]],
            shape.r2[[one]],
        )
        found = annualise(mine, *windows(mine, opens), alone, DEGREE_DAYS)
        assert found.kwh[0] == pytest.approx(together.kwh[one], nan_ok=True)
        assert found.status[0] == together.status[one]


def rows_at(bills, positions, groups):
    group = bills.group[positions] if groups > 1 else np.zeros(positions.size, np.int64)
    return BillRows(
        group,
        bills.start[positions],
        bills.end[positions],
        bills.kwh[positions],
        bills.estimated[positions],
        groups,
    )


@settings(deadline=None, max_examples=30)
@given(meter=billed_meters(), opens=st.integers(0, 900))
def test_a_year_is_never_silently_longer_than_its_bills(meter, opens):
    bills, shape = meter
    found = annualise(bills, *windows(bills, opens), shape, DEGREE_DAYS)
    full = found.status == AnnualStatus.FULL
    extended = found.status == AnnualStatus.EXTENDED
    assert (found.covered_days[full] == found.window_days[full]).all()
    assert (found.added_kwh[full] == 0).all()
    assert (found.covered_days[extended] < found.window_days[extended]).all()
    assert np.isnan(found.kwh[~full & ~extended]).all()


@settings(deadline=None, max_examples=30)
@given(
    base=st.floats(0.5, 40),
    heat=st.floats(0.5, 20),
    missing=st.integers(0, 11),
)
def test_an_invented_meter_gives_back_its_year_whatever_month_is_lost(base, heat, missing):
    months = np.arange("2022-01", "2023-02", dtype="datetime64[M]").astype("datetime64[D]")
    totals = DEGREE_DAYS.total(months[:-1], months[1:])
    kwh = base * (months[1:] - months[:-1]).astype(float) + heat * totals
    kept = np.arange(12) != missing
    bills = BillRows.from_arrays(
        np.zeros(11, int), months[:-1][kept], months[1:][kept], kwh[kept], np.zeros(11, np.int8)
    )
    shape = shape_from_bills(stretches_between_readings(bills), 1, DEGREE_DAYS)
    year = annualise(bills, months[:1], months[-1:], shape, DEGREE_DAYS)
    assert year.kwh[0] == pytest.approx(kwh.sum(), rel=1e-6)
    assert shape.heat_kwh_per_degree_day[0] == pytest.approx(heat, rel=1e-6)


def test_a_summer_only_meter_has_no_heating_to_show():
    start = np.array(["2022-06-01", "2022-06-20", "2022-07-05", "2022-07-20"], "datetime64[D]")
    bills = BillRows.from_arrays(np.zeros(4, int), start, start + 15, [150.0] * 4, [0] * 4)
    shape = shape_from_bills(stretches_between_readings(bills), 1, DEGREE_DAYS)
    assert shape.reason[0] == ShapeReason.NO_CONTRAST
    assert np.isnan(shape.base_kwh_per_day[0])


def test_a_negative_slope_is_no_heating_rather_than_negative_heating():
    months = np.arange("2022-01", "2023-02", dtype="datetime64[M]").astype("datetime64[D]")
    kwh = 400 - 0.5 * DEGREE_DAYS.total(months[:-1], months[1:])
    bills = BillRows.from_arrays(np.zeros(12, int), months[:-1], months[1:], kwh, [0] * 12)
    shape = shape_from_bills(stretches_between_readings(bills), 1, DEGREE_DAYS)
    assert shape.heat_kwh_per_degree_day[0] == 0
    assert shape.base_kwh_per_day[0] * 365 == pytest.approx(kwh.sum())


def test_one_wrong_meter_does_not_stop_the_others():
    start = np.array(["2022-01-01", "2022-01-01", "2022-06-01", "2022-05-01"], "datetime64[D]")
    end = np.array(["2023-01-01", "2022-07-01", "2023-01-01", "2022-04-01"], "datetime64[D]")
    bills = BillRows.from_arrays([0, 1, 1, 2], start, end, [365.0, 1, 1, 1], [0] * 4)
    shape = shape_from_share(stretches_between_readings(bills), [0.0, 0.0, 0.0], None)
    found = annualise(bills, np.repeat(start[:1], 3), np.repeat(end[:1], 3), shape)
    assert found.status.tolist() == [
        AnnualStatus.FULL,
        AnnualStatus.IMPOSSIBLE_BILLS,
        AnnualStatus.IMPOSSIBLE_BILLS,
    ]
    assert found.kwh[0] == pytest.approx(365)


def test_a_missing_date_spoils_its_own_meter_only():
    start = np.array(["2022-01-01", "NaT"], "datetime64[D]")
    end = np.array(["2023-01-01", "2023-01-01"], "datetime64[D]")
    bills = BillRows.from_arrays([0, 1], start, end, [365.0, 365.0], [0, 0])
    shape = LoadShape(np.ones(2), np.ones(2), np.zeros(2, np.int8), np.full(2, np.nan))
    found = annualise(bills, np.repeat(start[:1], 2), end, shape, DEGREE_DAYS)
    assert found.status.tolist() == [AnnualStatus.FULL, AnnualStatus.IMPOSSIBLE_BILLS]
    totals = DEGREE_DAYS.total(start, end)
    assert np.isnan(totals).tolist() == [False, True]


@pytest.mark.parametrize("group", [-1, 2])
def test_a_bill_of_no_meter_is_refused(group):
    with pytest.raises(RefusedInput) as refusal:
        BillRows.from_arrays([0, group], [EPOCH] * 2, [EPOCH] * 2, [1.0, 1.0], [0, 0], groups=2)
    assert refusal.value.field == "group"


@st.composite
def household_bills(draw):
    """Whatever an adviser may type: gaps, overlaps, holes in the figures, negative corrections."""
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, 900))
        rows.append(
            Bill(
                energy=Energy.NATURAL_GAS,
                start=EPOCH + timedelta(days=start),
                end=EPOCH + timedelta(days=start + draw(st.integers(-3, 500))),
                quantity=draw(st.one_of(st.none(), st.integers(-500, 30_000).map(Decimal))),
                unit=draw(st.sampled_from([QuantityUnit.KWH, QuantityUnit.M3])),
                euros_ttc=draw(st.one_of(st.none(), st.integers(0, 4000).map(Decimal))),
                estimated=draw(st.one_of(st.none(), st.booleans())),
            )
        )
    return rows


@settings(deadline=None, max_examples=60)
@given(
    bills=household_bills(),
    share=st.one_of(st.none(), st.floats(0, 1)),
    weather=st.sampled_from([None, DEGREE_DAYS]),
)
def test_whatever_is_typed_gets_a_sentence_and_no_invented_total(bills, share, weather):
    answer = annualise_bills(bills, heating_share=share, degree_days=weather)
    assert answer.sentence_fr.endswith(".")
    assert (answer.kwh is not None) == answer.status.is_known
    if answer.kwh is not None:
        assert answer.kwh >= 0
        assert answer.kwh == pytest.approx(answer.covered_kwh + answer.added_kwh, abs=0.2)
    assert json.loads(json.dumps(answer.as_dict()))["status"] == answer.status.name.lower()


def test_a_day_without_degree_days_leaves_unknown_only_what_needs_it():
    start = np.array(["2022-01-01", "2022-01-01"], "datetime64[D]")
    holed = DailySeries.from_days(np.arange(start[0], start[0] + 300), np.full(300, 5.0))
    bills = BillRows.from_arrays([0, 1], start, start + 300, [3000.0, 3000.0], [0, 0])
    shape = LoadShape(
        np.array([1.0, 10.0]), np.array([2.0, 0.0]), np.zeros(2, np.int8), np.full(2, np.nan)
    )
    found = annualise(bills, start, start + 365, shape, holed)
    assert found.status.tolist() == [AnnualStatus.NO_DEGREE_DAYS, AnnualStatus.EXTENDED]
    assert found.kwh[1] == pytest.approx(3650)


def test_each_meter_has_the_weather_of_its_own_place():
    start = np.array(["2022-01-01"] * 2, "datetime64[D]")
    every = np.arange(start[0], start[0] + 365)
    cold, mild = np.full(365, 10.0), np.where(np.arange(365) < 334, 10.0, 0.0)
    weather = DailySeries.from_days(every, np.stack([cold, mild]))
    place = np.array([1, 0])
    bills = BillRows.from_arrays([0, 1], start, start + 334, [3340.0, 3340.0], [0, 0])
    stretches = stretches_between_readings(bills)
    shape = shape_from_share(stretches, [1.0, 1.0], weather, place, year_end=start + 365)
    found = annualise(bills, start, start + 365, shape, weather, place)
    assert found.kwh == pytest.approx([3340, 3650])
    assert found.degree_days_share == pytest.approx([1, 334 / 365])
    months = np.array(["2022-01-01", "2022-12-01", "2023-01-01"], "datetime64[D]")
    spread = calendarise(stretches, 2, months, shape, weather, place)
    assert spread.kwh[:, 0] == pytest.approx([3340, 3340])
    assert np.isnan(spread.kwh[:, 1]).all()


def test_euros_follow_the_days_for_the_subscription_and_the_kwh_for_the_rest():
    start = np.array(["2022-01-01"], "datetime64[D]")
    shape = LoadShape(np.array([10.0]), np.array([0.0]), np.zeros(1, np.int8), np.array([np.nan]))
    costs = cost_shape(shape, [0.2], [365.0])
    bills = BillRows.from_arrays([0], start, start + 334, [334 * (1 + 10 * 0.2)], [0])
    assert annualise(bills, start, start + 365, costs).kwh[0] == pytest.approx(365 * 3)


@settings(deadline=None)
@given(
    points=st.lists(
        st.tuples(st.floats(0, 30), st.floats(-100, 100), st.integers(1, 60)),
        min_size=3,
        max_size=12,
        unique_by=lambda point: round(point[0], 1),
    )
)
def test_lines_are_those_of_numpy(points):
    x, y, weight = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    line = weighted_lines(np.zeros(x.size, np.int64), 1, x, y, weight)
    slope, intercept = np.polyfit(x, y, 1, w=np.sqrt(weight))
    assert line.slope[0] == pytest.approx(slope, rel=1e-6, abs=1e-6)
    assert line.intercept[0] == pytest.approx(intercept, rel=1e-6, abs=1e-5)


@settings(deadline=None)
@given(
    known=st.lists(st.one_of(st.none(), st.floats(0, 30)), min_size=1, max_size=40),
    opens=st.integers(-5, 45),
    length=st.integers(0, 50),
)
def test_totals_of_days_are_those_added_one_by_one(known, opens, length):
    figures = [np.nan if figure is None else figure for figure in known]
    series = DailySeries.from_days(FIRST + np.arange(len(known)), figures)
    start, end = np.array([FIRST + opens]), np.array([FIRST + opens + length])
    inside = {day: figures[day] for day in range(len(known)) if opens <= day < opens + length}
    found = [figure for figure in inside.values() if not np.isnan(figure)]
    assert series.unknown_days(start, end)[0] == length - len(found)
    assert series.known_total(start, end)[0] == pytest.approx(sum(found), abs=1e-9)
    assert np.isnan(series.total(start, end)[0]) == (length > len(found))


@pytest.mark.parametrize(
    ("days", "values"),
    [
        ([EPOCH, EPOCH], [1.0, 2.0]),
        ([EPOCH], [np.inf]),
        ([], []),
        ([EPOCH, EPOCH + timedelta(days=1)], [1.0]),
    ],
)
def test_a_wrong_series_of_days_is_refused(days, values):
    with pytest.raises(RefusedInput):
        DailySeries.from_days(np.array(days, dtype="datetime64[D]"), values)


def test_a_hundred_thousand_meters_take_their_year_together():
    count, each = 100_000, 6
    group = np.repeat(np.arange(count), each)
    first = np.tile(np.arange(each) * 55, count)
    start = FIRST + first
    kwh = np.random.default_rng(1).uniform(100, 2000, group.size)
    bills = BillRows.from_arrays(group, start, start + 55, kwh, np.zeros(group.size, np.int8))
    began = time.perf_counter()
    shape = shape_from_bills(stretches_between_readings(bills), count, DEGREE_DAYS)
    found = annualise(bills, np.full(count, FIRST), np.full(count, FIRST + 365), shape, DEGREE_DAYS)
    assert (found.status == AnnualStatus.EXTENDED).all()
    # 0.5 s on an idle core; the bound only catches a loop over rows.
    assert time.perf_counter() - began < 20


@pytest.mark.skipif(not GRDF.exists(), reason="the shared real meters are absent")
@pytest.mark.parametrize("lost", range(7))
def test_a_real_home_missing_one_bill_keeps_its_year_within_four_percent(lost):
    """Daily gas of a real home cut into seven bills of 2021; the page publishes these errors."""
    temperatures = json.loads((GRDF / "temperatures.json").read_text())
    days = np.array(sorted(temperatures), dtype="datetime64[D]")
    degrees = np.maximum(16 - np.array([temperatures[day] for day in sorted(temperatures)]), 0)
    readings = next(
        iter(
            json.loads(
                gzip.decompress((GRDF / "donnees_informatives.json.gz").read_bytes())
            ).values()
        )
    )
    known = [one for one in readings["releves"] if one["energieConsomme"] is not None]
    gas = DailySeries.from_days(
        np.array([one["journeeGaziere"] for one in known], dtype="datetime64[D]"),
        [one["energieConsomme"] for one in known],
    )
    edges = np.array(
        [
            "2020-12-05",
            "2021-01-28",
            "2021-03-11",
            "2021-05-20",
            "2021-07-15",
            "2021-09-22",
            "2021-11-08",
            "2022-01-01",
        ],
        dtype="datetime64[D]",
    )
    opens, closes = np.array(["2021-01-01"], "datetime64[D]"), edges[-1:]
    kept = np.arange(7) != lost
    kwh = gas.known_total(edges[:-1], edges[1:])
    bills = BillRows.from_arrays(
        np.zeros(6, int), edges[:-1][kept], edges[1:][kept], kwh[kept], np.zeros(6, np.int8)
    )
    stretches = stretches_between_readings(bills)
    weather = DailySeries.from_days(days, degrees)
    shape = shape_from_bills(stretches, 1, weather)
    year = annualise(bills, opens, closes, shape, weather)
    assert year.status[0] == AnnualStatus.EXTENDED
    truth = gas.known_total(opens, closes)[0]
    assert f"{truth:,.0f} kWh".replace(",", " ") in PAGE
    assert year.kwh[0] == pytest.approx(truth, rel=0.04)
    by_days = annualise(bills, opens, closes, shape_from_share(stretches, [0.0], None))
    row = [row for row in PAGE.splitlines() if row.count("%") == 2 and row.startswith("| ")][lost]
    for found, said in zip((year, by_days), row.split("|")[2:4], strict=True):
        figure = float(re.sub("[^0-9,−]", "", said).replace(",", ".").replace("−", "-"))
        assert 100 * (found.kwh[0] / truth - 1) == pytest.approx(figure, abs=0.051)
