"""The one-year follow-up on screen: asked, kept, concluded; two people at once included."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from atre.domain.households.enums import CaseState
from atre.domain.support import questionnaire
from atre.domain.support.enums import FollowUpState
from atre.domain.support.models import FollowUp
from atre.jobs.follow_ups import open_due
from tests.support import visited, world

ANSWERED = "2026-11-12"


@pytest.fixture
def opened(followed):
    with time_machine.travel(world.at("2026-11-10", 8)) as travel:
        open_due()
        travel.move_to(world.at(ANSWERED, 10))
        yield FollowUp.objects.get(case=followed.case)


def page(followed) -> str:
    return reverse("follow_up_edit", args=[followed.case.reference])


def typed(follow_up, *bills, **changes) -> dict[str, object]:
    answers = dict.fromkeys(questionnaire.QUESTIONS, "unknown") | {
        "gesture_minus_1_degree": "yes",
        "gesture_led": "unknown",
        "works": "",
        "words": "Il fait meilleur.",
        "answered_on": ANSWERED,
        "revision": follow_up.revision,
        "bills-TOTAL_FORMS": len(bills),
        "bills-INITIAL_FORMS": 0,
    }
    for rank, bill in enumerate(bills):
        for name, value in bill.items():
            shown = {True: "yes", False: "no", None: ""}.get(value, value)
            answers[f"bills-{rank}-{name}"] = shown
    return answers | changes


def year(energy: str, quantity: str, euros: str) -> dict[str, object]:
    return visited.bill(energy, date(2026, 10, 21), quantity=quantity, euros=euros)


def test_only_the_team_of_the_agency_opens_it(followed, elsewhere, opened, signed_in):
    assert signed_in(followed.adviser).get(page(followed)).status_code == 200
    assert signed_in(elsewhere.adviser).get(page(followed)).status_code == 404
    assert signed_in(followed.visitor).get(page(followed)).status_code == 403


def test_before_it_opens_there_is_nothing_to_fill(followed, signed_in):
    assert signed_in(followed.adviser).get(page(followed)).status_code == 404


def test_answers_kept_come_back_and_the_case_stays_open(followed, opened, signed_in):
    browser = signed_in(followed.adviser)

    browser.post(page(followed), typed(opened, damp="yes"))

    opened.refresh_from_db()
    assert (opened.state, opened.answers["damp"]) == (FollowUpState.DUE, "yes")
    assert opened.answers["gestures"] == {"minus_1_degree": "yes", "led": "unknown"}
    assert "Il fait meilleur." in browser.get(page(followed)).content.decode()


def test_concluding_shows_the_three_tiers_apart(followed, opened, signed_in):
    browser = signed_in(followed.adviser)
    bills = (year("natural_gas", "8000", "1000"), year("electricity", "2900", "740"))

    browser.post(page(followed), typed(opened, *bills, conclude="1", cold_in_winter="no"))

    case_page = browser.get(reverse("case_detail", args=[followed.case.reference]))
    text = case_page.content.decode()
    assert followed.fresh().state == CaseState.EVALUATED
    for words in ("Estimée à la visite", "Déclarée par le ménage", "non mesurée", "210\u202f€"):
        assert words in text.replace("\N{NO-BREAK SPACE}", "\u202f")
    assert "n’a pas choisi de test de sortie" in text


def test_a_wrong_bill_is_shown_at_its_line_and_all_that_was_typed_stays(
    followed, opened, signed_in
):
    bill = year("natural_gas", "8000", "1000")

    refused = signed_in(followed.adviser).post(page(followed), typed(opened, bill, bill))

    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Deux factures couvrent les mêmes jours" in text
    assert "Il fait meilleur." in text
    opened.refresh_from_db()
    assert opened.answers == {}


def test_two_people_at_once_see_both_versions(followed, opened, signed_in):
    first, second = signed_in(followed.adviser), signed_in(followed.director)
    first.post(page(followed), typed(opened, damp="yes"))

    stale = second.post(page(followed), typed(opened, damp="no", words="Une autre phrase."))

    text = stale.content.decode()
    assert stale.status_code == 409
    assert "Une autre phrase." in text
    assert "Il fait meilleur." in text
    opened.refresh_from_db()
    assert opened.answers["damp"] == "yes"


def test_my_version_can_then_be_saved(followed, opened, signed_in):
    browser = signed_in(followed.adviser)
    browser.post(page(followed), typed(opened, damp="yes"))
    opened.refresh_from_db()

    browser.post(page(followed), typed(opened, damp="no"))

    opened.refresh_from_db()
    assert opened.answers["damp"] == "no"


def test_a_household_that_cannot_be_reached(followed, opened, signed_in):
    url = reverse("follow_up_unanswered", args=[followed.case.reference])
    browser = signed_in(followed.adviser)

    refused = browser.post(
        url, {"outcome": "unreachable", "reason": "", "revision": opened.revision}
    )
    browser.post(
        url, {"outcome": "unreachable", "reason": "Quatre appels", "revision": opened.revision}
    )

    assert refused.status_code == 422
    opened.refresh_from_db()
    assert opened.state == FollowUpState.UNREACHABLE
    assert followed.fresh().state == CaseState.EVALUATED


def test_the_questionnaire_can_be_posted_on_paper(followed, elsewhere, opened, signed_in):
    url = reverse("follow_up_paper", args=[followed.case.reference])
    data = {"place": "Nogent-sur-Marne", "reply_by": "2026-12-20"}

    sent = signed_in(followed.adviser).post(url, data)

    assert b"".join(sent.streaming_content).startswith(b"%PDF")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert followed.case.household.last_name not in sent["Content-Disposition"]
    assert signed_in(elsewhere.adviser).post(url, data).status_code == 404
