"""A dated fact: what it is worth, from when to when, according to whom, how surely."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from atre.calc.errors import CalcRefusal
from atre.calc.wording import date_fr


class Confidence(StrEnum):
    """How surely a value was read. Nothing LOW reaches a screen without a visible caution."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ParameterFileError(Exception):
    """A parameter file is wrong: shape, duplicate key, gap or overlap in time. For developers."""


class UnknownParameter(CalcRefusal):
    """No value is known for this key at this date. The caller answers « unknown »."""

    def __init__(self, key: str, on: date, message_fr: str) -> None:
        super().__init__(message_fr)
        self.key = key
        self.on = on


class NoSuchParameter(KeyError):
    """A key that no file defines: a programming error, or a typing slip on the command line."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from; `read_in` says so when the original text itself was not read."""

    title: str
    address: str
    article: str | None = None
    read_in: str | None = None

    @property
    def line_fr(self) -> str:
        parts = [self.title, *([self.article] if self.article else []), self.address]
        line = ", ".join(parts)
        return f"{line} (lu dans{chr(0xA0)}: {self.read_in})" if self.read_in else line


@dataclass(frozen=True, slots=True)
class PersonsTable:
    """Amounts for 1, 2, 3… persons, then one more amount for each person beyond the last."""

    persons: tuple[int, ...]
    per_extra_person: int


# A yes or no rule is a bool; a rule that lists what it covers (DPE classes, works) is a tuple.
Value = float | bool | tuple[str, ...] | PersonsTable | Mapping[str, float]


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of one parameter. `valid_to` is included; None is no known bound there."""

    key: str
    label_fr: str
    unit: str
    value: Value
    valid_from: date | None
    valid_to: date | None
    source: Source
    confidence: Confidence
    note_fr: str | None = None

    def holds_on(self, on: date) -> bool:
        started = self.valid_from is None or self.valid_from <= on
        return started and (self.valid_to is None or on <= self.valid_to)

    @property
    def number(self) -> float:
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return float(self.value)
        raise TypeError(f"{self.key} is not a single number")

    @property
    def holds(self) -> bool:
        if isinstance(self.value, bool):
            return self.value
        raise TypeError(f"{self.key} is not a yes or no rule")

    @property
    def names(self) -> tuple[str, ...]:
        if isinstance(self.value, tuple):
            return self.value
        raise TypeError(f"{self.key} is not a list of names")

    @property
    def table(self) -> PersonsTable:
        if isinstance(self.value, PersonsTable):
            return self.value
        raise TypeError(f"{self.key} is not a table by number of persons")

    @property
    def named_numbers(self) -> Mapping[str, float]:
        if isinstance(self.value, Mapping):
            return self.value
        raise TypeError(f"{self.key} is not a set of named numbers")


@dataclass(frozen=True, slots=True)
class Parameter:
    """All the values of one key, oldest first, contiguous in time."""

    key: str
    label_fr: str
    unit: str
    values: tuple[DatedValue, ...]

    def on(self, on: date) -> DatedValue:
        """The value in force on a day.

        Raises `UnknownParameter` before the first or after the last known day: a ceiling is
        published each year and is never carried over to the next one.
        """
        for value in self.values:
            if value.holds_on(on):
                return value
        raise UnknownParameter(self.key, on, self._unknown_sentence(on))

    def _unknown_sentence(self, on: date) -> str:
        first, last = self.values[0].valid_from, self.values[-1].valid_to
        label = self.label_fr
        if last is not None and on > last:
            return f"{label} : aucune valeur connue après le {date_fr(last)}."
        known_since = date_fr(first) if first is not None else "?"
        return f"{label} : aucune valeur connue avant le {known_since}."
