"""The rules of a judgement, and the trace of one household, written when it is asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from atre.calc.aids.result import (
    CONFIDENCE_BY_RANK,
    STATUS_BY_CODE,
    AidAnswer,
    AidResults,
    AidStatus,
    Euros,
    Flags,
    Ranks,
    RowExplanation,
    Step,
    StepKind,
    cents,
)
from atre.calc.aids.situation_fields import label_fr
from atre.calc.parameters import Confidence, DatedValue
from atre.calc.three_valued import NO_CODE, Answer, Codes, answer_from_code
from atre.calc.wording import NO_BREAK, date_fr, euros_fr, list_fr

Sentence = Callable[[int], str]
HIGH, MEDIUM, LOW = (CONFIDENCE_BY_RANK.index(c) for c in ("high", "medium", "low"))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was laid: its answers or amounts, what they lack, and how to say them.

    `bears`: the rows whose answer would be another without it. `row_facts` and `row_ranks` are
    facts that only some rows read, and the confidence that they leave on each.
    """

    name: str
    kind: StepKind
    sentence: Sentence
    codes: Codes | None
    amount_eur: Euros | None
    needs: Mapping[str, Flags]
    facts: tuple[DatedValue, ...]
    bears: Flags
    row_facts: Callable[[int], Sequence[DatedValue]] | None = None
    row_ranks: Ranks | None = None

    def facts_of(self, row: int) -> tuple[DatedValue, ...]:
        more = () if self.row_facts is None else tuple(self.row_facts(row))
        return (*self.facts, *more)

    def refuses(self, row: int) -> bool:
        return self.codes is not None and int(self.codes[row]) == NO_CODE

    def ranks(self) -> Ranks:
        """The confidence of the rule on each row, (n,) or one for all."""
        shared = np.int8(self.rank)
        return np.asarray(shared if self.row_ranks is None else np.minimum(shared, self.row_ranks))

    @property
    def rank(self) -> int:
        return lowest_rank(self.facts)


class Explanation(RowExplanation):
    def __init__(self, rules: tuple[Rule, ...], cautions: tuple[tuple[Flags, str], ...]) -> None:
        self._rules = rules
        self._cautions = cautions

    def answer(self, results: AidResults, row: int) -> AidAnswer:
        status = STATUS_BY_CODE[int(results.status[row])]
        steps = tuple(_step(rule, row) for rule in self._rules)
        amount = cents(float(results.amount_eur[row]))
        missing = tuple(name for name, rows in results.missing.items() if rows[row])
        reasons = tuple(step.sentence_fr for step in steps if step.answer is Answer.NO)
        return AidAnswer(
            aid=results.aid,
            on=results.on,
            status=status,
            amount_eur=amount if status is AidStatus.AMOUNT else None,
            amount_if_eligible_eur=cents(float(results.amount_if_eligible_eur[row])),
            missing=missing,
            reasons_fr=reasons,
            steps=steps,
            confidence=CONFIDENCE_BY_RANK[int(results.confidence[row])],
            cautions_fr=self._cautions_of(row, status),
            sentence_fr=_verdict(results, status, amount, missing, reasons),
        )

    def _cautions_of(self, row: int, status: AidStatus) -> tuple[str, ...]:
        found = [text for rows, text in self._cautions if rows[row]]
        for rule in self._rules:
            if status is AidStatus.NOT_ELIGIBLE and not rule.refuses(row):
                continue
            for fact in rule.facts_of(row):
                weak = fact.confidence is Confidence.MEDIUM and rule.bears[row]
                if fact.confidence is Confidence.LOW or weak:
                    found.append(_weak_fact_fr(fact))
        return tuple(dict.fromkeys(found))


def lowest_rank(read: Sequence[DatedValue]) -> int:
    """The confidence of several facts together: that of the weakest; high without any.

    >>> from datetime import date
    >>> from atre.calc.parameters import parameter
    >>> sure = parameter("mpr.ampleur.min_age", on=date(2026, 6, 1))
    >>> weak = parameter("double_funding.slime_and_anah_mar", on=date(2026, 6, 1))
    >>> lowest_rank([sure, weak]) == LOW, lowest_rank([]) == HIGH
    (True, True)
    """
    return min((CONFIDENCE_BY_RANK.index(fact.confidence) for fact in read), default=HIGH)


def _weak_fact_fr(fact: DatedValue) -> str:
    """The caution that goes with a fact read with low or medium confidence."""
    how = "faible" if fact.confidence is Confidence.LOW else "moyenne"
    return (
        f"Règle connue avec une confiance {how}{NO_BREAK}: {fact.label_fr}. "
        f"À vérifier avant de l’annoncer au ménage ({fact.source.line_fr})."
    )


def _step(rule: Rule, row: int) -> Step:
    amount = None if rule.amount_eur is None else cents(float(rule.amount_eur[row]))
    return Step(
        name=rule.name,
        kind=rule.kind,
        sentence_fr=rule.sentence(row),
        answer=None if rule.codes is None else answer_from_code(int(rule.codes[row])),
        amount_eur=amount,
        missing=tuple(name for name, rows in rule.needs.items() if rows[row]),
        facts=rule.facts_of(row),
    )


def _verdict(
    results: AidResults,
    status: AidStatus,
    amount: Decimal | None,
    missing: tuple[str, ...],
    reasons: tuple[str, ...],
) -> str:
    head = f"{results.aid.label_fr}, au {date_fr(results.on)}{NO_BREAK}:"
    if status is AidStatus.AMOUNT:
        return f"{head} {euros_fr(amount or 0)}."
    if status is AidStatus.NOT_ELIGIBLE:
        unmet = "Conditions non remplies" if len(reasons) > 1 else "Condition non remplie"
        return f"{head} non éligible. {unmet}{NO_BREAK}: {' '.join(reasons)}"
    names = list_fr([label_fr(name) for name in missing]) or "une règle non publiée"
    return f"{head} inconnu, il manque {names}."
