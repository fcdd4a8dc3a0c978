"""How long a case may stay in a state before someone should look at it.

No text sets these delays. They are the house's working values, to be settled with each agency:
a referral that goes nowhere is felt as a month lost (issue carnet-de-bord 1092), so what waits
for the agency alone gets half of that, what waits for someone else a month, and what is under
way longer. The wait for the one-year follow-up is planned: it is never stalled.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from atre.domain.households.enums import CaseState

STALLED_AFTER_DAYS: dict[CaseState, int] = {
    CaseState.RECEIVED: 15,
    CaseState.TO_COMPLETE: 30,
    CaseState.ELIGIBLE: 15,
    CaseState.NOT_ELIGIBLE: 15,
    CaseState.ASSIGNED: 30,
    CaseState.SCHEDULED: 60,
    CaseState.VISITED: 15,
    CaseState.REPORTED: 60,
    CaseState.SUPPORTED: 120,
    CaseState.FOLLOW_UP: 60,
}


def day_start(day: date) -> datetime:
    """Midnight of a day in the site's time zone."""
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def stalled(*, on: date, states: frozenset[CaseState] | None = None) -> Q:
    """Cases that stayed in their state longer than its delay, on that day."""
    condition = Q(pk__in=[])
    for state, days in STALLED_AFTER_DAYS.items():
        if states is None or state in states:
            condition |= Q(state=state, state_since__lt=day_start(on - timedelta(days=days)))
    return condition


def is_stalled(*, state: str, since: datetime, on: date) -> bool:
    """The same question about one case."""
    days = STALLED_AFTER_DAYS.get(CaseState(state))
    return days is not None and since < day_start(on - timedelta(days=days))
