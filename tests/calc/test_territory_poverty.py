"""Energy poverty by commune: what must hold whatever the commune, and a simulation of households."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from atre.calc.errors import RefusedInput
from atre.calc.parameters import UnknownParameter, parameter
from atre.calc.poverty.income_distribution import (
    fitted_incomes,
    income_at,
    share_below,
    spread_reference,
)
from atre.calc.poverty.territory import NeedMethod, summed_need, territory_need
from atre.calc.poverty.territory_scenarios import national_law, scenarios
from atre.calc.poverty.territory_spending import Territories, dpe_factor

ON = date(2021, 7, 1)
YEAR = 2021
MEDIANS = np.linspace(17_000, 30_000, 60)
SPREADS = np.exp(0.15 * np.random.default_rng(1).normal(size=60))
REFERENCE = spread_reference(
    MEDIANS,
    MEDIANS * np.exp(-0.57 * SPREADS),
    MEDIANS * np.exp(0.53 * SPREADS),
    np.geomspace(900, 60_000, 60),
)


def communes(**changed):
    columns = {
        "median_eur": [21_000.0],
        "first_decile_eur": [11_800.0],
        "ninth_decile_eur": [36_000.0],
        "households": [4_000.0],
        "houses": [1_500.0],
        "flats": [2_800.0],
        "degree_days": [2_400.0],
        "national_degree_days": 2_310.0,
    }
    return Territories(**{**columns, **changed})


def need(territories, reference=REFERENCE):
    return territory_need(territories, income_year=YEAR, reference=reference)


def one(spread):
    return tuple(float(side[0]) for side in spread)


medians = st.floats(14_000, 45_000)
lower_ratios, upper_ratios = st.floats(1.3, 3.0), st.floats(1.3, 3.0)


@st.composite
def any_commune(draw):
    median = draw(medians)
    return {
        "median_eur": [median],
        "first_decile_eur": [median / draw(lower_ratios)],
        "ninth_decile_eur": [median * draw(upper_ratios)],
        "houses": [draw(st.floats(1, 1e4))],
        "flats": [draw(st.floats(0, 1e4))],
        "degree_days": [draw(st.floats(800, 4_000))],
    }


@settings(max_examples=40, deadline=None)
@given(any_commune())
def test_the_band_holds_its_centre_and_shares_are_shares(columns):
    found = need(communes(**columns))
    for spread in (found.tee_share, found.brde_share):
        low, central, high = one(spread)
        assert 0 <= low <= central <= high <= 1
    within = share_below(
        fitted_incomes(
            columns["median_eur"], columns["first_decile_eur"], columns["ninth_decile_eur"], 1, None
        ),
        parameter("energy_poverty.third_decile_per_unit", on=ON).number,
    )
    assert found.tee_share.central[0] <= within[0] + 1e-12


@settings(max_examples=40, deadline=None)
@given(any_commune(), st.floats(1.01, 1.5))
def test_a_richer_commune_has_fewer_households_in_need(columns, factor):
    richer = {
        name: [columns[name][0] * factor]
        for name in ("median_eur", "first_decile_eur", "ninth_decile_eur")
    }
    poor, rich = need(communes(**columns)), need(communes(**{**columns, **richer}))
    # Not so for BRDE: its spending has no regard to income, and rises with it.
    for before, after in zip(poor.tee_share, rich.tee_share, strict=True):
        assert after[0] <= before[0] + 1e-6


@settings(max_examples=40, deadline=None)
@given(any_commune(), st.floats(1.01, 1.5))
def test_a_colder_commune_has_more_households_in_need(columns, factor):
    colder = {"degree_days": [columns["degree_days"][0] * factor]}
    mild, cold = need(communes(**columns)), need(communes(**{**columns, **colder}))
    for spread in ("tee_share", "brde_share"):
        for before, after in zip(getattr(mild, spread), getattr(cold, spread), strict=True):
            assert after[0] >= before[0] - 1e-6


def test_houses_and_poor_dpe_classes_raise_the_need():
    flats = one(need(communes(houses=[0.0])).tee_share)[1]
    houses = one(need(communes(flats=[0.0])).tee_share)[1]
    good = one(need(communes(dpe_counts=[[10, 30, 60, 0, 0, 0, 0]])).tee_share)[1]
    usual = one(need(communes()).tee_share)[1]
    bad = one(need(communes(dpe_counts=[[0, 0, 0, 0, 0, 40, 60]])).tee_share)[1]
    assert flats < usual < houses
    assert good < usual < bad


def test_a_measured_spending_replaces_the_level_and_narrows_the_band():
    modelled = one(need(communes(houses=[100.0], flats=[100.0])).tee_share)
    # What the model itself gives a commune of half houses, half flats at the national climate.
    half = 1720 * (1.156 + 0.804) / 2
    same = one(need(communes(houses=[100.0], flats=[100.0], mean_spending_eur=[half])).tee_share)
    more = one(need(communes(mean_spending_eur=[half * 1.3])).tee_share)
    assert same[2] - same[0] < modelled[2] - modelled[0]
    assert more[1] > same[1]


def test_a_measured_spending_needs_no_degree_days():
    found = need(communes(degree_days=[np.nan], mean_spending_eur=[1_700.0]))
    assert found.missing_fr(0) is None
    assert found.tee_share.central[0] > 0


def test_hiding_the_deciles_widens_the_band():
    known = one(need(communes()).tee_share)
    hidden = need(communes(first_decile_eur=[np.nan], ninth_decile_eur=[np.nan]))
    assert hidden.methods == (NeedMethod.MEDIAN,)
    low, central, high = one(hidden.tee_share)
    assert (high - low) / central > (known[2] - known[0]) / known[1]


def test_a_commune_smaller_than_any_that_publishes_is_said_and_is_less_sure():
    secret = {"first_decile_eur": [np.nan], "ninth_decile_eur": [np.nan]}
    usual = need(communes(**secret, households=[900.0]))
    small = need(communes(**secret, households=[90.0]))
    assert usual.methods == (NeedMethod.MEDIAN,)
    assert small.methods == (NeedMethod.MEDIAN_OF_SMALL,)
    widths = [found.tee_share.high[0] - found.tee_share.low[0] for found in (usual, small)]
    assert widths[0] < widths[1]
    assert usual.tee_share.central[0] == pytest.approx(small.tee_share.central[0])


@pytest.mark.parametrize(
    ("blank", "said"),
    [
        ("median_eur", "le revenu médian"),
        ("houses", "le nombre de maisons et d’appartements"),
        ("degree_days", "les degrés-jours"),
    ],
)
def test_an_unknown_input_leaves_the_commune_unknown_and_is_named(blank, said):
    found = need(communes(**{blank: [np.nan]}))
    assert np.isnan(np.stack([*found.tee_share, *found.brde_share])).all()
    assert said in found.missing_fr(0)
    assert need(communes()).missing_fr(0) is None


def test_secret_deciles_without_a_reference_leave_the_commune_unknown():
    found = need(communes(first_decile_eur=[np.nan]), reference=None)
    assert np.isnan(found.tee_share.central[0])
    assert found.methods == (NeedMethod.UNKNOWN,)
    assert "la dispersion des revenus" in found.missing_fr(0)


def test_unknown_households_leave_the_number_unknown_and_not_the_share():
    found = need(communes(households=[np.nan]))
    assert found.tee_share.central[0] > 0
    assert np.isnan(found.tee_households.central[0])


def batch(size):
    rng = np.random.default_rng(7)
    median = rng.uniform(16_000, 32_000, size)
    known = rng.random(size) < 0.4
    return communes(
        median_eur=np.where(rng.random(size) < 0.1, np.nan, median),
        first_decile_eur=np.where(known, median / 1.8, np.nan),
        ninth_decile_eur=np.where(known, median * 1.7, np.nan),
        households=rng.integers(20, 5_000, size).astype(float),
        houses=rng.integers(0, 900, size).astype(float),
        flats=rng.integers(1, 900, size).astype(float),
        degree_days=rng.uniform(1_500, 3_500, size),
    )


def test_the_order_and_the_company_of_communes_do_not_matter():
    size = 4_500
    together = batch(size)
    order = np.random.default_rng(3).permutation(size)[:500]
    columns = {
        name: np.asarray(value)[order]
        for name, value in vars(together).items()
        if isinstance(value, np.ndarray)
    }
    apart = need(replace(together, **columns))
    for before, after in zip(need(together).tee_share, apart.tee_share, strict=True):
        np.testing.assert_allclose(before[order], after, rtol=1e-12)


def test_a_sum_says_how_many_households_it_covers():
    found = need(batch(200))
    households = np.asarray(batch(200).households)
    low, central, high, covered = summed_need(found.tee_share, households)
    known = ~np.isnan(found.tee_share.central)
    assert 0 < covered == households[known].sum() < households.sum()
    assert central == pytest.approx(np.nansum(found.tee_households.central))
    assert low < central < high


def test_a_sum_of_unknown_communes_is_unknown_and_not_zero():
    found = need(communes(median_eur=[np.nan]))
    *numbers, covered = summed_need(found.tee_share, [4_000.0])
    assert np.isnan(numbers).all()
    assert covered == 0


def simulated_share(houses, scenario_of, draws):
    """TEE share of one commune by simulated households: drawn, not integrated."""
    uniform_income, uniform_spending, uniform_kind = draws
    scenario, level = scenario_of
    law = national_law(scenario, ON)
    incomes = fitted_incomes([21_000.0], [11_800.0], [36_000.0], [4_000.0], None)
    shape = parameter("territory_poverty.income_shape_spread", on=ON).number
    income = income_at(incomes.moved(shape * scenario.income_shape), uniform_income[None, :])[0]
    kind = np.where(uniform_kind < houses, law.level_eur["house"], law.level_eur["flat"])
    relative = income / law.median_income_eur
    spending = kind * level * relative**scenario.income_elasticity
    spending = spending * np.exp(scenario.log_spread * ndtri(uniform_spending))
    limit = parameter("energy_poverty.third_decile_per_unit", on=ON).number
    return float(((spending > 0.08 * income) & (income <= limit)).mean())


def test_the_integral_is_what_simulated_households_give():
    draws = np.random.default_rng(11).random((3, 400_000))
    heating = parameter("territory_poverty.heating_share", on=ON).number
    level = 1 - heating + heating * 2_400 / 2_310
    simulated = simulated_share(1_500 / 4_300, (scenarios(ON)[0], level), draws)
    assert one(need(communes()).tee_share)[1] == pytest.approx(simulated, abs=0.002)


def test_the_band_is_what_moving_every_unknown_at_once_gives():
    rng = np.random.default_rng(5)
    draws = rng.random((3, 20_000))
    central = scenarios(ON)[0]
    heating = parameter("territory_poverty.heating_share", on=ON).number
    spread = parameter("territory_poverty.commune_spread", on=ON).number
    dpe = heating * parameter("territory_poverty.unknown_dpe_spread", on=ON).number
    shares = []
    for _ in range(300):
        moved = replace(
            central,
            income_elasticity=rng.triangular(0.2, 0.35, 0.5),
            log_spread=rng.triangular(0.29, 0.33, 0.38),
            income_shape=rng.normal(),
        )
        level = (1 - heating + heating * 2_400 / 2_310) * np.exp(
            spread * rng.normal() + dpe * rng.normal()
        )
        shares.append(simulated_share(1_500 / 4_300, (moved, level), draws))
    low, _central, high = one(need(communes()).tee_share)
    assert low == pytest.approx(np.quantile(shares, 0.05), abs=0.012)
    assert high == pytest.approx(np.quantile(shares, 0.95), abs=0.012)


def test_the_whole_stock_of_dpe_changes_nothing():
    stock = parameter("territory_poverty.dpe_stock", on=ON).named_numbers
    assert dpe_factor([list(stock.values())], 0.35, 0.66, ON)[0] == pytest.approx(1.0)


def test_a_year_without_published_incomes_is_unknown_and_2021_is_not():
    with pytest.raises(UnknownParameter):
        territory_need(communes(), income_year=2022, reference=REFERENCE)
    assert need(communes()).on == ON


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"median_eur": [-1.0]}, "median_eur"),
        ({"first_decile_eur": [25_000.0]}, "median_eur"),
        ({"houses": [-1.0]}, "houses"),
        ({"degree_days": [-5.0]}, "degree_days"),
        ({"national_degree_days": 0.0}, "national_degree_days"),
        ({"mean_spending_eur": [0.0]}, "mean_spending_eur"),
        ({"dpe_counts": [[1, 2, 3]]}, "dpe_counts"),
    ],
)
def test_impossible_inputs_are_refused_by_name(wrong, field):
    with pytest.raises(RefusedInput) as refusal:
        need(communes(**wrong))
    assert refusal.value.field == field
    assert need(communes()).tee_share.central[0] > 0


def test_a_reference_of_too_few_communes_is_refused():
    with pytest.raises(RefusedInput, match="Filosofi"):
        spread_reference([20_000.0] * 5, [12_000.0] * 5, [33_000.0] * 5, [900.0] * 5)
