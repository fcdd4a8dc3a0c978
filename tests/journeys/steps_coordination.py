"""What the visit operator's coordinator does: see what arrived, agree on a date."""

import re

from tests.journeys.looking import Watched


def note_une_disponibilite(coordination: Watched, *, visiteur: str, jour: str) -> None:
    page = coordination.page
    coordination.look("20-accueil-coordination", narrow=True)
    page.get_by_role("link", name="Visites", exact=True).click()
    page.get_by_role("heading", name="Ajouter une disponibilité").wait_for()
    coordination.look("21-agenda-vide", narrow=True)
    page.get_by_label("Pour", exact=True).select_option(label=visiteur)
    page.get_by_label("Jour", exact=True).fill(jour)
    page.get_by_label("De", exact=True).fill("14:00")
    page.get_by_label("À", exact=True).fill("17:00")
    page.get_by_role("button", name="Ajouter").click()
    page.get_by_text("La disponibilité est notée.").wait_for()


def planifie_la_visite(coordination: Watched, *, nom: str) -> None:
    """From what waits today to a confirmed appointment, in the first free moment."""
    page = coordination.page
    page.goto("/")
    page.get_by_role("heading", name=re.compile("Visites? à planifier")).wait_for()
    page.get_by_role("link", name=nom, exact=True).click()
    page.get_by_role("heading", name="Ce qui s’est passé").wait_for()
    coordination.look("22-dossier-coordination", narrow=True)
    page.get_by_role("link", name=re.compile("^Planifier")).first.click()
    page.get_by_role("heading", name="Planifier la visite", level=1).wait_for()
    page.get_by_role("link", name=re.compile("^Choisir")).first.click()
    page.get_by_label("Accès et consignes").fill("Code 12B, deuxième étage.")
    coordination.look("23-planifier", narrow=True)
    coordination.reach_with_keyboard("Planifier et prévenir le ménage")
    page.keyboard.press("Enter")
    page.get_by_text("Le ménage reçoit un e-mail de confirmation.").wait_for()
    coordination.look("24-visite-planifiee")
