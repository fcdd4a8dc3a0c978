"""What the director does: read the figures, take them away."""

from playwright.sync_api import expect

from tests.journeys.looking import Watched
from tests.support import world


def lit_le_pilotage(direction: Watched, *, depuis: str, jusqu_au: str) -> None:
    page = direction.page
    page.get_by_role("link", name="Pilotage", exact=True).click()
    page.get_by_role("heading", name="Pilotage", level=1).wait_for()
    page.get_by_text("Choisir d’autres dates").click()
    page.get_by_label("Période").select_option(label="Les dates ci-dessous")
    page.get_by_label("Du", exact=True).fill(depuis)
    page.get_by_label("Au (inclus)").fill(jusqu_au)
    page.get_by_role("button", name="Voir les chiffres").click()
    page.get_by_role("link", name="Télécharger").wait_for()
    direction.look("90-pilotage", narrow=True)


def chiffre(direction: Watched, *, libelle: str, vaut: str) -> None:
    """One of the key figures at the top of the page."""
    page = direction.page
    figure = page.locator(".stat").filter(has=page.get_by_text(libelle, exact=True))
    expect(figure).to_contain_text(vaut)


def telecharge(direction: Watched) -> dict[str, bytes]:
    """Proves who one is once more, then takes each file; name → content."""
    page = direction.page
    page.get_by_role("link", name="Télécharger").click()
    page.get_by_label("Mot de passe").fill(world.PASSWORD)
    page.get_by_role("button", name="Confirmer").or_(
        page.get_by_role("button", name="Continuer")
    ).click()
    page.get_by_role("heading", name="Télécharger", level=1).wait_for()
    direction.look("91-telecharger", narrow=True)
    taken: dict[str, bytes] = {}
    for button in page.locator("main form button[name=file]").all():
        with page.expect_download() as download:
            button.click()
        taken[download.value.suggested_filename] = download.value.path().read_bytes()
    return taken
