"""A programme's definition of having left energy poverty: a small dictionary, checked once.

No definition comes with the product: no published French text fixes one. A programme writes its
own, and its pages say whose it is. Example:

    {"name": "Sortie selon le comité du programme",
     "needs": {"at_least": 2},
     "criteria": [
        {"kind": "no_longer_cold", "without_difficulty_before": "left_out"},
        {"kind": "effort_ratio_under", "threshold": "onpe", "without_difficulty_before": "not_met"},
        {"kind": "bills_fell_by", "percent": 10, "measure": "euros"}]}

`without_difficulty_before` says what a household that never had the difficulty counts as: met,
not met, or left out of the count. It has no default, because it changes published results.
`threshold` is a percentage of income, or "onpe" for the dated threshold of the Observatoire.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atre.calc.errors import CalcRefusal

if TYPE_CHECKING:
    import jsonschema

SCHEMA_FILE = Path(__file__).parent / "exit_test.schema.json"


class InvalidDefinition(CalcRefusal):
    """A definition that cannot be applied: unknown criterion, missing choice, impossible count."""


class CriterionKind(StrEnum):
    NO_LONGER_COLD = "no_longer_cold"
    NO_LONGER_LATE_ON_PAYMENTS = "no_longer_late_on_payments"
    EFFORT_RATIO_UNDER = "effort_ratio_under"
    BILLS_FELL_BY = "bills_fell_by"
    SELF_DECLARED = "self_declared"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion; a setting that its kind does not use is None."""

    kind: CriterionKind
    without_difficulty_before: str | None = None
    threshold: str | float | None = None
    percent: float | None = None
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class ExitDefinition:
    """A checked definition. `at_least` is None for « all », which counts those not left out."""

    name: str
    criteria: tuple[Criterion, ...]
    at_least: int | None
    raw: Mapping[str, Any]

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "ExitDefinition":
        """Check a definition and read it. Raises `InvalidDefinition` saying where it is wrong."""
        problem = next(iter(_validator().iter_errors(dict(raw))), None)
        if problem is not None:
            place = " > ".join(str(step) for step in problem.absolute_path) or "racine"
            raise InvalidDefinition(
                f"Définition de sortie de précarité incorrecte ({place}) : {problem.message}"
            )
        criteria = tuple(
            Criterion(**{**entry, "kind": CriterionKind(entry["kind"])})
            for entry in raw["criteria"]
        )
        return cls(raw["name"], criteria, _count_needed(raw["needs"], len(criteria)), dict(raw))


def _count_needed(needs: str | Mapping[str, int], criteria: int) -> int | None:
    if needs == "all":
        return None
    if isinstance(needs, str):
        return 1
    if needs["at_least"] > criteria:
        raise InvalidDefinition(
            f"La définition demande {needs['at_least']} critères mais n’en a que {criteria}."
        )
    return needs["at_least"]


@cache
def _validator() -> "jsonschema.Draft202012Validator":
    import jsonschema

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)
