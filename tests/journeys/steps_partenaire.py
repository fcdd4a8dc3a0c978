"""What a social worker does: send a household, follow it, answer an orientation."""

import re

from tests.journeys.looking import Watched


def ouvre_l_orientation_recue(partenaire: Watched) -> None:
    page = partenaire.page
    page.goto("/")
    partenaire.look("70-accueil-partenaire", narrow=True)
    page.get_by_role("link", name="Orientations reçues", exact=True).click()
    page.get_by_role("heading", name="Orientations reçues", level=1).wait_for()
    partenaire.look("71-orientations-recues", narrow=True)
    page.locator("main a[href*='/orientations-recues/']").first.click()
    page.get_by_role("group", name=re.compile("Réponse")).wait_for()
    partenaire.look("72-orientation", narrow=True)


def accepte_l_orientation(partenaire: Watched, *, mots: str) -> None:
    page = partenaire.page
    page.get_by_role("group", name=re.compile("Réponse")).get_by_role("radio").first.check()
    page.get_by_label("Un mot d’explication").fill(mots)
    page.get_by_role("button", name=re.compile("répon", re.IGNORECASE)).click()
    page.get_by_text("L’agence est prévenue de votre réponse.").wait_for()
    partenaire.look("73-orientation-repondue")
