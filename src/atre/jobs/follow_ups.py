"""One year after each visit: the follow-up opens by itself."""

from datetime import date

from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.support.actions import saving
from atre.domain.support.actions.following import (
    cases_to_follow,
    cases_without_estimate,
    open_follow_up,
)


def open_due(on: date | None = None) -> int:
    """Open the follow-ups due on a day (today unless given), and write the estimates missing.

    Returns how many opened. Running it again, or after days without running, is harmless. Each
    case has its transaction: one that fails stops the job but undoes none of the others.
    """
    day = on or timezone.localdate()
    opened = 0
    for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True):
        with isolation.within(agency_id):
            due = list(cases_to_follow(agency_id=agency_id, on=day))
        for case in due:
            with isolation.within(agency_id):
                opened += open_follow_up(case=case) is not None
        record_estimates(agency_id=agency_id)
    return opened


def record_estimates(*, agency_id: int) -> int:
    """Write the estimated tier of visits finished since the last time; how many."""
    with isolation.within(agency_id):
        cases = list(cases_without_estimate(agency_id=agency_id))
        for case in cases:
            visit = saving.sealed_visit(case)
            if visit is not None:
                saving.record_estimate(case=case, visit=visit, by=None, channel="job")
    return len(cases)
