"""The settings in a real browser, wide and as narrow as a telephone."""

import pytest

from atre.domain.agencies.enums import Role
from tests.support import world
from tests.support.browser import axe, screenshot
from tests.support.whole import whole_agency

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1280, 320)


def see(page, name: str) -> None:
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    screenshot(page, f"settings-{name}-{page.viewport_size['width']}")


def sign_in(page, member) -> None:
    page.goto("/compte/login/")
    page.get_by_label("Adresse e-mail").fill(member.user.email)
    page.locator("input[type=password]").fill(world.PASSWORD)
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url("**/")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_director_walks_through_the_settings(new_person, width):
    whole = whole_agency()
    page = new_person(width=width)
    sign_in(page, whole.people[Role.DIRECTOR])
    page.goto("/reglages/")
    see(page, "home")
    page.get_by_role("link", name="Inviter une personne").click()
    page.get_by_role("button", name="Envoyer l’invitation").click()
    see(page, "invite-refused")
    page.get_by_label("Prénom et nom").fill("Nouvelle Personne")
    page.get_by_label("Adresse e-mail").fill("autre@example.org")
    page.get_by_label("Rôle").select_option("adviser")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    page.wait_for_url("**/reglages/")
    assert page.get_by_text("autre@example.org").is_visible()

    programme = f"/reglages/dispositifs/{whole.values['programme']}/"
    for path, name in (
        ("/reglages/agence/", "agency"),
        (programme, "programme"),
        (f"{programme}sortie/", "exit-test"),
        ("/reglages/journal/", "journal"),
        (f"/reglages/journal/?dossier={whole.case.reference}", "journal-case"),
        (f"/dossiers/{whole.case.reference}/donnees/", "household-data"),
        ("/compte/appartenance/", "membership"),
        ("/accessibilite/", "accessibility"),
        ("/donnees-personnelles/", "privacy"),
    ):
        page.goto(path)
        see(page, name)
    page.goto("/reglages/journal/")
    page.get_by_role("link", name="Vérifier la chaîne").click()
    assert page.get_by_text("La chaîne est entière").is_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_director_downloads_a_household_s_data_and_erases_it(new_person, width):
    whole = whole_agency()
    reference = whole.aside.reference
    page = new_person(width=width)
    sign_in(page, whole.people[Role.DIRECTOR])
    page.goto(f"/dossiers/{reference}/donnees/")
    page.get_by_role("link", name="Préparer la copie").click()
    see(page, "password-again")
    page.locator("main input[type=password]").fill(world.PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/export/")
    see(page, "export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger l’archive").click()
    assert download.value.suggested_filename == f"donnees-{reference}.zip"

    page.goto(f"/dossiers/{reference}/donnees/effacer/")
    page.get_by_label("Motif").fill("Demande du ménage.")
    page.get_by_role("button", name="Effacer définitivement").click()
    see(page, "erase-refused")
    page.get_by_label("Référence du dossier").fill(reference)
    page.get_by_role("button", name="Effacer définitivement").click()
    page.wait_for_url("**/dossiers/")
    assert page.get_by_text("est effacé").is_visible()
