"""What the checks of bills find, one by one and by the hundred thousand."""

import json
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.bills.energies import Energy, QuantityUnit, gas_kwh_from_m3, gas_kwh_pci, gas_kwh_pcs
from atre.calc.bills.finding import FindingKind
from atre.calc.bills.load_shape import LoadShape
from atre.calc.bills.model import Bill
from atre.calc.bills.option_check import (
    OptionPrices,
    TariffOption,
    check_option,
    option_costs,
    regulated_prices,
    wrong_option,
)
from atre.calc.bills.power_check import check_power, power_use, too_much_power
from atre.calc.bills.price_check import check_price, far_from_reference, price_gaps
from atre.calc.bills.readings import BillRows, stretches_between_readings
from atre.calc.bills.readings_check import catch_ups, check_readings, months_before
from atre.calc.bills.reference_prices import Reference, mean_reference, price_on
from atre.calc.bills.standby_check import check_permanent_power, permanent_power
from atre.calc.bills.tariff import LineKind, add_up_lines, all_in_price, split_by_regression
from atre.calc.bills.water_check import check_water, water_use
from atre.calc.errors import RefusedInput
from atre.calc.parameters import Confidence, all_parameters
from atre.calc.three_valued import Answer
from tests.calc.test_bill_year import DEGREE_DAYS, billed_meters

ON = date(2026, 9, 1)


def flat(groups, kwh_per_day):
    return LoadShape(
        np.full(groups, float(kwh_per_day)),
        np.zeros(groups),
        np.zeros(groups, np.int8),
        np.full(groups, np.nan),
    )


def bill(start, end, kwh, euros=None, **changes):
    values = {
        "energy": Energy.ELECTRICITY,
        "start": start,
        "end": end,
        "quantity": Decimal(kwh),
        "unit": QuantityUnit.KWH,
        "euros_ttc": None if euros is None else Decimal(euros),
        "estimated": False,
    }
    return Bill(**{**values, **changes})


# Months


@settings(deadline=None)
@given(day=st.dates(date(2017, 1, 1), date(2035, 12, 31)), months=st.integers(1, 30))
def test_months_before_are_those_of_the_calendar(day, months):
    earlier = months_before(np.array([day], "datetime64[D]"), months)[0].item()
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    # The same day of the month, or the last one of a shorter month.
    assert earlier.day == day.day or (earlier.day < day.day and month_ends_on(earlier))


def month_ends_on(day):
    return (day + timedelta(days=1)).month != day.month


# Catch-ups


@settings(deadline=None, max_examples=30)
@given(meter=billed_meters())
def test_no_catch_up_contests_more_than_the_days_before_the_limit_hold(meter):
    bills, shape = meter
    stretches = stretches_between_readings(bills)
    late = catch_ups(bills, stretches, shape, DEGREE_DAYS)
    within = stretches.start >= late.limit
    assert (late.undue_kwh >= 0).all()
    assert (late.undue_kwh <= stretches.kwh + 1e-6).all()
    assert (late.undue_kwh[within] == 0).all()
    assert (late.beyond[stretches.ends_estimated] == -1).all()
    assert (late.beyond[within & ~stretches.ends_estimated] == 0).all()


def test_catch_ups_of_many_meters_are_those_of_each():
    start = np.array(["2024-01-01", "2025-06-01", "2023-01-01"], "datetime64[D]")
    end = np.array(["2026-01-01", "2026-01-01", "2025-01-01"], "datetime64[D]")
    rows = BillRows.from_arrays([0, 1, 2], start, end, [7310.0, 2140.0, 7310.0], [0, 0, 0])
    together = catch_ups(rows, stretches_between_readings(rows), flat(3, 10))
    assert together.beyond.tolist() == [1, 0, 1]
    for one in range(3):
        alone = BillRows.from_arrays([0], start[[one]], end[[one]], rows.kwh[[one]], [0])
        found = catch_ups(alone, stretches_between_readings(alone), flat(1, 10))
        assert found.undue_kwh[0] == pytest.approx(together.undue_kwh[one])


