"""One year later: opening the follow-up, asking, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput, StaleSave
from atre.domain.households import states
from atre.domain.households.actions.moving import change_state, locked_case
from atre.domain.households.models import Case
from atre.domain.support import announcing, bills, questionnaire
from atre.domain.support.actions.saving import record_estimate, record_saving, sealed_visit
from atre.domain.support.anniversary import year_after, year_before
from atre.domain.support.enums import ExitAnswer, FollowUpState, SavingTier
from atre.domain.support.models import FollowUp, SavingRecord
from atre.domain.support.result import result_of
from atre.domain.visits.enums import VisitState
from atre.domain.visits.models import Visit

JOB = "job"
WITHOUT_ANSWER = (FollowUpState.UNREACHABLE, FollowUpState.DECLINED)
STALE = (
    "Quelqu’un d’autre a enregistré ce suivi pendant que vous écriviez. Comparez les deux versions "
    "avant d’enregistrer."
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the household said and showed: answers (see `questionnaire`), rows of bills, the day."""

    answers: Mapping[str, Any]
    bills: Sequence[Mapping[str, Any]]
    answered_on: date


def cases_to_follow(*, agency_id: int, on: date) -> QuerySet[Case]:
    """Cases whose last sealed visit is twelve months old on a day, and that nobody follows up yet."""
    sealed = Visit.objects.filter(
        agency_id=agency_id, case=OuterRef("pk"), state=VisitState.SEALED
    ).order_by("-sealed_at")
    return (
        Case.objects.filter(
            agency_id=agency_id,
            state__in=states.TRANSITIONS["open_follow_up"].sources,
            erased_at__isnull=True,
        )
        .annotate(last_visit_on=Subquery(sealed.values("visited_on")[:1]))
        .filter(last_visit_on__lte=year_before(on))
        .order_by("pk")
    )


@transaction.atomic
def open_follow_up(*, case: Case) -> FollowUp | None:
    """Open the one-year follow-up of a case, as the job of the day; None when it already moved on.

    Its adviser finds it on their home page, the household gets a message. A support still open
    goes on.
    """
    fresh = (
        Case.objects.select_for_update(of=("self",))
        .select_related("programme__agency", "household", "adviser")
        .get(pk=case.pk, agency_id=case.agency_id)
    )
    visit = sealed_visit(fresh)
    if visit is None or fresh.state not in states.TRANSITIONS["open_follow_up"].sources:
        return None
    due_on = year_after(visit.visited_on)
    now = timezone.now()
    # A case closed during its follow-up, reopened and visited again has one already.
    follow_up, _ = FollowUp.objects.update_or_create(
        agency_id=fresh.agency_id,
        case=fresh,
        defaults={"due_on": due_on, "state": FollowUpState.DUE, "opened_at": now},
    )
    change_state(case=fresh, verb="open_follow_up", by=None)
    announcing.announce_follow_up(fresh)
    audit.record(
        agency=fresh.agency_id,
        action="open_follow_up",
        obj=follow_up,
        by=None,
        channel=JOB,
        case_id=fresh.pk,
        details={"due_on": due_on.isoformat()},
    )
    return follow_up


@transaction.atomic
def save_follow_up(*, by: Membership, follow_up: FollowUp, told: Told, revision: int) -> FollowUp:
    """Keep what is answered so far; the follow-up stays to be done.

    Errors: `NotAllowed`, `StaleSave` (its `current` is the follow-up as saved), `InvalidInput`.
    """
    row, _ = _locked(by=by, follow_up=follow_up, revision=revision)
    _write(row, told, by=by)
    row.save()
    _record(row, "save_follow_up", by=by)
    return row


@transaction.atomic
def complete_follow_up(
    *, by: Membership, follow_up: FollowUp, told: Told, revision: int
) -> FollowUp:
    """Finish the follow-up: savings by tier, the exit test, and the case's result.

    The measured tier is not written: nothing here measures. Errors as for saving.
    """
    row, case = _locked(by=by, follow_up=follow_up, revision=revision)
    _write(row, told, by=by)
    visit = sealed_visit(case)
    if visit is None:
        raise DomainError("La visite de ce dossier n’est pas terminée : rien à comparer.")
    result = result_of(
        programme=case.programme,
        visit=visit,
        answers=row.answers,
        bills=row.bills,
        on=told.answered_on,
    )
    row.exit_answer, row.exit_explanation = result.exit_answer, result.explanation
    record_saving(
        case=case,
        tier=SavingTier.DECLARED,
        kwh_per_year=result.kwh_per_year,
        euros_per_year=result.euros_per_year,
        basis=result.basis_fr,
        on=told.answered_on,
        by=by,
    )
    _estimate_once(case, visit, by=by)
    case.last_contact_on = max(case.last_contact_on, told.answered_on)
    _finish(row, case, FollowUpState.DONE, by=by)
    return row


