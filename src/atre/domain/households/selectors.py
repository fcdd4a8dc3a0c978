"""Reading households and cases. The membership acting comes first, always."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Agency, Membership
from atre.domain.agencies.permissions import Scope, require
from atre.domain.households.enums import CaseState, ConsentKind, Progress
from atre.domain.households.keys import words
from atre.domain.households.models import Case, HouseholdToken

# « z » is the last letter of the folded words, so this closes the range of a prefix
# in every collation that orders ASCII letters alphabetically.
LAST = "z" * 20


def cases_in_scope(*, by: Membership, right: str) -> QuerySet[Case]:
    """The cases that `right` reaches for this membership. Raises `NotAllowed` without it."""
    reach = require(by, right)
    rows = Case.objects.filter(agency_id=by.agency_id, erased_at__isnull=True)
    if reach is Scope.AGENCY:
        return rows
    if reach is Scope.ORGANISATION:
        return rows.filter(operator_id=by.organisation_id)
    if reach is Scope.OWN:
        if by.role == Role.REFERRER:
            return rows.filter(referrer=by)
        return rows.filter(Q(visitor=by) | Q(appointments__visitors=by)).distinct()
    return rows.none()


def case_for(*, by: Membership, reference: str, right: str) -> Case:
    """One case with what a page needs around it; `Case.DoesNotExist` when foreign or absent."""
    case = (
        cases_in_scope(by=by, right=right)
        .select_related("programme", "household", "dwelling__commune__department", "operator")
        .get(reference=reference)
    )
    know_people([case], "adviser", "visitor", "referrer", "overridden_by")
    return case


def know_people(cases: Sequence[Case], *columns: str) -> None:
    """Give cases their people, with their names, in one query whatever the number of columns.

    Joined to the case, four people are eight more tables for the planner to put in order.
    """
    wanted = {getattr(case, f"{column}_id") for case in cases for column in columns} - {None}
    people = Membership.objects.select_related("user").in_bulk(wanted)
    for case in cases:
        for column in columns:
            setattr(case, column, people.get(getattr(case, f"{column}_id")))


def referred_cases(*, by: Membership) -> QuerySet[Case]:
    """A referrer's own requests whose household agreed that they follow it: status only."""
    return (
        cases_in_scope(by=by, right="referral.status")
        .filter(
            consents__kind=ConsentKind.INFORM_REFERRER,
            consents__withdrawn_at__isnull=True,
        )
        .only("reference", "state", "state_since", "deposited_on", "agency_id", "referrer_id")
    )


def search_by_name(*, by: Membership, text: str, right: str = "case.view") -> QuerySet[Case]:
    """Cases of households whose name has, for each word typed, a word that starts like it."""
    rows = cases_in_scope(by=by, right=right)
    typed = words(text)
    if not typed:
        return rows.none()
    return rows.filter(household_id__in=_households_named(by.agency_id, typed))


def _households_named(agency_id: int, typed: list[str]) -> QuerySet[HouseholdToken, int]:
    """The longest word is the rarest: the others are looked for among what it finds."""
    first, *others = sorted(set(typed), key=len, reverse=True)
    rows = _words_like(agency_id, first)
    for word in others:
        same = _words_like(agency_id, word).filter(household=OuterRef("household"))
        rows = rows.filter(Exists(same))
    return rows.values_list("household_id", flat=True)


def _words_like(agency_id: int, start: str) -> QuerySet[HouseholdToken]:
    return HouseholdToken.objects.filter(
        agency_id=agency_id, token__gte=start, token__lte=start + LAST
    )


PROGRESS = {
    CaseState.NOT_ELIGIBLE: Progress.STOPPED,
    CaseState.CLOSED: Progress.STOPPED,
    CaseState.VISITED: Progress.VISITED,
    CaseState.REPORTED: Progress.VISITED,
    CaseState.SUPPORTED: Progress.VISITED,
    CaseState.AWAITING_FOLLOW_UP: Progress.VISITED,
    CaseState.FOLLOW_UP: Progress.VISITED,
    CaseState.EVALUATED: Progress.VISITED,
}


class CasesCount(NamedTuple):
    """How many cases of a programme, opened in a year in a commune, are now how far."""

    commune: str
    year: int
    programme: str
    progress: str
    cases: int


class CasesExport(NamedTuple):
    """All that leaves the database about cases for the observatory: counts, and of how many
    households by commune and year."""

    counts: tuple[CasesCount, ...]
    households: dict[tuple[str, int], int]


def export_cases(*, agency: Agency, before: date) -> CasesExport:
    """The cases that an agency opened before a day, counted by commune, year, programme and progress.

    Nothing of a household leaves: no name, address, contact, income, and no day. Erased households
    stay counted: their commune, programme and dates name nobody.
    """
    cases = Case.objects.filter(agency=agency, deposited_on__lt=before).order_by()
    where = ("dwelling__commune", "deposited_on__year")
    counts: dict[tuple[str, int, str, str], int] = {}
    rows = cases.values_list(*where, "programme__slug", "state").annotate(n=Count("pk"))
    for commune, year, programme, state, cases_there in rows:
        progress = PROGRESS.get(CaseState(state), Progress.UNDER_WAY)
        key = (commune, year, programme, progress.value)
        counts[key] = counts.get(key, 0) + cases_there
    households = cases.values_list(*where).annotate(n=Count("household", distinct=True))
    return CasesExport(
        tuple(CasesCount(*key, n) for key, n in sorted(counts.items())),
        {(commune, year): n for commune, year, n in households},
    )
