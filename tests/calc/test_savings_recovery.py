"""Invented meters whose truth is known are recovered: model, coefficients, saving, interval."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from atre.calc.savings.balance_points import caltrack_balance_points_c
from atre.calc.savings.bill_periods import bill_sums, bill_weather
from atre.calc.savings.daily_sums import daily_sums
from atre.calc.savings.least_squares import best_models
from atre.calc.savings.measured_bills import measure_bills
from atre.calc.savings.measured_daily import measure_daily
from atre.calc.savings.method import CALTRACK_2, CaltrackMethod
from atre.calc.savings.windows import bill_windows

GRID = caltrack_balance_points_c()
DAYS = 365


def weather(seed: int, years: int = 1) -> np.ndarray:
    # Another stream than the noise of the use, which tests draw from the same seed.
    rng = np.random.default_rng([seed, 1])
    day = np.arange(DAYS * years)
    return 12 - 9 * np.cos((day - 20) * 2 * np.pi / 365.25) + rng.normal(0, 3, len(day))


def use(temperature, base, heat, heat_base, cool=0.0, cool_base=0.0):
    heating = heat * np.maximum(heat_base - temperature, 0)
    return base + heating + cool * np.maximum(temperature - cool_base, 0)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    base=st.floats(1, 30),
    heat=st.floats(0.3, 10),
    heat_point=st.integers(18, 36),
    cool=st.floats(0.3, 10),
    extra=st.integers(0, 8),
)
def test_without_noise_the_true_model_is_found_exactly(seed, base, heat, heat_point, cool, extra):
    temperature = weather(seed)
    heat_base, cool_base = GRID[heat_point], GRID[heat_point + extra]
    kwh = use(temperature, base, heat, heat_base, cool, cool_base)
    model = best_models(daily_sums(kwh[None], temperature, CALTRACK_2), CALTRACK_2).as_dict(0)
    assert model is not None
    assert model["kind"] == "cdd_hdd"
    assert model["heating_balance_point_c"] == pytest.approx(heat_base)
    assert model["cooling_balance_point_c"] == pytest.approx(cool_base)
    assert model["intercept"] == pytest.approx(base, rel=1e-6, abs=1e-6)
    assert model["beta_hdd"] == pytest.approx(heat, rel=1e-6)
    assert model["beta_cdd"] == pytest.approx(cool, rel=1e-6)
    assert model["r2_adj"] == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    heat=st.floats(1, 10),
    saved=st.floats(-0.2, 0.4),
    missing=st.integers(0, 30),
)
def test_a_known_share_saved_is_measured_within_its_interval_scaled_by_three(
    seed, heat, saved, missing
):
    """Three times a 90 % half-width: beyond it once in a million years of noise."""
    rng = np.random.default_rng(seed)
    temperature = weather(seed, years=2)
    kwh = use(temperature, 8, heat, 15.5) + rng.normal(0, 2, 2 * DAYS)
    kwh = np.abs(kwh)
    kwh[DAYS:] *= 1 - saved
    kwh[rng.choice(2 * DAYS, missing, replace=False)] = np.nan
    found = measure_daily(
        kwh[None, :DAYS], temperature[:DAYS], kwh[None, DAYS:], temperature[DAYS:]
    )
    assert found.is_measured[0], found.reasons_fr(0)
    error = abs(found.saving_kwh[0] - saved * found.counterfactual_kwh[0])
    assert error < 3 * found.saving_half_width_kwh[0]


@pytest.mark.parametrize("autocorrelation", [0.0, 0.4])
def test_nine_intervals_in_ten_hold_the_truth(autocorrelation):
    """300 meters with nothing saved; noise of one day goes on to the next, as in a real home."""
    rng = np.random.default_rng(7)
    temperature = weather(3, years=2)
    noise = rng.normal(0, 4, (300, 2 * DAYS))
    for day in range(1, 2 * DAYS):
        noise[:, day] += autocorrelation * noise[:, day - 1]
    kwh = use(temperature, 30, 3, 15.5)[None] + noise
    found = measure_daily(kwh[:, :DAYS], temperature[:DAYS], kwh[:, DAYS:], temperature[DAYS:])
    held = np.abs(found.saving_kwh) <= found.saving_half_width_kwh
    assert 0.85 <= held.mean() <= 0.97


def monthly(day_kwh: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, ...]:
    total = np.concatenate([[0.0], np.cumsum(day_kwh)])
    return edges[None, :-1], edges[None, 1:], np.diff(total[edges])[None]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), heat=st.floats(1, 10), point=st.integers(25, 36))
def test_bills_without_noise_give_back_the_true_heating(seed, heat, point):
    temperature = weather(seed, years=2)
    kwh = use(temperature, 9, heat, GRID[point])
    edges = np.concatenate([np.arange(0, 365, 30), [365], np.arange(395, 731, 30)])
    edges = edges[edges != 360]
    method = CaltrackMethod(fits_cooling=False)
    starts, ends, bills = monthly(kwh, edges)
    windows = bill_windows(
        starts, ends, bills, works_start=np.array([365]), works_end=np.array([365]), method=method
    )
    found = measure_bills(windows, temperature[None], np.zeros(1, dtype=np.int64), method=method)
    model = found.as_dict(0)["model"]
    assert model is not None, found.reasons_fr(0)
    assert model["heating_balance_point_c"] == pytest.approx(GRID[point])
    assert model["beta_hdd"] == pytest.approx(heat, rel=1e-6)
    assert found.saving_kwh[0] == pytest.approx(0, abs=1e-6 * kwh.sum())


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), missing=st.integers(0, 100))
def test_the_sums_are_those_of_an_ordinary_regression(seed, missing):
    """Independent truth: scipy's own regression on the degree days written out one by one."""
    rng = np.random.default_rng(seed)
    temperature = weather(seed)
    kwh = use(temperature, 6, 2, 14) + rng.normal(0, 3, DAYS)
    kwh[rng.choice(DAYS, missing, replace=False)] = np.nan
    sums = daily_sums(kwh[None], temperature, CALTRACK_2)
    known = np.isfinite(kwh)
    for point in (10, 25, 40):
        degree_days = np.maximum(GRID[point] - temperature[known], 0)
        expected = stats.linregress(degree_days, kwh[known])
        assert sums.hdd_y[0, point] / sums.hdd_ss[0, point] == pytest.approx(expected.slope)


