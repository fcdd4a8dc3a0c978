"""Moving a case from state to state, and the checks that every change of a case needs."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies import permissions
from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import NotAllowed, StaleSave
from atre.domain.households import states
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case, StateChange

BULK_FIELDS = ("state", "state_since", "revision", "operator", "visitor", "adviser")


def change_state(
    *,
    case: Case,
    verb: str | None,
    by: Membership | None,
    to: CaseState | None = None,
    reason: str = "",
) -> StateChange:
    """Write a step of the case's life. Only this and `change_states` set `Case.state`."""
    previous = case.state if verb is not None else ""
    if verb is not None:
        to = states.check(verb, case.state, reason=reason).target
    assert to is not None
    now = timezone.now()
    case.state, case.state_since = to, now
    case.revision += 1
    case.save()
    return StateChange.objects.create(
        agency_id=case.agency_id,
        case=case,
        transition=verb or "open",
        from_state=previous,
        to_state=to,
        at=now,
        by=by,
        reason=reason,
    )


def change_states(
    *, cases: Sequence[Case], verb: str, by: Membership | None, reason: str = ""
) -> None:
    """`change_state` for many cases at once, in two queries however many there are.

    The caller has locked the cases and may have set other fields named in `BULK_FIELDS`.
    """
    now = timezone.now()
    changes = []
    for case in cases:
        target = states.check(verb, case.state, reason=reason).target
        changes.append(
            StateChange(
                agency_id=case.agency_id,
                case=case,
                transition=verb,
                from_state=case.state,
                to_state=target,
                at=now,
                by=by,
                reason=reason,
            )
        )
        case.state, case.state_since = target, now
        case.revision += 1
    Case.objects.bulk_update(cases, BULK_FIELDS)
    StateChange.objects.bulk_create(changes)


def locked_case(*, by: Membership, case: Case, right: str, revision: int | None = None) -> Case:
    """The case, locked until the transaction ends, after the checks every change needs.

    `revision` is the one the person had on screen; `StaleSave` when another change came first.
    """
    reach = permissions.require(by, right)
    fresh = (
        Case.objects.select_for_update(of=("self",))
        .select_related("programme__agency", "household", "dwelling__commune")
        .get(pk=case.pk, agency_id=by.agency_id)
    )
    if not case_is_within(fresh, by=by, reach=reach):
        raise NotAllowed("Ce dossier n’est pas dans votre champ.", right=right)
    if revision is not None and revision != fresh.revision:
        raise StaleSave(
            "Ce dossier a changé pendant que vous écriviez. Comparez les deux versions avant "
            "d’enregistrer.",
            current=fresh,
        )
    return fresh


def case_is_within(case: Case, *, by: Membership, reach: permissions.Scope) -> bool:
    """Whether a scope of a membership holds this case."""
    if case.agency_id != by.agency_id:
        return False
    if reach is permissions.Scope.AGENCY:
        return True
    if reach is permissions.Scope.ORGANISATION:
        return case.operator_id is not None and case.operator_id == by.organisation_id
    if reach is permissions.Scope.OWN:
        if case.visitor_id == by.pk or case.referrer_id == by.pk:
            return True
        return case.appointments.filter(visitors=by).exists()
    return False


@transaction.atomic
def move_case(
    *, case: Case, verb: str, by: Membership, reason: str = "", revision: int | None = None
) -> Case:
    """Make a transition that needs nothing but its right (and its reason when it asks one)."""
    transition = states.TRANSITIONS[verb]
    if transition.right is None:
        raise NotAllowed("Ce passage ne se fait pas à la main.", verb=verb)
    fresh = locked_case(by=by, case=case, right=transition.right, revision=revision)
    change_state(case=fresh, verb=verb, by=by, reason=reason)
    audit.record(
        agency=fresh.agency_id,
        action=f"case.{verb}",
        obj=fresh,
        by=by,
        case_id=fresh.pk,
        reason=reason,
    )
    return fresh
