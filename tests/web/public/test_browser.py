"""The public pages in a real browser: wide and narrow, with keyboard and axe, in each state."""

import re

import pytest

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit.actions import log_read
from atre.domain.households.actions.linking import issue_link
from atre.domain.households.models import Case, CaseLink
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.models import Appointment
from tests.support import world
from tests.support.browser import axe, screenshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1280, 320)


@pytest.fixture
def programme():
    agency = world.agency(name="Agence d’essai")
    for kind, name in (
        ("ccas", "CCAS de Nogent"),
        ("caf", "CAF du Val-de-Marne"),
        ("charity", "Secours d’essai"),
    ):
        world.organisation(agency, kind, name)
    return world.programme(agency, name="Visites énergie")


def see(page, name: str) -> None:
    """Axe, no sideways scroll, and a picture to look at."""
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    screenshot(page, f"public-{name}-{page.viewport_size['width']}")


def fill(page) -> None:
    page.get_by_label("Trop froid l’hiver ou trop chaud l’été").check()
    page.get_by_label("En quelques mots").fill("La chambre du petit est humide.")
    page.get_by_label("Numéro et rue").fill("3 rue des Essais")
    page.get_by_label("Code postal").fill("94130")
    page.get_by_label("Prénom").fill("Amina")
    page.get_by_label("Nom", exact=True).fill("Exemple")
    page.get_by_label("Téléphone").fill("06 12 34 56 78")
    page.get_by_label("J’accepte que Agence d’essai garde").check()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_household_asks_for_help_and_follows_its_case(new_person, programme, width):
    page = new_person(width=width)
    page.goto(f"/{programme.slug}/")
    see(page, "programme")
    page.get_by_role("link", name="Demander de l’aide").click()
    see(page, "form-empty")

    page.wait_for_timeout(2100)
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.locator("[data-error-summary]").wait_for()
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    see(page, "form-errors")

    page.goto(f"/{programme.slug}/demande?commune={world.NOGENT}")
    fill(page)
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.get_by_role("heading", name="Votre demande est arrivée").wait_for()
    see(page, "receipt")

    page.get_by_role("link", name="Suivre mon dossier").click()
    page.get_by_role("heading", name="Le fil de votre dossier").wait_for()
    see(page, "follow")

    page.get_by_role("link", name=re.compile("Retirer cet accord")).first.click()
    see(page, "withdraw")
    page.get_by_role("button", name="Retirer mon accord").click()
    page.get_by_text("Votre dossier est clos").wait_for()
    see(page, "follow-withdrawn")


@pytest.mark.parametrize("width", WIDTHS)
def test_out_of_the_programme_keeps_what_was_typed(new_person, programme, width):
    world.programme(world.agency(insee=world.ANGERS), name="Ecogie")
    page = new_person(width=width)
    page.goto(f"/{programme.slug}/demande?commune={world.ANGERS}")
    fill(page)
    page.get_by_label("Code postal").fill("49000")
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.get_by_role("button", name="Continuer avec « Ecogie »").wait_for()
    see(page, "form-outside")

    page.get_by_role("button", name="Continuer avec « Ecogie »").click()

    page.wait_for_url("**/demande")
    assert page.get_by_label("Prénom").input_value() == "Amina"
    assert not page.get_by_label(re.compile("garde ces renseignements")).is_checked()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_case_on_its_way(new_person, programme, width):
    agency = programme.agency
    adviser = world.member(agency, Role.ADVISER)
    case = world.case(programme)
    with isolation.within(agency):
        Case.objects.filter(pk=case.pk).update(adviser=adviser)
        Appointment.objects.create(
            agency=agency, case=case, starts_at=world.at("2031-03-12", 14), ends_at=world.at("2031-03-12", 15, 30),
            state=AppointmentState.PLANNED,
        )  # fmt: skip
        log_read(by=adviser, case_id=case.pk, screen="case")
        token = issue_link(case=case)
    page = new_person(width=width)

    page.goto(f"/suivi/{token}/")

    page.get_by_role("heading", name="Votre rendez-vous").wait_for()
    see(page, "follow-appointment")


@pytest.mark.parametrize("width", WIDTHS)
def test_links_that_open_nothing(new_person, programme, width):
    case = world.case(programme)
    with isolation.within(programme.agency):
        old = issue_link(case=case)
        issue_link(case=case)
    assert CaseLink.objects.filter(revoked_at__isnull=False).count() == 2
    page = new_person(width=width)

    page.goto(f"/suivi/{old}/")
    see(page, "link-replaced")
    page.goto("/suivi/inconnu/")
    see(page, "link-unknown")
    page.get_by_role("link", name="Recevoir un nouveau lien").click()
    page.get_by_role("button", name="Recevoir un nouveau lien").click()
    page.locator("[data-error-summary]").wait_for()
    see(page, "new-link-errors")
    page.get_by_label("Référence du dossier").fill(case.reference)
    page.get_by_label("Votre adresse e-mail").fill("menage@example.org")
    page.get_by_role("button", name="Recevoir un nouveau lien").click()
    page.get_by_role("heading", name="Regardez vos e-mails").wait_for()
    see(page, "new-link-asked")


@pytest.mark.parametrize("width", WIDTHS)
def test_where_do_you_live(new_person, programme, width):
    page = new_person(width=width)
    page.goto("/demande/")
    see(page, "where")
    page.goto(f"/demande/?commune=Nogent-sur-Marne&commune_code={world.NOGENT}")
    see(page, "where-covered")
    world.commune(world.HYERES)
    page.goto(f"/demande/?commune=Hyères&commune_code={world.HYERES}")
    see(page, "where-uncovered")
