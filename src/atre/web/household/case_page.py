"""What the case page shows, shaped by the role of whoever opens it."""

from datetime import date
from typing import Any

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import may
from atre.domain.households import daily_selectors, rhythm
from atre.domain.households.enums import EligibilityAnswer
from atre.domain.households.models import Case
from atre.domain.households.timeline import Event, case_events
from atre.web.household import presentation, sections
from atre.web.household.forms import NoteForm
from atre.web.household.next_steps import next_step


def case_context(*, by: Membership, case: Case, on: date) -> dict[str, Any]:
    """Variables of the page. Income, notes, tasks and files are absent, not hidden, for a role
    that may not read them."""
    context: dict[str, Any] = {
        "case": case,
        "household": case.household,
        "dwelling": case.dwelling,
        "tone": presentation.tone(case.state),
        "difficulties": presentation.difficulties(case),
        "composition": presentation.composition(case.household),
        "address": presentation.address(case.dwelling),
        "arrived_by": presentation.arrived_by(case),
        "next_step": next_step(by=by, case=case),
        "stalled": rhythm.is_stalled(state=case.state, since=case.state_since, on=on),
        "events": all_events(by=by, case=case),
        "may_edit": may(by, "case.edit"),
        "may_assign": may(by, "case.assign") and case.state not in {"closed", "evaluated"},
    }
    if may(by, "case.income"):
        context |= team_context(by=by, case=case, on=on)
    return context


def team_context(*, by: Membership, case: Case, on: date) -> dict[str, Any]:
    """What only the agency's own team reads."""
    return {
        "eligibility": case.eligibility,
        "answer_label": EligibilityAnswer(case.is_eligible).label,
        "answer_tone": presentation.ANSWER_TONES[case.is_eligible],
        "note_form": NoteForm(),
        "consents": daily_selectors.standing_consents(by=by, case=case),
        "tasks": [
            {"row": task, "late": task.due_on < on}
            for task in daily_selectors.open_tasks(by=by, case=case)
        ],
        "attachments": daily_selectors.attachments(by=by, case=case),
        "other_cases": daily_selectors.other_cases(by=by, case=case),
        "merges": daily_selectors.standing_merges(by=by, household=case.household),
        "may_close": may(by, "case.close"),
        "may_answer_rights": may(by, "case.export"),
    }


def all_events(*, by: Membership, case: Case) -> list[Event]:
    """The story of the case with what the other rooms tell, newest first."""
    events = case_events(by=by, case=case)
    for more in sections.EVENTS:
        events += more(by=by, case=case)
    return sorted(events, key=lambda event: event.at, reverse=True)
