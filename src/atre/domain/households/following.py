"""What a household reads of its own case behind its private link."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.actions import token_digest
from atre.domain.agencies.models import Agency
from atre.domain.audit import selectors as audit
from atre.domain.errors import DomainError
from atre.domain.households.enums import CaseState, ConsentKind
from atre.domain.households.models import Case, CaseLink, Consent
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.models import VisitReport

MOST_READS = 30


class LinkUnknown(DomainError):
    """No household ever received this link."""


class LinkExpired(DomainError):
    """The link was replaced, has expired, or its file was erased. `agency` is who to call."""

    def __init__(self, message_fr: str, *, agency: Agency) -> None:
        super().__init__(message_fr)
        self.agency = agency


@dataclass(frozen=True)
class Step:
    """A change of state that happened."""

    state: CaseState
    at: datetime


@dataclass(frozen=True)
class NextVisit:
    """The appointment planned; `organisation` is who comes, "" when not told."""

    starts_at: datetime
    ends_at: datetime
    organisation: str


@dataclass(frozen=True)
class Agreement:
    """One consent: standing, or withdrawn at a moment."""

    kind: ConsentKind
    text_version: str
    given_at: datetime
    withdrawn_at: datetime | None
    partners: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """Who opened the file on a day: a role and an organisation, not a person's name."""

    on: date
    role: str
    organisation: str


@dataclass(frozen=True)
class FollowedCase:
    """The story of one case, ready to be told."""

    case: Case
    steps: tuple[Step, ...]
    next_visit: NextVisit | None
    report: VisitReport | None
    agreements: tuple[Agreement, ...]
    readings: tuple[Reading, ...]
    adviser: str


@contextmanager
def opened_by_link(token: str) -> Iterator[Case]:
    """The case of a private link, in a transaction that sees its agency alone.

    Raises `LinkUnknown` or `LinkExpired`. The token is compared by digest, through an index.
    """
    link = CaseLink.objects.filter(token_digest=token_digest(token)).first()
    if link is None:
        raise LinkUnknown("Ce lien ne mène à aucun dossier : il a peut-être été coupé en chemin.")
    agency = Agency.objects.get(pk=link.agency_id)
    if link.revoked_at is not None:
        raise LinkExpired("Ce lien a été remplacé par un plus récent.", agency=agency)
    if link.expires_at <= timezone.now():
        raise LinkExpired("Ce lien est arrivé à sa fin.", agency=agency)
    with isolation.reading(agency):
        case = (
            Case.objects.filter(agency=agency, pk=link.case_id, erased_at__isnull=True)
            .select_related(
                "programme__agency", "household", "adviser__user", "operator", "dwelling__commune"
            )
            .first()
        )
        if case is None:
            raise LinkExpired("Ce dossier a été effacé.", agency=agency)
        yield case


def followed(*, case: Case) -> FollowedCase:
    """Everything the private page tells, in a constant number of queries."""
    agency = case.programme.agency
    return FollowedCase(
        case=case,
        steps=tuple(
            Step(state=CaseState(state), at=at)
            for state, at in case.changes.order_by("at", "pk").values_list("to_state", "at")
        ),
        next_visit=_next_visit(case),
        report=handed_over_report(case=case),
        agreements=_agreements(case),
        readings=_readings(case, agency),
        adviser=case.adviser.user.full_name if case.adviser else "",
    )


def handed_over_report(*, case: Case) -> VisitReport | None:
    """The last visit report given to the household, None before that."""
    return (
        VisitReport.objects.filter(
            agency_id=case.agency_id, visit__case=case, handed_over_on__isnull=False
        )
        .order_by("-pk")
        .first()
    )


def _next_visit(case: Case) -> NextVisit | None:
    planned = (
        case.appointments.filter(state=AppointmentState.PLANNED, ends_at__gte=timezone.now())
        .order_by("starts_at")
        .first()
    )
    if planned is None:
        return None
    return NextVisit(
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        organisation=case.operator.name if case.operator else "",
    )


def _agreements(case: Case) -> tuple[Agreement, ...]:
    rows = (
        Consent.objects.filter(agency_id=case.agency_id, case=case)
        .prefetch_related("partners")
        .order_by("given_at", "pk")
    )
    in_order = list(ConsentKind)
    return tuple(
        Agreement(
            kind=ConsentKind(row.kind),
            text_version=row.text_version,
            given_at=row.given_at,
            withdrawn_at=row.withdrawn_at,
            partners=tuple(sorted(partner.name for partner in row.partners.all())),
        )
        for row in sorted(rows, key=lambda row: in_order.index(ConsentKind(row.kind)))
    )


def _readings(case: Case, agency: Agency) -> tuple[Reading, ...]:
    """One line per day and service, newest first: ten clicks of one morning are one reading."""
    rows = audit.reads(agency=agency, case_id=case.pk).select_related("reader__organisation")
    lines = (
        Reading(
            on=timezone.localdate(row.at),
            role=row.reader.get_role_display(),
            organisation=row.reader.organisation.name if row.reader.organisation else agency.name,
        )
        for row in rows[: 10 * MOST_READS]
    )
    return tuple(dict.fromkeys(lines))[:MOST_READS]
