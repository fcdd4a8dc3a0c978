"""How answers are drawn from rules: what refuses, what lacks, how surely, and with what caution."""

from datetime import date

import numpy as np
import pytest

from atre.calc.aids.judgement import Judgement
from atre.calc.aids.result import Aid, AidStatus
from atre.calc.parameters import Confidence, DatedValue, Source

ON = date(2026, 6, 1)
HIGH, MEDIUM, LOW = 2, 1, 0


def fact(confidence: Confidence) -> DatedValue:
    return DatedValue(
        key=f"essai.{confidence}",
        label_fr=f"Règle d’essai {confidence}",
        unit="rule",
        value=True,
        valid_from=None,
        valid_to=None,
        source=Source("Texte d’essai", "https://example.org"),
        confidence=confidence,
    )


def codes(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int8)


def said(row: int) -> str:
    return f"Phrase de la ligne {row}."


@pytest.fixture
def judgement() -> Judgement:
    return Judgement(Aid.MPR_GESTES, on=ON, n=3)


def test_a_known_refusal_wins_over_what_lacks(judgement):
    judgement.require("known", codes(0, 1, 1), sentence=said)
    judgement.require(
        "lacking", codes(-1, -1, 1), sentence=said, needs={"rfr_eur": np.array([1, 1, 0], bool)}
    )
    judgement.amount("base", np.array([10.0, 10.0, 10.0]), sentence=said)
    found = judgement.results()
    assert found.status.tolist() == [0, -1, 1]
    assert found.missing["rfr_eur"].tolist() == [False, True, False]
    assert found.amount_if_eligible_eur.tolist() == [10.0, 10.0, 10.0]


def test_an_amount_that_cannot_be_computed_is_unknown_not_zero(judgement):
    judgement.amount(
        "base",
        np.array([np.nan, 0.0, 5.0]),
        sentence=said,
        needs={"works.cost_ht_eur": np.array([1, 0, 0], bool)},
    )
    found = judgement.results()
    assert found.status.tolist() == [-1, 1, 1]
    assert found.explain(0).missing == ("works.cost_ht_eur",)
    assert "le coût hors taxes des travaux" in found.explain(0).sentence_fr


def test_low_confidence_always_shows_and_medium_only_where_it_changes_the_answer(judgement):
    judgement.require("low", codes(1, 1, 1), sentence=said, facts=[fact(Confidence.LOW)])
    assert judgement.results().confidence.tolist() == [LOW] * 3
    other = Judgement(Aid.MPR_GESTES, on=ON, n=3)
    other.require("medium", codes(1, 0, 1), sentence=said, facts=[fact(Confidence.MEDIUM)])
    other.amount("base", np.full(3, 9.0), sentence=said)
    other.amount(
        "cap",
        np.full(3, 9.0),
        sentence=said,
        facts=[fact(Confidence.MEDIUM)],
        changes=np.array([False, False, True]),
    )
    found = other.results()
    assert found.confidence.tolist() == [HIGH, MEDIUM, MEDIUM]
    assert [bool(found.explain(row).cautions_fr) for row in range(3)] == [False, True, True]


def test_a_sure_refusal_is_sure_whatever_else_is_doubtful(judgement):
    judgement.require("sure", codes(0, 1, 0), sentence=said, facts=[fact(Confidence.HIGH)])
    judgement.require("doubtful", codes(0, 0, 1), sentence=said, facts=[fact(Confidence.LOW)])
    judgement.amount("base", np.full(3, 9.0), sentence=said)
    found = judgement.results()
    assert found.confidence.tolist() == [HIGH, LOW, HIGH]
    assert found.explain(2).cautions_fr == ()


def test_facts_of_one_row_do_not_weigh_on_the_others(judgement):
    judgement.amount(
        "base",
        np.full(3, 9.0),
        sentence=said,
        facts=[fact(Confidence.HIGH)],
        row_facts=lambda row: [fact(Confidence.MEDIUM)] if row == 1 else [],
        row_ranks=codes(HIGH, MEDIUM, HIGH),
    )
    found = judgement.results()
    assert found.confidence.tolist() == [HIGH, MEDIUM, HIGH]
    keys = [[one.key for one in found.explain(row).steps[0].facts] for row in (0, 1)]
    assert keys == [["essai.high"], ["essai.high", "essai.medium"]]


def test_no_sentence_is_written_before_a_row_is_explained(judgement):
    rows: list[int] = []

    def counted(row: int) -> str:
        rows.append(row)
        return said(row)

    judgement.require("known", codes(1, 0, 1), sentence=counted)
    found = judgement.results()
    assert rows == []
    assert found.explain(1).status is AidStatus.NOT_ELIGIBLE
    assert rows == [1]


def test_the_trace_survives_json(judgement):
    judgement.require("known", codes(1, 0, -1), sentence=said, facts=[fact(Confidence.MEDIUM)])
    stored = judgement.results().explain(1).as_dict()
    assert stored["status"] == "not_eligible"
    assert stored["steps"][0]["facts"][0] == {
        "key": "essai.medium",
        "valid_from": None,
        "valid_to": None,
        "source": "Texte d’essai, https://example.org",
        "confidence": "medium",
    }
    assert stored["reasons_fr"] == ["Phrase de la ligne 1."]
