"""What the agency's adviser does at the desk."""

import re

from tests.journeys.looking import Watched


def trouve_la_demande(conseil: Watched, *, nom: str) -> None:
    """The home page shows it without looking for it."""
    page = conseil.page
    page.goto("/")
    page.get_by_role("heading", name=re.compile("Demandes? à compléter")).wait_for()
    conseil.look("10-accueil-conseil", narrow=True)
    page.get_by_role("link", name=nom, exact=True).click()
    page.get_by_role("heading", name="Ce qui s’est passé").wait_for()
    conseil.look("11-dossier-recu", narrow=True)


def complete_les_revenus(conseil: Watched, *, rfr: str, annee: str) -> None:
    page = conseil.page
    conseil.reach_with_keyboard("Compléter les ressources")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Éligibilité", level=1).wait_for()
    conseil.look("12-eligibilite-inconnue")
    page.get_by_label("Revenu fiscal de référence").fill(rfr)
    page.get_by_label("Année de ces revenus").select_option(annee)
    page.get_by_role("button", name="Enregistrer et recalculer").click()
    page.get_by_text("C’est enregistré.").wait_for()
    conseil.look("13-eligibilite-oui", narrow=True)


def confie_a(conseil: Watched, *, reference: str, operateur: str) -> None:
    page = conseil.page
    page.goto(f"/dossiers/{reference}/")
    page.get_by_role("link", name="Confier le dossier").click()
    page.get_by_label("Opérateur de visites").select_option(label=operateur)
    conseil.look("14-confier")
    page.get_by_role("button", name="Confier le dossier").click()
    page.get_by_text("Le dossier est confié.").wait_for()
    conseil.look("15-dossier-confie")