def test_a_catch_up_names_the_law_its_exceptions_and_the_mediator():
    late = bill(date(2024, 1, 1), date(2026, 1, 1), "7310")
    _, finding = check_readings([late], heating_share=0.0, eur_per_kwh=0.2)
    assert finding.answer is Answer.YES
    assert "L224-11" in finding.sentence_fr
    assert "fraude" in finding.caution_fr
    assert "Médiateur" in finding.caution_fr
    assert finding.sources_fr


def test_a_year_without_reading_says_what_the_law_asks():
    rows = [
        bill(date(2025, 1, 1), date(2025, 7, 1), "1000", estimated=True),
        bill(date(2025, 7, 1), date(2026, 3, 1), "1000", estimated=True),
    ]
    finding, _ = check_readings(rows)
    assert finding.evidence == (0, 1)
    assert "424" in finding.sentence_fr
    assert "une fois par an" in finding.sentence_fr
    assert "prochaine facture" in finding.sentence_fr


# Option


prices = st.builds(
    OptionPrices,
    st.floats(0.15, 0.25),
    st.floats(0.18, 0.3),
    st.floats(0.1, 0.17),
    st.just(190.0),
    st.just(190.0),
)


@settings(deadline=None)
@given(prices=prices, hp=st.floats(0, 9000), hc=st.floats(0, 9000))
def test_what_one_option_saves_the_other_costs(prices, hp, hc):
    costs = option_costs([hp], [hc], prices)
    saved = costs.saving(np.array([0], np.int8))[0]
    assert costs.saving(np.array([1], np.int8))[0] == pytest.approx(-saved)
    share = hc / (hp + hc) if hp + hc else 0.0
    if saved > 1e-6:
        assert share > prices.break_even_hc_share - 1e-9
    if saved < -1e-6:
        assert share < prices.break_even_hc_share + 1e-9


def test_options_of_many_homes_are_those_of_each_and_unknown_stays_unknown():
    hp, hc = np.array([3000.0, 4500.0, np.nan]), np.array([2000.0, 500.0, 10.0])
    reference = regulated_prices(6, ON)
    codes = wrong_option(option_costs(hp, hc, reference), np.array([0, 1, 0], np.int8))
    assert codes.tolist() == [1, 1, -1]
    unknown_option = wrong_option(option_costs(hp, hc, reference), np.array([-1, -1, -1], np.int8))
    assert unknown_option.tolist() == [-1, -1, -1]


def test_the_contract_s_own_prices_are_used_when_given():
    own = OptionPrices(0.30, 0.31, 0.30, 100.0, 100.0)
    found = check_option(
        option=TariffOption.PEAK_OFF_PEAK,
        kva=6,
        kwh_hp_per_year=3000,
        kwh_hc_per_year=2000,
        on=ON,
        prices=own,
    )
    assert found.euros_per_year == pytest.approx(30)
    assert "réglementé" not in found.caution_fr


def test_a_low_confidence_price_is_shown_with_its_caution():
    assert regulated_prices(6, date(2026, 3, 1)).low_confidence
    assert not regulated_prices(6, ON).low_confidence
    finding = check_power(
        daily_max_kva=np.full(365, 5.0), subscribed_kva=9, option=TariffOption.BASE, on=ON
    )[0]
    assert "peu sûr" not in finding.caution_fr


# Power


@settings(deadline=None)
@given(
    days=st.lists(st.tuples(st.integers(0, 3), st.floats(0.1, 30)), min_size=1, max_size=60),
)
def test_the_highest_power_of_a_meter_is_that_of_its_days(days):
    meter, power = (np.array(column) for column in zip(*days, strict=True))
    use = power_use(meter, power, np.full(4, 9.0), ON)
    for one in range(4):
        mine = power[meter == one]
        if not mine.size:
            assert np.isnan(use.highest_kva[one])
            assert use.highest_row[one] == -1
            continue
        assert use.highest_kva[one] == mine.max()
        row = use.highest_row[one]
        assert (meter[row], power[row]) == (one, mine.max())
        assert use.days_at_limit[one] == (mine >= 9).sum()
        if not np.isnan(use.needed_kva[one]):
            assert use.needed_kva[one] >= mine.max() * 1.1


