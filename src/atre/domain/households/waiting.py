"""What waits for a person today among cases and tasks. Visits and support have their own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.households import rhythm
from atre.domain.households.enums import CaseState
from atre.domain.households.listing import TO_DECIDE
from atre.domain.households.models import Case, Task
from atre.domain.households.selectors import cases_in_scope, referred_cases

# As many as one can take up in a morning; the list holds the rest.
SHOWN = 5
MOST_COUNTED = 1000
TASK_HORIZON_DAYS = 7
# The follow-up of a year later waits in its own group, late or not.
UNDER_WAY = frozenset(
    {
        CaseState.ASSIGNED,
        CaseState.SCHEDULED,
        CaseState.VISITED,
        CaseState.REPORTED,
        CaseState.SUPPORTED,
    }
)


TITLES = {
    "to_decide": "Demandes à compléter ou à décider",
    "to_assign": "Dossiers à confier",
    "stalled": "Dossiers qui n’avancent plus",
    "to_plan": "Visites à planifier",
}
# What the list of cases is narrowed to to see them all.
CRITERIA: dict[str, dict[str, object]] = {
    "to_decide": {"state": "to_decide"},
    "to_assign": {"state": str(CaseState.ELIGIBLE)},
    "stalled": {"stalled": True},
    "to_plan": {"state": str(CaseState.ASSIGNED)},
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that waits: whose case (None for a task of its own), what, since or until when."""

    title: str
    reference: str | None
    detail: str = ""
    since: date | None = None
    due: date | None = None
    late: bool = False
    state: str = ""
    # Number of the row the item is about, when it is not the case: a task, an orientation…
    row_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A kind of things that wait: the first ones, and how many there are in all.

    A `total` of `MOST_COUNTED` means that many or more.
    """

    kind: str
    title: str
    items: list[Item]
    total: int
    # What the list of cases is narrowed to to see them all; None when they are not cases.
    criteria: dict[str, object] | None = field(default=None)


def waiting_for(*, by: Membership, on: date) -> list[Waiting]:
    """What waits for this person on a day, the most pressing first; nothing empty.

    The number of queries depends on the role alone.
    """
    groups: list[Waiting] = []
    if by.role in {Role.DIRECTOR, Role.ADVISER}:
        groups = [_tasks(by=by, on=on), *_team_groups(by=by, on=on)]
    elif by.role == Role.COORDINATOR:
        groups = _coordinator_groups(by=by, on=on)
    elif by.role == Role.REFERRER:
        groups = [_requests(by=by)]
    return [group for group in groups if group.total]


def _tasks(*, by: Membership, on: date) -> Waiting:
    rows = Task.objects.filter(
        agency_id=by.agency_id,
        assigned_to=by,
        done_at__isnull=True,
        due_on__lte=on + timedelta(days=TASK_HORIZON_DAYS),
    ).select_related("case__household")
    tasks = list(rows.order_by("due_on", "pk"))
    items = [
        Item(
            title=task.title,
            reference=task.case.reference if task.case else None,
            detail=who(task.case) if task.case else "",
            due=task.due_on,
            late=task.due_on < on,
            row_id=task.pk,
        )
        for task in tasks
    ]
    return Waiting(kind="tasks", title="Ce que vous avez prévu", items=items, total=len(items))


def _team_groups(*, by: Membership, on: date) -> list[Waiting]:
    """Cases that this person follows, or that nobody follows yet."""
    mine = Q(adviser=by) | Q(adviser__isnull=True)
    rows = cases_in_scope(by=by, right="case.view").filter(mine)
    return _case_groups(
        {
            "to_decide": rows.filter(state__in=TO_DECIDE),
            "to_assign": rows.filter(state=CaseState.ELIGIBLE),
            "stalled": rows.filter(rhythm.stalled(on=on, states=UNDER_WAY)),
        },
        on=on,
    )


def _coordinator_groups(*, by: Membership, on: date) -> list[Waiting]:
    rows = cases_in_scope(by=by, right="case.view")
    return _case_groups({"to_plan": rows.filter(state=CaseState.ASSIGNED)}, on=on)


def _case_groups(groups: dict[str, QuerySet[Case]], *, on: date) -> list[Waiting]:
    """Groups of cases, each read once, their cards read together."""
    keys = {kind: waiting_keys(rows) for kind, rows in groups.items()}
    cases = cards_of(pk for chosen in keys.values() for pk in chosen[:SHOWN])
    return [
        Waiting(
            kind=kind,
            title=TITLES[kind],
            items=[_item(cases[pk], on=on) for pk in chosen[:SHOWN] if pk in cases],
            total=len(chosen),
            criteria=CRITERIA[kind],
        )
        for kind, chosen in keys.items()
    ]


def _requests(*, by: Membership) -> Waiting:
    """A referrer's requests that are still alive: their state and nothing else of the household."""
    rows = referred_cases(by=by).exclude(state__in=[CaseState.CLOSED, CaseState.EVALUATED])
    items = [
        Item(
            title=f"Demande {case.reference}",
            reference=case.reference,
            since=localdate(case.state_since),
            state=case.state,
        )
        for case in rows.order_by("-state_since")[:SHOWN]
    ]
    return Waiting(kind="requests", title="Vos demandes", items=items, total=rows.count())


def count_up_to_most(rows: QuerySet[Any]) -> int:
    """How many, no further than `MOST_COUNTED`: a million waiting rows are not read for it."""
    return rows.order_by()[:MOST_COUNTED].count()


def waiting_keys(rows: QuerySet[Case]) -> list[int]:
    """Keys of the cases that have been in their state the longest, `MOST_COUNTED` at most."""
    return list(rows.order_by("state_since", "pk").values_list("pk", flat=True)[:MOST_COUNTED])


def cards_of(keys: Iterable[int]) -> dict[int, Case]:
    """Cases with what a card shows of them, by key. Joined apart from the choice, as in
    `listing.page_of`."""
    return Case.objects.select_related("household", "dwelling__commune").in_bulk([*keys])


def who(case: Case) -> str:
    """The household as a work list names it."""
    return f"{case.household.last_name} {case.household.first_name}"


def _item(case: Case, *, on: date) -> Item:
    return Item(
        title=who(case),
        reference=case.reference,
        detail=case.dwelling.commune.name,
        since=localdate(case.state_since),
        late=rhythm.is_stalled(state=case.state, since=case.state_since, on=on),
        state=case.state,
    )
