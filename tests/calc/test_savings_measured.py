"""What is done with a measured saving: its tier, its batches, its refusals, its units."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atre.calc.savings.completing import METERS_A_BATCH
from atre.calc.savings.degree_days import degree_days_costic, degree_days_meteo
from atre.calc.savings.measured_daily import measure_daily
from atre.calc.savings.sufficiency import Insufficiency
from atre.calc.savings.tiers import Tier
from atre.calc.savings.uncertainty import BaselineFit, saving_half_width_kwh
from atre.calc.savings.weather_range import FahrenheitSeries, plausible_daily_means

ON = date(2025, 1, 1)
DAYS = 365


def homes(meters: int = 1, *, reporting_days: int = DAYS) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(2)
    temperature = 12 - 9 * np.cos((np.arange(2 * DAYS) - 20) * 2 * np.pi / 365.25)
    temperature += rng.normal(0, 3, 2 * DAYS)
    kwh = 9 + 3 * np.maximum(15.5 - temperature, 0) + rng.normal(0, 1, (meters, 2 * DAYS))
    kwh = np.abs(kwh)
    kwh[:, DAYS:] *= 0.8
    kwh[:, DAYS + reporting_days :] = np.nan
    return kwh[:, :DAYS], temperature[:DAYS], kwh[:, DAYS:], temperature[DAYS:]


def test_a_year_gives_a_saving_in_the_measured_tier_with_its_interval_in_words():
    saving = measure_daily(*homes()).saving(0)
    assert saving is not None
    assert saving.tier is Tier.MEASURED
    assert saving.kwh_per_year is not None
    assert saving.kwh_per_year > 0
    assert "corrigée de la météo" in saving.basis_fr
    assert "90" in saving.basis_fr
    assert saving.euros_per_year is None


@pytest.mark.parametrize(("days", "is_given"), [(349, False), (350, True)])
def test_a_winter_is_never_stretched_to_a_year(days, is_given):
    found = measure_daily(*homes(reporting_days=days))
    assert found.is_measured[0]
    assert (found.saving(0) is not None) is is_given


def test_more_meters_than_a_batch_are_all_measured_and_in_their_order():
    meters = METERS_A_BATCH + 3
    before, temperature, after, later = homes(meters)
    together = measure_daily(before, temperature, after, later)
    last = measure_daily(before[-1:], temperature, after[-1:], later)
    assert len(together) == meters
    assert together.saving_kwh[-1] == pytest.approx(last.saving_kwh[0])


def test_no_meter_at_all_gives_no_result_and_no_error():
    before, temperature, after, later = homes()
    assert len(measure_daily(before[:0], temperature, after[:0], later)) == 0


def test_a_constant_use_is_measured_without_a_model_of_the_weather():
    _, temperature, _, later = homes()
    flat = np.full((1, DAYS), 10.0)
    found = measure_daily(flat, temperature, flat * 0.5, later)
    model = found.as_dict(0)["model"]
    assert model is not None
    assert model["kind"] == "intercept_only"
    assert found.saving_kwh[0] == pytest.approx(5 * DAYS)


def test_one_unreadable_meter_does_not_spoil_the_next_one():
    before, temperature, after, later = homes(2)
    before[0] = np.nan
    found = measure_daily(before, temperature, after, later)
    assert found.is_measured.tolist() == [False, True]
    assert found.as_dict(0)["reason_codes"] == ["no_baseline_data"]


def test_weather_unknown_everywhere_is_its_own_reason():
    before, temperature, after, later = homes()
    found = measure_daily(before, temperature * np.nan, after, later)
    assert found.refusals[0] & Insufficiency.NO_TEMPERATURES.bit
    assert found.as_dict(0)["model"] is None


@pytest.mark.parametrize(("shift", "unit"), [(273.15, "kelvins"), (60.0, "Fahrenheit")])
def test_another_unit_is_named(shift, unit):
    with pytest.raises(FahrenheitSeries, match=unit):
        plausible_daily_means(np.linspace(-5, 28, 365) + shift, on=ON)


def test_a_stray_value_is_left_out_and_the_series_kept():
    series = np.append(np.linspace(-5, 28, 365), 99.9)
    assert plausible_daily_means(series, on=ON).sum() == 365


@given(st.floats(-15, 30), st.floats(0, 20), st.floats(10, 22))
def test_the_costic_formula_never_counts_less_than_the_cold_of_the_day(low, spread, base):
    """It counts all of a cold day, nothing of a warm one, and is never negative in between."""
    lowest, highest = np.array([low]), np.array([low + spread])
    costic = degree_days_costic(lowest, highest, base, on=ON)[0]
    meteo = degree_days_meteo(lowest, highest, base)[0]
    assert costic >= 0
    if highest[0] <= base:
        assert costic == pytest.approx(meteo)
    elif low >= base:
        assert costic == 0


def test_one_base_a_meter_is_a_column_of_bases():
    lowest, highest = np.array([2.0, 12.0]), np.array([8.0, 26.0])
    found = degree_days_costic(lowest, highest, np.array([[17.0], [18.0]]), on=ON)
    assert found.shape == (2, 2)
    assert found[1, 0] - found[0, 0] == 1


@given(st.floats(0, 0.9), st.floats(0.5, 0.98))
def test_the_interval_widens_with_confidence_and_with_likeness_of_days(rho, confidence):
    def width(autocorrelation: float, at: float) -> float:
        fit = BaselineFit(
            rows=np.array([365.0]),
            mean_kwh=np.array([30.0]),
            rmse_kwh=np.array([5.0]),
            autocorrelation=np.array([autocorrelation]),
        )
        return saving_half_width_kwh(
            fit,
            np.array([1]),
            reporting_observations=np.array([365.0]),
            reporting_days=np.array([365.0]),
            billing=False,
            confidence=at,
        )[0]

    assert width(rho, confidence) >= width(0, confidence)
    assert width(rho, confidence + 0.01) > width(rho, confidence)
