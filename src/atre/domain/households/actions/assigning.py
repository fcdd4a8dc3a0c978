"""Entrusting cases: to a visit operator, to one of its visitors, to an adviser of the agency."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput
from atre.domain.households import states
from atre.domain.households.actions.moving import change_state, change_states, locked_case
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.households.selectors import cases_in_scope
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation

FOLLOWING_ROLES = (Role.ADVISER, Role.DIRECTOR)
VISITING_ROLES = (Role.VISITOR, Role.COORDINATOR)


@dataclass(frozen=True)
class Outcome:
    """What became of one case of a bulk assignment; `sentence` says why when not done."""

    reference: str
    done: bool
    sentence: str


@transaction.atomic
def assign_case(
    *,
    by: Membership,
    case: Case,
    operator: Organisation,
    visitor: Membership | None = None,
    adviser: Membership | None = None,
    revision: int | None = None,
) -> Case:
    """Entrust an eligible case to an operator; `adviser` None leaves who follows it unchanged.

    Errors: `NotAllowed`, `StaleSave`, `IllegalTransition`, `InvalidInput` naming the field.
    """
    fresh = locked_case(by=by, case=case, right="case.assign", revision=revision)
    _check_operator(operator, agency_id=by.agency_id)
    if visitor is not None:
        _check_visitor(visitor, operator=operator)
    if adviser is not None:
        _check_adviser(adviser, agency_id=by.agency_id)
        fresh.adviser = adviser
    fresh.operator, fresh.visitor = operator, visitor
    change_state(case=fresh, verb="assign", by=by)
    audit.record(
        agency=fresh.agency_id,
        action="assign_case",
        obj=fresh,
        by=by,
        case_id=fresh.pk,
        details={
            "operator": operator.pk,
            "visitor": visitor.pk if visitor else None,
            "adviser": fresh.adviser_id,
        },
    )
    return fresh


@transaction.atomic
def assign_adviser(
    *, by: Membership, case: Case, adviser: Membership, revision: int | None = None
) -> Case:
    """Say who follows the case in the agency, whatever its state but closed."""
    fresh = locked_case(by=by, case=case, right="case.assign", revision=revision)
    _check_adviser(adviser, agency_id=by.agency_id)
    if fresh.state == CaseState.CLOSED:
        raise InvalidInput("Ce dossier est clos : rouvrez-le avant de le confier.")
    fresh.adviser = adviser
    fresh.revision += 1
    fresh.save()
    audit.record(
        agency=fresh.agency_id,
        action="assign_adviser",
        obj=fresh,
        by=by,
        case_id=fresh.pk,
        details={"adviser": adviser.pk},
    )
    return fresh


@transaction.atomic
def assign_many(
    *,
    by: Membership,
    references: Iterable[str],
    operator: Organisation | None = None,
    adviser: Membership | None = None,
) -> list[Outcome]:
    """Entrust many cases at once; one that cannot be is reported and stops none of the others.

    The number of queries and of journal entries does not grow with the number of cases.
    A reference that is foreign or absent reads « introuvable ».
    """
    require(by, "case.assign")
    if operator is None and adviser is None:
        raise InvalidInput("Choisissez un opérateur ou un conseiller.", field="operator")
    if operator is not None:
        _check_operator(operator, agency_id=by.agency_id)
    if adviser is not None:
        _check_adviser(adviser, agency_id=by.agency_id)
    asked = list(dict.fromkeys(references))
    rows = cases_in_scope(by=by, right="case.assign").filter(reference__in=asked)
    found = {case.reference: case for case in rows.select_for_update(of=("self",)).order_by("pk")}
    outcomes, accepted = [], []
    for reference in asked:
        outcome = _prepare(found.get(reference), reference, operator=operator, adviser=adviser)
        outcomes.append(outcome)
        if outcome.done:
            accepted.append(found[reference])
    _save_assigned(accepted, by=by, operator=operator, adviser=adviser)
    return outcomes


def _prepare(
    case: Case | None, reference: str, *, operator: Organisation | None, adviser: Membership | None
) -> Outcome:
    if case is None:
        return Outcome(reference, False, "Dossier introuvable.")
    if case.state == CaseState.CLOSED:
        return Outcome(reference, False, "Ce dossier est clos.")
    if operator is not None:
        if CaseState(case.state) not in states.TRANSITIONS["assign"].sources:
            return Outcome(
                reference,
                False,
                f"Un dossier à l’état « {CaseState(case.state).label} » ne se confie pas "
                "à un opérateur.",
            )
        if case.operator_id != operator.pk:
            case.visitor = None
        case.operator = operator
    if adviser is not None:
        case.adviser = adviser
    names = [str(operator)] if operator else []
    if adviser is not None:
        names.append(adviser.user.full_name)
    return Outcome(reference, True, f"Confié à {' et '.join(names)}.")


def _save_assigned(
    cases: list[Case],
    *,
    by: Membership,
    operator: Organisation | None,
    adviser: Membership | None,
) -> None:
    if not cases:
        return
    if operator is not None:
        change_states(cases=cases, verb="assign", by=by)
    else:
        for case in cases:
            case.revision += 1
        Case.objects.bulk_update(cases, ["adviser", "revision"])
    audit.record(
        agency=by.agency_id,
        action="assign_many",
        obj=operator or adviser or cases[0],
        by=by,
        details={
            "cases": [case.pk for case in cases],
            "operator": operator.pk if operator else None,
            "adviser": adviser.pk if adviser else None,
        },
    )


def _check_operator(operator: Organisation, *, agency_id: int) -> None:
    if (
        operator.agency_id != agency_id
        or operator.kind != OrganisationKind.OPERATOR
        or not operator.is_active
    ):
        raise InvalidInput(
            "Cette organisation ne fait pas de visites pour votre agence.", field="operator"
        )


def _check_visitor(visitor: Membership, *, operator: Organisation) -> None:
    if (
        visitor.agency_id != operator.agency_id
        or visitor.organisation_id != operator.pk
        or visitor.role not in VISITING_ROLES
        or not visitor.is_active
    ):
        raise InvalidInput("Cette personne ne visite pas pour cet opérateur.", field="visitor")


def _check_adviser(adviser: Membership, *, agency_id: int) -> None:
    if (
        adviser.agency_id != agency_id
        or adviser.role not in FOLLOWING_ROLES
        or not adviser.is_active
    ):
        raise InvalidInput("Cette personne ne suit pas de dossiers ici.", field="adviser")
