"""Primary suppression: which cells may not be published by themselves, and why.

A cell is published only when every rule that applies to it is known to be met. A count of
contributors that nobody knows is a refusal, never a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.errors import RefusedInput
from atre.calc.parameters import parameter

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

HOUSEHOLDS_KEY = "secrecy.households.min_contributors"
ESTABLISHMENTS_KEY = "secrecy.establishments.min_contributors"
DOMINANCE_KEY = "secrecy.establishments.dominance"
PROTECTION_KEY = "secrecy.protection"


class Population(StrEnum):
    """Who stands behind a cell: the two families of rules."""

    HOUSEHOLDS = "households"
    ESTABLISHMENTS = "establishments"


class PrimaryReason(IntEnum):
    """Why a cell may not be published by itself; 0 is publishable."""

    PUBLISHABLE = 0
    BELOW_THRESHOLD = 1
    DOMINANCE = 2
    TELLING_ZERO = 3
    TELLING_WHOLE = 4
    UNKNOWN_CONTRIBUTORS = 5
    UNKNOWN_DOMINANCE = 6
    UNKNOWN_VALUE = 7


REASONS_FR = {
    PrimaryReason.PUBLISHABLE: "publiable",
    PrimaryReason.BELOW_THRESHOLD: "trop peu de contributeurs",
    PrimaryReason.DOMINANCE: "un contributeur fait presque tout",
    PrimaryReason.TELLING_ZERO: "zéro qui dit quelque chose de chacun",
    PrimaryReason.TELLING_WHOLE: "100 % qui dit quelque chose de chacun",
    PrimaryReason.UNKNOWN_CONTRIBUTORS: "nombre de contributeurs inconnu",
    PrimaryReason.UNKNOWN_DOMINANCE: "part du plus gros contributeur inconnue",
    PrimaryReason.UNKNOWN_VALUE: "valeur inconnue",
}


@dataclass(frozen=True, slots=True)
class CellFacts:
    """What is known of `n` cells; shape (n,) each, NaN = unknown, None = not collected.

    `values` in the table's unit; `contributors` a count; `largest` the largest single
    contribution, same unit as `values`; `whole` the value of the population the cell is a
    part of, given when « none » or « all » of it would say something of each member;
    `structural_zero` marks zeros anyone can see from the street (no gas network here).
    """

    values: ArrayLike
    contributors: ArrayLike
    largest: ArrayLike | None = None
    whole: ArrayLike | None = None
    structural_zero: ArrayLike | None = None


def primary_reasons(cells: CellFacts, population: Population, on: date) -> NDArray[np.int8]:
    """Say of each cell whether it may be published by itself: `PrimaryReason` codes, int8 (n,).

    `on` is the day of publication. Households: threshold. Establishments: threshold and
    dominance. The first reason in the order of `PrimaryReason` is kept, known before unknown.
    Raises `RefusedInput` for shapes that differ, negative values or counts, a largest
    contribution above its cell. Source: parameters `secrecy.*`.

    >>> facts = CellFacts([120.0, 40.0, 0.0], contributors=[11, 10, float("nan")])
    >>> primary_reasons(facts, Population.HOUSEHOLDS, date(2026, 1, 1)).tolist()
    [0, 1, 5]
    """
    values = nonnegative(cells.values, "values")
    contributors = _like(cells.contributors, values, "contributors")
    whole = _like(cells.whole, values, "whole")
    largest = _like(cells.largest, values, "largest")
    if bool((largest > values * (1 + 1e-9)).any()):
        raise RefusedInput(
            "Le plus gros contributeur ne peut pas dépasser la valeur de sa case.", field="largest"
        )
    structural = _structural_zeros(cells.structural_zero, values)
    households = population is Population.HOUSEHOLDS
    minimum = parameter(HOUSEHOLDS_KEY if households else ESTABLISHMENTS_KEY, on=on).number
    dominance = parameter(DOMINANCE_KEY, on=on).number / 100
    share = np.divide(largest, values, out=np.full_like(values, np.nan), where=values > 0)
    lacks_share = not households and np.isnan(share) & ~(values == 0)
    tests = [
        (contributors < minimum, PrimaryReason.BELOW_THRESHOLD),
        # A share computed in floats may pass 0.85 by one unit in the last place.
        (not households and share > dominance + 1e-12, PrimaryReason.DOMINANCE),
        ((values == 0) & (whole > 0), PrimaryReason.TELLING_ZERO),
        ((values > 0) & (values == whole), PrimaryReason.TELLING_WHOLE),
        (np.isnan(contributors), PrimaryReason.UNKNOWN_CONTRIBUTORS),
        (lacks_share, PrimaryReason.UNKNOWN_DOMINANCE),
        (np.isnan(values), PrimaryReason.UNKNOWN_VALUE),
    ]
    reasons = _first_reason(tests, values.shape)
    reasons[structural] = PrimaryReason.PUBLISHABLE
    return reasons


def _first_reason(tests: Sequence[tuple[Any, PrimaryReason]], shape: Any) -> NDArray[np.int8]:
    conditions = [np.broadcast_to(np.asarray(met, dtype=bool), shape) for met, _ in tests]
    chosen = np.select(conditions, [int(reason) for _, reason in tests], default=0)
    return np.asarray(chosen, dtype=np.int8)


def _structural_zeros(flags: ArrayLike | None, values: Floats) -> Flags:
    """Cells that anyone knows to be empty; refused where the value is not zero."""
    if flags is None:
        return np.zeros(values.shape, dtype=bool)
    structural = np.broadcast_to(np.asarray(flags, dtype=bool), values.shape)
    if bool((structural & ~(values == 0)).any()):
        raise RefusedInput(
            "Un zéro structurel doit valoir zéro : une case marquée ainsi n’est pas vide.",
            field="structural_zero",
        )
    return structural


def nonnegative(values: ArrayLike, field: str) -> Floats:
    """Read an array of numbers ≥ 0, shape (n,), NaN = unknown; refuses negatives and infinities.

    `field` names the input in the refusal, `RefusedInput`.

    >>> nonnegative([0, 2.5, float("nan")], "values").tolist()
    [0.0, 2.5, nan]
    >>> nonnegative([-1], "values")
    Traceback (most recent call last):
        ...
    atre.calc.errors.RefusedInput: Des nombres positifs ou nuls sont attendus.
    """
    read = np.asarray(values, dtype=np.float64)
    if read.ndim != 1:
        raise RefusedInput("Une liste de nombres est attendue, un par case.", field=field)
    if bool((read < 0).any() or np.isinf(read).any()):
        raise RefusedInput("Des nombres positifs ou nuls sont attendus.", field=field)
    return read


def _like(values: ArrayLike | None, model: Floats, field: str) -> Floats:
    if values is None:
        return np.full(model.shape, np.nan)
    read = nonnegative(values, field)
    if read.shape != model.shape:
        raise RefusedInput("Il faut autant de nombres que de cases.", field=field)
    return read


@dataclass(frozen=True, slots=True)
class ProtectionLevels:
    """How far an attacker must be kept from each value, below and above; shape (n,), table unit."""

    below: Floats
    above: Floats


def protection_levels(
    cells: CellFacts, reasons: ArrayLike, on: date, *, minimum_width: float
) -> ProtectionLevels:
    """Least distance between each secret value and the attacker's bounds; 0 where publishable.

    The share is `secrecy.protection`; a dominant contributor needs its cell to look as if it
    were within the dominance rule (largest ÷ 85 %). `minimum_width`, in the table's unit, is
    what a share of zero would not give: the caller names the amount below which two values are
    the same thing, and stands alone where the value is unknown. Below, never more than the value.
    Source: τ-Argus manual, section on safety rules, for the form of both distances.

    >>> facts = CellFacts([200.0, 0.0], contributors=[4, 2])
    >>> levels = protection_levels(facts, [1, 1], date(2026, 1, 1), minimum_width=5)
    >>> levels.below.tolist(), levels.above.tolist()
    ([20.0, 0.0], [20.0, 5.0])
    """
    if not minimum_width > 0:
        raise RefusedInput(
            "La largeur minimale de protection doit être positive : un zéro secret en dépend.",
            field="minimum_width",
        )
    values = nonnegative(cells.values, "values")
    codes = np.asarray(reasons)
    share = parameter(PROTECTION_KEY, on=on).number / 100
    above = np.fmax(values * share, minimum_width)
    largest = _like(cells.largest, values, "largest")
    looks_shared = largest / (parameter(DOMINANCE_KEY, on=on).number / 100) - values
    dominated = codes == PrimaryReason.DOMINANCE
    above = np.where(dominated, np.fmax(above, looks_shared), above)
    above = np.where(codes == PrimaryReason.PUBLISHABLE, 0.0, above)
    return ProtectionLevels(below=np.fmin(above, values), above=above)
