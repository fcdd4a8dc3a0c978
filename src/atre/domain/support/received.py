"""What a partner sees of the households directed to it: enough to call them, nothing more."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import Scope, require
from atre.domain.households.enums import ConsentKind
from atre.domain.households.models import Consent
from atre.domain.support.models import Orientation

LIST_COLUMNS = (
    "pk",
    "case__reference",
    "agency__name",
    "state",
    "sent_at",
    "answer_due_on",
    "received_at",
)
CONTACT_COLUMNS = (
    "case__household__first_name",
    "case__household__last_name",
    "case__household__phone",
    "case__household__email",
    "case__household__contact_preference",
)
PAGE = 100


@dataclass(frozen=True)
class InboxLine:
    """One line of the inbox: no name before it is opened, so that opening proves receipt."""

    pk: int
    reference: str
    agency: str
    state: str
    sent_at: datetime
    answer_due_on: date
    received_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ReceivedOrientation:
    """One orientation as its service reads it. Income, notes, address, visit: never here.

    `agrees` is False once the household took its agreement back; its contacts are then empty.
    """

    pk: int
    reference: str
    agency: str
    agency_phone: str
    sent_by: str
    sent_by_email: str
    state: str
    sent_at: datetime
    answer_due_on: date
    received_at: datetime | None
    answered_at: datetime | None
    answer: str
    agrees: bool
    first_name: str
    last_name: str
    phone: str
    email: str
    contact_preference: str
    purpose: str


def inbox(*, by: Membership) -> list[InboxLine]:
    """Orientations sent to the organisation of the person, those to answer first, then newest."""
    rows = _received(by).order_by("answered_at", "-sent_at").values_list(*LIST_COLUMNS)[:PAGE]
    lines = [InboxLine(*columns) for columns in rows]
    return sorted(lines, key=lambda line: (line.state not in {"sent", "received"}, -line.pk))


def received(*, by: Membership, pk: int) -> ReceivedOrientation | None:
    """One orientation sent to the organisation of the person; None when foreign or absent."""
    row = (
        _received(by)
        .annotate(agrees=Exists(_standing_agreement()))
        .filter(pk=pk)
        .values(
            *LIST_COLUMNS,
            *CONTACT_COLUMNS,
            "agency__phone",
            "sent_by__user__full_name",
            "sent_by__user__email",
            "answered_at",
            "answer",
            "purpose",
            "agrees",
        )
        .first()
    )
    if row is None:
        return None
    contact = {
        column.rsplit("__", 1)[1]: row[column] if row["agrees"] else ""
        for column in CONTACT_COLUMNS
    }
    return ReceivedOrientation(
        pk=row["pk"],
        reference=row["case__reference"],
        agency=row["agency__name"],
        agency_phone=row["agency__phone"],
        sent_by=row["sent_by__user__full_name"],
        sent_by_email=row["sent_by__user__email"],
        state=row["state"],
        sent_at=row["sent_at"],
        answer_due_on=row["answer_due_on"],
        received_at=row["received_at"],
        answered_at=row["answered_at"],
        answer=row["answer"],
        agrees=row["agrees"],
        purpose=row["purpose"] if row["agrees"] else "",
        **contact,
    )


def orientation_to_answer(*, by: Membership, pk: int) -> Orientation:
    """The row itself, for an action; `Orientation.DoesNotExist` when foreign or absent."""
    return _received(by).get(pk=pk)


def unanswered(*, by: Membership) -> QuerySet[Orientation]:
    """What waits for the answer of the person's organisation."""
    return _received(by).filter(state__in=["sent", "received"])


def _received(by: Membership) -> QuerySet[Orientation]:
    reach = require(by, "orientation.answer")
    rows = Orientation.objects.filter(agency_id=by.agency_id, case__erased_at__isnull=True)
    if reach is Scope.ORGANISATION and by.organisation_id is not None:
        return rows.filter(service=by.organisation_id)
    return rows.none()


def _standing_agreement() -> QuerySet[Consent]:
    return Consent.objects.filter(
        agency_id=OuterRef("agency"),
        case=OuterRef("case"),
        kind=ConsentKind.SHARE_WITH_PARTNERS,
        withdrawn_at__isnull=True,
        partners=OuterRef("service"),
    )
