"""The rate of VAT on each line of works, and what a project spares."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.aids.examples import works_of
from atre.calc.aids.reduced_vat import reduced_vat
from atre.calc.aids.situation import Situations
from atre.calc.aids.situation_fields import Geste
from atre.calc.aids.vat import vat_rates
from atre.calc.aids.vat_table import VAT_WORKS_BY_CODE
from atre.calc.parameters import Confidence

JUNE = date(2026, 6, 1)
days = st.integers(min_value=0, max_value=16 * 365).map(
    lambda count: date(2012, 1, 1) + timedelta(days=count)
)


@settings(deadline=None)
@given(
    kind=st.sampled_from(VAT_WORKS_BY_CODE),
    age=st.sampled_from([np.nan, 0, 1.99, 2, 2.01, 50]),
    power=st.sampled_from([np.nan, 0, 3, 3.01, 9, 9.01]),
    on=days,
)
def test_a_rate_is_one_of_the_three_or_says_what_it_lacks(kind, age, power, on):
    found = vat_rates(str(kind), age, on, in_metropole=True, solar_power_kwc=power)
    if np.isnan(found.rate_pct[0]):
        assert found.lacks
        assert "taux inconnu" in found.sentence_fr()
    else:
        assert found.rate_pct[0] in (5.5, 10, 20)
        assert not found.lacks
        assert found.facts()


@settings(deadline=None, max_examples=50)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(min_value=-1, max_value=len(VAT_WORKS_BY_CODE) - 1),
            st.sampled_from([np.nan, 1, 2, 30]),
            st.sampled_from([1, 0, -1]),
            st.sampled_from([np.nan, 3, 9, 12]),
        ),
        min_size=1,
        max_size=12,
    ),
    on=days,
)
def test_a_batch_of_rates_answers_as_each_line_alone(rows, on):
    codes, ages, places, powers = (np.array(column) for column in zip(*rows, strict=True))
    batch = vat_rates(codes, ages, on, in_metropole=places, solar_power_kwc=powers)
    for row, (code, age, place, power) in enumerate(rows):
        alone = vat_rates([code], age, on, in_metropole=np.int8(place), solar_power_kwc=power)
        assert batch.sentence_fr(row) == alone.sentence_fr()
        assert {k for k, lacking in batch.lacks.items() if lacking[row]} == set(alone.lacks)


def test_reduced_vat_adds_what_each_line_spares():
    lines = ((Geste.ITE, 90, 18_000, 18_990), (Geste.CHAUDIERE_GAZ, 1, 5_000, 6_000))
    answer = reduced_vat(dwelling(works=works_of(lines)), JUNE).explain(0)
    assert float(answer.amount_eur) == pytest.approx(18_000 * 0.145)
    assert "chaudière au gaz 20 %" in answer.steps[-1].sentence_fr
    assert "vat.fossil_boiler" in {fact.key for fact in answer.steps[-1].facts}


def test_a_line_whose_rate_nobody_published_leaves_the_whole_unknown():
    lines = ((Geste.ITE, 90, 18_000, 18_990), (Geste.AUDIT, 1, 800, 960))
    answer = reduced_vat(dwelling(works=works_of(lines)), JUNE).explain(0)
    assert (answer.status, answer.missing) == ("unknown", ("published_rule",))


def test_a_project_at_the_normal_rate_only_has_no_reduced_vat():
    boiler = works_of(((Geste.CHAUDIERE_GAZ, 1, 5_000, 6_000),))
    assert reduced_vat(dwelling(works=boiler), JUNE).explain(0).status == "not_eligible"


def test_a_rate_known_with_low_confidence_says_so_in_the_project():
    pump = works_of(((Geste.PAC_AIR_AIR, 1, 6_000, 6_330),))
    answer = reduced_vat(dwelling(works=pump), date(2026, 10, 1)).explain(0)
    assert answer.confidence is Confidence.LOW
    assert any("confiance faible" in caution for caution in answer.cautions_fr)


def test_without_works_the_reduced_vat_asks_for_them():
    assert reduced_vat(dwelling(), JUNE).explain(0).missing == ("works",)


def dwelling(**given: object) -> Situations:
    return Situations.of(1, dwelling_age_years=30, dwelling_in_metropole=True, **given)
