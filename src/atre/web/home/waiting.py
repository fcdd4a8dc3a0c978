"""What waits, gathered from every subject and given its words and its addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import may
from atre.domain.households import waiting as households
from atre.domain.households.enums import CaseState
from atre.domain.households.waiting import MOST_COUNTED, Item, Waiting
from atre.domain.support import waiting as support
from atre.domain.visits import waiting as visits
from atre.web.design.formatting import number
from atre.web.household.presentation import tone

# Each subject says what waits in it: `(by=, on=) -> list[Waiting]`, in a constant number of
# queries. The order is that of the page.
PROVIDERS: list[Callable[..., list[Waiting]]] = [
    visits.waiting_for,
    support.waiting_for,
    households.waiting_for,
]

# Where an item leads: kind → name of a page of the case. Other kinds lead to the case itself.
ACTIONS: dict[str, tuple[str, str]] = {
    "to_assign": ("Confier", "case_assign"),
    "to_decide": ("Regarder l’éligibilité", "case_eligibility"),
    "to_plan": ("Planifier", "visit_schedule"),
    "visits_to_replan": ("Planifier", "visit_schedule"),
    "visits_today": ("Ouvrir la visite", "visit"),
    "visits_untold": ("Ouvrir la visite", "visit"),
    "visits_to_finish": ("Reprendre", "visit"),
    "reports_to_hand_over": ("Voir la visite", "visit"),
    "follow_ups_due": ("Remplir le suivi", "follow_up_edit"),
}
# The same for items that are about a row of their own: its number is in the address.
ROW_ACTIONS: dict[str, tuple[str, str]] = {
    "orientations_received": ("Ouvrir", "orientation_received"),
}


@dataclass(frozen=True)
class Card:
    """One item as the page draws it."""

    item: Item
    url: str
    action_label: str
    action_url: str
    state_label: str
    state_tone: str
    done_url: str


@dataclass(frozen=True)
class Group:
    """A kind of things that wait, with the way to all of them."""

    kind: str
    title: str
    cards: list[Card]
    count: str
    all_url: str


def groups_for(*, by: Membership, on: date) -> list[Group]:
    """Everything that waits for this person, ready to draw."""
    found = [group for provider in PROVIDERS for group in provider(by=by, on=on)]
    return [_group(group, by=by) for group in found if group.total]


def _group(waiting: Waiting, *, by: Membership) -> Group:
    all_url = ""
    if waiting.criteria is not None and waiting.total > len(waiting.items):
        query = {k: "on" if v is True else v for k, v in waiting.criteria.items()}
        all_url = f"{reverse('case_list')}?{urlencode(query)}"
    return Group(
        kind=waiting.kind,
        title=waiting.title,
        cards=[_card(item, waiting.kind, by=by) for item in waiting.items],
        count=_counted(waiting.total),
        all_url=all_url,
    )


def _counted(total: int) -> str:
    return f"plus de {number(MOST_COUNTED - 1)}" if total >= MOST_COUNTED else number(total)


def _card(item: Item, kind: str, *, by: Membership) -> Card:
    url = case_url(item, by=by)
    label, page = ACTIONS.get(kind, ("", ""))
    action_url = reverse(page, args=[item.reference]) if page and item.reference else ""
    if kind in ROW_ACTIONS:
        label, page = ROW_ACTIONS[kind]
        action_url = reverse(page, args=[item.row_id])
    return Card(
        item=item,
        url=url,
        action_label=label,
        action_url=action_url,
        state_label=CaseState(item.state).label if item.state else "",
        state_tone=tone(item.state) if item.state else "",
        done_url=reverse("task_done", args=[item.row_id]) if kind == "tasks" else "",
    )


def case_url(item: Item, *, by: Membership) -> str:
    """The case's page for who may open it; a referrer only has their list of requests."""
    if item.reference is None:
        return ""
    if may(by, "case.view"):
        return reverse("case_detail", args=[item.reference])
    return reverse("referral_list")
