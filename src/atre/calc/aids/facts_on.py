"""Dated facts of a day, None where nobody has published one: the caller answers « unknown »."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from atre.calc.aids.result import CONFIDENCE_BY_RANK, AidResults, Euros, Flags
from atre.calc.parameters import Confidence, DatedValue, UnknownParameter, parameter
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, Codes


def fact_on(key: str, on: date) -> DatedValue | None:
    """The value of a key on a day, or None. A key that no file defines still raises.

    >>> fact_on("eco_ptz.least_dwelling_age", date(2026, 6, 1)).number
    2.0
    >>> fact_on("eco_ptz.least_dwelling_age", date(2030, 6, 1)) is None
    True
    """
    try:
        return parameter(key, on=on)
    except UnknownParameter:
        return None


def facts(*found: DatedValue | None) -> tuple[DatedValue, ...]:
    """Those that are known, in the same order.

    >>> facts(None, fact_on("eco_ptz.least_dwelling_age", date(2026, 6, 1)))[0].number
    2.0
    """
    return tuple(fact for fact in found if fact is not None)


def number_of(fact: DatedValue | None) -> float:
    """A single number, NaN when the fact is unknown.

    >>> number_of(None)
    nan
    """
    return np.nan if fact is None else fact.number


def by_code(fact: DatedValue | None, names: Sequence[str], codes: Codes) -> Euros:
    """The number of each row's name, shape (n,); NaN for an unknown code, name or fact.

    >>> ceiling = fact_on("eco_ptz.ceiling", date(2026, 6, 1))
    >>> by_code(ceiling, ("one_action", "of_nobody"), np.array([0, 1, -1], np.int8)).tolist()
    [15000.0, nan, nan]
    """
    known = {} if fact is None else fact.named_numbers
    # One more place, which the code -1 of the unknown falls on.
    table = np.array([known.get(name, np.nan) for name in names] + [np.nan])
    numbers: Euros = table[np.where(codes == UNKNOWN_CODE, len(names), codes)]
    return numbers


def confidence_at_most(results: AidResults, rows: Flags, confidence: Confidence) -> AidResults:
    """The same answers, no surer than `confidence` on some rows; a refusal keeps its own.

    For a fact that concerns some rows only: laid as a fact of a rule, it would bear on all.

    >>> from atre.calc.aids.judgement import Judgement
    >>> from atre.calc.aids.result import Aid
    >>> judgement = Judgement(Aid.ECO_PTZ, on=date(2026, 6, 1), n=2)
    >>> judgement.amount("sum", np.array([500.0, 500.0]), sentence=lambda row: "500 €.")
    >>> rows = np.array([True, False])
    >>> confidence_at_most(judgement.results(), rows, Confidence.LOW).confidence.tolist()
    [0, 2]
    """
    rank = np.int8(CONFIDENCE_BY_RANK.index(confidence))
    lowered = np.where(
        rows & (results.status != NO_CODE),
        np.minimum(results.confidence, rank),
        results.confidence,
    )
    return replace(results, confidence=lowered.astype(np.int8))