def test_a_power_above_every_offer_is_not_too_much():
    use = power_use(np.zeros(365, int), np.full(365, 34.0), [36.0], ON)
    assert np.isnan(use.needed_kva[0])
    assert too_much_power(use, [36.0]).tolist() == [0]


# Prices


def test_a_bill_across_two_tariffs_meets_the_mean_of_its_days():
    start, end = (np.array([day], "datetime64[D]") for day in ("2025-07-22", "2025-08-11"))
    mean = mean_reference(Reference.ELECTRICITY_BASE_TO_6_KVA, start, end).price[0]
    assert mean == pytest.approx((10 * 0.2016 + 10 * 0.1952) / 20)


@pytest.mark.parametrize("reference", list(Reference))
def test_every_reference_has_a_source_and_no_day_without_one(reference):
    known = [
        day
        for day in np.arange("2023-07-01", "2027-03-01", dtype="datetime64[M]")
        if price_on(reference, day.astype("datetime64[D]").item()) is not None
    ]
    assert known, reference
    assert price_on(reference, date(2020, 1, 1)) is None
    assert price_on(reference, date(2027, 3, 1)) is None


def test_the_reference_of_each_day_is_that_of_the_parameter_files():
    day = date(2025, 10, 5)
    table = all_parameters()["price.gas.prix_repere.heating_kwh"].on(day)
    assert price_on(Reference.GAS_HEATING, day) == table.named_numbers["month_2025_10"]


def test_months_of_the_gas_reference_lie_within_their_period():
    for key in ("heating_kwh", "cooking_kwh", "heating_standing", "cooking_standing"):
        for value in all_parameters()[f"price.gas.prix_repere.{key}"].values:
            for name in value.named_numbers:
                year, month = name.removeprefix("month_").split("_")
                assert value.holds_on(date(int(year), int(month), 1)), (key, name)


def test_price_gaps_of_many_bills_are_those_of_each():
    start = np.array(["2025-10-01", "2025-04-01", "2025-10-01"], "datetime64[D]")
    end = start + 61
    kwh, euros = np.array([2000.0, 2000.0, np.nan]), np.array([313.54, 500.0, 100.0])
    gaps = price_gaps(start, end, kwh, euros, Reference.GAS_HEATING, Reference.GAS_HEATING_STANDING)
    assert far_from_reference(gaps).tolist() == [1, -1, -1]
    assert gaps.gap_share[0] == pytest.approx(0.2, abs=1e-3)
    assert gaps.unknown_days.tolist() == [0, 61, 0]


def test_a_low_confidence_reference_is_told():
    rows = [bill(date(2026, 8, 1), date(2026, 8, 31), "1000", "300", energy=Energy.NATURAL_GAS)]
    finding = check_price(rows, Reference.GAS_HEATING, Reference.GAS_HEATING_STANDING)
    assert finding.answer is Answer.YES
    assert "peu sûr" in finding.caution_fr


def test_nothing_of_low_confidence_is_a_reference_without_its_flag():
    low = all_parameters()["price.gas.prix_repere.heating_kwh"].on(date(2026, 8, 5))
    assert low.confidence is Confidence.LOW
    start = np.array(["2026-07-20"], "datetime64[D]")
    mean = mean_reference(Reference.GAS_HEATING, start, start + 20)
    assert mean.low_confidence.tolist() == [True]


# Tariff


@settings(deadline=None)
@given(
    price=st.floats(0.05, 0.4),
    standing=st.floats(10, 600),
    uses=st.lists(st.tuples(st.integers(20, 90), st.floats(0.5, 60)), min_size=3, max_size=12),
)
def test_an_invented_tariff_is_found_again(price, standing, uses):
    days, daily = (np.array(column, dtype=float) for column in zip(*uses, strict=True))
    if daily.max() / daily.min() < 1.3:
        return
    kwh = days * daily
    euros = standing / 365 * days + price * kwh
    split = split_by_regression(np.zeros(days.size, int), 1, days, kwh, euros)
    assert split.eur_per_kwh[0] == pytest.approx(price, rel=1e-6)
    assert split.standing_eur_per_year[0] == pytest.approx(standing, rel=1e-4)


