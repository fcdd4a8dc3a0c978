"""Stopping a case, and taking it up again where its eligibility leads."""

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput
from atre.domain.households.actions.judging import judge_case
from atre.domain.households.actions.moving import change_state, locked_case
from atre.domain.households.enums import ClosingReason
from atre.domain.households.models import Case


@transaction.atomic
def close_case(
    *,
    by: Membership,
    case: Case,
    reason_code: ClosingReason,
    reason: str,
    revision: int | None = None,
) -> Case:
    """Close a case without a result, with a reason from the list and one in words.

    Errors: `NotAllowed`, `StaleSave`, `IllegalTransition`, `InvalidInput`.
    """
    fresh = locked_case(by=by, case=case, right="case.close", revision=revision)
    if reason_code not in ClosingReason.values:
        raise InvalidInput("Choisissez un motif de clôture.", field="reason_code")
    fresh.closing_reason = reason_code
    change_state(case=fresh, verb="close", by=by, reason=reason)
    audit.record(
        agency=fresh.agency_id,
        action="close_case",
        obj=fresh,
        by=by,
        case_id=fresh.pk,
        reason=reason,
        details={"reason_code": reason_code},
    )
    return fresh


@transaction.atomic
def reopen_case(*, by: Membership, case: Case, reason: str, revision: int | None = None) -> Case:
    """Take a closed case up again: received, then judged by the rules of its deposit date."""
    fresh = locked_case(by=by, case=case, right="case.close", revision=revision)
    change_state(case=fresh, verb="reopen", by=by, reason=reason)
    fresh.closing_reason = ""
    judge_case(case=fresh, by=by)
    audit.record(
        agency=fresh.agency_id,
        action="reopen_case",
        obj=fresh,
        by=by,
        case_id=fresh.pk,
        reason=reason,
    )
    return fresh
