"""What this room adds to the page of a case: partners and support, then the year after."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate

from atre.domain.agencies.models import Membership
from atre.domain.households import states
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.support import questionnaire, selectors
from atre.domain.support.actions.saving import sealed_visit
from atre.domain.support.anniversary import year_after
from atre.domain.support.enums import (
    AidState,
    ExitAnswer,
    FollowUpState,
    MediationState,
    MediationStepKind,
    OrientationState,
    SavingTier,
)
from atre.domain.support.mediation_plan import PRINTED
from atre.domain.support.models import FollowUp, Orientation, SavingRecord
from atre.domain.support.orientation_states import UNANSWERED, possible_answers
from atre.domain.support.selectors import MediationView
from atre.domain.visits import catalogue
from atre.web.design.formatting import date, euros, quantity
from atre.web.support.forms_follow_up import ANSWER_LABELS

SUPPORT_TEMPLATE = "support/case_section_support.html"
FOLLOW_UP_TEMPLATE = "support/case_section_follow_up.html"
ORIENTATION_TONES = {
    OrientationState.SENT: "new",
    OrientationState.RECEIVED: "waiting",
    OrientationState.ACCEPTED: "active",
    OrientationState.DECLINED: "attention",
    OrientationState.DONE: "done",
}
AID_TONES = {
    AidState.ASKED: "waiting",
    AidState.GRANTED: "active",
    AidState.REFUSED: "attention",
    AidState.PAID: "done",
}
MEDIATION_TONES = {
    MediationState.OPEN: "active",
    MediationState.SOLVED: "done",
    MediationState.FAILED: "attention",
}
FOLLOW_UP_TONES = {
    FollowUpState.DONE: "done",
    FollowUpState.UNREACHABLE: "attention",
    FollowUpState.DECLINED: "stopped",
}
EXIT_TONES = {ExitAnswer.YES: "done", ExitAnswer.NO: "attention", ExitAnswer.UNKNOWN: "waiting"}
AFTER_VISIT = {
    CaseState.VISITED,
    CaseState.REPORTED,
    CaseState.SUPPORTED,
    CaseState.AWAITING_FOLLOW_UP,
    CaseState.FOLLOW_UP,
}
UNKNOWN_FR = "inconnue"
NOT_MEASURED = "non mesurée"
NOT_MEASURED_BASIS = (
    "Une mesure corrige la météo et compare à prix constant ; elle n’est pas faite ici."
)


def support_section(*, by: Membership, case: Case) -> dict[str, Any]:
    """Orientations, support, aids and mediations, with what may be done about them."""
    on = localdate()
    is_open = case.state not in {CaseState.CLOSED, CaseState.EVALUATED}
    orientations = selectors.orientations_of(by=by, case=case)
    return {
        "is_open": is_open,
        "orientations": [_orientation_line(row, is_open=is_open) for row in orientations],
        "support": selectors.support_of(by=by, case=case),
        "minutes": selectors.minutes_spent(by=by, case=case),
        "aids": [
            {"row": aid, "tone": AID_TONES[AidState(aid.state)]}
            for aid in selectors.aids_of(by=by, case=case)
        ],
        "mediations": [
            _mediation_line(view, case) for view in selectors.mediations_of(by=by, case=case, on=on)
        ],
        "may_open_support": case.state in states.TRANSITIONS["open_support"].sources,
        "may_await": case.state == CaseState.REPORTED,
        # These letters tell of the visit.
        "may_write_letters": case.state in AFTER_VISIT,
    }


def _orientation_line(row: Orientation, *, is_open: bool) -> dict[str, Any]:
    awaited = row.state in UNANSWERED
    receipt = ""
    if row.received_at is not None:
        who = f" par {row.received_by.user.full_name}" if row.received_by else ""
        receipt = f"lue le {date(row.received_at)}{who}"
    return {
        "row": row,
        "tone": ORIENTATION_TONES[OrientationState(row.state)],
        "awaited": awaited,
        "late": awaited and row.answer_due_on < localdate(),
        "receipt": receipt,
        "may_answer": is_open and bool(possible_answers(row.state)),
    }


def _mediation_line(view: MediationView, case: Case) -> dict[str, Any]:
    kind = view.proposal.kind if view.proposal else None
    letter_url = letter_label = ""
    if view.proposal and view.proposal.is_due and kind in PRINTED:
        url = reverse("mediation_letter", args=[case.reference, view.row.pk])
        letter_url, letter_label = f"{url}?sorte={kind}", f"Faire la lettre : {_letter_name(kind)}"
    return {
        "row": view.row,
        "steps": view.steps,
        "proposal": view.proposal,
        "tone": MEDIATION_TONES[MediationState(view.row.state)],
        "letter_url": letter_url,
        "letter_label": letter_label,
    }


def _letter_name(kind: MediationStepKind | None) -> str:
    return MediationStepKind(kind).label.lower() if kind else ""


def follow_up_section(*, by: Membership, case: Case) -> dict[str, Any]:
    """What the year after showed, or when it will be asked."""
    follow_up = selectors.follow_up_of(by=by, case=case)
    visit = sealed_visit(case)
    savings = {row.tier: row for row in selectors.savings_of(by=by, case=case)}
    context: dict[str, Any] = {
        "follow_up": follow_up,
        "opens_on": year_after(visit.visited_on) if visit else None,
        "tiers": [_tier(tier, savings.get(tier)) for tier in SavingTier] if savings else [],
    }
    if follow_up is not None and follow_up.state != FollowUpState.DUE:
        context |= {
            "tone": FOLLOW_UP_TONES[FollowUpState(follow_up.state)],
            "exit_tone": EXIT_TONES[ExitAnswer(follow_up.exit_answer)],
            "answers": _answers(follow_up),
            "changes": follow_up.exit_explanation.get("declared", []),
        }
    return context


def _tier(tier: SavingTier, row: SavingRecord | None) -> dict[str, str]:
    if tier == SavingTier.MEASURED and row is None:
        return {
            "label": tier.label,
            "kwh": NOT_MEASURED,
            "euros": NOT_MEASURED,
            "basis": NOT_MEASURED_BASIS,
        }
    if row is None:
        return {
            "label": tier.label,
            "kwh": UNKNOWN_FR,
            "euros": UNKNOWN_FR,
            "basis": "Pas encore demandée.",
        }
    return {
        "label": tier.label,
        "kwh": UNKNOWN_FR if row.kwh_per_year is None else quantity(row.kwh_per_year, "kWh"),
        "euros": UNKNOWN_FR if row.euros_per_year is None else euros(row.euros_per_year),
        "basis": row.basis,
    }


def _answers(follow_up: FollowUp) -> list[tuple[str, str | None]]:
    if follow_up.state != FollowUpState.DONE:
        return []
    told = follow_up.answers
    rows: list[tuple[str, str | None]] = [
        (question, ANSWER_LABELS[told[name]]) for name, question in questionnaire.QUESTIONS.items()
    ]
    rows += [
        (f"Geste gardé : {catalogue.GESTURES[code].label}", ANSWER_LABELS[answer])
        for code, answer in told["gestures"].items()
    ]
    rows += [(label, told[name]) for name, label in questionnaire.TEXTS.items() if told[name]]
    return rows
