"""Walking with a household for a while: opening, what is done and the time it takes, closing."""

from datetime import date

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput
from atre.domain.households.actions.moving import change_state, locked_case
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.support.enums import SupportActionKind
from atre.domain.support.models import Support, SupportAction

MOST_MINUTES = 12 * 60
# Kinds that are an exchange with the household: they put off the end of retention.
WITH_THE_HOUSEHOLD = frozenset({SupportActionKind.CALL, SupportActionKind.HOME})


@transaction.atomic
def open_support(
    *,
    by: Membership,
    case: Case,
    goal: str,
    on: date,
    adviser: Membership | None = None,
    revision: int | None = None,
) -> Support:
    """Open a reinforced support, or take up again the one the case had.

    `adviser` leads it (the person acting unless named). Errors: `NotAllowed`, `StaleSave`,
    `IllegalTransition`, `InvalidInput`.
    """
    fresh = locked_case(by=by, case=case, right="support.write", revision=revision)
    if not goal.strip():
        raise InvalidInput("Dites à quoi cet accompagnement doit aboutir.", field="goal")
    leader = adviser or by
    if leader.agency_id != by.agency_id or not leader.is_active:
        raise InvalidInput("Cette personne n’est pas de votre agence.", field="adviser")
    support = Support.objects.filter(agency_id=fresh.agency_id, case=fresh).first()
    if support is None:
        support = Support(agency_id=fresh.agency_id, case=fresh, opened_on=on)
    support.goal, support.adviser, support.closed_on = goal.strip(), leader, None
    support.save()
    if fresh.adviser_id is None:
        fresh.adviser = leader
    change_state(case=fresh, verb="open_support", by=by)
    audit.record(
        agency=fresh.agency_id, action="open_support", obj=support, by=by, case_id=fresh.pk
    )
    return support


@transaction.atomic
def add_support_action(
    *,
    by: Membership,
    case: Case,
    kind: str,
    on: date,
    minutes: int,
    text: str,
    today: date,
) -> SupportAction:
    """Note one thing done and its minutes. `today` bounds its date.

    Errors: `NotAllowed`, `InvalidInput`, and a refusal when no support is open.
    """
    fresh = locked_case(by=by, case=case, right="support.write")
    support = open_support_of(fresh)
    if kind not in SupportActionKind.values:
        raise InvalidInput("Choisissez ce qui a été fait.", field="kind")
    if not text.strip():
        raise InvalidInput("Écrivez ce qui a été fait.", field="text")
    if not 0 < minutes <= MOST_MINUTES:
        raise InvalidInput(f"Comptez de 1 à {MOST_MINUTES} minutes.", field="minutes")
    if on > today:
        raise InvalidInput("Cette date est dans le futur.", field="on")
    if on < support.opened_on:
        raise InvalidInput("L’accompagnement n’était pas encore ouvert à cette date.", field="on")
    action = SupportAction.objects.create(
        agency_id=fresh.agency_id,
        support=support,
        kind=kind,
        on=on,
        minutes=minutes,
        text=text.strip(),
        by=by,
    )
    if kind in WITH_THE_HOUSEHOLD and on > fresh.last_contact_on:
        fresh.last_contact_on = on
        fresh.save(update_fields=["last_contact_on"])
    audit.record(
        agency=fresh.agency_id,
        action="add_support_action",
        obj=action,
        by=by,
        case_id=fresh.pk,
        details={"kind": str(kind), "minutes": minutes},
    )
    return action


@transaction.atomic
def close_support(
    *, by: Membership, case: Case, outcome: str, on: date, revision: int | None = None
) -> Support:
    """Close a support with what came out of it; the case then waits for its follow-up.

    Closed a second time, what was written the first time stays above.
    """
    fresh = locked_case(by=by, case=case, right="support.write", revision=revision)
    support = open_support_of(fresh)
    if not outcome.strip():
        raise InvalidInput("Écrivez ce que l’accompagnement a donné.", field="outcome")
    if on < support.opened_on:
        raise InvalidInput("Cette date vient avant l’ouverture.", field="on")
    support.outcome = "\n\n".join(part for part in (support.outcome, outcome.strip()) if part)
    support.closed_on = on
    support.save(update_fields=["outcome", "closed_on"])
    # The one-year follow-up may have opened meanwhile: the case is then past that step.
    if fresh.state == CaseState.SUPPORTED:
        change_state(case=fresh, verb="await_follow_up", by=by)
    audit.record(
        agency=fresh.agency_id, action="close_support", obj=support, by=by, case_id=fresh.pk
    )
    return support


def open_support_of(case: Case) -> Support:
    """The support under way of a case, else a refusal that says what to do."""
    support = Support.objects.filter(
        agency_id=case.agency_id, case=case, closed_on__isnull=True
    ).first()
    if support is None:
        raise DomainError("Aucun accompagnement n’est ouvert : ouvrez-le d’abord.")
    return support
