"""The pages of orientations and support: what was typed stays, strangers find nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from atre.domain.households.enums import CaseState
from atre.domain.households.models import Attachment
from atre.domain.network.enums import OrganisationKind
from atre.domain.support import announcing
from atre.domain.support.actions import aiding, mediating, supporting
from atre.domain.support.enums import MediationState, OrientationState
from atre.domain.support.models import AidFile, LandlordMediation, MediationStep, Orientation
from tests.support import world

TODAY = localdate()
PAGES = (
    "orientation_new",
    "support_open",
    "support_action_new",
    "support_close",
    "case_await_follow_up",
    "aid_new",
    "mediation_open",
)


def at(name: str, followed, *args) -> str:
    return reverse(name, args=[followed.case.reference, *args])


def orient(browser, followed, **changes):
    data = {
        "service": followed.service.pk,
        "purpose": "Monter une demande au FSL.",
        "answer_due_on": (TODAY + timedelta(days=10)).isoformat(),
    } | changes
    return browser.post(at("orientation_new", followed), data)


@pytest.mark.parametrize("page", PAGES)
def test_the_team_opens_the_page_and_nobody_else_does(followed, elsewhere, signed_in, page):
    url = at(page, followed)

    assert signed_in(followed.adviser).get(url).status_code == 200
    assert signed_in(elsewhere.adviser).get(url).status_code == 404
    for stranger in (followed.visitor, followed.partner):
        assert signed_in(stranger).get(url).status_code == 403


def test_without_consent_what_was_typed_stays_and_the_way_is_said(followed, signed_in):
    browser = signed_in(followed.adviser)

    refused = orient(browser, followed)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "n’a pas donné son accord" in page
    assert "Monter une demande au FSL." in page
    assert not Orientation.objects.exists()

    assert orient(browser, followed, agreed="on").status_code == 302
    assert Orientation.objects.get().state == OrientationState.SENT


def test_a_refused_orientation_keeps_no_agreement(followed, signed_in):
    yesterday = (TODAY - timedelta(days=1)).isoformat()

    refused = orient(signed_in(followed.adviser), followed, agreed="on", answer_due_on=yesterday)

    assert refused.status_code == 422
    assert not followed.case.consents.filter(kind="share_with_partners").exists()


def test_the_case_page_shows_the_proof_of_receipt(followed, signed_in):
    orient(signed_in(followed.adviser), followed, agreed="on")
    orientation = Orientation.objects.get()
    case_page = reverse("case_detail", args=[followed.case.reference])
    assert "pas encore lue" in signed_in(followed.adviser).get(case_page).content.decode()

    signed_in(followed.partner).get(reverse("orientation_received", args=[orientation.pk]))

    page = signed_in(followed.adviser).get(case_page).content.decode()
    assert f"par {followed.partner.user.full_name}" in page
    assert "pas encore lue" not in page


def test_the_answer_told_by_telephone(followed, signed_in):
    browser = signed_in(followed.adviser)
    orient(browser, followed, agreed="on")
    url = at("orientation_record_answer", followed, Orientation.objects.get().pk)

    refused = browser.post(url, {"verb": "decline", "words": ""})
    browser.post(url, {"verb": "decline", "words": "Hors secteur"})

    assert refused.status_code == 422
    assert Orientation.objects.get().answer == "Hors secteur"


def test_after_an_acceptance_it_is_the_rest_that_is_noted(followed, signed_in):
    browser = signed_in(followed.adviser)
    orient(browser, followed, agreed="on")
    case_page = reverse("case_detail", args=[followed.case.reference])
    url = at("orientation_record_answer", followed, Orientation.objects.get().pk)

    before = browser.get(case_page).content.decode()
    browser.post(url, {"verb": "accept", "words": ""})
    after = browser.get(case_page).content.decode()

    assert "Noter la réponse" in before
    assert "Noter la suite" not in before
    assert "Noter la suite" in after
    assert "Noter la réponse" not in after
    assert "Enregistrer la suite" in browser.get(url).content.decode()


@pytest.mark.parametrize(("delay", "required", "mark"), [(None, True, False), (15, False, True)])
def test_the_date_of_an_answer_is_optional_only_where_the_service_has_a_delay(
    followed, signed_in, delay, required, mark
):
    followed.service.answer_days = delay
    followed.service.save()
    browser = signed_in(followed.adviser)

    page = browser.get(at("orientation_new", followed)).content.decode()
    sent = orient(browser, followed, agreed="on", answer_due_on="")

    date_field = page.split('for="id_answer_due_on"')[1].split("</div>")[0]
    assert ("facultatif" in date_field) is mark
    assert (sent.status_code == 422) is required


def test_among_services_some_without_a_delay_the_date_is_not_called_optional(followed, signed_in):
    without = world.organisation(followed.agency, OrganisationKind.CCAS)
    without.accepts_referrals = True
    without.save()
    followed.service.answer_days = 15
    followed.service.save()

    page = signed_in(followed.adviser).get(at("orientation_new", followed)).content.decode()

    date_field = page.split('for="id_answer_due_on"')[1].split("</div>")[0]
    assert "facultatif" not in date_field
    assert "Un service sans délai demande une date" in page


def test_a_row_of_another_agency_is_not_found(followed, elsewhere, signed_in):
    orient(signed_in(followed.adviser), followed, agreed="on")
    pk = Orientation.objects.get().pk

    for url in (
        at("orientation_record_answer", followed, pk),
        at("orientation_record_answer", elsewhere, pk),
    ):
        assert signed_in(elsewhere.adviser).get(url).status_code == 404


def test_a_support_from_its_opening_to_its_end(followed, signed_in):
    browser = signed_in(followed.adviser)
    browser.post(
        at("support_open", followed),
        {
            "goal": "Changer la fenêtre",
            "adviser": followed.adviser.pk,
            "revision": followed.case.revision,
        },
    )
    refused = browser.post(
        at("support_action_new", followed),
        {"kind": "call", "on": TODAY.isoformat(), "minutes": "0", "text": "Appel"},
    )
    browser.post(
        at("support_action_new", followed),
        {"kind": "call", "on": TODAY.isoformat(), "minutes": "25", "text": "Appel"},
    )
    page = browser.get(reverse("case_detail", args=[followed.case.reference])).content.decode()
    browser.post(
        at("support_close", followed),
        {"outcome": "C’est fait", "on": TODAY.isoformat(), "revision": followed.fresh().revision},
    )

    assert refused.status_code == 422
    assert "25\N{NO-BREAK SPACE}min" in page or "25\N{NARROW NO-BREAK SPACE}min" in page
    assert followed.fresh().state == CaseState.AWAITING_FOLLOW_UP


def test_a_stale_opening_answers_409(followed, signed_in):
    answer = signed_in(followed.adviser).post(
        at("support_open", followed),
        {"goal": "Aider", "adviser": followed.adviser.pk, "revision": 0},
    )

    assert answer.status_code == 409
    assert "Aider" in answer.content.decode()


def test_an_aid_from_asked_to_paid(followed, signed_in):
    browser = signed_in(followed.adviser)
    browser.post(at("aid_new", followed), {"kind": "fsl", "asked_on": TODAY.isoformat()})
    aid = AidFile.objects.get()
    url = at("aid_decide", followed, aid.pk)

    refused = browser.post(url, {"state": "granted", "decided_on": TODAY.isoformat()})
    browser.post(
        url, {"state": "granted", "decided_on": TODAY.isoformat(), "granted_eur": "1 240,50"}
    )
    browser.post(url, {"state": "paid", "decided_on": TODAY.isoformat(), "granted_eur": ""})

    aid.refresh_from_db()
    assert refused.status_code == 422
    assert (aid.state, str(aid.granted_eur), aid.paid_on) == ("paid", "1240.50", TODAY)


@pytest.fixture
def mediation(followed) -> LandlordMediation:
    return mediating.open_mediation(
        by=followed.adviser,
        case=followed.case,
        landlord=mediating.Landlord(name="SCI Exemple", address="1 rue du Modèle\n94130 Nogent"),
        problem="Réparer la fenêtre",
        agreed_on=TODAY,
        on=TODAY,
    )


LETTER = {
    "findings": "La fenêtre ne ferme plus",
    "requests": "Réparer la fenêtre",
    "place": "Nogent-sur-Marne",
}


def test_a_letter_is_proposed_from_the_visit_printed_and_filed(followed, signed_in, mediation):
    browser = signed_in(followed.adviser)
    url = at("mediation_letter", followed, mediation.pk) + "?sorte=first_contact"

    proposed = browser.get(url).content.decode()
    browser.post(url, LETTER | {"due_on": (TODAY + timedelta(days=21)).isoformat()})

    assert "La fenêtre de la chambre ne ferme plus" in proposed
    step = MediationStep.objects.get()
    assert step.letter == Attachment.objects.get(kind="letter")
    assert step.due_on == TODAY + timedelta(days=21)
    sent = browser.get(
        reverse("attachment_download", args=[followed.case.reference, step.letter.pk])
    )
    assert b"".join(sent.streaming_content).startswith(b"%PDF")


def test_a_reminder_needs_a_first_letter(followed, signed_in, mediation):
    refused = signed_in(followed.adviser).post(
        at("mediation_letter", followed, mediation.pk) + "?sorte=reminder",
        LETTER | {"due_on": (TODAY + timedelta(days=15)).isoformat()},
    )

    assert refused.status_code == 422
    assert "suit une première lettre" in refused.content.decode()


def test_a_mediation_is_noted_then_closed(followed, elsewhere, signed_in, mediation):
    browser = signed_in(followed.adviser)
    url = at("mediation_step", followed, mediation.pk)
    assert signed_in(elsewhere.adviser).get(url).status_code == 404

    browser.post(url, {"kind": "works_done", "on": TODAY.isoformat(), "text": "Fenêtre changée"})
    browser.post(at("mediation_close", followed, mediation.pk), {"solved": "yes"})

    mediation.refresh_from_db()
    assert mediation.state == MediationState.SOLVED


def test_the_case_page_asks_the_same_queries_with_more_rows(
    followed, signed_in, django_assert_max_num_queries, mediation
):
    browser = signed_in(followed.adviser)
    url = reverse("case_detail", args=[followed.case.reference])
    supporting.open_support(by=followed.adviser, case=followed.case, goal="Aider", on=TODAY)

    def add(number: int) -> None:
        for rank in range(number):
            aiding.ask_aid(
                by=followed.adviser,
                case=followed.case,
                kind="fsl",
                asked_on=TODAY,
                asked_eur=None,
                today=TODAY,
            )
            supporting.add_support_action(
                by=followed.adviser,
                case=followed.case,
                kind="call",
                on=TODAY,
                minutes=5 + rank,
                text="Appel",
                today=TODAY,
            )

    add(1)
    with django_assert_max_num_queries(80) as few:
        browser.get(url)
    add(6)
    with django_assert_max_num_queries(80) as many:
        browser.get(url)

    assert len(many) == len(few)


def test_the_link_in_messages_leads_to_the_inbox_page():
    assert announcing.INBOX_PATH.format(pk=7) == reverse("orientation_received", args=[7])