def test_the_p_values_are_those_of_an_ordinary_regression():
    rng = np.random.default_rng(4)
    temperature = weather(4)
    kwh = use(temperature, 20, 0.4, 14) + rng.normal(0, 5, DAYS)
    method = CaltrackMethod(fits_cooling=False)
    model = best_models(daily_sums(kwh[None], temperature, method), method).as_dict(0)
    assert model is not None
    assert model["kind"] == "hdd_only"
    degree_days = np.maximum(model["heating_balance_point_c"] - temperature, 0)
    expected = stats.linregress(degree_days, kwh)
    assert model["beta_hdd_p_value"] == pytest.approx(expected.pvalue, rel=1e-6)


def test_a_slope_less_certain_than_asked_is_not_kept():
    rng = np.random.default_rng(9)
    temperature = weather(9)
    kwh = 10 + rng.normal(0, 3, (40, DAYS))
    strict = CaltrackMethod(beta_maximum_p_value=0.001)
    loose = best_models(daily_sums(kwh, temperature, CALTRACK_2), CALTRACK_2)
    kept = best_models(daily_sums(kwh, temperature, strict), strict)
    assert np.nanmax(loose.beta_hdd_p_value) > 0.001
    for p_values in (kept.beta_hdd_p_value, kept.beta_cdd_p_value):
        assert not (p_values > 0.001).any()
    assert (kept.kind > 0).sum() < (loose.kind > 0).sum()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), meters=st.integers(2, 9))
def test_a_meter_is_measured_alike_alone_and_among_others(seed, meters):
    rng = np.random.default_rng(seed)
    temperature = weather(seed, years=2)
    kwh = np.abs(
        use(temperature, 5, 1, 15)[None] * rng.uniform(0.2, 3, (meters, 1))
        + rng.normal(0, 2, (meters, 2 * DAYS))
    )
    parts = (kwh[:, :DAYS], temperature[:DAYS], kwh[:, DAYS:], temperature[DAYS:])
    together = measure_daily(*parts)
    alone = measure_daily(parts[0][1:2], parts[1], parts[2][1:2], parts[3])
    assert together.models.kind[1] == alone.models.kind[0]
    assert together.saving_kwh[1] == pytest.approx(alone.saving_kwh[0], rel=1e-9, abs=1e-6)
    assert together.saving_half_width_kwh[1] == pytest.approx(alone.saving_half_width_kwh[0])
    assert together.reasons_fr(1) == alone.reasons_fr(0)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100))
def test_the_saving_follows_the_unit_of_energy(seed, factor):
    """kWh or MWh: the share saved, the balance point and the kind of model do not move."""
    rng = np.random.default_rng(seed)
    temperature = weather(seed, years=2)
    kwh = np.abs(use(temperature, 5, 1, 15) + rng.normal(0, 2, 2 * DAYS))[None]

    def share(values):
        return measure_daily(
            values[:, :DAYS], temperature[:DAYS], values[:, DAYS:], temperature[DAYS:]
        )

    one, other = share(kwh), share(kwh * factor)
    assert one.models.kind[0] == other.models.kind[0]
    assert other.saving_kwh[0] == pytest.approx(one.saving_kwh[0] * factor, rel=1e-6, abs=1e-6)


def test_bills_weighted_by_days_are_the_weighted_regression():
    temperature = weather(11)
    rng = np.random.default_rng(11)
    edges = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365])
    starts, ends, bills = monthly(use(temperature, 7, 2, 15) + rng.normal(0, 3, DAYS), edges)
    method = CaltrackMethod(fits_cooling=False)
    seen = bill_weather(starts, ends, temperature[None], np.zeros(1, dtype=np.int64), method)
    sums = bill_sums(bills, seen, method)
    point = 29
    days = np.diff(edges)
    degree_days = np.add.reduceat(np.maximum(GRID[point] - temperature, 0), edges[:-1]) / days
    slope = np.polyfit(degree_days, bills[0] / days, 1, w=np.sqrt(days))[0]
    assert sums.hdd_y[0, point] / sums.hdd_ss[0, point] == pytest.approx(slope)
