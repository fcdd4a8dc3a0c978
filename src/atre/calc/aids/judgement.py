"""Judge an aid on arrays, rule by rule, and keep what is needed to explain one row later."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from atre.calc.aids.result import (
    CONFIDENCE_BY_RANK,
    STATUS_BY_CODE,
    Aid,
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
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    YES_CODE,
    Answer,
    Codes,
    answer_from_code,
    codes_from_condition,
)
from atre.calc.wording import NO_BREAK, date_fr, euros_fr, list_fr

Sentence = Callable[[int], str]
HIGH, MEDIUM, LOW = (CONFIDENCE_BY_RANK.index(c) for c in ("high", "medium", "low"))


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    kind: StepKind
    sentence: Sentence
    codes: Codes | None
    amount_eur: Euros | None
    needs: Mapping[str, Flags]
    facts: tuple[DatedValue, ...]
    bears: Flags

    @property
    def rank(self) -> int:
        return min((CONFIDENCE_BY_RANK.index(fact.confidence) for fact in self.facts), default=HIGH)


class Judgement:
    """Lay an aid's rules one after the other, in the legal order, then take `results`.

    Parameters
    ----------
    aid, on : what is judged, and the deposit date.
    n : number of households; every array given has the shape (n,).

    >>> j = Judgement(Aid.MAR, on=date(2026, 6, 1), n=2)
    >>> j.require("open", np.array([1, 0], np.int8), sentence=lambda row: "Le guichet est ouvert.")
    >>> j.amount("base", np.array([500.0, 500.0]), sentence=lambda row: "500 € par dossier.")
    >>> found = j.results()
    >>> found.status.tolist(), found.amount_eur.tolist()
    ([1, 0], [500.0, 0.0])
    >>> found.explain(1).reasons_fr
    ('Le guichet est ouvert.',)
    """

    def __init__(self, aid: Aid, *, on: date, n: int) -> None:
        self.aid = aid
        self.on = on
        self.n = n
        self._rules: list[_Rule] = []
        self._cautions: list[tuple[Flags, str]] = []

    def require(
        self,
        name: str,
        codes: Codes,
        *,
        sentence: Sentence,
        needs: Mapping[str, Flags] | None = None,
        facts: Sequence[DatedValue] = (),
    ) -> None:
        """A condition: codes 1, 0, -1; `needs` gives, by input name, the rows where it lacks.

        `sentence(row)` says the rule and how the row stands to it. A fact of medium confidence
        bears on the answer only where the condition refuses.
        """
        filled = np.broadcast_to(np.asarray(codes, dtype=np.int8), (self.n,))
        self._rules.append(
            _Rule(
                name,
                StepKind.CONDITION,
                sentence,
                filled,
                None,
                self._masks(needs),
                tuple(facts),
                filled == NO_CODE,
            )
        )

    def amount(
        self,
        name: str,
        amount_eur: Euros,
        *,
        sentence: Sentence,
        needs: Mapping[str, Flags] | None = None,
        facts: Sequence[DatedValue] = (),
        changes: Flags | None = None,
    ) -> None:
        """The aid after this step, in euros, NaN where it cannot be computed.

        `changes`: the rows where the step matters (a cap: where it clips); default, all rows.
        """
        values = np.broadcast_to(np.asarray(amount_eur, dtype=np.float64), (self.n,))
        bears = np.ones(self.n, np.bool_) if changes is None else changes
        self._rules.append(
            _Rule(
                name,
                StepKind.AMOUNT,
                sentence,
                None,
                values,
                self._masks(needs),
                tuple(facts),
                np.broadcast_to(bears, (self.n,)),
            )
        )

    def caution(self, rows: Flags, sentence_fr: str) -> None:
        """A sentence to show with the answer of these rows."""
        self._cautions.append((np.broadcast_to(rows, (self.n,)), sentence_fr))

    def results(self) -> AidResults:
        """Close the judgement: arrays now, the trace of a row on demand."""
        eligible = self._eligible()
        amount = self._last_amount()
        known = ~np.isnan(amount)
        status = np.where(eligible == NO_CODE, NO_CODE, UNKNOWN_CODE).astype(np.int8)
        status[(eligible == YES_CODE) & known] = YES_CODE
        paid = np.where(status == YES_CODE, amount, np.where(status == NO_CODE, 0.0, np.nan))
        return AidResults(
            aid=self.aid,
            on=self.on,
            status=status,
            amount_eur=paid,
            amount_if_eligible_eur=amount,
            confidence=self._confidence(status),
            missing=self._missing(status),
            explanation=_Explanation(tuple(self._rules), tuple(self._cautions)),
        )

    def _masks(self, needs: Mapping[str, Flags] | None) -> Mapping[str, Flags]:
        return {name: np.broadcast_to(rows, (self.n,)) for name, rows in (needs or {}).items()}

    def _eligible(self) -> Codes:
        refused = np.zeros(self.n, np.bool_)
        met = np.ones(self.n, np.bool_)
        for rule in self._rules:
            if rule.codes is not None:
                refused |= rule.codes == NO_CODE
                met &= rule.codes == YES_CODE
        return codes_from_condition(met, refused | met)

    def _last_amount(self) -> Euros:
        for rule in reversed(self._rules):
            if rule.amount_eur is not None:
                return rule.amount_eur
        return np.full(self.n, np.nan)

    def _confidence(self, status: Codes) -> Ranks:
        """The lowest rank that bears on each row; a sure refusal makes the others irrelevant."""
        rank = np.full(self.n, HIGH, dtype=np.int8)
        refusal = np.full(self.n, LOW, dtype=np.int8)
        for rule in self._rules:
            if rule.codes is not None:
                np.maximum(refusal, rule.rank, out=refusal, where=rule.codes == NO_CODE)
            if rule.rank < HIGH:
                bears = np.ones(self.n, np.bool_) if rule.rank == LOW else rule.bears
                np.minimum(rank, rule.rank, out=rank, where=bears)
        return np.where(status == NO_CODE, refusal, rank).astype(np.int8)

    def _missing(self, status: Codes) -> Mapping[str, Flags]:
        missing: dict[str, Flags] = {}
        for rule in self._rules:
            lacks = np.ones(self.n, np.bool_) if rule.codes is None else rule.codes == UNKNOWN_CODE
            for name, rows in rule.needs.items():
                waits = rows & lacks & (status == UNKNOWN_CODE)
                missing[name] = waits | missing[name] if name in missing else waits
        return {name: rows for name, rows in missing.items() if rows.any()}


class _Explanation(RowExplanation):
    def __init__(self, rules: tuple[_Rule, ...], cautions: tuple[tuple[Flags, str], ...]) -> None:
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
            if status is AidStatus.NOT_ELIGIBLE and not rule.bears[row]:
                continue
            for fact in rule.facts:
                weak = fact.confidence is Confidence.MEDIUM and rule.bears[row]
                if fact.confidence is Confidence.LOW or weak:
                    found.append(weak_fact_fr(fact))
        return tuple(dict.fromkeys(found))


def weak_fact_fr(fact: DatedValue) -> str:
    """The caution that goes with a fact read with low or medium confidence."""
    how = "faible" if fact.confidence is Confidence.LOW else "moyenne"
    return (
        f"Règle connue avec une confiance {how}{NO_BREAK}: {fact.label_fr}. "
        f"À vérifier avant de l’annoncer au ménage ({fact.source.line_fr})."
    )


def _step(rule: _Rule, row: int) -> Step:
    amount = None if rule.amount_eur is None else cents(float(rule.amount_eur[row]))
    return Step(
        name=rule.name,
        kind=rule.kind,
        sentence_fr=rule.sentence(row),
        answer=None if rule.codes is None else answer_from_code(int(rule.codes[row])),
        amount_eur=amount,
        missing=tuple(name for name, rows in rule.needs.items() if rows[row]),
        facts=rule.facts,
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
        return f"{head} non éligible. {' '.join(reasons)}"
    names = list_fr([label_fr(name) for name in missing]) or "une règle non publiée"
    return f"{head} inconnu, il manque {names}."
