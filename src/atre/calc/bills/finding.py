"""What a check of the bills answers: found, not found, or not checkable and what is missing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from atre.calc.three_valued import Answer


class FindingKind(StrEnum):
    """What an adviser looks for on bills and meters."""

    WRONG_OPTION = "wrong_option"
    TOO_MUCH_POWER = "too_much_power"
    TOO_LITTLE_POWER = "too_little_power"
    ESTIMATED_READINGS = "estimated_readings"
    CATCH_UP_BEYOND_LIMIT = "catch_up_beyond_limit"
    UNIT_PRICE_FAR = "unit_price_far"
    HIGH_PERMANENT_POWER = "high_permanent_power"
    ABNORMAL_WATER = "abnormal_water"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    FindingKind.WRONG_OPTION: "Option tarifaire",
    FindingKind.TOO_MUCH_POWER: "Puissance souscrite trop forte",
    FindingKind.TOO_LITTLE_POWER: "Puissance souscrite trop faible",
    FindingKind.ESTIMATED_READINGS: "Index estimés",
    FindingKind.CATCH_UP_BEYOND_LIMIT: "Rattrapage au-delà de la limite légale",
    FindingKind.UNIT_PRICE_FAR: "Prix éloigné de la référence",
    FindingKind.HIGH_PERMANENT_POWER: "Puissance permanente élevée",
    FindingKind.ABNORMAL_WATER: "Consommation d’eau anormale",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: `answer` yes (there is something), no, or unknown with `missing_fr`.

    `euros_per_year` is what it costs or would save each year, `euros_once` what one bill holds in
    excess; both None where there is nothing or no figure, and `euros_reason_fr` then says why.
    `evidence` lists the rows of the input it rests on. `caution_fr` is to be shown with it.
    """

    kind: FindingKind
    answer: Answer
    sentence_fr: str
    euros_per_year: float | None = None
    euros_once: float | None = None
    euros_reason_fr: str | None = None
    evidence: tuple[int, ...] = ()
    missing_fr: tuple[str, ...] = ()
    caution_fr: str = ""
    sources_fr: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, fit for a JSON column or a template."""
        return {
            "kind": str(self.kind),
            "label_fr": self.kind.label_fr,
            "answer": str(self.answer),
            "sentence_fr": self.sentence_fr,
            "euros_per_year": self.euros_per_year,
            "euros_once": self.euros_once,
            "euros_reason_fr": self.euros_reason_fr,
            "evidence": list(self.evidence),
            "missing_fr": list(self.missing_fr),
            "caution_fr": self.caution_fr,
            "sources_fr": list(self.sources_fr),
        }


def cannot_check(kind: FindingKind, *missing_fr: str, evidence: tuple[int, ...] = ()) -> Finding:
    """The check that lacks an input: said, rather than left out of the list.

    `missing_fr` names each input as a French sentence holds it, with its article.

    >>> finding = cannot_check(FindingKind.ABNORMAL_WATER, "le volume de la facture d’eau")
    >>> str(finding.answer), finding.euros_once
    ('unknown', None)
    >>> print(finding.sentence_fr)
    Consommation d’eau anormale : pas de réponse, il manque le volume de la facture d’eau.
    """
    return Finding(
        kind=kind,
        answer=Answer.UNKNOWN,
        sentence_fr=f"{kind.label_fr} : pas de réponse, il manque {', '.join(missing_fr)}.",
        euros_reason_fr="La question n’a pas pu être étudiée.",
        evidence=evidence,
        missing_fr=missing_fr,
    )
