"""Reminding the partners that have not answered."""

from datetime import date

from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.support.actions.reminding import orientations_to_remind, remind_service


def remind_unanswered(on: date | None = None) -> int:
    """Write the reminders due on a day (today unless given); how many orientations got one.

    Three days after the due date, then weekly, three in all. Running it again is harmless.
    """
    day = on or timezone.localdate()
    reminded = 0
    for agency_id in Agency.objects.order_by("pk").values_list("pk", flat=True):
        with isolation.within(agency_id):
            due = list(orientations_to_remind(agency_id=agency_id, on=day))
        for orientation in due:
            with isolation.within(agency_id):
                reminded += remind_service(orientation=orientation, on=day)
    return reminded
