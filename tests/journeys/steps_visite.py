"""What the visitor does, on a tablet at the kitchen table."""

import re

from playwright.sync_api import Locator

from tests.journeys.looking import Watched


def commence_la_visite(visite: Watched, *, nom: str) -> None:
    page = visite.page
    visite.look("30-accueil-visite", narrow=True)
    page.get_by_role("link", name=re.compile(nom)).first.click()
    page.get_by_role("heading", name="Ce qui s’est passé").wait_for()
    visite.look("31-dossier-visite")
    page.get_by_role("link", name=re.compile("^(Commencer|Faire) la visite")).first.click()
    page.get_by_role("heading", name="Commencer la visite", level=1).wait_for()
    visite.look("32-commencer")
    page.get_by_role("button", name="Commencer").click()


def remplit_la_visite(visite: Watched) -> None:
    """The ten sections in their order; what was not asked stays unknown."""
    decrit_le_logement(visite)
    recopie_les_factures(visite)
    note_les_contrats(visite)
    decrit_le_chauffage(visite)
    passe(visite, "L’eau chaude")
    passe(visite, "Appareils et usages")
    note_le_confort(visite)
    donne_du_materiel(visite)
    conseille_des_gestes(visite)
    ecrit_la_suite(visite)


def ouvre(visite: Watched, titre: str, *, look: str = "") -> None:
    visite.page.get_by_role("heading", name=titre, level=1).wait_for()
    if look:
        visite.look(look, narrow=True)


def continue_(visite: Watched) -> None:
    visite.page.get_by_role("button", name="Enregistrer et continuer").click()


def passe(visite: Watched, titre: str) -> None:
    ouvre(visite, titre)
    continue_(visite)


def ligne(visite: Watched, titre: str) -> Locator:
    return visite.page.get_by_role("group", name=re.compile(rf"^{titre}\b"))


def dit(visite: Watched, question: str, reponse: str) -> None:
    """Answers a question asked by buttons."""
    group = visite.page.get_by_role("group", name=re.compile(rf"^{question}"))
    group.get_by_label(reponse, exact=True).check()


def decrit_le_logement(visite: Watched) -> None:
    page = visite.page
    ouvre(visite, "Le logement")
    page.get_by_label("Personnes qui y vivent").fill("3")
    page.get_by_label("Surface habitable").fill("54,5")
    page.get_by_label("Construit").select_option(label="entre 1949 et 1974")
    visite.look("33-visite-logement", narrow=True)
    continue_(visite)


def recopie_les_factures(visite: Watched) -> None:
    ouvre(visite, "Les factures")
    facture = ligne(visite, "Facture 1")
    remplit_la_facture(facture, du="2025-03-01", au="2026-02-28", kwh="4 200", euros="1 092,40")
    visite.look("34-visite-factures", narrow=True)
    continue_(visite)


def remplit_la_facture(facture: Locator, *, du: str, au: str, kwh: str, euros: str) -> None:
    facture.get_by_label("Énergie").select_option(label="Électricité")
    facture.get_by_label("Du", exact=True).fill(du)
    facture.get_by_label("Au", exact=True).fill(au)
    facture.get_by_label("Quantité").fill(kwh)
    facture.get_by_label("Unité").select_option(label="kWh")
    facture.get_by_label("Montant TTC").fill(euros)
    facture.get_by_label("Relevé estimé").select_option(label="Non")


def note_les_contrats(visite: Watched) -> None:
    ouvre(visite, "Les contrats")
    contrat = ligne(visite, "Contrat 1")
    contrat.get_by_label("Énergie").select_option(label="Électricité")
    contrat.get_by_label("Fournisseur").fill("Fournisseur d’essai")
    contrat.get_by_label("Impayé").fill("180")
    continue_(visite)


def decrit_le_chauffage(visite: Watched) -> None:
    page = visite.page
    ouvre(visite, "Le chauffage")
    page.get_by_label("Chauffage principal").select_option(label="Radiateurs électriques")
    page.get_by_label("Énergie").select_option(label="Électricité")
    dit(visite, "Le ménage se prive de chauffage", "Oui")
    continue_(visite)


def note_le_confort(visite: Watched) -> None:
    page = visite.page
    ouvre(visite, "Confort et humidité")
    dit(visite, "Le ménage a froid l’hiver", "Oui")
    mesure = ligne(visite, "Pièce 1")
    mesure.get_by_label("Pièce", exact=True).fill("Chambre")
    mesure.get_by_label("Température").fill("15,5")
    visite.look("35-visite-confort")
    page.get_by_role("button", name="Enregistrer et continuer").click()


def donne_du_materiel(visite: Watched) -> None:
    ouvre(visite, "Le matériel donné")
    for rang, objet, nombre in ((1, "Ampoule LED", "4"), (2, "Bas de porte", "1")):
        objet_donne = ligne(visite, f"Matériel {rang}")
        objet_donne.get_by_label("Objet").select_option(label=objet)
        objet_donne.get_by_label("Nombre").fill(nombre)
    continue_(visite)


def conseille_des_gestes(visite: Watched) -> None:
    ouvre(visite, "Les gestes conseillés")
    geste = ligne(visite, "Geste 1")
    geste.get_by_label("Geste").select_option(label="Fermer volets et rideaux la nuit")
    visite.look("36-visite-gestes")
    continue_(visite)


def ecrit_la_suite(visite: Watched) -> None:
    page = visite.page
    ouvre(visite, "Constats et suite")
    page.get_by_label("Un mot pour le ménage").fill("Merci de votre accueil.")
    constat = ligne(visite, "Constat 1")
    constat.get_by_label("Constat").fill("Les fenêtres de la chambre laissent passer l’air.")
    etape = ligne(visite, "Étape 1")
    etape.get_by_label("Quoi").fill("Écrire au bailleur pour les fenêtres")
    visite.look("37-visite-suite")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("link", name="Vérifier et terminer").wait_for()
    visite.look("38-visite-sommaire", narrow=True)


def termine_la_visite(visite: Watched) -> None:
    page = visite.page
    page.get_by_role("link", name="Vérifier et terminer").click()
    page.get_by_role("button", name="Terminer la visite").wait_for()
    visite.look("39-visite-terminer")
    visite.reach_with_keyboard("Terminer la visite")
    page.keyboard.press("Enter")
    page.get_by_text("La visite est terminée.").wait_for()


def remet_le_compte_rendu(visite: Watched) -> bytes:
    """Makes the report, reads it, says it was handed over. Returns the PDF as downloaded."""
    page = visite.page
    page.get_by_role("button", name="Faire le compte rendu").click()
    page.get_by_text("Le compte rendu est prêt").wait_for()
    visite.look("40-visite-terminee", narrow=True)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Compte rendu du")).click()
    pdf = download.value.path().read_bytes()
    page.get_by_role("link", name="Noter qu’il est remis au ménage").click()
    visite.look("41-remettre")
    page.get_by_role("button", name="Noter qu’il est remis").click()
    page.get_by_text("Le ménage le retrouve sur son lien personnel.").wait_for()
    return pdf
