"""What an aid answers: an amount, « not eligible », or « unknown » with the inputs that lack.

An aid is judged on arrays by a `Judgement`: each rule is laid down once, with the arrays of its
answers and the way to say it. The result keeps those arrays; the trace of one household (each
step's sentence, numbers, source and dates) is written only when somebody asks for that row, so
that a million households cost no sentence.

Three-valued throughout: one known refusal is enough for « not eligible », whatever else lacks;
otherwise whatever lacks makes the answer unknown and is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atre.calc.parameters import Confidence, DatedValue
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, YES_CODE, Answer, Codes

Euros = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ranks = NDArray[np.int8]

# int8 ranks of confidence in arrays: the lower one wins.
CONFIDENCE_BY_RANK = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


class Aid(StrEnum):
    """Everything this package judges."""

    MPR_AMPLEUR = "mpr_ampleur"
    MPR_GESTES = "mpr_gestes"
    MPR_COPROPRIETE = "mpr_copropriete"
    MAR = "mar"
    CEE = "cee"
    ECO_PTZ = "eco_ptz"
    MAPRIMEADAPT = "maprimeadapt"
    REDUCED_VAT = "reduced_vat"
    CHEQUE_ENERGIE = "cheque_energie"
    SLIME = "slime"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    Aid.MPR_AMPLEUR: "MaPrimeRénov’ rénovation d’ampleur",
    Aid.MPR_GESTES: "MaPrimeRénov’ par geste",
    Aid.MPR_COPROPRIETE: "MaPrimeRénov’ Copropriété",
    Aid.MAR: "Mon Accompagnateur Rénov’",
    Aid.CEE: "Certificats d’économies d’énergie",
    Aid.ECO_PTZ: "Éco-prêt à taux zéro",
    Aid.MAPRIMEADAPT: "MaPrimeAdapt’",
    Aid.REDUCED_VAT: "TVA à taux réduit",
    Aid.CHEQUE_ENERGIE: "Chèque énergie",
    Aid.SLIME: "Slime",
}


class AidStatus(StrEnum):
    """Arrays hold the codes of `three_valued`: 1 amount, 0 not eligible, -1 unknown."""

    AMOUNT = "amount"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"


STATUS_BY_CODE = {
    YES_CODE: AidStatus.AMOUNT,
    NO_CODE: AidStatus.NOT_ELIGIBLE,
    UNKNOWN_CODE: AidStatus.UNKNOWN,
}


class StepKind(StrEnum):
    """A condition says yes, no or unknown; an amount replaces the one before it."""

    CONDITION = "condition"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the trace of one household.

    `answer` is that of a condition; `amount_eur` is the amount after an amount step. `facts` are
    the dated parameters read, each with its period, source and confidence.
    """

    name: str
    kind: StepKind
    sentence_fr: str
    answer: Answer | None
    amount_eur: Decimal | None
    missing: tuple[str, ...]
    facts: tuple[DatedValue, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": str(self.kind),
            "sentence_fr": self.sentence_fr,
            "answer": None if self.answer is None else str(self.answer),
            "amount_eur": None if self.amount_eur is None else str(self.amount_eur),
            "missing": list(self.missing),
            "facts": [_fact_as_dict(fact) for fact in self.facts],
        }


def _fact_as_dict(fact: DatedValue) -> dict[str, Any]:
    """A parameter used, in plain values: key, period, source and confidence."""
    return {
        "key": fact.key,
        "valid_from": None if fact.valid_from is None else fact.valid_from.isoformat(),
        "valid_to": None if fact.valid_to is None else fact.valid_to.isoformat(),
        "source": fact.source.line_fr,
        "confidence": str(fact.confidence),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class AidAnswer:
    """One household's answer. `amount_eur` is set only when the status is an amount.

    `amount_if_eligible_eur` is what the aid would be if the conditions still unknown were met;
    it is never shown without them. `cautions_fr` must be shown wherever the answer is.
    """

    aid: Aid
    on: date
    status: AidStatus
    amount_eur: Decimal | None
    amount_if_eligible_eur: Decimal | None
    missing: tuple[str, ...]
    reasons_fr: tuple[str, ...]
    steps: tuple[Step, ...]
    confidence: Confidence
    cautions_fr: tuple[str, ...]
    sentence_fr: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, fit for a JSON column or the command line."""
        return {
            "aid": str(self.aid),
            "on": self.on.isoformat(),
            "status": str(self.status),
            "amount_eur": _text(self.amount_eur),
            "amount_if_eligible_eur": _text(self.amount_if_eligible_eur),
            "missing": list(self.missing),
            "reasons_fr": list(self.reasons_fr),
            "steps": [step.as_dict() for step in self.steps],
            "confidence": str(self.confidence),
            "cautions_fr": list(self.cautions_fr),
            "sentence_fr": self.sentence_fr,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AidResults:
    """n households' answers as arrays, and the means to explain one of them.

    `status` int8 (n,): 1 amount, 0 not eligible, -1 unknown. `amount_eur` float64 (n,): NaN
    where unknown, 0 where not eligible. `amount_if_eligible_eur` (n,): NaN where it cannot be
    computed. `confidence` int8 (n,): 0 low, 1 medium, 2 high. `missing`: by input name, the rows
    (n,) whose answer waits for it.
    """

    aid: Aid
    on: date
    status: Codes
    amount_eur: Euros
    amount_if_eligible_eur: Euros
    confidence: Ranks
    missing: Mapping[str, Flags]
    explanation: "RowExplanation"

    def explain(self, row: int = 0) -> AidAnswer:
        """The answer of one row with its trace; the only place that writes sentences."""
        return self.explanation.answer(self, row)


class RowExplanation:
    """Writes the answer of one row of a result."""

    def answer(self, results: AidResults, row: int) -> AidAnswer:
        raise NotImplementedError


def cents(amount: float) -> Decimal | None:
    """An amount as exact euros and cents, half up; NaN is None.

    >>> cents(1234.565), cents(float("nan"))
    (Decimal('1234.57'), None)
    """
    if np.isnan(amount):
        return None
    # Through repr: the decimal a person would read, not the binary one just below it.
    return Decimal(repr(float(amount))).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
