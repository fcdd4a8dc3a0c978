"""The income class over arrays: monotone, inclusive, three-valued, and the same as one by one."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.aids.ceilings import CLASSES_BY_CODE, CLASSES_WITH_CEILING, UNKNOWN_CLASS
from atre.calc.aids.ile_de_france import in_ile_de_france
from atre.calc.aids.income_class import class_ceilings_eur, income_class
from atre.calc.aids.income_class_answer import IncomeClassAnswer, explain_income_class
from atre.calc.aids.programme_eligibility import Eligibility, RequiredClass, eligible, judge
from atre.calc.errors import RefusedInput
from atre.calc.parameters import UnknownParameter
from atre.calc.three_valued import Answer

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 12, 31)

cents = st.integers(min_value=0, max_value=15_000_000).map(lambda n: Decimal(n) / 100)
sizes = st.integers(min_value=1, max_value=12)
days = st.integers(min_value=0, max_value=(LAST_DAY - FIRST_DAY).days).map(
    lambda n: FIRST_DAY + timedelta(days=n)
)
regions = st.booleans()


def code(rfr: Decimal, persons: int, in_idf: bool, on: date) -> int:
    return int(income_class(float(rfr), persons, in_idf, on)[0])


@settings(deadline=None)
@given(low=cents, more=cents, persons=sizes, in_idf=regions, on=days)
def test_a_higher_income_never_lowers_the_class(low, more, persons, in_idf, on):
    assert code(low, persons, in_idf, on) <= code(low + more, persons, in_idf, on)


@settings(deadline=None)
@given(rfr=cents, persons=sizes, more=sizes, in_idf=regions, on=days)
def test_one_more_person_never_raises_the_class(rfr, persons, more, in_idf, on):
    assert code(rfr, persons + more, in_idf, on) <= code(rfr, persons, in_idf, on)


@settings(deadline=None)
@given(rfr=cents, persons=sizes, on=days)
def test_ile_de_france_never_raises_the_class(rfr, persons, on):
    assert code(rfr, persons, True, on) <= code(rfr, persons, False, on)


@settings(deadline=None)
@given(persons=sizes, in_idf=regions, on=days, rank=st.integers(min_value=0, max_value=2))
def test_the_ceiling_is_inside_and_the_next_euro_outside(persons, in_idf, on, rank):
    ceiling = class_ceilings_eur(persons, in_idf, on)[CLASSES_WITH_CEILING[rank]]
    assert code(ceiling, persons, in_idf, on) == rank
    assert code(ceiling + Decimal("0.99"), persons, in_idf, on) == rank
    assert code(ceiling + 1, persons, in_idf, on) == rank + 1


@settings(deadline=None)
@given(
    households=st.lists(
        st.tuples(
            st.one_of(st.none(), cents),
            st.one_of(st.none(), sizes),
            st.one_of(st.none(), regions),
        ),
        min_size=1,
        max_size=30,
    ),
    on=days,
)
def test_a_batch_answers_as_each_household_alone(households, on):
    codes = income_class(
        [float("nan") if rfr is None else float(rfr) for rfr, _, _ in households],
        [float("nan") if size is None else size for _, size, _ in households],
        np.array([-1 if idf is None else int(idf) for _, _, idf in households], dtype=np.int8),
        on,
    )
    for found, (rfr, size, idf) in zip(codes, households, strict=True):
        alone = explain_income_class(rfr_eur=rfr, persons=size, in_idf=idf, on=on)
        expected = None if found == UNKNOWN_CLASS else CLASSES_BY_CODE[found]
        assert alone.income_class == expected
        assert (alone.income_class is None) == bool(alone.missing)
        assert (found == UNKNOWN_CLASS) == (None in (rfr, size, idf))


def test_masked_and_missing_values_are_unknown():
    rfr = np.ma.masked_array([10_000, 10_000, 10_000], mask=[False, True, False])
    persons = np.array([1, 1, np.nan])
    assert income_class(rfr, persons, True, date(2026, 1, 1)).tolist() == [0, -1, -1]


def test_a_batch_with_an_impossible_row_is_refused_with_the_rows_but_not_the_amounts():
    with pytest.raises(RefusedInput, match=r"lignes 2, 4") as refusal:
        income_class([1, -5001, 3, -7003], 1, True, date(2026, 1, 1))
    assert "5001" not in refusal.value.message_fr
    assert refusal.value.field == "rfr_eur"


@pytest.mark.parametrize("persons", [0, -1, 1.5, 31])
def test_an_impossible_household_size_is_refused(persons):
    with pytest.raises(RefusedInput) as refusal:
        income_class(10_000, persons, True, date(2026, 1, 1))
    assert refusal.value.field == "persons"


def test_a_year_without_published_ceilings_is_a_typed_refusal_in_batch():
    with pytest.raises(UnknownParameter) as unknown:
        income_class(10_000, 1, True, date(2027, 1, 1))
    assert unknown.value.on == date(2027, 1, 1)
    assert "31 décembre 2026" in unknown.value.message_fr.replace("\u00a0", " ")


def test_a_million_households_are_classed_together():
    generator = np.random.default_rng(7)
    rfr = generator.uniform(0, 100_000, 1_000_000).round(2)
    persons = generator.integers(1, 9, 1_000_000)
    codes = income_class(rfr, persons, generator.random(1_000_000) < 0.2, date(2026, 6, 1))
    assert codes.shape == (1_000_000,)
    assert set(np.unique(codes).tolist()) == {0, 1, 2, 3}


def test_an_answer_survives_storage():
    for rfr in (Decimal("28934.20"), None):
        answer = explain_income_class(rfr_eur=rfr, persons=2, in_idf=True, on=date(2026, 6, 1))
        assert IncomeClassAnswer.from_dict(answer.as_dict()) == answer


@settings(deadline=None)
@given(
    rfr=st.one_of(st.none(), cents),
    size=st.one_of(st.none(), sizes),
    idf=st.one_of(st.none(), regions),
    on=st.one_of(days, st.just(date(2027, 5, 1))),
    required=st.sampled_from(list(RequiredClass)),
)
def test_a_stored_verdict_recomputes_to_itself(rfr, size, idf, on, required):
    verdict = judge(required_class=required, rfr_eur=rfr, persons=size, in_idf=idf, on=on)
    read_back = Eligibility.from_dict(verdict.as_dict())
    assert read_back == verdict
    assert read_back.recomputed() == verdict


@settings(deadline=None)
@given(rfr=cents, size=sizes, idf=regions, on=days)
def test_a_wider_programme_accepts_whoever_a_narrower_one_accepts(rfr, size, idf, on):
    answers = [
        judge(required_class=required, rfr_eur=rfr, persons=size, in_idf=idf, on=on).answer
        for required in RequiredClass
    ]
    accepted = [answer is Answer.YES for answer in answers]
    assert accepted == sorted(accepted)


def test_batch_verdicts_keep_unknown_apart_from_no():
    codes = np.array([0, 1, 2, 3, -1], dtype=np.int8)
    assert eligible(codes, RequiredClass.MODESTES).tolist() == [1, 1, 0, 0, -1]


def test_an_unknown_required_class_is_an_error():
    with pytest.raises(ValueError, match="rich"):
        judge(required_class="rich", rfr_eur=None, persons=None, in_idf=None, on=LAST_DAY)


@pytest.mark.parametrize(
    "code", ["75056", "77288", "78646", "91228", "92012", "93006", "94028", "95018"]
)
def test_the_eight_departments_are_in_ile_de_france(code):
    assert in_ile_de_france(code)


@pytest.mark.parametrize("code", ["83137", "2B033", "97411", "60057", "98818"])
def test_the_others_are_not(code):
    assert not in_ile_de_france(code)


@pytest.mark.parametrize("code", ["9300", "930066", "Bagnolet", "2C004", "", "93 006"])
def test_what_is_not_an_insee_code_is_refused(code):
    with pytest.raises(RefusedInput):
        in_ile_de_france(code)
