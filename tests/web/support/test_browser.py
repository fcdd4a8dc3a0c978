"""The pages of support in a real browser: axe in each state, and nothing wider than a phone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from atre.domain.agencies import isolation
from atre.domain.support.actions import aiding, mediating, supporting
from atre.domain.support.actions.orienting import send_orientation
from tests.support import visited
from tests.support.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = localdate()


@pytest.fixture
def busy() -> visited.Followed:
    """A case with one of everything."""
    made = visited.followed()
    by, case = made.adviser, made.case
    with isolation.within(made.agency):
        made.agree()
        send_orientation(
            by=by, case=case, service=made.service, purpose="Aider", on=TODAY, answer_days=10
        )
        supporting.open_support(by=by, case=case, goal="Obtenir des travaux", on=TODAY)
        aiding.ask_aid(by=by, case=case, kind="fsl", asked_on=TODAY, asked_eur=None, today=TODAY)
        mediation = mediating.open_mediation(
            by=by,
            case=case,
            landlord=mediating.Landlord(name="SCI Exemple", address="1 rue du Modèle"),
            problem="Réparer la fenêtre",
            agreed_on=TODAY,
            on=TODAY,
        )
        mediating.add_mediation_step(
            by=by,
            mediation=mediation,
            kind="first_contact",
            on=TODAY,
            due_on=TODAY + timedelta(days=20),
            text="Appel",
            today=TODAY,
        )
    return made


def sign_in(page, member, live_server, settings) -> None:
    settings.DEMO = True
    browser = Client()
    browser.force_login(member.user)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )


def fits(page) -> bool:
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


@pytest.mark.parametrize("width", [1280, 320])
def test_the_teams_pages(new_person, live_server, settings, busy, width):
    page = new_person(width=width)
    sign_in(page, busy.adviser, live_server, settings)
    reference = busy.case.reference

    for name in ("case_detail", "orientation_new", "support_action_new", "aid_new"):
        page.goto(reverse(name, args=[reference]))
        axe(page)
        assert fits(page), page.url
    for url in (reverse("organisation_list"), reverse("organisation_new")):
        page.goto(url)
        axe(page)
        assert fits(page), page.url


def test_a_refused_orientation_says_what_to_do(new_person, live_server, settings, busy):
    page = new_person(width=320)
    sign_in(page, busy.adviser, live_server, settings)
    page.goto(reverse("orientation_new", args=[busy.case.reference]))

    page.get_by_role("button", name="Envoyer l’orientation").click()

    page.get_by_text("Choisissez un service.").first.wait_for()
    axe(page)
    assert fits(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_partner_opens_and_accepts(new_person, live_server, settings, busy, width):
    page = new_person(width=width)
    sign_in(page, busy.partner, live_server, settings)
    page.goto(reverse("orientation_inbox"))
    axe(page)

    page.get_by_role("link", name=f"Orientation {busy.case.reference}").click()
    axe(page)
    assert fits(page)
    page.get_by_label("Accepter").check()
    page.get_by_role("button", name="Envoyer la réponse").click()

    page.get_by_text("L’agence est prévenue").wait_for()
    assert page.get_by_text("Acceptée").is_visible()
