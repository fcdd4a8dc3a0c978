"""Invariants of the loan, the adaptation aid, the chèque énergie and the Slime."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.aids.cheque_energie import cheque_energie
from atre.calc.aids.double_funding import Funding, double_funding
from atre.calc.aids.eco_ptz import eco_ptz, loan_offer
from atre.calc.aids.eco_ptz_actions import works_kinds
from atre.calc.aids.examples import works_of
from atre.calc.aids.loan_payments import zero_rate_payments
from atre.calc.aids.maprimeadapt import maprimeadapt
from atre.calc.aids.result import AidResults
from atre.calc.aids.situation import Situations
from atre.calc.aids.situation_fields import DPE_CLASSES, ECO_PTZ_WORKS, OCCUPANCIES, Geste
from atre.calc.aids.slime import slime
from atre.calc.errors import RefusedInput

JUNE = date(2026, 6, 1)
days = st.integers(min_value=0, max_value=6 * 365).map(
    lambda count: date(2022, 6, 1) + timedelta(days=count)
)
unknown_or = {
    "flag": st.sampled_from([True, False, None]),
    "works": st.sampled_from([None, *ECO_PTZ_WORKS]),
    "occupancy": st.sampled_from([None, *OCCUPANCIES]),
    "dpe": st.sampled_from([None, *DPE_CLASSES]),
}


def number_or_unknown(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.one_of(st.none(), st.floats(min_value=low, max_value=high).map(lambda x: round(x, 2)))


def without_contradiction(household: dict[str, object]) -> dict[str, object]:
    """Nobody owns their home in a résidence sociale."""
    owner = household["occupancy"] == "owner_occupier"
    return {**household, "residence_sociale": False} if owner else household


households = st.fixed_dictionaries(
    {
        "occupancy": unknown_or["occupancy"],
        "rfr_eur": number_or_unknown(0, 60_000),
        "persons": st.one_of(st.none(), st.integers(min_value=1, max_value=8)),
        "dwelling_in_idf": unknown_or["flag"],
        "dwelling_in_metropole": unknown_or["flag"],
        "dwelling_age_years": st.sampled_from([None, 1.5, 2, 2.5, 40]),
        "dwelling_kind": st.sampled_from([None, "house", "apartment"]),
        "main_residence": unknown_or["flag"],
        "rge_firms": unknown_or["flag"],
        "eco_ptz_works": unknown_or["works"],
        "energy_gain_pct": st.sampled_from([None, 34.9, 35, 60]),
        "dpe_after": unknown_or["dpe"],
        "energy_audit": unknown_or["flag"],
        "loan_wanted_eur": number_or_unknown(0, 80_000),
        "aided_person_age_years": st.sampled_from([None, 40, 59, 60, 69, 70]),
        "gir_1_to_6": unknown_or["flag"],
        "disability_pct": st.sampled_from([None, 0, 49, 50]),
        "pch": unknown_or["flag"],
        "social_housing": unknown_or["flag"],
        "floor_area_m2": number_or_unknown(10, 150),
        "adaptation_works_ht_eur": number_or_unknown(0, 40_000),
        "residence_sociale": unknown_or["flag"],
    }
).map(without_contradiction)
AIDS = {"eco_ptz": eco_ptz, "maprimeadapt": maprimeadapt, "cheque_energie": cheque_energie}


@settings(deadline=None)
@given(
    principal=st.integers(min_value=0, max_value=5_000_000),
    months=st.integers(min_value=1, max_value=240),
)
def test_payments_repay_the_principal_to_the_cent(principal, months):
    paid = zero_rate_payments(principal / 100, months / 12)
    assert paid.months[0] == months
    regular, last = round(paid.monthly_eur[0] * 100), round(paid.last_eur[0] * 100)
    assert regular * (months - 1) + last == principal
    assert 0 <= last - regular < months


def test_an_impossible_loan_is_refused_with_its_field():
    with pytest.raises(RefusedInput) as negative:
        zero_rate_payments(-1, 10)
    with pytest.raises(RefusedInput) as too_short:
        zero_rate_payments(1000, 0.05)
    assert (negative.value.field, too_short.value.field) == ("loan_wanted_eur", "loan_years")


@pytest.mark.parametrize("name", AIDS)
@settings(deadline=None, max_examples=60)
@given(several=st.lists(households, min_size=1, max_size=8), on=days)
def test_a_batch_answers_as_each_household_alone(name, several, on):
    batch = AIDS[name](together(several), on)
    for row, household in enumerate(several):
        alone = AIDS[name](together([household]), on)
        assert batch.explain(row).as_dict() == alone.explain(0).as_dict()


@pytest.mark.parametrize("name", AIDS)
@settings(deadline=None, max_examples=60)
@given(household=households, on=days)
def test_an_answer_is_an_amount_a_reason_or_what_it_lacks(name, household, on):
    answer = AIDS[name](together([household]), on).explain(0)
    if answer.status == "amount":
        assert answer.amount_eur is not None
        assert answer.amount_eur >= 0
        assert not answer.missing
    elif answer.status == "not_eligible":
        assert answer.reasons_fr
    else:
        assert answer.missing


@pytest.mark.parametrize("name", AIDS)
@settings(deadline=None, max_examples=60)
@given(household=households, on=days, hidden=st.data())
def test_hiding_an_input_never_turns_one_verdict_into_the_other(name, household, on, hidden):
    whole = AIDS[name](together([household]), on)
    known = sorted(key for key, value in household.items() if value is not None)
    if not known:
        return
    less = {**household, hidden.draw(st.sampled_from(known)): None}
    partly = AIDS[name](together([less]), on)
    assert partly.status[0] in (whole.status[0], -1)


@settings(deadline=None)
@given(
    low=st.integers(min_value=0, max_value=40_000),
    more=st.integers(min_value=0, max_value=20_000),
    persons=st.integers(min_value=1, max_value=8),
    year=st.integers(min_value=2019, max_value=2026),
)
def test_a_higher_income_never_gives_a_higher_cheque(low, more, persons, year):
    poorer, richer = (cheque(rfr, persons, year) for rfr in (low, low + more))
    assert richer <= poorer


@settings(deadline=None)
@given(
    rfr=st.integers(min_value=0, max_value=40_000),
    persons=st.integers(min_value=1, max_value=8),
    year=st.integers(min_value=2019, max_value=2026),
)
def test_one_more_person_never_gives_a_lower_cheque(rfr, persons, year):
    assert cheque(rfr, persons + 1, year) >= cheque(rfr, persons, year)


@settings(deadline=None)
@given(kind=st.sampled_from(ECO_PTZ_WORKS), wanted=st.floats(min_value=0, max_value=90_000))
def test_a_loan_exceeds_neither_what_is_wanted_nor_its_ceiling(kind, wanted):
    offer = loan_offer(borrower(eco_ptz_works=kind, loan_wanted_eur=wanted), JUNE)
    lent = offer.results.amount_eur[0]
    most = loan_offer(borrower(eco_ptz_works=kind, loan_wanted_eur=90_000), JUNE)
    assert lent == min(wanted, most.results.amount_eur[0])
    assert offer.years[0] <= offer.longest_years[0]


def test_actions_are_counted_by_kind_of_works_and_not_by_line():
    lines = (
        (Geste.ITE, 40, 6000, 6330),
        (Geste.ITI, 30, 2000, 2110),
        (Geste.VMC_DF, 1, 5000, 5275),
        (Geste.FENETRE, 5, 4000, 4220),
    )
    one = Situations.of(1, works=works_of(lines))
    kinds, counted = works_kinds(one)
    assert (ECO_PTZ_WORKS[kinds[0]], counted[0]) == ("two_actions", True)
    windows = Situations.of(1, works=works_of(((Geste.FENETRE, 5, 4000, 4220),)))
    assert ECO_PTZ_WORKS[works_kinds(windows)[0][0]] == "windows_only"
    other = Situations.of(1, works=works_of(((Geste.PHOTOVOLTAIQUE, 1, 8000, 8440),)))
    assert works_kinds(other)[0][0] == -1


def test_what_was_declared_wins_over_what_was_counted():
    declared = Situations.of(
        1, eco_ptz_works="global_performance", works=works_of(((Geste.ITE, 90, 18000, 18990),))
    )
    kinds, counted = works_kinds(declared)
    assert (ECO_PTZ_WORKS[kinds[0]], counted[0]) == ("global_performance", False)


def test_the_amount_between_two_published_tables_is_the_lower_and_names_the_other():
    answer = cheque_energie(tenant(rfr_eur=7_700, persons=1), JUNE).explain(0)
    assert float(answer.amount_eur) == 48
    assert any("98" in caution for caution in answer.cautions_fr)


def test_what_the_calendar_of_the_cheque_does_not_say_is_said():
    closed = cheque_energie(tenant(rfr_eur=5_000, persons=1), date(2026, 3, 15)).explain(0)
    assert any("Aucun guichet" in caution for caution in closed.cautions_fr)
    open_2026 = cheque_energie(tenant(rfr_eur=5_000, persons=1), JUNE).explain(0)
    text = " ".join(open_2026.cautions_fr)
    assert "n’a pas été trouvée" in text
    assert "31 mars 2027" in text


def test_a_day_of_february_2026_is_judged_by_the_campaign_still_open():
    answer = cheque_energie(tenant(rfr_eur=5_000, persons=1), date(2026, 2, 28)).explain(0)
    assert any("28 février 2026" in caution for caution in answer.cautions_fr)


def test_a_slime_never_counts_more_than_the_national_classes_whatever_the_local_choice():
    codes = np.array([0, 1, 2, 3, -1], dtype=np.int8)
    counts = {
        local: slime(codes, [True] * 5, JUNE, local=local).counted.tolist()
        for local in ("tres_modestes", "modestes", "intermediaires", "none")
    }
    assert set(map(tuple, counts.values())) == {(1, 0, 0, 0, -1)}


def test_a_doubtful_combination_shows_its_source_and_whom_to_ask():
    sources = {name: name in (Funding.SLIME, Funding.ANAH_PACT) for name in Funding}
    sentence = double_funding(sources, True, JUNE).findings()[0].sentence_fr
    assert "à confirmer" in sentence
    assert "confiance moyenne" in sentence
    assert "https://" in sentence


def together(several: list[dict[str, object]]) -> Situations:
    columns = {name: [one[name] for one in several] for name in several[0]}
    return Situations.of(len(several), alternate_custody_children=0, **columns)


def cheque(rfr: float, persons: int, year: int) -> float:
    found: AidResults = cheque_energie(
        tenant(rfr_eur=rfr, persons=persons), date(year, 7, 1), campaign=year
    )
    return float(found.amount_eur[0])


def tenant(**given: object) -> Situations:
    return Situations.of(
        1,
        alternate_custody_children=0,
        main_residence=True,
        residence_sociale=False,
        **given,
    )


def borrower(**given: object) -> Situations:
    return Situations.of(
        1,
        occupancy="owner_occupier",
        main_residence=True,
        dwelling_age_years=40,
        dwelling_in_metropole=True,
        rge_firms=True,
        energy_gain_pct=40,
        dpe_after="C",
        energy_audit=True,
        **given,
    )
