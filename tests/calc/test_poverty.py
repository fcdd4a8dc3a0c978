"""Effort ratio, consumption units and the exit test: three-valued, never a guess."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.errors import RefusedInput
from atre.calc.poverty.brde import brde, energy_per_basis, residual_income_per_unit
from atre.calc.poverty.cold import cold_discomfort
from atre.calc.poverty.effort import (
    above_tee_threshold,
    cheque_energie_units,
    effort_ratio,
    insee_units,
    published_third_decile,
    tee_3d,
)
from atre.calc.poverty.exit_criteria import Situation
from atre.calc.poverty.exit_definition import ExitDefinition, InvalidDefinition
from atre.calc.poverty.exit_verdict import exit_test
from atre.calc.three_valued import Answer, known_flags

ON = date(2026, 3, 1)


def test_a_ratio_needs_both_figures_and_a_positive_income():
    ratio = effort_ratio([1600, np.nan, 1600, 1600, 1600], [20_000, 20_000, np.nan, 0, -50])
    assert ratio[0] == 0.08
    assert np.isnan(ratio[1:]).all()


def test_a_negative_spending_is_refused():
    with pytest.raises(RefusedInput):
        effort_ratio([-1], [20_000])


def test_eight_percent_is_not_above_eight_percent():
    assert above_tee_threshold([0.08, 0.0801, np.nan], ON).tolist() == [0, 1, -1]


def test_without_a_published_decile_only_those_under_the_threshold_are_answered():
    ratio = [0.12, 0.05, np.nan]
    assert tee_3d(ratio, [9000] * 3, None, ON).tolist() == [-1, 0, -1]
    assert tee_3d(ratio, [9000] * 3, 17_000, ON).tolist() == [1, 0, -1]
    assert tee_3d([0.12], [18_000], 17_000, ON).tolist() == [0]
    assert tee_3d([np.nan], [18_000], 17_000, ON).tolist() == [0]


def test_the_two_scales_differ_on_the_second_child():
    assert insee_units([1], [2], ON)[0] == pytest.approx(1.6)
    assert cheque_energie_units([3], ON)[0] == pytest.approx(1.8)
    assert np.isnan(insee_units([np.nan], [2], ON)[0])


def test_a_decile_serves_its_own_year_only():
    assert published_third_decile(2021) == 18_360
    assert published_third_decile(2020) is None
    assert published_third_decile(2026) is None


unknown_or = st.one_of(st.just(np.nan), st.floats(1, 40_000))
codes = st.sampled_from([-1, 0, 1])


def fill(values, others):
    return np.where(np.isnan(values), others, values)


@settings(deadline=None)
@given(
    known=st.lists(st.tuples(unknown_or, unknown_or, unknown_or), min_size=1, max_size=20),
    medians=st.tuples(unknown_or, unknown_or),
    others=st.floats(1, 40_000),
)
def test_learning_a_figure_never_turns_a_brde_answer_over(known, medians, others):
    energy, income, housing = (np.array(column) for column in zip(*known, strict=True))
    medians = [np.array([median]) for median in medians]

    def judge(energy, income, housing, medians):
        residual = residual_income_per_unit(income, housing, np.ones(income.size))
        return brde(energy, medians[0], residual, medians[1], ON)

    before = judge(energy, income, housing, medians)
    after = judge(
        fill(energy, others),
        fill(income, others),
        fill(housing, others),
        [fill(median, others) for median in medians],
    )
    settled = before != -1
    assert (after[settled] == before[settled]).all()
    assert (after != -1).all()


@settings(deadline=None)
@given(
    cold=st.lists(codes, min_size=1, max_size=8), reasons=st.lists(codes, min_size=7, max_size=7)
)
def test_cold_counts_for_any_of_its_reasons(cold, reasons):
    declared = np.array(cold, np.int8)
    asked = np.tile(np.array(reasons, np.int8)[:, None], declared.size)
    found = cold_discomfort(declared, asked)
    some = 1 if 1 in reasons else (-1 if -1 in reasons else 0)
    for code, answer in zip(cold, found, strict=True):
        expected = 0 if 0 in (code, some) else (1 if (code, some) == (1, 1) else -1)
        assert answer == expected


def test_a_million_households_are_judged_as_one_is():
    count = 1_000_000
    energy = np.linspace(100, 4000, count)
    energy[::7] = np.nan
    residual = residual_income_per_unit(np.full(count, 20_000.0), 7_400.0, 2.1)
    together = brde(energy_per_basis(energy, 75.0), 14.0, residual, 15_000.0, ON)
    for at in (0, 1, 7, 250_000, 999_999):
        alone = brde(energy_per_basis(energy[at], 75.0), 14.0, residual[at], 15_000.0, ON)
        assert alone[0] == together[at]
    assert set(np.unique(together)) == {-1, 0, 1}


@pytest.mark.parametrize(
    ("median", "field"), [(0.0, "energy_median_eur"), (-5.0, "energy_median_eur")]
)
def test_a_median_of_nothing_is_refused(median, field):
    with pytest.raises(RefusedInput) as refusal:
        brde([20.0], median, [6000.0], 15_000.0, ON)
    assert refusal.value.field == field
    assert brde([20.0], 14.0, [6000.0], 15_000.0, ON).tolist() == [1]


@pytest.mark.parametrize(("older", "younger"), [(0, 2), (1.5, 0), (1, -1)])
def test_a_household_without_an_adult_or_with_half_a_child_is_refused(older, younger):
    with pytest.raises(RefusedInput):
        insee_units([older], [younger], ON)


flags = st.one_of(st.none(), st.booleans())
situations = st.builds(
    Situation,
    cold_in_winter=flags,
    late_on_payments=flags,
    energy_eur_per_year=st.one_of(st.none(), st.integers(0, 4000).map(Decimal)),
    energy_kwh_per_year=st.one_of(st.none(), st.floats(0, 30_000)),
    disposable_income_eur_per_year=st.one_of(st.none(), st.integers(-100, 30_000).map(Decimal)),
    says_out_of_poverty=flags,
)
choices = st.sampled_from(["met", "not_met", "left_out"])
difficulties = st.builds(
    lambda kind, choice: {"kind": kind, "without_difficulty_before": choice},
    st.sampled_from(["no_longer_cold", "no_longer_late_on_payments"]),
    choices,
)
efforts = st.builds(
    lambda threshold, choice: {
        "kind": "effort_ratio_under",
        "threshold": threshold,
        "without_difficulty_before": choice,
    },
    st.sampled_from(["onpe", 10, 12.5]),
    choices,
)
falls = st.builds(
    lambda percent, measure: {"kind": "bills_fell_by", "percent": percent, "measure": measure},
    st.sampled_from([5, 10, 12.5]),
    st.sampled_from(["euros", "kwh"]),
)
criteria = st.lists(
    st.one_of(difficulties, efforts, falls, st.just({"kind": "self_declared"})),
    min_size=1,
    max_size=5,
    unique_by=str,
)
needs = st.sampled_from(["all", "any", {"at_least": 1}])


@settings(deadline=None)
@given(criteria=criteria, needs=needs, before=situations, after=situations)
def test_a_settled_verdict_misses_nothing_and_an_open_one_says_why(criteria, needs, before, after):
    verdict = exit_test({"name": "Essai", "needs": needs, "criteria": criteria}, before, after, ON)
    assert len(verdict.criteria) == len(criteria)
    assert all(one.sentence_fr.endswith(".") for one in verdict.criteria)
    if verdict.answer is not Answer.UNKNOWN:
        assert verdict.missing == ()
    elif not all(one.left_out for one in verdict.criteria):
        assert verdict.missing


@settings(deadline=None)
@given(criteria=criteria, needs=needs, before=situations, after=situations, known=situations)
def test_learning_more_never_reverses_a_settled_verdict(criteria, needs, before, after, known):
    """Filling what was unknown may settle an open verdict, never turn yes into no."""
    rule = {"name": "Essai", "needs": needs, "criteria": criteria}
    verdict = exit_test(rule, before, after, ON).answer
    fuller = exit_test(rule, filled(before, known), filled(after, known), ON).answer
    if verdict is not Answer.UNKNOWN:
        assert fuller is verdict


def filled(situation: Situation, known: Situation) -> Situation:
    return Situation(
        **{
            name: getattr(known, name)
            if getattr(situation, name) is None
            else getattr(situation, name)
            for name in Situation.__dataclass_fields__
        }
    )


def test_a_programme_without_agreed_choice_has_no_default():
    with pytest.raises(InvalidDefinition, match="criteria > 0"):
        ExitDefinition.from_dict(
            {"name": "Essai", "needs": "all", "criteria": [{"kind": "no_longer_cold"}]}
        )


def test_the_sentence_counts_what_was_met_asked_and_unknown():
    rule = {
        "name": "Sortie Ecogie",
        "needs": {"at_least": 2},
        "criteria": [
            {"kind": "no_longer_cold", "without_difficulty_before": "met"},
            {"kind": "self_declared"},
        ],
    }
    verdict = exit_test(rule, Situation(), Situation(cold_in_winter=False), ON)
    said = verdict.sentence_fr.replace("\u00a0", " ")
    assert said == (
        "Sortie Ecogie : la sortie de précarité énergétique ne peut pas être établie "
        "(critères remplis : 1 sur 2, demandés : 2, inconnus : 1)."
    )


def test_a_fall_from_almost_nothing_is_not_a_percentage():
    rule = {
        "name": "Essai",
        "needs": "all",
        "criteria": [{"kind": "bills_fell_by", "percent": 10, "measure": "kwh"}],
    }
    after = Situation(energy_kwh_per_year=5000.0)
    assert (
        exit_test(rule, Situation(energy_kwh_per_year=1e-300), after, ON).answer is Answer.UNKNOWN
    )
    assert exit_test(rule, Situation(energy_kwh_per_year=6000.0), after, ON).answer is Answer.YES


@pytest.mark.parametrize("flags", [[2], [0.5], [None], ["oui"], [float("nan")]])
def test_flags_are_booleans_or_codes(flags):
    assert known_flags([True, False]).tolist() == [1, 0]
    with pytest.raises(TypeError):
        known_flags(flags)
