"""Loading the demonstration: agency by agency, each one whole or not at all."""

import gc
import heapq
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.jobs.demonstration import everyday, story
from atre.jobs.demonstration.agencies import AGENCIES, AgencyPlan
from atre.jobs.demonstration.clock import Clock, playing
from atre.jobs.demonstration.diary import Diary
from atre.jobs.demonstration.fates import PARIS, at, draw_fates
from atre.jobs.demonstration.founding import Cast, found_agency, gather

SEED = 2026
# The oldest income ceilings the product knows: an older request could not be judged.
EARLIEST = date(2024, 1, 2)
THREE_YEARS = timedelta(days=3 * 365)
# Printing a report takes a tenth of a second: the older ones were « remis sur papier ».
PRINTED_SINCE = timedelta(days=270)


def is_loaded() -> bool:
    """Whether every agency of the demonstration is there. An interrupted one is not."""
    slugs = [plan.slug for plan in AGENCIES]
    return Agency.objects.filter(slug__in=slugs).count() == len(slugs)


def say(sentence: str) -> None:
    """A line under the step that the person at the keyboard sees."""
    print(f"\r  {sentence}{' ' * 20}", flush=True)


def load(*, progress: Callable[[str], None] = say, cases: float = 1.0) -> None:
    """Play three years of invented cases through the real actions, up to now.

    Each agency is one transaction: interrupted, the next loading starts with the first agency
    that is missing. `cases` below 1 makes a smaller demonstration, for tests.
    """
    # Millions of short-lived rows: looking for cycles among them costs a tenth of the time.
    gc.disable()
    try:
        _load_missing(progress, cases)
    finally:
        gc.enable()


def _load_missing(progress: Callable[[str], None], cases: float) -> None:
    known = set(Agency.objects.values_list("slug", flat=True))
    for plan in AGENCIES:
        if plan.slug not in known:
            with transaction.atomic():
                number = load_agency(plan, until=timezone.now(), cases=cases)
            gc.collect()
            progress(f"{plan.name} : {number} dossiers")


def load_agency(plan: AgencyPlan, *, until: datetime, cases: float = 1.0) -> int:
    """One agency, its people and its households; how many cases were opened."""
    today = until.astimezone(PARIS).date()
    first = max(EARLIEST, today - THREE_YEARS)
    clock = Clock(at(first, 8))
    with playing(clock):
        agency = found_agency(plan, opens_on=first)
        with isolation.within(agency):
            cast = gather(plan, agency, opens_on=first)
            households = list(_stories(cast, first=first, today=today, cases=cases))
            others = [
                everyday.reminders(cast, first=first),
                everyday.this_week(cast, now=until, today=today),
            ]
            play([*households, *others], clock, until=until)
            everyday.consider_sent(cast, now=until)
    return len(households)


def _stories(cast: Cast, *, first: date, today: date, cases: float) -> Iterator[story.Story]:
    diary = Diary()
    for scheme in cast.plan.programmes:
        fates = draw_fates(
            scheme.slug,
            max(1, round(scheme.cases * cases)),
            first=first + timedelta(days=5),
            today=today,
            support_share=0.36 if scheme.support_target else 0.25,
            seed=SEED,
        )
        for fate in fates:
            yield story.tell(
                fate,
                cast,
                diary=diary,
                today=today,
                prints_report=fate.deposited.date() > today - PRINTED_SINCE,
            )


def play(stories: list[story.Story], clock: Clock, *, until: datetime) -> None:
    """Let the stories happen together in the order of time; what comes after `until` does not."""
    ranks = count()
    waiting = [(moment, next(ranks), one) for one in stories for moment in _next(one)]
    heapq.heapify(waiting)
    while waiting and waiting[0][0] <= until:
        moment, _, one = heapq.heappop(waiting)
        clock.advance_to(moment)
        for following in _next(one):
            heapq.heappush(waiting, (following, next(ranks), one))


def _next(one: story.Story) -> Iterator[datetime]:
    moment = next(one, None)
    if moment is not None:
        yield moment
