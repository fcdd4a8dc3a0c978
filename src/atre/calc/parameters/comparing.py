"""What changes between two dates."""

from dataclasses import dataclass
from datetime import date

from atre.calc.parameters.loading import parameters_on
from atre.calc.parameters.model import DatedValue


@dataclass(frozen=True, slots=True)
class Change:
    """One key whose value differs; None on a side means that no value is known that day."""

    key: str
    before: DatedValue | None
    after: DatedValue | None


def changes_between(earlier: date, later: date) -> tuple[Change, ...]:
    """The keys whose value on `later` is not the one on `earlier`, in alphabetical order.

    A value that only lost or gained its source is not a change.

    >>> changes = changes_between(date(2025, 2, 1), date(2025, 12, 1))
    >>> [change.key for change in changes if change.key.startswith("anah.ceilings.")]
    []
    >>> changes = changes_between(date(2025, 12, 31), date(2026, 1, 1))
    >>> sum(change.key.startswith("anah.ceilings.") for change in changes)
    6
    """
    before, after = parameters_on(earlier), parameters_on(later)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if (old and old.value) != (new and new.value):
            changes.append(Change(key, old, new))
    return tuple(changes)
