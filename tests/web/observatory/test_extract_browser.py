"""The cited extract asked for in a real browser: refused without a chapter, then downloaded."""

import pytest

from tests.support.browser import axe, screenshot
from tests.web.observatory.conftest import EPCI

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 320])
def test_a_visitor_takes_an_extract_from_the_files_of_a_territory(new_person, served, width):
    page = new_person(width=width)
    page.goto(f"/observatoire/epci/{EPCI}/telecharger/")
    page.get_by_role("link", name="préparer un extrait cité (PDF)").click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    for box in page.get_by_role("checkbox").all():
        box.set_checked(False)
    page.get_by_role("button", name="Préparer l’extrait").click()
    page.get_by_text("Un point à corriger").wait_for()
    axe(page)
    screenshot(page, f"observatory-extract-{width}")

    page.get_by_label("Énergie consommée").check()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Préparer l’extrait").click()
    assert taken.value.suggested_filename == f"extrait-epci-{EPCI}.pdf"
