"""Things to do before a date."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households.actions.moving import locked_case
from atre.domain.households.models import Case, Task


@transaction.atomic
def add_task(
    *,
    by: Membership,
    case: Case | None,
    title: str,
    due_on: date,
    on: date,
    assigned_to: Membership | None = None,
) -> Task:
    """Something to do, by oneself unless `assigned_to` names a member of the agency's team.

    `on` is today: a deadline already past is refused.
    """
    if case is not None:
        locked_case(by=by, case=case, right="case.income")
    else:
        require(by, "case.income")
    doer = assigned_to or by
    if doer.agency_id != by.agency_id or not doer.is_active:
        raise InvalidInput("Cette personne n’est pas de votre agence.", field="assigned_to")
    if not title.strip():
        raise InvalidInput("Écrivez ce qu’il y a à faire.", field="title")
    if due_on < on:
        raise InvalidInput("Cette échéance est déjà passée.", field="due_on")
    task = Task.objects.create(
        agency_id=by.agency_id,
        case=case,
        title=title.strip(),
        due_on=due_on,
        assigned_to=doer,
        created_by=by,
    )
    audit.record(
        agency=by.agency_id,
        action="add_task",
        obj=task,
        by=by,
        case_id=case.pk if case else None,
        details={"assigned_to": doer.pk, "due_on": due_on.isoformat()},
    )
    return task


@transaction.atomic
def complete_task(*, by: Membership, task: Task) -> Task:
    """Tick a task off. Doing it twice changes nothing: the first to have done it stays named."""
    reach = require(by, "case.income")
    row = Task.objects.select_for_update().filter(pk=task.pk, agency_id=by.agency_id).first()
    if row is None:
        raise NotAllowed("Cette tâche n’est pas dans votre champ.", reach=reach)
    if row.done_at is not None:
        return row
    row.done_at, row.done_by = timezone.now(), by
    row.save(update_fields=["done_at", "done_by"])
    audit.record(agency=row.agency_id, action="complete_task", obj=row, by=by, case_id=row.case_id)
    return row
