"""Reminding services that have not answered, and stopping in time."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from atre.domain.audit import actions as audit
from atre.domain.households.enums import CaseState, ConsentKind
from atre.domain.households.models import Consent
from atre.domain.households.rhythm import day_start
from atre.domain.support import announcing
from atre.domain.support.models import Orientation
from atre.domain.support.orientation_states import UNANSWERED

# Users of other tools ask to wait three days before the first (conseillers-entreprises 2411).
# One a week then, three in all, are the house's working values: after that a person calls.
GRACE_DAYS = 3
EVERY_DAYS = 7
MOST_REMINDERS = 3


def orientations_to_remind(*, agency_id: int, on: date) -> QuerySet[Orientation]:
    """Orientations whose service is to be reminded on a day.

    Left out: answered or declined ones, closed cases, services no longer proposed, and households
    that took their agreement back.
    """
    agreed = Consent.objects.filter(
        agency_id=agency_id,
        case=OuterRef("case"),
        kind=ConsentKind.SHARE_WITH_PARTNERS,
        withdrawn_at__isnull=True,
        partners=OuterRef("service"),
    )
    week_ago = day_start(on - timedelta(days=EVERY_DAYS - 1))
    return (
        Orientation.objects.filter(
            agency_id=agency_id,
            state__in=UNANSWERED,
            answer_due_on__lte=on - timedelta(days=GRACE_DAYS),
            reminders_sent__lt=MOST_REMINDERS,
            service__is_active=True,
        )
        .filter(Exists(agreed))
        .exclude(case__state=CaseState.CLOSED)
        .filter(Q(last_reminder_at__isnull=True) | Q(last_reminder_at__lt=week_ago))
        .order_by("pk")
    )


@transaction.atomic
def remind_service(*, orientation: Orientation, on: date) -> bool:
    """Write one reminder, as the job of the day; False when it is no longer to be sent."""
    row = (
        orientations_to_remind(agency_id=orientation.agency_id, on=on)
        .filter(pk=orientation.pk)
        .first()
    )
    if row is None:
        return False
    locked = (
        Orientation.objects.select_for_update(of=("self",))
        .select_related("agency", "case", "service")
        .get(pk=row.pk, agency_id=row.agency_id)
    )
    if locked.reminders_sent != row.reminders_sent:
        return False
    locked.reminders_sent += 1
    locked.last_reminder_at = timezone.now()
    locked.save(update_fields=["reminders_sent", "last_reminder_at"])
    told = announcing.announce_reminder(locked, number=locked.reminders_sent)
    audit.record(
        agency=locked.agency_id,
        action="remind_service",
        obj=locked,
        by=None,
        channel="job",
        case_id=locked.case_id,
        details={"number": locked.reminders_sent, "messages": told},
    )
    return True