@transaction.atomic
def end_without_answer(
    *, by: Membership, follow_up: FollowUp, outcome: str, reason: str, on: date, revision: int
) -> FollowUp:
    """Finish a follow-up without answers: unreachable, or the household declines. In words.

    Errors: `NotAllowed`, `StaleSave`, `InvalidInput`.
    """
    row, case = _locked(by=by, follow_up=follow_up, revision=revision)
    if outcome not in WITHOUT_ANSWER:
        raise InvalidInput("Dites si le ménage est injoignable ou s’il ne souhaite pas répondre.")
    if not reason.strip():
        raise InvalidInput("Écrivez ce qui a été tenté, ou ce qui a été dit.", field="reason")
    row.answered_on, row.by = on, by
    row.exit_answer = ExitAnswer.UNKNOWN
    row.exit_explanation = {
        "exit_test": {
            "answer": str(ExitAnswer.UNKNOWN),
            "missing": ["after"],
            "sentence_fr": "Sans réponse du ménage, sa situation n’est pas connue.",
            "criteria": [],
        },
        "declared": [],
    }
    if visit := sealed_visit(case):
        _estimate_once(case, visit, by=by)
    _finish(row, case, FollowUpState(outcome), by=by, reason=reason.strip())
    return row


def _locked(*, by: Membership, follow_up: FollowUp, revision: int) -> tuple[FollowUp, Case]:
    case = locked_case(by=by, case=follow_up.case, right="follow_up.write")
    row = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=follow_up.pk, agency_id=by.agency_id)
    )
    if row.revision != revision:
        raise StaleSave(STALE, current=row)
    if row.state != FollowUpState.DUE:
        raise DomainError("Ce suivi est déjà conclu.")
    return row, case


def _write(row: FollowUp, told: Told, *, by: Membership) -> None:
    today = timezone.localdate()
    if told.answered_on > today:
        raise InvalidInput("Cette date est dans le futur.", field="answered_on")
    if told.answered_on < timezone.localdate(row.opened_at):
        raise InvalidInput("Cette date vient avant l’ouverture du suivi.", field="answered_on")
    questionnaire.check(told.answers)
    bills.check(told.bills, on=told.answered_on, today=today)
    row.answers, row.bills = dict(told.answers), [dict(bill) for bill in told.bills]
    row.answered_on, row.by = told.answered_on, by
    row.revision += 1


def _finish(
    row: FollowUp, case: Case, state: FollowUpState, *, by: Membership, reason: str = ""
) -> None:
    row.state = state
    row.revision += 1
    row.save()
    change_state(case=case, verb="evaluate", by=by, reason=reason)
    _record(row, "finish_follow_up", by=by, reason=reason)


def _estimate_once(case: Case, visit: Visit, *, by: Membership) -> None:
    known = SavingRecord.objects.filter(
        agency_id=case.agency_id, case=case, tier=SavingTier.ESTIMATED
    )
    if not known.exists():
        record_estimate(case=case, visit=visit, by=by)


def _record(row: FollowUp, action: str, *, by: Membership, reason: str = "") -> None:
    audit.record(
        agency=row.agency_id,
        action=action,
        obj=row,
        by=by,
        case_id=row.case_id,
        reason=reason,
        details={"state": row.state, "exit": row.exit_answer, "bills": len(row.bills)},
    )


def cases_without_estimate(*, agency_id: int) -> QuerySet[Case]:
    """Visited cases whose estimated saving was not written down yet."""
    sealed = Visit.objects.filter(agency_id=agency_id, case=OuterRef("pk"), state=VisitState.SEALED)
    written = SavingRecord.objects.filter(
        agency_id=agency_id, case=OuterRef("pk"), tier=SavingTier.ESTIMATED
    )
    return Case.objects.filter(Exists(sealed), ~Exists(written), agency_id=agency_id).order_by("pk")
