"""The map in a real browser: drawn from our tiles alone, walked by keyboard, down to the rows."""

import pytest

from tests.support.browser import axe, screenshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/observatoire/carte/?indicateur=consumption&annee=2023&secteur=residential&energie=electricity&territoire=departement/95"
DRAWN = "[data-map][data-state=drawn]"
# Drawing by software takes seconds on a busy machine.
LONG_MS = 60_000


@pytest.fixture(autouse=True)
def _served(mapped):
    """Every page here is of the small observatory."""


def opened(page, address=PAGE):
    outside = []
    page.on("request", lambda request: outside.append(request.url))
    page.goto(address)
    page.wait_for_selector(DRAWN, timeout=LONG_MS)
    own = page.evaluate("location.origin")
    assert [url for url in outside if not url.startswith((own, "blob:", "data:"))] == []
    return page


@pytest.mark.parametrize("width", [1280, 320])
def test_the_map_is_drawn_and_accessible(new_person, width):
    page = opened(new_person(width=width))
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    screenshot(page, f"map-{width}")


def test_a_pointed_commune_leads_to_its_figure_then_to_the_rows_behind_it(page):
    opened(page)
    canvas = page.locator("canvas")
    size = canvas.bounding_box()
    # The upper left quarter of the four squares is Aincourt.
    canvas.click(position={"x": size["width"] * 0.4, "y": size["height"] * 0.35})
    card = page.locator("[data-map-said]")
    card.get_by_role("link", name="Aincourt").wait_for(timeout=LONG_MS)
    said = card.locator(".map-card-value").inner_text()
    line = page.locator('tr[data-code="95001"] td').first.inner_text()
    assert said.split("kWh")[0].strip() == line.strip()
    assert "Agence ORE, 2023" in card.inner_text()
    card.get_by_role("link", name="Les lignes de ce chiffre").click()
    page.wait_for_url("**/observatoire/commune/95001/lignes/**")
    assert page.get_by_role("cell", name="2 000 MWh").is_visible()


def test_by_keyboard_the_commune_under_the_cross_is_said_and_chosen(page):
    opened(page)
    # In and out through the control before the map, as Tab does.
    page.locator("canvas").focus()
    page.keyboard.press("ArrowLeft")
    said = page.locator("[data-map-announce]")
    said.filter(has_text="kWh par habitant").or_(said.filter(has_text="secret")).wait_for(
        state="attached", timeout=LONG_MS
    )
    name = said.inner_text().split(",")[0]
    page.keyboard.press("Enter")
    chosen = page.locator("[data-map-chosen]")
    assert name in chosen.inner_text()
    assert "communes=" in page.url
    chosen.get_by_role("link", name="Voir ce territoire").click()
    page.wait_for_url("**/observatoire/choix/**")
    assert page.get_by_role("heading", level=1).is_visible()


def test_without_script_the_table_is_there_and_the_map_is_not(new_person):
    page = new_person(java_script_enabled=False)
    page.goto(PAGE)
    assert page.locator("tr[data-code]").count() == 3
    assert not page.locator(".map-ground").is_visible()
    page.get_by_label("Choisir Aincourt").check()
    page.get_by_role("button", name="Voir les communes cochées").click()
    assert "/observatoire/choix/95001/" in page.url


def test_a_map_that_cannot_be_drawn_says_where_the_figures_are(new_person):
    page = new_person()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    page.goto(PAGE)
    page.wait_for_selector("[data-map][data-state=none]", timeout=LONG_MS)
    assert page.get_by_text("Ce navigateur ne peut pas dessiner la carte").is_visible()
    assert page.locator("tr[data-code]").count() == 3
