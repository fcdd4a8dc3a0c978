"""What is not one household's story: reminders, filters people keep, and this morning's work."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.households.actions import attaching, filtering, merging, noting, opening, tasking
from atre.domain.households.enums import (
    AttachmentKind,
    CaseState,
    Channel,
    ConsentKind,
    Difficulty,
)
from atre.domain.households.listing import Criteria
from atre.domain.households.models import Case
from atre.domain.messages.models import Message
from atre.domain.support.actions import reminding
from atre.domain.visits.actions import slots
from atre.jobs.demonstration import words
from atre.jobs.demonstration.fates import at, working_day
from atre.jobs.demonstration.founding import Cast
from atre.jobs.demonstration.papers import one_line_pdf

Story = Iterator[datetime]
WORKED_ON = (CaseState.SUPPORTED, CaseState.REPORTED, CaseState.FOLLOW_UP, CaseState.ASSIGNED)


def reminders(cast: Cast, *, first: date) -> Story:
    """The job that reminds silent services, played every other Monday to spare time."""
    day = first + timedelta(days=7 - first.weekday())
    while True:
        yield at(day, 7)
        for orientation in reminding.orientations_to_remind(agency_id=cast.agency.pk, on=day):
            reminding.remind_service(orientation=orientation, on=day)
        day += timedelta(days=14)


def this_week(cast: Cast, *, now: datetime, today: date) -> Story:
    """Yesterday evening people prepared today: tasks, notes, free hours, filters."""
    yield max(now - timedelta(hours=15), at(today - timedelta(days=1), 17))
    for key in ("conseil", "conseil2"):
        _tasks(cast.people[key], today=today)
    _tasks(cast.people["direction"], today=today, most=2)
    for key in ("visite", "visite2"):
        _free_hours(cast.people["coordination"], cast.people[key], today=today)
    _filters(cast)
    _merge_one(cast)


def _tasks(by: Membership, *, today: date, most: int = 4) -> None:
    rows = Case.objects.filter(agency_id=by.agency_id, state__in=WORKED_ON)
    mine = rows.filter(adviser=by) if rows.filter(adviser=by).exists() else rows
    yesterday = timezone.localdate()
    for rank, case in enumerate(mine.order_by("-state_since")[:most]):
        tasking.add_task(
            by=by,
            case=case,
            title=words.TASKS[(by.pk + rank) % len(words.TASKS)],
            due_on=max(yesterday, today + timedelta(days=rank - 1)),
            on=yesterday,
        )
        noting.add_note(
            by=by,
            case=case,
            text=words.NOTES[(by.pk + rank) % len(words.NOTES)],
            on=yesterday,
            contact_on=yesterday if rank % 2 else None,
        )
        attaching.add_attachment(
            by=by,
            case=case,
            kind=AttachmentKind.BILL,
            name="facture-electricite.pdf",
            content=one_line_pdf(f"Facture inventee pour la demonstration - {case.reference}"),
        )


def _free_hours(by: Membership, visitor: Membership, *, today: date) -> None:
    days = sorted({working_day(today + timedelta(days=n)) for n in range(1, 9)})
    slots.offer_slots(
        by=by, visitor=visitor, ranges=[(at(day, 9, 0), at(day, 17, 30)) for day in days]
    )


def _filters(cast: Cast) -> None:
    adviser = cast.people["conseil"]
    filtering.save_filter(by=adviser, name="Sans nouvelles", criteria=Criteria(stalled=True))
    filtering.save_filter(
        by=adviser,
        name="Mes accompagnements",
        criteria=Criteria(state=str(CaseState.SUPPORTED), adviser=adviser.pk),
    )


def _merge_one(cast: Cast) -> None:
    """One household that called twice: its second request, recognised and merged."""
    first = (
        Case.objects.filter(agency=cast.agency, state=CaseState.AWAITING_FOLLOW_UP)
        .select_related("household", "dwelling__commune", "programme__agency")
        .order_by("pk")
        .first()
    )
    if first is None:
        return
    receipt = opening.open_case(
        programme=first.programme,
        request=_second_request(first),
        submission=_second_submission(first),
        channel=Channel.STAFF,
        by=cast.people["conseil2"],
        on=timezone.localdate(),
    )
    merging.merge_households(
        by=cast.people["conseil2"],
        kept=first.household,
        absorbed=receipt.case.household,
        reason="Même date de naissance et même téléphone : le ménage a rappelé.",
    )


def _second_request(first: Case) -> opening.Request:
    household, dwelling = first.household, first.dwelling
    return opening.Request(
        first_name=household.last_name,
        last_name=household.first_name,
        birth_date=household.birth_date,
        phone=household.phone,
        email="",
        contact_preference="",
        adults=household.adults,
        children=household.children,
        tenure=household.tenure,
        address_line=dwelling.address_line,
        address_extra="",
        postal_code=dwelling.postal_code,
        commune=dwelling.commune,
        dwelling_kind=dwelling.kind,
        floor_area_m2=dwelling.floor_area_m2,
        landlord_name="",
        difficulties=frozenset({Difficulty.HIGH_BILLS}),
        told="Le ménage rappelle : sa facture a encore augmenté.",
        rfr_eur=None,
        rfr_income_year=None,
        consents=frozenset({ConsentKind.PROCESSING}),
    )


def _second_submission(first: Case) -> UUID:
    return UUID(int=first.submission.int ^ 1)


def consider_sent(cast: Cast, *, now: datetime) -> int:
    """Close the messages of the past: their hour is over and a demonstration writes to nobody."""
    return Message.objects.filter(
        agency=cast.agency, sent_at=None, cancelled_at=None, send_after__lte=now
    ).update(sent_at=F("send_after"))
