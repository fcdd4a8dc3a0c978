"""The guard against paying one thing twice: which sources of money stand side by side, and how.

It never forbids: it says which combination is doubtful, on which source, how surely, and whom to
ask. What counts is the same expense (the same visit, the same hour, the same invoice): two sources
in the life of one household are ordinary. The rules read say that a Slime must not be co-funded by
the Anah nor by the ADEME; how far this reaches, act by act, was not found: hence « à confirmer ».

Source: parameters `double_funding.*`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from atre.calc.aids.facts_on import fact_on
from atre.calc.parameters import Confidence, DatedValue
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    Codes,
    all_of,
    answer_from_code,
    any_of,
    known_flags,
)
from atre.calc.wording import NO_BREAK


class Funding(StrEnum):
    """Who pays for an act or for works."""

    SLIME = "slime"
    ADEME = "ademe"
    ANAH_PACT = "anah_pact"
    ANAH_MAR = "anah_mar"
    ANAH_WORKS_AID = "anah_works_aid"
    HOUSEHOLD_CEE = "household_cee"
    ANAH_AMPLEUR = "anah_ampleur"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    Funding.SLIME: "Slime",
    Funding.ADEME: "ADEME",
    Funding.ANAH_PACT: "Pacte territorial France Rénov’ (Anah)",
    Funding.ANAH_MAR: "Mon Accompagnateur Rénov’ (Anah)",
    Funding.ANAH_WORKS_AID: "aide de l’Anah aux travaux",
    Funding.HOUSEHOLD_CEE: "prime CEE du ménage",
    Funding.ANAH_AMPLEUR: "MaPrimeRénov’ parcours accompagné",
}


class CombinationVerdict(StrEnum):
    """The number in a parameter is the rank here."""

    NOTHING_AGAINST = "nothing_against"
    TO_CONFIRM = "to_confirm"
    EXCLUDED = "excluded"


VERDICTS = tuple(CombinationVerdict)
_VERDICTS_FR = {
    CombinationVerdict.NOTHING_AGAINST: "rien ne s’y oppose dans ce qui a été lu",
    CombinationVerdict.TO_CONFIRM: "à confirmer auprès des financeurs",
    CombinationVerdict.EXCLUDED: "exclu par un texte",
}

PAIRS: tuple[tuple[Funding, Funding], ...] = (
    (Funding.SLIME, Funding.ADEME),
    (Funding.SLIME, Funding.ANAH_PACT),
    (Funding.SLIME, Funding.ANAH_MAR),
    (Funding.SLIME, Funding.ANAH_WORKS_AID),
    (Funding.HOUSEHOLD_CEE, Funding.ANAH_AMPLEUR),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """What was read about two sources on one day; `fact` is None where nothing was."""

    first: Funding
    second: Funding
    on: date
    fact: DatedValue | None

    @property
    def verdict(self) -> CombinationVerdict | None:
        return None if self.fact is None else VERDICTS[int(self.fact.number)]

    @property
    def sentence_fr(self) -> str:
        """The verdict, its caution and its source, ready for a screen.

        >>> pair = Combination(first=Funding.SLIME, second=Funding.ANAH_MAR,
        ...     on=date(2026, 6, 1), fact=fact_on("double_funding.slime_and_anah_mar",
        ...     date(2026, 6, 1)))
        >>> "confiance faible" in pair.sentence_fr
        True
        """
        head = f"{self.first.label_fr} et {self.second.label_fr}{NO_BREAK}:"
        if self.fact is None or self.verdict is None:
            return f"{head} aucune règle connue à cette date, à demander aux deux financeurs."
        caution = {
            Confidence.HIGH: "",
            Confidence.MEDIUM: " Règle connue avec une confiance moyenne.",
            Confidence.LOW: " Règle connue avec une confiance faible.",
        }[self.fact.confidence]
        note = f" {self.fact.note_fr}" if self.fact.note_fr else ""
        return (
            f"{head} {_VERDICTS_FR[self.verdict]}.{caution}{note} "
            f"Source{NO_BREAK}: {self.fact.source.line_fr}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleFunding:
    """The guard's answer on n expenses.

    `doubtful` int8 (n,): 1 at least one pair to confirm or excluded, 0 none, -1 unknown.
    `present`: by pair, int8 (n,), whether both sources pay the same expense.
    """

    on: date
    doubtful: Codes
    present: Mapping[tuple[Funding, Funding], Codes]
    combinations: Mapping[tuple[Funding, Funding], Combination]

    def findings(self, row: int = 0) -> tuple[Combination, ...]:
        """The pairs present, or possibly present, on one expense."""
        return tuple(
            self.combinations[pair] for pair, codes in self.present.items() if codes[row] != NO_CODE
        )

    def as_dict(self, row: int = 0) -> dict[str, Any]:
        """One expense in plain values, fit for the command line."""
        return {
            "doubtful": str(answer_from_code(self.doubtful[row])),
            "combinations": [
                {
                    "sources": [str(pair.first), str(pair.second)],
                    "verdict": None if pair.verdict is None else str(pair.verdict),
                    "confidence": None if pair.fact is None else str(pair.fact.confidence),
                    "sentence_fr": pair.sentence_fr,
                }
                for pair in self.findings(row)
            ],
        }


def double_funding(
    sources: Mapping[Funding, ArrayLike], same_expense: ArrayLike, on: date
) -> DoubleFunding:
    """Look for doubtful combinations on n expenses (visits, acts, invoices).

    Parameters
    ----------
    sources : by source, booleans or codes 1, 0, -1, shape (n,); a source not given is unknown.
    same_expense : whether they pay the very same expense, booleans or codes, shape (n,).
    on : the day of the expense.

    A pair that nobody has ruled on for that day is doubtful too: silence is not permission.

    >>> found = double_funding({Funding.SLIME: [True, True], Funding.ADEME: [False, False],
    ...     Funding.ANAH_PACT: [True, False], Funding.ANAH_MAR: [False, False],
    ...     Funding.ANAH_WORKS_AID: [False, True], Funding.HOUSEHOLD_CEE: [False, False],
    ...     Funding.ANAH_AMPLEUR: [False, False]}, [True, True], date(2026, 6, 1))
    >>> found.doubtful.tolist(), [pair.verdict.value for pair in found.findings(0)]
    ([1, 0], ['to_confirm'])
    """
    same = np.atleast_1d(known_flags(np.asarray(same_expense)))
    unknown = np.full(same.shape, UNKNOWN_CODE, dtype=np.int8)
    read = {
        name: np.atleast_1d(known_flags(np.asarray(values))) for name, values in sources.items()
    }
    combinations = {pair: _combination(pair, on) for pair in PAIRS}
    present: dict[tuple[Funding, Funding], Codes] = {}
    doubts = []
    for pair in PAIRS:
        first, second = (read.get(name, unknown) for name in pair)
        present[pair] = all_of(*np.broadcast_arrays(first, second, same))
        if combinations[pair].verdict is not CombinationVerdict.NOTHING_AGAINST:
            doubts.append(present[pair])
    return DoubleFunding(
        on=on, doubtful=any_of(*doubts), present=present, combinations=combinations
    )


def _combination(pair: tuple[Funding, Funding], on: date) -> Combination:
    first, second = pair
    fact = fact_on(f"double_funding.{first}_and_{second}", on)
    return Combination(first=first, second=second, on=on, fact=fact)
