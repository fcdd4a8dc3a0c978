"""What the adviser does after the visit: partners, a support, an aid, the landlord."""

from tests.journeys.looking import Watched


def ouvre_le_dossier(conseil: Watched, reference: str) -> None:
    conseil.page.goto(f"/dossiers/{reference}/")
    conseil.page.get_by_role("heading", name="Ce qui s’est passé").wait_for()


def oriente_vers(conseil: Watched, *, service: str, attente: str) -> None:
    page = conseil.page
    page.get_by_role("link", name="Orienter vers un partenaire").click()
    choix = page.get_by_label("Service", exact=True)
    choix.select_option(label=choix.locator("option", has_text=service).inner_text())
    page.get_by_label("Ce que le ménage attend de ce service").fill(attente)
    conseil.look("50-orienter", narrow=True)
    page.get_by_role("button", name="Envoyer l’orientation").click()
    page.get_by_text("L’orientation est envoyée.").wait_for()


def ouvre_un_accompagnement(conseil: Watched, *, objectif: str) -> None:
    page = conseil.page
    page.get_by_role("link", name="Ouvrir un accompagnement").first.click()
    page.get_by_label("À quoi cet accompagnement doit aboutir").fill(objectif)
    conseil.look("51-ouvrir-accompagnement")
    page.get_by_role("button", name="Ouvrir l’accompagnement").click()
    page.get_by_text("L’accompagnement est ouvert.").wait_for()


def note_une_action(conseil: Watched, *, minutes: str) -> None:
    page = conseil.page
    page.get_by_role("link", name="Noter une action").first.click()
    page.get_by_label("Ce qui a été fait").select_option(label="Aide aux démarches")
    page.get_by_label("Temps passé (minutes)").fill(minutes)
    page.get_by_label("En quelques mots").fill("Dossier FSL rempli ensemble.")
    conseil.look("52-action")
    page.get_by_role("button", name="Enregistrer l’action").click()
    page.get_by_text("C’est noté, avec le temps passé.").wait_for()


def demande_une_aide(conseil: Watched, *, aide: str, euros: str) -> None:
    page = conseil.page
    page.get_by_role("link", name="Noter une demande d’aide").click()
    page.get_by_label("Aide", exact=True).select_option(label=aide)
    page.get_by_label("Montant demandé (€)").fill(euros)
    conseil.look("53-aide")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("La demande d’aide est notée.").wait_for()
    page.get_by_role("link", name="Lettre de soutien").click()
    page.get_by_role("heading", name="Soutenir la demande au FSL").wait_for()
    conseil.look("53-soutien-fsl", narrow=True)
    page.go_back()


def aide_accordee(conseil: Watched, *, euros: str) -> None:
    page = conseil.page
    page.get_by_role("link", name="Mettre à jour").click()
    page.get_by_label("Accordée", exact=True).check()
    page.get_by_label("Montant accordé (€)").fill(euros)
    conseil.look("54-aide-accordee")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("L’aide est à jour.").wait_for()


def ouvre_une_mediation(conseil: Watched, *, demande: str, accord: str) -> None:
    page = conseil.page
    page.get_by_role("link", name="Ouvrir une médiation").click()
    page.get_by_label("Adresse postale").fill("Gestion d’Essai\n8 avenue du Parc\n94130 Nogent")
    page.get_by_label("Ce qui est demandé au bailleur").fill(demande)
    page.get_by_label("Le ménage a donné son accord le").fill(accord)
    conseil.look("55-mediation")
    page.get_by_role("button", name="Ouvrir la médiation").click()
    page.get_by_text("La médiation est ouverte.").wait_for()


def ecrit_au_bailleur(conseil: Watched) -> bytes:
    """Makes the first letter, finds it among the files of the case; returns the PDF."""
    page = conseil.page
    page.locator("a[href*='/bailleur/'][href*='/lettre/']").first.click()
    page.get_by_role("button", name="Faire la lettre").wait_for()
    page.get_by_label("Fait à").fill("Nogent-sur-Marne")
    conseil.look("56-lettre", narrow=True)
    page.get_by_role("button", name="Faire la lettre").click()
    page.get_by_text("La lettre est dans les pièces du dossier").wait_for()
    conseil.look("57-dossier-accompagne", narrow=True)
    pieces = page.get_by_role("region", name="Pièces")
    with page.expect_download() as download:
        pieces.get_by_role("link").first.click()
    return download.value.path().read_bytes()


def clot_l_accompagnement(conseil: Watched) -> None:
    page = conseil.page
    page.get_by_role("link", name="Clore l’accompagnement").click()
    page.get_by_label("Ce que cela a donné").fill("La dette est soldée, le bailleur a répondu.")
    conseil.look("58-clore-accompagnement")
    page.get_by_role("button", name="Clore l’accompagnement").click()
    page.get_by_text("L’accompagnement est clos.").wait_for()
