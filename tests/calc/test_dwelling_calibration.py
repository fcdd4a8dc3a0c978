"""Calibration: the bills' total comes back, and what was least known moves most."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.dwelling.calibration import CalibrationState, calibrate, calibrated_kwh
from atre.calc.dwelling.difference import difference
from atre.calc.dwelling.estimate import Estimate, estimate
from atre.calc.dwelling.inputs import ENERGIES, read_dwellings
from atre.calc.dwelling.readings import read_readings
from atre.calc.dwelling.works import insulate_roof
from atre.calc.errors import RefusedInput
from atre.calc.savings.tiers import Tier

ON = date(2026, 6, 1)
GAS, ELECTRICITY = ENERGIES.index("natural_gas"), ENERGIES.index("electricity")


@pytest.fixture(scope="module")
def houses() -> Estimate:
    """A gas house and an all-electric flat."""
    columns = {
        "kind": ["house", "flat"],
        "zone": ["H1a", "H2b"],
        "floor_area_m2": [100.0, 45.0],
        "built": ["1949_1974", "1975_1989"],
        "roof_insulated": ["no", None],
        "heating_system": ["boiler", "electric"],
        "heating_energy": ["natural_gas", "electricity"],
        "hot_water_system": ["boiler", "tank"],
        "hot_water_energy": ["natural_gas", "electricity"],
        "cooking_energy": "electricity",
        "occupants": [3, 1],
    }
    return estimate(read_dwellings(columns), on=ON)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(3000, 60_000),
    st.floats(1500, 15_000),
    st.integers(0, 40),
    st.integers(352, 760),
)
def test_the_calibrated_uses_give_back_the_measured_total(houses, gas_pcs, electricity, late, days):
    start = np.datetime64("2024-01-15") + late
    found = calibrate(
        houses,
        read_readings(
            [0, 1],
            ["natural_gas", "electricity"],
            [start, start],
            [start + days, start + days],
            [gas_pcs, electricity],
        ),
    )
    assert found.fitted_kwh[GAS, 0] == pytest.approx(gas_pcs / 1.111)
    assert found.fitted_kwh[ELECTRICITY, 1] == pytest.approx(electricity)
    assert (found.uses.low <= found.uses.central).all()
    assert (found.uses.central <= found.uses.high).all()


def test_a_plain_year_of_bills_becomes_the_yearly_use_itself(houses):
    found = calibrate(
        houses, read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [18_000.0])
    )
    assert calibrated_kwh(found, "natural_gas", ON)[0] == pytest.approx(18_000.0)
    assert found.uses.central[:, 0].sum() == pytest.approx(found.energies[:, 0].sum())


def test_the_use_that_was_least_known_takes_most_of_the_gap(houses):
    year = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [12_000.0])
    found = calibrate(houses, year)
    estimated = [houses[f"{use}_kwh"].central[0] for use in ("heating", "hot_water", "cooking")]
    heating, hot_water, cooking = estimated - found.uses.central[:3, 0]
    assert heating > hot_water > 0
    assert cooking == 0, "nothing was measured of its energy"


def test_a_dwelling_without_bills_keeps_its_estimate(houses):
    year = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [18_000.0])
    found = calibrate(houses, year)
    assert found.state_of("electricity", 1) is CalibrationState.NO_BILL
    assert (found.factor[:, 1] == 1).all()
    assert found.uses.central[0, 1] == pytest.approx(houses["heating_kwh"].central[1])


def test_a_cold_year_is_brought_back_to_the_usual_one(houses):
    def heating(ratio: float) -> float:
        year = read_readings(
            [0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [18_000.0], ratio
        )
        return float(calibrate(houses, year).uses.central[0, 0])

    assert heating(1.2) < heating(1.0) < heating(0.8)


def test_bills_narrow_what_is_known_of_each_use(houses):
    year = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [18_000.0])
    found = calibrate(houses, year)
    before = houses["heating_kwh"]
    assert found.uses.high[0, 0] - found.uses.low[0, 0] < before.high[0] - before.low[0]


def test_works_after_calibration_are_a_share_of_what_is_really_used(houses):
    after = insulate_roof(houses.dwellings, 7.0)
    year = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [12_000.0])
    plain = difference(houses, after)
    real = difference(houses, after, calibrate(houses, year))
    share = plain["heating_kwh"].central[0] / houses["heating_kwh"].central[0]
    kept = calibrate(houses, year).uses.central[0, 0]
    assert real["heating_kwh"].central[0] == pytest.approx(share * kept)
    assert real["heating_kwh"].high[0] < plain["heating_kwh"].high[0]
    assert (plain.tier, real.tier) == (Tier.ESTIMATED, Tier.ESTIMATED)
    assert (plain.calibrated, real.calibrated) == (False, True)


def test_the_calibration_of_another_estimate_is_refused(houses):
    other = estimate(houses.dwellings, on=date(2025, 6, 1))
    year = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [18_000.0])
    with pytest.raises(RefusedInput) as refusal:
        difference(houses, houses.dwellings, calibrate(other, year))
    assert refusal.value.field == "calibration"


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        (([5], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [1.0]), "dwelling"),
        (([-1], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [1.0]), "dwelling"),
        (([0], ["coal"], ["2025-01-01"], ["2026-01-01"], [1.0]), "energy"),
        (([0], ["natural_gas"], ["2025-01-01"], ["2025-01-01"], [1.0]), "end"),
        (([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [np.nan]), "kwh"),
        (([0, 0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [1.0]), "kwh"),
        (([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [1.0], 9.0), "weather_ratio"),
    ],
)
def test_an_impossible_bill_is_refused_with_its_name(houses, columns, field):
    with pytest.raises(RefusedInput) as refusal:
        calibrate(houses, read_readings(*columns))
    assert refusal.value.field == field
