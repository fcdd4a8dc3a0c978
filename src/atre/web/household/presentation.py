"""How cases are told on the screen: the tone of a state, the difficulties in a few words."""

from collections.abc import Mapping

from django import forms

from atre.domain.households.enums import CaseState, Difficulty, EligibilityAnswer
from atre.domain.households.models import Case, Dwelling, Household
from atre.web.design.templatetags.atre import display

STATE_TONES: Mapping[str, str] = {
    CaseState.RECEIVED: "new",
    CaseState.TO_COMPLETE: "waiting",
    CaseState.ELIGIBLE: "active",
    CaseState.NOT_ELIGIBLE: "attention",
    CaseState.ASSIGNED: "waiting",
    CaseState.SCHEDULED: "active",
    CaseState.VISITED: "active",
    CaseState.REPORTED: "done",
    CaseState.SUPPORTED: "active",
    CaseState.AWAITING_FOLLOW_UP: "waiting",
    CaseState.FOLLOW_UP: "active",
    CaseState.EVALUATED: "done",
    CaseState.CLOSED: "stopped",
}
# In a list, four words at most; the case page has the whole sentence.
SHORT_DIFFICULTIES = {
    Difficulty.HIGH_BILLS: "factures élevées",
    Difficulty.TROUBLE_PAYING: "peine à payer",
    Difficulty.TOO_COLD_OR_HOT: "froid ou chaud",
    Difficulty.DAMP: "humidité",
}


def difficulties(case: Case) -> list[Difficulty]:
    """The difficulties told, in the order of the form."""
    return [difficulty for difficulty in Difficulty if getattr(case, difficulty.value)]


def short_difficulties(case: Case) -> list[str]:
    return [SHORT_DIFFICULTIES[difficulty] for difficulty in difficulties(case)]


def tone(state: str) -> str:
    return STATE_TONES[state]


ANSWER_TONES: Mapping[str, str] = {
    EligibilityAnswer.YES: "done",
    EligibilityAnswer.NO: "attention",
    EligibilityAnswer.UNKNOWN: "waiting",
}


def composition(household: Household) -> str | None:
    """« 2 adultes, 1 enfant »; None as soon as one of the numbers is unknown."""
    if household.adults is None or household.children is None:
        return None
    adults = f"{household.adults} adulte{'s' if household.adults > 1 else ''}"
    if household.children == 0:
        return f"{adults}, sans enfant"
    return f"{adults}, {household.children} enfant{'s' if household.children > 1 else ''}"


def address(dwelling: Dwelling) -> str:
    """The dwelling's address on one line."""
    parts = [dwelling.address_line, dwelling.address_extra]
    street = ", ".join(part for part in parts if part)
    return f"{street}, {dwelling.postal_code} {dwelling.commune.name}"


def arrived_by(case: Case) -> str:
    """The channel, with the referrer's name when there is one."""
    channel = case.get_channel_display()
    return f"{channel} : {case.referrer.user.full_name}" if case.referrer else channel


COMPARED_WHEN_KNOWN = (
    "first_name",
    "last_name",
    "birth_date",
    "phone",
    "email",
    "contact_preference",
    "adults",
    "children",
    "tenure",
)
COMPARED_AT_HOME = ("address_line", "address_extra", "postal_code", "landlord_name")


def told_differently(household: Household, form: forms.Form) -> str:
    """What a new request says otherwise than the household's file, one line each; "" if nothing."""
    lines = []
    for name in (*COMPARED_WHEN_KNOWN, *COMPARED_AT_HOME):
        typed = form.cleaned_data.get(name)
        held = getattr(household if name in COMPARED_WHEN_KNOWN else household.dwelling, name)
        if typed not in (None, "") and typed != held:
            lines.append(f"{form[name].label} : {display(typed)}")
    if not lines:
        return ""
    return "\n".join(["Dit dans cette demande, et différent de la fiche du ménage :", *lines])
