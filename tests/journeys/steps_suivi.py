"""One year later: the adviser rings the household and writes what changed."""

import re

from tests.journeys.looking import Watched
from tests.journeys.steps_visite import remplit_la_facture


def trouve_le_suivi(conseil: Watched, *, nom: str) -> None:
    page = conseil.page
    page.goto("/")
    conseil.look("80-accueil-un-an-apres", narrow=True)
    page.get_by_role("link", name=nom, exact=True).click()
    page.get_by_role("heading", name="Ce qui s’est passé").wait_for()
    page.get_by_role("link", name="Remplir le suivi").first.click()
    page.get_by_role("heading", name="Suivi à un an", level=1).wait_for()


def remplit_le_suivi(conseil: Watched) -> None:
    page = conseil.page
    for question, reponse in (
        ("Avez-vous encore eu froid", "Non"),
        ("Avez-vous eu des retards de paiement", "Non"),
        ("Des travaux ont-ils été faits", "Oui"),
        ("Fermer volets et rideaux", "Oui"),
    ):
        page.get_by_role("group", name=re.compile(question)).get_by_label(
            reponse, exact=True
        ).check()
    page.get_by_label("Quels travaux").fill("Joints des fenêtres de la chambre.")
    facture = page.get_by_role("group", name=re.compile(r"^Facture 1\b"))
    remplit_la_facture(facture, du="2026-03-12", au="2027-03-11", kwh="3 700", euros="980")
    conseil.look("81-suivi", narrow=True)
    page.get_by_role("button", name="Conclure le suivi").click()
    page.get_by_role("heading", name="Un an après").wait_for()
    conseil.look("82-resultat", narrow=True)
