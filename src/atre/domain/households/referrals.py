"""What a referrer sees of the requests they sent: that they were sent, and with consent the step."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from atre.domain.agencies.models import Membership
from atre.domain.households.enums import CaseState, ConsentKind
from atre.domain.households.models import Case, Consent
from atre.domain.households.selectors import cases_in_scope

PAGE = 50
COLUMNS = ("reference", "programme__name", "deposited_on", "state", "state_since", "agreed")


@dataclass(frozen=True)
class Referral:
    """One request sent. `state` and `since` are None when the household did not agree to tell."""

    reference: str
    programme: str
    deposited_on: date
    state: CaseState | None
    since: datetime | None


@dataclass(frozen=True)
class ReferralPage:
    """Newest first; `next_before` is the key of the following page, None on the last."""

    rows: tuple[Referral, ...]
    next_before: int | None


def referrals(*, by: Membership, before: int | None = None, size: int = PAGE) -> ReferralPage:
    """The referrer's own requests: one query, five columns, never a name, an address or an amount.

    Raises `NotAllowed` for someone who refers nobody.
    """
    rows = _own(by)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk").values_list("pk", *COLUMNS)[: size + 1])
    shown = found[:size]
    return ReferralPage(
        rows=tuple(_referral(*columns) for _, *columns in shown),
        next_before=shown[-1][0] if len(found) > size else None,
    )


def referral(*, by: Membership, reference: str) -> Referral | None:
    """One of the referrer's own requests; None when foreign or absent."""
    columns = _own(by).filter(reference=reference).values_list(*COLUMNS).first()
    return None if columns is None else _referral(*columns)


def _own(by: Membership) -> QuerySet[Case]:
    agreed = Consent.objects.filter(
        agency_id=by.agency_id,
        case=OuterRef("pk"),
        kind=ConsentKind.INFORM_REFERRER,
        withdrawn_at__isnull=True,
    )
    return cases_in_scope(by=by, right="referral.status").annotate(agreed=Exists(agreed))


def _referral(
    reference: str, programme: str, deposited_on: date, state: str, since: datetime, agreed: bool
) -> Referral:
    return Referral(
        reference=reference,
        programme=programme,
        deposited_on=deposited_on,
        state=CaseState(state) if agreed else None,
        since=since if agreed else None,
    )
