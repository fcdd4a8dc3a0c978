"""The shapes of steering figures. Each says what it counts; a secret count is not a zero."""

from dataclasses import dataclass, field
from decimal import Decimal

from atre.domain.steering.question import Question


@dataclass(frozen=True)
class Cell:
    """A count. `count` is None only when it is secret."""

    key: str
    label: str
    count: int | None

    @property
    def secret(self) -> bool:
        return self.count is None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Counts of one thing, over a total. `exclusive`: each unit of the total is in one cell."""

    key: str
    title: str
    counted: str
    unit: str
    total: Cell
    cells: tuple[Cell, ...]
    exclusive: bool = True

    def cell(self, key: str) -> Cell:
        return next(cell for cell in self.cells if cell.key == key)

    def share(self, key: str) -> float | None:
        """Part of the total in a cell, 0 to 1; None when secret, or when the total is zero."""
        part, whole = self.cell(key).count, self.total.count
        return part / whole if part is not None and whole else None


@dataclass(frozen=True, kw_only=True)
class Delay:
    """Days between two steps over `cases`. None: nothing to measure, or too few to be told."""

    key: str
    title: str
    counted: str
    cases: Cell
    median_days: float | None
    p90_days: float | None


@dataclass(frozen=True)
class WaitingCase:
    """An open case that no visit reached yet."""

    reference: str
    state: str
    commune: str
    days: int


@dataclass(frozen=True)
class Waiting:
    """Cases open today without a visit for longer than `after_days`, the oldest named."""

    after_days: int
    cases: Cell
    oldest: tuple[WaitingCase, ...]


@dataclass(frozen=True)
class Kit:
    """An object given at visits: how many, to how many households, and visits that do not say."""

    label: str
    objects: int
    households: Cell
    # None for a reader who may not know how many lines are incomplete.
    without_quantity: int | None


@dataclass(frozen=True)
class Aid:
    """One kind of aid. Amounts are over the files whose amount is known; None when there is none.

    A reader outside the agency sees households, and the euros granted when they may be told:
    the other counts are None.
    """

    label: str
    households: Cell
    files: int | None
    asked_eur: Decimal | None
    asked_unknown: int | None
    granted: int | None
    granted_eur: Decimal | None
    refused: int | None
    pending: int | None
    # What the secrecy rules need to know of the amount; never shown.
    granted_households: int | None = None
    largest_eur: Decimal | None = None


@dataclass(frozen=True)
class TimeSpent:
    """Minutes noted for one kind of support action."""

    label: str
    households: Cell
    actions: int | None
    minutes: int


@dataclass(frozen=True)
class Measure:
    """A quantity of one tier over the cases where it is known: never across tiers."""

    unit: str
    known: Cell
    total: float | None
    median: float | None


@dataclass(frozen=True)
class TierResult:
    """The savings recorded in one tier."""

    tier: str
    label: str
    cases: Cell
    kwh_per_year: Measure
    euros_per_year: Measure


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything the steering page says, about one question."""

    question: Question
    channels: Group
    difficulties: Group
    eligibility: Group
    to_visit: Delay
    to_report: Delay
    # None for a reader outside the agency, to whom they would be counts of one day to the next.
    waiting: Waiting | None
    visits: Cell | None
    appointments: Group | None
    kits: tuple[Kit, ...]
    orientations: Group
    support: Group
    support_target: Decimal | None
    support_target_reason: str
    time: tuple[TimeSpent, ...]
    aids: tuple[Aid, ...]
    follow_ups: Group
    exits: Group
    savings: tuple[TierResult, ...]
    left_out_doubles: int | None
    hidden: bool = field(default=False)

    @property
    def is_empty(self) -> bool:
        """Nothing happened in the period, as far as this reader may know."""
        totals = [self.channels.total, self.support.total, self.follow_ups.total]
        if self.waiting is not None:
            totals.append(self.waiting.cases)
        return all(total.count == 0 for total in totals)
