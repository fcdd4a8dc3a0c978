"""From the door to a figure and down to its rows, in a real browser, wide and narrow."""

import pytest

from atre.domain.agencies.enums import Role
from tests.support import world
from tests.support.browser import axe, screenshot
from tests.web.observatory.conftest import AINCOURT, EPCI

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1280, 320)


def see(page, name: str) -> None:
    """Axe, no sideways scroll, and a picture to look at."""
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    screenshot(page, f"observatory-{name}-{page.viewport_size['width']}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_visitor_goes_from_the_door_to_a_figure_and_its_rows(new_person, served, width):
    page = new_person(width=width)
    page.goto("/observatoire/")
    see(page, "door")

    field = page.get_by_label("Commune, intercommunalité, département ou région")
    field.fill("Val-d")
    page.get_by_role("option", name="Val-d’Oise").click()
    page.get_by_role("button", name="Voir ce territoire").click()
    page.get_by_role("heading", name="Ce qui est consommé").wait_for()
    see(page, "territory")

    page.get_by_text("Voir les chiffres").first.click()
    page.get_by_role("link", name="Voir les lignes : Électricité, 2023").click()
    page.get_by_role("heading", name="Consommation d’énergie").wait_for()
    assert page.get_by_text("ore_consumption-2.csv").count() == 3
    see(page, "rows")

    page.get_by_role("link", name="Val-d’Oise").click()
    page.get_by_role("link", name="Télécharger").click()
    see(page, "downloads")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV : Les chiffres de la page").click()
    assert taken.value.suggested_filename == "chiffres-departement-95.csv"


@pytest.mark.parametrize("width", WIDTHS)
def test_lists_comparisons_sources_and_empty_pages_are_accessible(new_person, served, width):
    page = new_person(width=width)
    for name, path in (
        ("communes", f"epci/{EPCI}/communes/?indicateur=median_income"),
        ("similar", f"commune/{AINCOURT}/semblables/?mesure=consommation&population=50&hiver=&maisons=&parmi="),
        ("similar-lacking", f"commune/{AINCOURT}/semblables/"),
        ("sources", "sources/"),
        ("empty", "commune/75056/"),
    ):  # fmt: skip
        page.goto(f"/observatoire/{path}")
        see(page, name)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_form_of_official_files_keeps_its_page_when_it_refuses(
    new_person, served, settings, width
):
    settings.DEMO = True
    member = world.member(world.agency(), Role.DIRECTOR)
    page = new_person(width=width)
    page.goto("/compte/login/?next=/observatoire/sources/deposer/")
    page.get_by_label("Adresse e-mail").fill(member.user.email)
    page.get_by_label("Mot de passe").fill(world.PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("heading", name="Déposer un fichier officiel").wait_for()
    see(page, "drop")

    letter = {"name": "lettre.csv", "mimeType": "text/csv", "buffer": b"bonjour\nmonde\n"}
    page.get_by_label("Fichier officiel").set_input_files(letter)
    page.get_by_role("button", name="Envoyer le fichier").click()
    page.locator("[data-error-summary]").wait_for()
    see(page, "drop-refused")
