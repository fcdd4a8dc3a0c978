"""What the household does, on its phone and without an account."""

import re

from django.conf import settings

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.households.models import Case
from atre.domain.messages.models import Message
from tests.journeys.looking import Watched

REFERENCE = re.compile(r"\bA\d+-[2-9A-Z]{6}\b")
LINK = re.compile(r"/suivi/[\w-]+/")
# The page refuses what is sent faster than a person can read it.
READING_MS = 2100


def decrit_sa_situation(menage: Watched, *, slug: str) -> None:
    """From the programme's page to a filled form: no income told, it does not know it."""
    page = menage.page
    page.goto(f"/{slug}/")
    menage.look("01-programme", narrow=True)
    page.get_by_role("link", name="Demander de l’aide").click()
    page.get_by_role("heading", name="Demander de l’aide", level=1).wait_for()
    menage.look("02-demande-vide", narrow=True)
    remplit_la_demande(menage)


def remplit_la_demande(menage: Watched) -> None:
    page = menage.page
    page.get_by_label("Trop froid l’hiver ou trop chaud l’été").check()
    page.get_by_label("Difficultés à payer les factures").check()
    page.get_by_label("En quelques mots").fill("Il fait 15 °C dans la chambre du petit.")
    page.get_by_label("Numéro et rue").fill("3 rue des Essais")
    page.get_by_label("Code postal").fill("94130")
    page.get_by_label("Commune", exact=True).fill("nogent sur m")
    page.get_by_role("option", name=re.compile("Nogent-sur-Marne")).first.click()
    page.get_by_label("Vous êtes").select_option(label="Locataire du parc privé")
    page.get_by_text("Ajouter des précisions sur le logement").click()
    page.get_by_label("Type de logement").select_option(label="Appartement")
    page.get_by_label("Surface").fill("54,5")
    page.get_by_label("Nom du bailleur").fill("Gestion Immobilière d’Essai")
    page.get_by_label("Prénom").fill("Amina")
    page.get_by_label("Nom", exact=True).fill("Exemple")
    page.get_by_label("Téléphone").fill("06 12 34 56 78")
    page.get_by_label("Adresse e-mail").fill("menage@example.org")
    page.get_by_label("Adultes, vous compris").fill("1")
    page.get_by_label("Enfants de moins de 18 ans").fill("2")
    page.get_by_label(re.compile("^J’accepte que Agence du Bois garde")).check()
    accepte_le_partage(menage)
    page.wait_for_timeout(READING_MS)


def accepte_le_partage(menage: Watched) -> None:
    menage.page.get_by_label("CCAS de Nogent").check()


def envoie_sa_demande(menage: Watched) -> str:
    """Returns the reference shown on the receipt."""
    page = menage.page
    menage.reach_with_keyboard("Envoyer ma demande")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Votre demande est arrivée").wait_for()
    menage.look("03-recu", narrow=True)
    return REFERENCE.search(page.locator("main").inner_text()).group()


def lien_recu_par_courriel(reference: str) -> str:
    """The private link as the household's mailbox has it: a path, without the host."""
    with isolation.reading(Agency.objects.get(code=reference.partition("-")[0])):
        case = Case.objects.get(reference=reference)
        message = Message.objects.get(kind="receipt", case_id=case.pk)
    assert message.to_email == "menage@example.org"
    assert settings.BASE_URL in message.body
    return LINK.search(message.body).group()


def suit_son_dossier(menage: Watched, lien: str, *, look: str) -> None:
    page = menage.page
    page.goto(lien)
    page.get_by_role("heading", name="Le fil de votre dossier").wait_for()
    menage.look(look, narrow=True)


def telecharge_le_compte_rendu(menage: Watched) -> bytes:
    page = menage.page
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le compte rendu (PDF)").click()
    return download.value.path().read_bytes()


def demande_un_nouveau_lien(menage: Watched, *, reference: str) -> None:
    page = menage.page
    page.get_by_role("link", name="Recevoir un nouveau lien").click()
    page.get_by_label("Référence du dossier").fill(reference)
    page.get_by_label("Votre adresse e-mail").fill("menage@example.org")
    page.get_by_role("button", name="Recevoir un nouveau lien").click()
    page.get_by_role("heading", name="Regardez vos e-mails").wait_for()


def dernier_lien_recu(reference: str) -> str:
    with isolation.reading(Agency.objects.get(code=reference.partition("-")[0])):
        case = Case.objects.get(reference=reference)
        message = Message.objects.filter(case_id=case.pk).latest("pk")
    return LINK.search(message.body).group()
