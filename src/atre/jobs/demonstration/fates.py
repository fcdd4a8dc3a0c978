"""What will happen to each invented household: drawn once, before its story is played.

Half of a story is its age: a request of last week cannot have been visited. The other half is
drawn here, with shares close to what the field tells: a third of visited households get the
reinforced support, one in ten misses the appointment, one in eight cannot be reached a year later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from atre.domain.households.enums import Channel

PARIS = ZoneInfo("Europe/Paris")
Drawn = TypeVar("Drawn")
# Days ago and income of the newest requests: whoever opens the demonstration finds each kind of
# decision to take, visits to plan, visits of the day and reports to hand over.
LATELY = (
    *((1, "under"), (2, "unknown"), (3, "over"), (4, "under"), (5, "unknown"), (6, "under")),
    *((8, "under"), (11, "over"), (13, "under"), (16, "under"), (19, "unknown"), (22, "under")),
    *((25, "under"), (28, "under"), (31, "under"), (34, "under"), (38, "under"), (43, "under")),
    *((49, "under"), (56, "under")),
)


@dataclass(frozen=True)
class Fate:
    """One household's story to come. `rng` is its own, so that no story depends on another."""

    rng: Random
    programme: str
    deposited: datetime
    channel: Channel
    referrer: str
    adviser: str
    income: str
    ends_early: str | None
    no_show: bool
    cancelled: bool
    supported: bool
    follow_up: str
    number: int

    def chance(self, share: float) -> bool:
        return self.rng.random() < share


def draw_fates(
    programme: str, count: int, *, first: date, today: date, support_share: float, seed: int
) -> list[Fate]:
    """`count` stories of one programme, from the oldest to the newest."""
    rng = Random(f"{seed}:{programme}")  # nosec B311: invented stories, no secret
    lately = [today - timedelta(days=ago) for ago, _ in LATELY[: count // 3]]
    days = sorted([_deposit_day(rng, first, today) for _ in range(count - len(lately))] + lately)
    incomes = {today - timedelta(days=ago): income for ago, income in LATELY}
    fates = []
    for number, day in enumerate(days):
        own = Random(f"{seed}:{programme}:{number}")  # nosec B311
        fate = _draw(own, programme, day, number, support_share)
        if day in incomes:
            fate = replace(fate, income=incomes[day], ends_early=None)
        fates.append(fate)
    return fates


def _deposit_day(rng: Random, first: date, today: date) -> date:
    """More households call in winter, and half of the last third of the period is under way."""
    span = (today - first).days
    for _ in range(8):
        day = first + timedelta(days=int(span * rng.random() ** 0.8))
        if day.weekday() < 5 and (day.month in {10, 11, 12, 1, 2, 3} or rng.random() < 0.5):
            return day
    return first + timedelta(days=span // 2)


def _draw(rng: Random, programme: str, day: date, number: int, support_share: float) -> Fate:
    draw = rng.random()
    if draw < 0.46:
        channel = Channel.REFERRER
    elif draw < 0.84:
        channel = Channel.PUBLIC
    else:
        channel = Channel.STAFF
    return Fate(
        rng=rng,
        programme=programme,
        deposited=at(day, rng.randint(8, 18), rng.randint(0, 59)),
        channel=channel,
        referrer=pick(rng, {"ccas": 5, "social": 4, "hygiene": 1}),
        adviser=pick(rng, {"conseil": 3, "conseil2": 2}),
        income=pick(rng, {"under": 82, "over": 8, "unknown": 10}),
        ends_early=pick(rng, {None: 86, "withdrawn": 6, "unreachable": 5, "moved": 2, "other": 1}),
        no_show=rng.random() < 0.1,
        cancelled=rng.random() < 0.05,
        supported=rng.random() < support_share,
        follow_up=pick(rng, {"done": 74, "unreachable": 14, "declined": 7, "late": 5}),
        number=number,
    )


def pick(rng: Random, weights: Mapping[Drawn, int]) -> Drawn:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def one_of(rng: Random, choices: Sequence[Drawn]) -> Drawn:
    return choices[rng.randrange(len(choices))]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=PARIS)


def working_day(day: date) -> date:
    """The day itself, or the Monday that follows."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def euros(rng: Random, low: int, high: int, step: int = 10) -> Decimal:
    return Decimal(rng.randrange(low, high + 1, step))
