"""The list of cases as a work list: what to look for, and one page after another."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from django.db.models import Q, QuerySet

from atre.domain.agencies.models import Membership
from atre.domain.errors import InvalidInput
from atre.domain.households import rhythm
from atre.domain.households.enums import CaseState, Difficulty
from atre.domain.households.keys import phone_e164
from atre.domain.households.models import Case
from atre.domain.households.selectors import cases_in_scope, know_people, search_by_name

PAGE_SIZE = 30
TO_DECIDE = (CaseState.RECEIVED, CaseState.TO_COMPLETE, CaseState.NOT_ELIGIBLE)
STATE_GROUPS: dict[str, tuple[str, tuple[CaseState, ...]]] = {
    "open": (
        "Tous les dossiers ouverts",
        tuple(s for s in CaseState if s not in {CaseState.CLOSED, CaseState.EVALUATED}),
    ),
    "to_decide": ("À compléter ou à décider", TO_DECIDE),
}
# Fewer digits would match a large part of the country's telephones.
MIN_PHONE_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What a list of cases is narrowed to; "" and None narrow nothing.

    `state` is a state or a key of `STATE_GROUPS`; `territory` an INSEE code (5 signs) or a
    SIREN (9).
    """

    programme: int | None = None
    state: str = ""
    difficulty: str = ""
    adviser: int | None = None
    without_adviser: bool = False
    operator: int | None = None
    territory: str = ""
    channel: str = ""
    stalled: bool = False
    deposited_from: date | None = None
    deposited_to: date | None = None

    def is_empty(self) -> bool:
        return self == Criteria()

    def as_dict(self) -> dict[str, Any]:
        """Plain values fit for a JSON column; only what narrows."""
        given = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in given.items()
            if value is not False
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Read back from `as_dict`."""
        values = dict(stored)
        for name in ("deposited_from", "deposited_to"):
            if name in values:
                values[name] = date.fromisoformat(values[name])
        return cls(**values)


@dataclass(frozen=True)
class Page:
    """Some cases in order, with the marks that lead to the pages around (None at the ends)."""

    cases: list[Case]
    previous: str | None
    next: str | None


def find_cases(
    *, by: Membership, criteria: Criteria, on: date, text: str = "", right: str = "case.view"
) -> QuerySet[Case]:
    """Cases within reach of `right` that answer the criteria and the typed text."""
    rows = _matching_text(by=by, text=text, right=right)
    same = {
        "programme_id": criteria.programme,
        "adviser_id": criteria.adviser,
        "operator_id": criteria.operator,
        "channel": criteria.channel,
        "deposited_on__gte": criteria.deposited_from,
        "deposited_on__lte": criteria.deposited_to,
    }
    rows = rows.filter(**{name: value for name, value in same.items() if value not in (None, "")})
    if criteria.state:
        rows = rows.filter(state__in=states_of(criteria.state))
    if criteria.difficulty:
        rows = rows.filter(**{str(Difficulty(criteria.difficulty)): True})
    if criteria.without_adviser:
        rows = rows.filter(adviser__isnull=True)
    if criteria.territory:
        rows = rows.filter(_within(criteria.territory))
    if criteria.stalled:
        rows = rows.filter(rhythm.stalled(on=on))
    return rows


def states_of(choice: str) -> list[CaseState]:
    """The states that a choice of the list stands for: a group's, or itself."""
    if choice in STATE_GROUPS:
        return list(STATE_GROUPS[choice][1])
    return [CaseState(choice)]


def _within(territory: str) -> Q:
    if len(territory) == 5:
        return Q(dwelling__commune_id=territory)
    return Q(dwelling__commune__epci_id=territory) | Q(dwelling__commune__ept_id=territory)


def _matching_text(*, by: Membership, text: str, right: str) -> QuerySet[Case]:
    """By reference when it holds a dash and digits, by telephone when only digits, else by name."""
    typed = text.strip()
    if not typed:
        return cases_in_scope(by=by, right=right)
    prefix, dash, rest = typed.partition("-")
    if dash and prefix.isalnum() and rest.isalnum() and any(c.isdigit() for c in typed):
        return cases_in_scope(by=by, right=right).filter(reference=typed.upper())
    if not any(c.isalpha() for c in typed) and any(c.isdigit() for c in typed):
        return _with_phone(by=by, typed=typed, right=right)
    return search_by_name(by=by, text=typed, right=right)


def _with_phone(*, by: Membership, typed: str, right: str) -> QuerySet[Case]:
    rows = cases_in_scope(by=by, right=right)
    digits = "".join(c for c in typed if c.isdigit())
    if len(digits) < MIN_PHONE_DIGITS:
        return rows.none()
    try:
        start = phone_e164(typed)
    except InvalidInput:
        start = f"+{digits}" if typed.startswith("+") else f"+33{digits.removeprefix('0')}"
    # An index range: « : » is the sign after « 9 ».
    return rows.filter(household__phone__gte=start, household__phone__lt=f"{start}:")


def page_of(rows: QuerySet[Case], *, mark: str = "", size: int = PAGE_SIZE) -> Page:
    """One page, newest first, by key and never by offset: page 1 000 costs what page 1 does.

    `mark` comes from a former page's `previous` or `next`; `InvalidInput` when it is nonsense.
    """
    backwards, position = _read_mark(mark)
    if position is not None:
        deposited_on, pk = position
        if backwards:
            rows = rows.filter(
                Q(deposited_on__gt=deposited_on) | Q(deposited_on=deposited_on, pk__gt=pk)
            )
        else:
            rows = rows.filter(
                Q(deposited_on__lt=deposited_on) | Q(deposited_on=deposited_on, pk__lt=pk)
            )
    order = ("deposited_on", "pk") if backwards else ("-deposited_on", "-pk")
    # Chosen first, joined after: with the joins, row-level security makes PostgreSQL expect a
    # hundred times too few rows, and read the whole agency to sort it (152 000 buffers
    # against 158, on 300 000 households).
    chosen = list(rows.order_by(*order).values_list("pk", flat=True)[: size + 1])
    more = len(chosen) > size
    found = _joined(chosen[:size])
    if backwards:
        found.reverse()
    if not found:
        return Page(cases=[], previous=None, next=None)
    has_previous = more if backwards else position is not None
    has_next = True if backwards else more
    return Page(
        cases=found,
        previous=_mark("avant", found[0]) if has_previous else None,
        next=_mark("apres", found[-1]) if has_next else None,
    )


def _joined(chosen: list[int]) -> list[Case]:
    """The chosen cases, in their order, with what a line of the list shows of each."""
    known = Case.objects.select_related("household", "dwelling__commune", "programme", "operator")
    by_pk = known.in_bulk(chosen)
    know_people([*by_pk.values()], "adviser")
    return [by_pk[pk] for pk in chosen if pk in by_pk]


def _mark(direction: str, case: Case) -> str:
    return f"{direction}_{case.deposited_on.isoformat()}_{case.pk}"


def _read_mark(mark: str) -> tuple[bool, tuple[date, int] | None]:
    if not mark:
        return False, None
    try:
        direction, day, pk = mark.split("_")
        if direction not in {"avant", "apres"}:
            raise ValueError
        return direction == "avant", (date.fromisoformat(day), int(pk))
    except ValueError as fault:
        raise InvalidInput("Cette page de la liste n’existe plus : reprenez au début.") from fault
