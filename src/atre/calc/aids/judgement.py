"""Judge an aid on arrays, rule by rule, and keep what is needed to explain one row later."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Required, TypedDict, Unpack

import numpy as np

from atre.calc.aids.explanation import HIGH, LOW, Explanation, Rule, Sentence
from atre.calc.aids.result import Aid, AidResults, Euros, Flags, Ranks, StepKind
from atre.calc.parameters import DatedValue
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    codes_from_condition,
)

__all__ = ["Judgement", "Sentence"]


class Grounds(TypedDict, total=False):
    """What a rule rests on, condition or amount alike.

    `sentence(row)` says the rule and how the row stands to it. `needs`: by input name, the rows
    (n,) where it lacks. `facts`: the dated parameters read for every row; `row_facts(row)`, those
    that one row reads besides, and `row_ranks` int8 (n,), the lowest confidence among these.
    `changes`: the rows (n,) whose answer would be another without the rule (a cap: where it clips).
    """

    sentence: Required[Sentence]
    needs: Mapping[str, Flags] | None
    facts: Sequence[DatedValue]
    changes: Flags | None
    row_facts: Callable[[int], Sequence[DatedValue]] | None
    row_ranks: Ranks | None


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
        self._rules: list[Rule] = []
        self._cautions: list[tuple[Flags, str]] = []

    def require(self, name: str, codes: Codes, **grounds: Unpack[Grounds]) -> None:
        """A condition: codes 1, 0, -1, shape (n,).

        A fact of medium confidence bears on the answer where the condition refuses, and where
        `changes` says so.
        """
        filled = np.broadcast_to(np.asarray(codes, dtype=np.int8), (self.n,))
        changes = grounds.get("changes")
        bears = filled == NO_CODE if changes is None else (filled == NO_CODE) | changes
        self._lay(name, grounds, bears, codes=filled)

    def amount(self, name: str, amount_eur: Euros, **grounds: Unpack[Grounds]) -> None:
        """The aid after this step, in euros, shape (n,), NaN where it cannot be computed.

        Without `changes` the step bears on all rows.
        """
        values = np.broadcast_to(np.asarray(amount_eur, dtype=np.float64), (self.n,))
        changes = grounds.get("changes")
        bears = np.ones(self.n, np.bool_) if changes is None else changes
        self._lay(name, grounds, bears, amount_eur=values)

    def _lay(
        self,
        name: str,
        grounds: Grounds,
        bears: Flags,
        *,
        codes: Codes | None = None,
        amount_eur: Euros | None = None,
    ) -> None:
        needs = grounds.get("needs") or {}
        self._rules.append(
            Rule(
                name=name,
                kind=StepKind.AMOUNT if codes is None else StepKind.CONDITION,
                sentence=grounds["sentence"],
                codes=codes,
                amount_eur=amount_eur,
                needs={lack: np.broadcast_to(rows, (self.n,)) for lack, rows in needs.items()},
                facts=tuple(grounds.get("facts", ())),
                bears=np.broadcast_to(bears, (self.n,)),
                row_facts=grounds.get("row_facts"),
                row_ranks=grounds.get("row_ranks"),
            )
        )

    def caution(self, rows: Flags, sentence_fr: str) -> None:
        """A sentence to show with the answer of these rows."""
        self._cautions.append((np.broadcast_to(rows, (self.n,)), sentence_fr))

    def results(self) -> AidResults:
        """Close the judgement: arrays now, the trace of a row on demand."""
        eligible = self.eligible()
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
            explanation=Explanation(tuple(self._rules), tuple(self._cautions)),
        )

    def eligible(self) -> Codes:
        """The conditions laid so far, together, shape (n,): 1 all met, 0 one refuses, -1 else."""
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
                np.maximum(refusal, rule.ranks(), out=refusal, where=rule.codes == NO_CODE)
            if rule.rank < HIGH or rule.row_ranks is not None:
                ranks = rule.ranks()
                np.minimum(rank, ranks, out=rank, where=rule.bears | (ranks == LOW))
        return np.where(status == NO_CODE, refusal, rank).astype(np.int8)

    def _missing(self, status: Codes) -> Mapping[str, Flags]:
        missing: dict[str, Flags] = {}
        for rule in self._rules:
            lacks = np.ones(self.n, np.bool_) if rule.codes is None else rule.codes == UNKNOWN_CODE
            for name, rows in rule.needs.items():
                waits = rows & lacks & (status == UNKNOWN_CODE)
                missing[name] = waits | missing[name] if name in missing else waits
        return {name: rows for name, rows in missing.items() if rows.any()}