def test_tariffs_of_many_meters_are_those_of_each():
    group = np.repeat([0, 1], 3)
    days = np.array([60.0, 61, 60, 60, 61, 60])
    kwh = np.array([900.0, 300, 600, 900, 300, 600])
    euros = np.array([150.6, 60.86, 105.6, 196.2, 76.61, 136.2])
    split = split_by_regression(group, 2, days, kwh, euros)
    assert split.eur_per_kwh.round(3).tolist() == [0.15, 0.2]


def test_lines_of_a_bill_add_up_to_its_total():
    kinds = [LineKind.STANDING, LineKind.ENERGY_HP, LineKind.ENERGY_HC, LineKind.OTHER]
    euros = np.array([30.0, 96.0, 48.0, 15.0])
    lines = add_up_lines([0] * 4, 1, kinds, [np.nan, 600, 400, np.nan], euros)
    assert lines.standing_eur + lines.energy_eur + lines.other_eur == pytest.approx(euros.sum())
    assert (lines.kwh_hp[0], lines.kwh_hc[0]) == (600, 400)
    with pytest.raises(RefusedInput):
        add_up_lines([0], 1, [9], [1], [1])


def test_a_line_without_its_amount_leaves_the_price_unknown():
    lines = add_up_lines([0, 0], 1, [LineKind.ENERGY_BASE] * 2, [100, 50], [20, np.nan])
    assert np.isnan(lines.eur_per_kwh[0])
    assert all_in_price(10.0, 0.0).tolist() != [0.0]


# Permanent power and water


@settings(deadline=None)
@given(days=st.lists(st.tuples(st.integers(0, 2), st.floats(0, 500)), min_size=1, max_size=50))
def test_permanent_power_is_the_first_decile_of_each_meter_s_days(days):
    meter, watts = (np.array(column) for column in zip(*days, strict=True))
    found = permanent_power(meter, watts, 3)
    for one in range(3):
        mine = watts[meter == one]
        expected = np.quantile(mine, 0.1) if mine.size else np.nan
        assert found.watts[one] == pytest.approx(expected, nan_ok=True)


def test_the_panel_s_value_is_said_to_be_weak():
    finding = check_permanent_power(np.full(40, 300.0), on=ON, eur_per_kwh=0.2)
    assert "peu sûr" in finding.caution_fr
    assert finding.evidence == tuple(range(40))


def test_the_past_of_a_home_weighs_before_the_others():
    use = water_use([80.0], [182], [60.0], [1], date(2025, 7, 1))
    assert use.legal.tolist() == [0]
    assert use.high.tolist() == [1]
    assert use.excess_m3.tolist() == [0.0]


def test_an_abnormal_bill_tells_the_plumber_s_certificate():
    finding = check_water(m3=120, days=182, on=date(2025, 7, 1), usual_m3_same_period=40)
    assert "attestation du plombier" in finding.caution_fr
    assert "L2224-12-4" in " ".join(finding.sources_fr)


@pytest.mark.parametrize(
    "given",
    [
        {"m3": -1.0, "days": 100},
        {"m3": 10.0, "days": 0},
        {"m3": 10.0, "days": 100, "persons": 0},
    ],
)
def test_water_that_cannot_be_is_refused(given):
    with pytest.raises(RefusedInput):
        check_water(on=date(2025, 7, 1), **given)


# Calorific values


@settings(deadline=None)
@given(kwh=st.floats(0, 1e6))
def test_gas_goes_to_pci_and_back(kwh):
    there = gas_kwh_pci([kwh], ON)
    assert gas_kwh_pcs(there, ON)[0] == pytest.approx(kwh)
    assert there[0] <= kwh


def test_a_volume_without_its_coefficient_has_no_kwh():
    assert gas_kwh_from_m3([2025, 100], [11.07, np.nan])[0] == pytest.approx(22416.75)
    with pytest.raises(RefusedInput):
        gas_kwh_from_m3([100], [120])


def test_every_finding_is_labelled_in_french_and_plain_in_json():
    finding = check_water(m3=120, days=182, on=date(2025, 7, 1), usual_m3_same_period=40)
    assert json.loads(json.dumps(finding.as_dict()))["kind"] == "abnormal_water"
    assert all(kind.label_fr for kind in FindingKind)
