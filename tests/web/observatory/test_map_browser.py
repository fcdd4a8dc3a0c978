"""The map in a real browser: drawn from our tiles alone, walked by keyboard, down to the rows."""

import pytest
from django.test import Client

from atre.domain.agencies.enums import Role
from tests.support import world
from tests.support.browser import axe, screenshot
from tests.support.mapped import open_cases

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


def signed_in(page, member, origin):
    client = Client()
    client.force_login(member.user)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": origin}])


def test_the_team_s_two_maps_show_the_same_ground_and_move_together(
    new_person, mapped, settings, live_server
):
    settings.DEMO = True
    agency = world.agency()
    open_cases(mapped, agency.slug, {"95001": 30, "95002": 14, "95003": 4})
    page = new_person()
    signed_in(page, world.member(agency, Role.ADVISER), live_server.url)
    opened(page, "/observatoire/carte/besoin/?territoire=departement/95")
    page.locator(DRAWN).nth(1).wait_for(timeout=LONG_MS)
    axe(page)
    screenshot(page, "map-need")
    # What the second map says of a commune is what the table says.
    second = page.locator("[data-map]").nth(1)
    canvas = second.locator("canvas")
    size = canvas.bounding_box()
    canvas.click(position={"x": size["width"] * 0.4, "y": size["height"] * 0.35})
    second.get_by_role("link", name="Aincourt").wait_for(timeout=LONG_MS)
    said = second.locator(".map-card-value").inner_text().split("dossiers")[0].strip()
    cells = page.locator('tr[data-code="95001"] td')
    assert cells.nth(3).inner_text() == said
    assert cells.nth(2).inner_text() == "30"
