"""The rules that letters cite: dated sentences with their source, chosen by the day the letter is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

RULES_FILE = Path(__file__).parent / "legal" / "rules.yaml"
HIGH_CONFIDENCE = "high"


class UncitableRule(ValueError):
    """A rule file holds something a letter must not say: unsure, without source, or badly dated."""


@dataclass(frozen=True, kw_only=True)
class RentedDwelling:
    """What decency rules look at. `final_kwh_per_m2` is final energy per m² of floor and year."""

    dpe_class: str | None
    final_kwh_per_m2: Decimal | None
    overseas: bool


@dataclass(frozen=True, kw_only=True)
class LegalRule:
    """One sentence of law, the days on which it may be cited (both included), and where it comes from."""

    key: str
    sentence_fr: str
    source_fr: str
    cited_from: date
    cited_to: date | None
    # None: the rule is not about a dwelling. An empty mapping: it is about every rented one.
    dwelling: Mapping[str, Any] | None

    def citable_on(self, day: date) -> bool:
        return self.cited_from <= day and (self.cited_to is None or day <= self.cited_to)

    def concerns(self, dwelling: RentedDwelling) -> bool:
        if self.dwelling is None:
            return False
        wanted = dict(self.dwelling)
        if wanted.get("overseas") not in (None, dwelling.overseas):
            return False
        if wanted.get("dpe_class") not in (None, dwelling.dpe_class):
            return False
        threshold = wanted.get("above_final_kwh_per_m2")
        energy = dwelling.final_kwh_per_m2
        return threshold is None or (energy is not None and energy > threshold)

    @property
    def citation_fr(self) -> str:
        return f"{self.sentence_fr} ({self.source_fr})"


def citations(keys: Sequence[str], *, on: date) -> list[str]:
    """Return the sentences of `keys` that hold on a day, in order; the others are left out.

    Raises KeyError for a key that no file defines.
    """
    rules = all_rules()
    return [rules[key].citation_fr for key in keys if rules[key].citable_on(on)]


def decency_citations(dwelling: RentedDwelling, *, on: date) -> list[str]:
    """Return the decency rules that concern a rented dwelling on a day.

    An unknown class or energy brings only the general duty: nothing is said of a dwelling we do not know.
    """
    return [
        rule.citation_fr
        for rule in all_rules().values()
        if rule.citable_on(on) and rule.concerns(dwelling)
    ]


@cache
def all_rules() -> Mapping[str, LegalRule]:
    return MappingProxyType(read_rules(RULES_FILE.read_text(encoding="utf-8")))


def read_rules(text: str) -> dict[str, LegalRule]:
    """Read a rule file. Raises UncitableRule for a rule that is not of high confidence or is defined twice."""
    found: dict[str, LegalRule] = {}
    for raw in yaml.safe_load(text)["rules"]:
        key = raw["key"]
        if key in found:
            raise UncitableRule(f"{key} is defined twice")
        if raw["confidence"] != HIGH_CONFIDENCE:
            raise UncitableRule(f"{key}: a letter cites only what was read with high confidence")
        if not raw["sentence_fr"] or not raw["source_fr"]:
            raise UncitableRule(f"{key}: a rule has a sentence and a source")
        last = raw["cited_to"]
        found[key] = LegalRule(
            key=key,
            sentence_fr=raw["sentence_fr"],
            source_fr=raw["source_fr"],
            cited_from=date.fromisoformat(raw["cited_from"]),
            cited_to=date.fromisoformat(last) if last else None,
            dwelling=raw.get("dwelling"),
        )
    return found
