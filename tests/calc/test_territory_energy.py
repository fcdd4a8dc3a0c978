"""Weather correction and conversions of a territory's consumption: what holds for any batch."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atre.calc.climate_correction import CorrectionStatus, climate_corrected, heating_shares
from atre.calc.emissions.carriers import FACTORS_OF, Carrier, carrier_codes
from atre.calc.emissions.territory import (
    CalorificBasis,
    kg_co2e,
    kwh_in_basis,
    primary_kwh,
)
from atre.calc.errors import RefusedInput
from atre.formats import territory_figures

ON = date(2026, 1, 1)
WORDS = "moyenne de dix ans, DJU base 18"
PCS, PCI = CalorificBasis.PCS, CalorificBasis.PCI

consumptions = st.floats(0, 1e9)
shares = st.floats(0, 1)
ratios = st.floats(0.55, 1.9)


def corrected(kwh, share, days, reference):
    return climate_corrected(kwh, share, days, reference, reference_fr=WORDS)


@given(consumptions, shares, ratios)
def test_a_colder_reference_never_lowers_a_consumption(kwh, share, ratio):
    found = corrected([kwh], [share], 2_000.0, 2_000.0 * ratio).corrected_kwh[0]
    assert (found >= kwh * (1 - 1e-12)) if ratio >= 1 else (found <= kwh * (1 + 1e-12))
    assert found >= 0


@given(consumptions, shares, ratios)
def test_only_heating_moves_and_in_proportion(kwh, share, ratio):
    found = corrected([kwh], [share], 2_000.0, 2_000.0 * ratio).corrected_kwh[0]
    assert found - kwh == pytest.approx(kwh * share * (ratio - 1), rel=1e-9, abs=1e-6)


def test_the_raw_consumption_is_given_back_untouched():
    kwh = np.array([5.0, np.nan, 0.0])
    found = corrected(kwh, [0.8, 0.8, np.nan], 1_900.0, 2_000.0)
    np.testing.assert_array_equal(found.raw_kwh, kwh)
    assert [one is CorrectionStatus.CORRECTED for one in found.statuses] == [True, False, False]
    assert found.reference_fr == WORDS


def test_a_year_without_any_degree_day_is_refused_or_unknown_never_infinite():
    with pytest.raises(RefusedInput):
        corrected([100.0], [0.8], 0.0, 2_000.0)
    assert np.isnan(corrected([100.0], [0.8], 0.0, 0.0).corrected_kwh[0])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ((-1.0, 0.5, 2_000.0, 2_000.0), "kwh"),
        ((np.inf, 0.5, 2_000.0, 2_000.0), "kwh"),
        ((1.0, 1.2, 2_000.0, 2_000.0), "heating_share"),
        ((1.0, 0.5, -2.0, 2_000.0), "degree_days"),
    ],
)
def test_impossible_inputs_of_the_correction_are_refused_by_name(wrong, field):
    with pytest.raises(RefusedInput) as refusal:
        corrected(*wrong)
    assert refusal.value.field == field
    assert corrected(1.0, 0.5, 2_000.0, 2_000.0).corrected_kwh[0] == pytest.approx(1.0)


def test_a_sector_without_published_share_has_none_whatever_its_energy():
    known = carrier_codes(list(FACTORS_OF))
    assert np.isnan(heating_shares(known, [False] * known.size, ON)).all()
    assert (heating_shares(known, [True] * known.size, ON) > 0).all()
    with pytest.raises(RefusedInput):
        heating_shares(known, [True], ON)


batches = st.lists(
    st.tuples(st.sampled_from([*FACTORS_OF, "peat", "coal"]), consumptions), min_size=1, max_size=40
)


@given(batches)
def test_there_and_back_between_pcs_and_pci_is_the_same_energy(rows):
    carriers, kwh = carrier_codes([one for one, _ in rows]), np.array([x for _, x in rows])
    there = kwh_in_basis(kwh, carriers, PCS, PCI, ON).values
    back = kwh_in_basis(there, carriers, PCI, PCS, ON).values
    listed = np.array([one in FACTORS_OF for one, _ in rows])
    np.testing.assert_allclose(back[listed], kwh[listed], rtol=1e-12)
    assert (there[listed] <= kwh[listed] * (1 + 1e-12)).all()
    assert np.isnan(there[~listed]).all()


@given(batches)
def test_a_batch_gives_what_its_rows_give_one_by_one(rows):
    carriers, kwh = carrier_codes([one for one, _ in rows]), np.array([x for _, x in rows])
    for convert in (primary_kwh, kg_co2e):
        alone = [
            convert(kwh[place : place + 1], carriers[place : place + 1], ON).values[0]
            for place in range(kwh.size)
        ]
        np.testing.assert_array_equal(convert(kwh, carriers, ON).values, alone)


def test_a_basis_that_stays_needs_no_coefficient():
    found = kwh_in_basis([7.0], carrier_codes(["coal"]), PCS, PCS, ON)
    assert found.values.tolist() == [7.0]


def test_each_figure_carries_the_version_of_its_factors():
    codes = carrier_codes(["gas"])
    assert "1er\u00a0janvier\u00a02026" in kg_co2e([1.0], codes, ON).version_fr
    assert "PCI" in kwh_in_basis([1.0], codes, PCS, PCI, ON).version_fr


def test_before_any_factor_everything_is_unknown_and_named():
    found = kg_co2e([1.0, 1.0], carrier_codes(["gas", "electricity"]), date(2015, 1, 1))
    assert np.isnan(found.values).all()
    assert found.without_factor == (Carrier.ELECTRICITY, Carrier.GAS)
    assert kg_co2e([1.0], carrier_codes(["gas"]), ON).missing_fr is None


def test_a_million_rows_are_one_look_up():
    size = 1_000_000
    codes = np.tile(carrier_codes(list(FACTORS_OF)), size // len(FACTORS_OF) + 1)[:size]
    found = kg_co2e(np.ones(size), codes, ON)
    assert found.values.shape == (size,)
    assert not np.isnan(found.values).any()


@pytest.mark.parametrize(
    ("kwh", "codes", "field"),
    [([1.0, 2.0], [0], "carriers"), ([-1.0], [0], "kwh"), ([1.0], [9], "carriers")],
)
def test_impossible_rows_are_refused_by_name(kwh, codes, field):
    with pytest.raises(RefusedInput) as refusal:
        kg_co2e(kwh, np.array(codes, dtype=np.int8), ON)
    assert refusal.value.field == field
    assert kg_co2e([1.0], np.array([1], dtype=np.int8), ON).values[0] == pytest.approx(0.239)


def test_the_words_of_carriers_are_those_the_readers_of_files_write():
    assert [str(one) for one in Carrier] == [str(one) for one in territory_figures.Energy]
