"""Reading households and cases. The membership acting comes first, always."""

from django.db.models import Q, QuerySet

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import Scope, require
from atre.domain.households.enums import ConsentKind
from atre.domain.households.keys import words
from atre.domain.households.models import Case, HouseholdToken

# « z » is the last letter of the folded words, so this closes the range of a prefix
# in every collation that orders ASCII letters alphabetically.
LAST = "z" * 20


def cases_in_scope(*, by: Membership, right: str) -> QuerySet[Case]:
    """The cases that `right` reaches for this membership. Raises `NotAllowed` without it."""
    reach = require(by, right)
    rows = Case.objects.filter(agency_id=by.agency_id, household__erased_at__isnull=True)
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
    return (
        cases_in_scope(by=by, right=right)
        .select_related(
            "programme",
            "household",
            "dwelling__commune__department",
            "adviser__user",
            "operator",
            "visitor__user",
            "referrer__user",
            "overridden_by__user",
        )
        .get(reference=reference)
    )


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
    for word in typed:
        found = HouseholdToken.objects.filter(
            agency_id=by.agency_id, token__gte=word, token__lte=word + LAST
        )
        rows = rows.filter(household__in=found.values("household"))
    return rows
