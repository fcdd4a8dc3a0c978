"""What must hold of every project: never more than the cost, never negative, one is like many."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.aids.cee import cee
from atre.calc.aids.deposit_dates import judged_by_deposit_date
from atre.calc.aids.financing import FinancingPlans, Route, financing_plans
from atre.calc.aids.mar import mar
from atre.calc.aids.mpr_ampleur import mpr_ampleur
from atre.calc.aids.mpr_gestes import mpr_gestes
from atre.calc.aids.result import Aid, AidResults
from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import DPE_CLASSES, ENERGIES, FIELDS, GESTES_BY_CODE, FieldKind
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, YES_CODE

DAYS = st.dates(date(2024, 6, 1), date(2027, 3, 1))
AIDS = {Aid.MPR_AMPLEUR: mpr_ampleur, Aid.MPR_GESTES: mpr_gestes, Aid.MAR: mar, Aid.CEE: cee}
NUMBERS = {
    "rfr_eur": (0, 120_000),
    "persons": (1, 8),
    "occupancy_commitment_years": (0, 6),
    "rent_commitment_years": (0, 10),
    "dwellings_aided_as_landlord": (0, 4),
    "mpr_received_5_years_eur": (0, 30_000),
    "dwelling_age_years": (0, 60),
    "occupied_months_per_year": (0, 12),
    "floor_area_m2": (10, 250),
    "mar_cost_ttc_eur": (0, 6_000),
    "other_public_aids_eur": (0, 30_000),
    "cee_days_after_quote": (-30, 30),
    "saving_eur_per_year": (0, 4_000),
}
FLAGS = [
    name
    for name, field in FIELDS.items()
    if field.kind is FieldKind.FLAG and not name.startswith(("gir", "pch", "copro"))
]
CHOICES = {
    "occupancy": ("owner_occupier", "landlord", "tenant"),
    "dwelling_kind": ("house", "apartment"),
    "dpe_before": DPE_CLASSES,
    "dpe_after": DPE_CLASSES,
    "heating_before": ENERGIES,
    "heating_after": ENERGIES,
    "hot_water_after": ENERGIES,
    "cee_zone": ("H1", "H2", "H3"),
}


# The first call reads the rule files: a deadline would measure that, on a loaded machine.
few = settings(max_examples=25, deadline=None)
some = settings(max_examples=60, deadline=None)


@st.composite
def situations(draw: st.DrawFn, unknowns: bool = True) -> Situations:
    """One to six households; mostly fit for the aids, so that amounts are often reached."""
    n = draw(st.integers(1, 6))
    seed = draw(st.integers(0, 2**32 - 1))
    pick = np.random.default_rng(seed)
    hidden = 0.08 if unknowns else 0.0
    columns = {}
    for name, (low, high) in NUMBERS.items():
        values = pick.integers(low, high + 1, n).astype(np.float64)
        columns[name] = np.where(pick.random(n) < hidden, np.nan, values)
    for name in FLAGS:
        likely = 0.1 if name in ("works_started", "new_fossil_heating") else 0.9
        values = (pick.random(n) < likely).astype(np.int8)
        columns[name] = np.where(pick.random(n) < hidden, -1, values).astype(np.int8)
    for name, choices in CHOICES.items():
        ranks = [FIELDS[name].choices.index(one) for one in choices]
        values = pick.choice(ranks, n)
        columns[name] = np.where(pick.random(n) < hidden, -1, values).astype(np.int8)
    return Situations.of(n, works=some_works(pick, n, hidden), **columns)


def some_works(pick: np.random.Generator, n: int, hidden: float) -> Works:
    lines = int(pick.integers(0, 4 * n + 1))
    cost = np.round(pick.uniform(0, 40_000, lines), 2)
    cost = np.where(pick.random(lines) < hidden / 2, np.nan, cost)
    return Works(
        household=pick.integers(0, n, lines),
        geste=pick.integers(0, len(GESTES_BY_CODE), lines).astype(np.int8),
        quantity=np.where(
            pick.random(lines) < hidden, np.nan, pick.integers(0, 150, lines).astype(float)
        ),
        cost_ht_eur=cost,
        cost_ttc_eur=np.round(cost * 1.055, 2),
        cee_eur=np.where(pick.random(lines) < hidden, np.nan, pick.integers(0, 8_000, lines)),
    )


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))


@pytest.mark.parametrize("aid", AIDS)
@given(data=st.data(), on=DAYS)
@some
def test_an_answer_is_an_amount_a_refusal_or_an_unknown_with_what_lacks(aid, data, on):
    found: AidResults = AIDS[aid](data.draw(situations()), on)
    yes, no = found.status == YES_CODE, found.status == NO_CODE
    unknown = found.status == UNKNOWN_CODE
    assert (found.amount_eur[yes] >= 0).all()
    assert (found.amount_eur[no] == 0).all()
    assert np.isnan(found.amount_eur[unknown]).all()
    named = np.zeros(unknown.shape, np.bool_)
    for rows in found.missing.values():
        named |= rows
    assert same(named, unknown)


@pytest.mark.parametrize("aid", [Aid.MPR_AMPLEUR, Aid.MPR_GESTES])
@given(data=st.data(), on=DAYS)
@some
def test_maprimerenov_never_exceeds_the_works(aid, data, on):
    project = data.draw(situations())
    found: AidResults = AIDS[aid](project, on)
    cost = project.works.total(project.works.cost_ttc_eur, project.n)
    paid = (found.status == YES_CODE) & ~np.isnan(cost)
    assert (found.amount_eur[paid] <= cost[paid] + 0.005).all()


@given(project=situations(), on=DAYS, route=st.sampled_from(list(Route)))
@some
def test_the_remainder_is_never_negative_and_the_parts_make_the_cost(project, on, route):
    plan = financing_plans(project, on, route)
    known = ~np.isnan(plan.remainder_eur)
    assert (plan.remainder_eur[known] >= 0).all()
    parts = plan.aids_eur + plan.remainder_eur
    assert np.allclose(parts[known], plan.cost_ttc_eur[known])
    borrowed = known & ~np.isnan(plan.loan_eur)
    assert (plan.loan_eur[borrowed] <= plan.remainder_eur[borrowed] + 0.005).all()
    assert (plan.own_money_eur[borrowed] >= -0.005).all()
    named = np.zeros(known.shape, np.bool_)
    for rows in plan.missing.values():
        named |= rows
    assert not (~known & ~named).any()


@pytest.mark.parametrize("aid", [Aid.MPR_AMPLEUR, Aid.MPR_GESTES])
@given(data=st.data(), on=DAYS, factor=st.floats(1, 3))
@some
def test_dearer_works_never_bring_less(aid, data, on, factor):
    project = data.draw(situations(unknowns=False))
    works = project.works
    dearer = replace(
        works, cost_ht_eur=works.cost_ht_eur * factor, cost_ttc_eur=works.cost_ttc_eur * factor
    )
    before = AIDS[aid](project, on)
    after = AIDS[aid](replace(project, works=dearer), on)
    assert same(before.status, after.status)
    known = before.status != UNKNOWN_CODE
    assert (after.amount_eur[known] >= before.amount_eur[known] - 0.005).all()


@given(data=st.data(), on=DAYS, route=st.sampled_from(list(Route)))
@few
def test_one_household_is_answered_like_in_a_batch(data, on, route):
    project = data.draw(situations())
    together = financing_plans(project, on, route)
    for row in range(project.n):
        alone = financing_plans(project.rows(np.array([row])), on, route)
        assert_same_plan(alone, together, row)


def assert_same_plan(alone: FinancingPlans, together: FinancingPlans, row: int) -> None:
    for name in ("remainder_eur", "aids_eur", "loan_eur", "monthly_payment_eur"):
        one, many = getattr(alone, name), getattr(together, name)[row : row + 1]
        assert np.allclose(one, many, equal_nan=True), name
    for aid, results in alone.aids.items():
        many = together.aids[aid]
        assert results.status[0] == many.status[row]
        assert results.confidence[0] == many.confidence[row]
        assert results.explain(0).sentence_fr == many.explain(row).sentence_fr
        assert results.explain(0).cautions_fr == many.explain(row).cautions_fr


@pytest.mark.parametrize("aid", AIDS)
@given(data=st.data(), on=DAYS)
@few
def test_learning_what_lacked_never_reverses_a_settled_answer(aid, data, on):
    """Hide some inputs of a known project: the answer stays or becomes unknown."""
    project = data.draw(situations(unknowns=False))
    hidden = data.draw(st.sets(st.sampled_from(sorted(project.columns)), min_size=1, max_size=4))
    kept = {name: column for name, column in project.columns.items() if name not in hidden}
    full = AIDS[aid](project, on)
    less = AIDS[aid](replace(project, columns=kept), on)
    settled = less.status != UNKNOWN_CODE
    assert same(less.status[settled], full.status[settled])
    assert np.allclose(less.amount_eur[settled], full.amount_eur[settled], equal_nan=True)


@given(project=situations(), data=st.data())
@few
def test_each_file_is_judged_by_its_own_day(project, data):
    days = data.draw(st.lists(DAYS | st.none(), min_size=project.n, max_size=project.n))
    found = judged_by_deposit_date(project, np.array(days, dtype="datetime64[D]"), mpr_ampleur)
    for row, day in enumerate(days):
        if day is None:
            assert found.status[row] == UNKNOWN_CODE
            continue
        alone = mpr_ampleur(project.rows(np.array([row])), day)
        assert found.status[row] == alone.status[0]
        assert np.allclose(found.amount_eur[row], alone.amount_eur, equal_nan=True)


@given(project=situations(), on=DAYS)
@few
def test_batches_and_rows_are_the_same_households(project, on):
    whole = mpr_gestes(project, on).amount_eur
    batches = [mpr_gestes(batch, on).amount_eur for batch in project.batches(2)]
    assert np.allclose(np.concatenate(batches), whole, equal_nan=True)
    order = np.arange(project.n)[::-1]
    assert np.allclose(mpr_gestes(project.rows(order), on).amount_eur[::-1], whole, equal_nan=True)
