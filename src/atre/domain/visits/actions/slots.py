"""Visitors' availability: said in advance, so that planning starts from it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies import permissions
from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.visits.models import Slot
from atre.domain.visits.visitors import lock_agendas, reachable_visitors
from atre.domain.visits.wording import moment_fr

LONGEST_SLOT = timedelta(hours=12)


@transaction.atomic
def offer_slots(
    *, by: Membership, visitor: Membership, ranges: Sequence[tuple[datetime, datetime]]
) -> list[Slot]:
    """Say when a visitor can go out. All ranges are written, or none.

    `ranges` are aware (start, end) moments to come, of twelve hours at most, none of which
    overlaps another. Errors: `NotAllowed`, `InvalidInput`.
    """
    _check_agenda_is_theirs(by=by, visitor=visitor)
    lock_agendas(agency_id=by.agency_id, user_ids=[visitor.user_id])
    known = Slot.objects.filter(agency_id=by.agency_id, visitor=visitor, ends_at__gt=timezone.now())
    taken = list(known.values_list("starts_at", "ends_at"))
    for starts_at, ends_at in ranges:
        _check_range(starts_at, ends_at)
        if any(starts_at < end and start < ends_at for start, end in taken):
            raise InvalidInput(
                f"Une disponibilité couvre déjà ce moment ({moment_fr(starts_at)}).",
                field="starts_at",
            )
        taken.append((starts_at, ends_at))
    slots = Slot.objects.bulk_create(
        Slot(agency_id=by.agency_id, visitor=visitor, starts_at=start, ends_at=end)
        for start, end in ranges
    )
    audit.record(
        agency=by.agency_id,
        action="offer_slots",
        obj=visitor,
        by=by,
        details={"slots": len(slots)},
    )
    return slots


@transaction.atomic
def withdraw_slot(*, by: Membership, slot: Slot) -> None:
    """Take a slot back. Visits already planned in it stay planned."""
    _check_agenda_is_theirs(by=by, visitor=slot.visitor)
    if slot.agency_id != by.agency_id:
        raise NotAllowed("Cette disponibilité n’est pas dans votre champ.")
    audit.record(
        agency=by.agency_id,
        action="withdraw_slot",
        obj=slot,
        by=by,
        details={"visitor": slot.visitor_id},
    )
    slot.delete()


def _check_agenda_is_theirs(*, by: Membership, visitor: Membership) -> None:
    reach = permissions.require(by, "visit.schedule")
    if not reachable_visitors(by=by, reach=reach).filter(pk=visitor.pk).exists():
        raise NotAllowed("L’agenda de cette personne n’est pas dans votre champ.")


def _check_range(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise InvalidInput("La fin doit venir après le début.", field="ends_at")
    if ends_at - starts_at > LONGEST_SLOT:
        raise InvalidInput("Une disponibilité dure douze heures au plus.", field="ends_at")
    if starts_at <= timezone.now():
        raise InvalidInput("Ce moment est déjà passé.", field="starts_at")
