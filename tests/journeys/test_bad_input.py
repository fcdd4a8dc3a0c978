"""What goes wrong at a keyboard: a clear sentence, nothing typed is lost, nothing is written twice."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, Page, expect

from atre.domain.agencies import isolation
from atre.domain.households.actions.assigning import assign_case
from atre.domain.households.enums import AttachmentKind
from atre.domain.households.models import Attachment, Case, Household
from atre.domain.messages.models import Message
from atre.domain.visits.models import Visit
from tests.journeys import steps_menage as menage_
from tests.journeys.conftest import Calendar, Place, sign_in
from tests.journeys.looking import Opens, Watched
from tests.support import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360
KEPT = {
    "En quelques mots": "Il fait 15 °C dans la chambre du petit.",
    "Numéro et rue": "3 rue des Essais",
    "Surface": "54,5",
    "Prénom": "Amina",
    "Téléphone": "06 12 34 56 78",
    "Enfants de moins de 18 ans": "2",
}
WRONG = [
    ("Commune", "Trifouilly-les-Oies", "Nous ne trouvons pas cette commune."),
    ("Date de naissance", "2031-01-01", "Cette date de naissance n’est pas possible"),
    ("Revenu fiscal de référence", "-500", "Ce montant ne peut pas être négatif."),
]


@pytest.fixture
def filled(place: Place, small_reference: None, opens: Opens) -> Watched:
    """The public form as a household filled it, about to be sent."""
    menage = opens("le ménage", width=PHONE, height=740)
    menage.page.goto(f"/{place.programme.slug}/demande")
    menage_.remplit_la_demande(menage)
    return menage


def control(page: Page, label: str) -> Locator:
    return page.get_by_label(label).and_(page.locator("input, select, textarea"))


@pytest.mark.parametrize(("field", "typed", "sentence"), WRONG)
def test_what_cannot_be_is_said_beside_what_was_typed(
    place: Place, filled: Watched, field, typed, sentence
):
    page = filled.page
    control(page, field).fill(typed)

    page.get_by_role("button", name="Envoyer ma demande").click()

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_contain_text(sentence)
    expect(control(page, field)).to_have_value(typed)
    for label, value in KEPT.items():
        expect(page.get_by_label(label)).to_have_value(value)
    expect(page.get_by_label("Difficultés à payer les factures")).to_be_checked()
    expect(page.get_by_label("CCAS de Nogent")).to_be_checked()
    filled.look(f"60-refus-{field}")
    with isolation.within(place.agency):
        assert Case.objects.count() == 0


def test_a_corrected_form_is_received(place: Place, filled: Watched):
    page = filled.page
    control(page, "Commune").fill("Trifouilly-les-Oies")
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.locator("[data-error-summary]").wait_for()

    control(page, "Commune").fill("Nogent-sur-Marne")
    page.get_by_role("button", name="Envoyer ma demande").click()

    page.get_by_role("heading", name="Votre demande est arrivée").wait_for()
    with isolation.within(place.agency):
        assert Case.objects.get().dwelling.commune_id == world.NOGENT


def test_a_double_click_and_a_second_sending_give_one_case_and_one_receipt(
    place: Place, filled: Watched
):
    page = filled.page
    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.append(request.post_data or "") if request.method == "POST" else None,
    )
    page.get_by_role("button", name="Envoyer ma demande").dblclick()
    page.get_by_role("heading", name="Votre demande est arrivée").wait_for()
    receipt = page.url

    again = page.request.post(
        f"/{place.programme.slug}/demande",
        form=dict(parse_qsl(sent[0])),
        headers={"Referer": page.url},
    )

    assert again.url == receipt
    with isolation.within(place.agency):
        assert Case.objects.count() == 1
        assert Household.objects.count() == 1
        assert Message.objects.filter(kind="receipt").count() == 1


def test_an_expired_link_says_so_and_leads_to_a_new_one(
    place: Place, calendar: Calendar, opens: Opens
):
    case = world.case(place.programme)
    lien = menage_.lien_recu_par_courriel(case.reference)
    calendar.go_to("2028-04-03")
    menage = opens("le ménage", width=PHONE, height=740)

    answer = menage.page.goto(lien)

    assert answer.status == 410
    expect(menage.page.get_by_text("Ce lien est arrivé à sa fin.")).to_be_visible()
    menage.look("61-lien-fini")
    menage_.demande_un_nouveau_lien(menage, reference=case.reference)
    nouveau = menage_.dernier_lien_recu(case.reference)
    assert nouveau != lien
    menage.page.goto(nouveau)
    menage.page.get_by_role("heading", name="Le fil de votre dossier").wait_for()


def test_a_stale_save_shows_both_versions_and_either_can_be_kept(place: Place, opens: Opens):
    case = world.case(place.programme)
    address = f"/dossiers/{case.reference}/coordonnees/"
    first, second = opens("le conseil"), opens("la direction")
    for person, membership in ((first, place.adviser), (second, place.director)):
        sign_in(person, membership)
        person.page.goto(address)
    saves(first.page, "06 11 11 11 11")
    first.page.wait_for_url(f"**/dossiers/{case.reference}/")

    with second.page.expect_response(lambda r: r.request.method == "POST") as answer:
        saves(second.page, "06 22 22 22 22")

    assert answer.value.status == 409
    versions = second.page.get_by_role("row", name=re.compile("Téléphone"))
    expect(versions).to_contain_text("06 11 11 11 11")
    expect(versions).to_contain_text("06 22 22 22 22")
    assert phone_of(case) == "+33611111111"
    second.look("62-conflit", narrow=True)
    second.page.get_by_role("button", name="Enregistrer ma version").click()
    second.page.wait_for_url(f"**/dossiers/{case.reference}/")
    assert phone_of(case) == "+33622222222"


def saves(page: Page, phone: str) -> None:
    page.get_by_label("Téléphone").fill(phone)
    page.get_by_role("button", name="Enregistrer", exact=True).click()


def phone_of(case: Case) -> str:
    with isolation.within(case.agency_id):
        return Household.objects.get(pk=case.household_id).phone


def test_a_photo_of_sixty_megabytes_is_refused_with_its_weight(
    place: Place, opens: Opens, tmp_path: Path
):
    case = world.case(place.programme)
    photo = tmp_path / "compteur.jpg"
    with photo.open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0")
        file.truncate(60 * 1024 * 1024)
    conseil = opens("le conseil")
    sign_in(conseil, place.adviser)
    page = conseil.page
    page.goto(f"/dossiers/{case.reference}/pieces/")
    page.get_by_label("Ce que c’est").select_option(label=AttachmentKind.PHOTO.label)
    page.get_by_label("Nom dans le dossier").fill("Compteur de la cave")
    page.get_by_label("Fichier").set_input_files(photo)

    page.get_by_role("button", name=re.compile("^(Ajouter|Joindre|Enregistrer)")).click()

    expect(page.locator("[data-error-summary]")).to_contain_text("60 Mo")
    expect(page.get_by_label("Nom dans le dossier")).to_have_value("Compteur de la cave")
    conseil.look("63-photo-trop-lourde")
    with isolation.within(place.agency):
        assert Attachment.objects.count() == 0


def test_bills_that_overlap_are_refused_beside_their_dates(place: Place, opens: Opens):
    case = ready_for_its_visit(place)
    visite = opens("la visite", width=820, height=1180)
    sign_in(visite, place.visitor)
    page = visite.page
    page.goto(f"/dossiers/{case.reference}/visite/")
    page.get_by_role("button", name="Commencer").click()
    page.goto(f"/dossiers/{case.reference}/visite/factures/")
    for rank, (start, end) in enumerate(
        (("2025-03-01", "2025-09-30"), ("2025-09-01", "2026-02-28")), start=1
    ):
        bill = page.get_by_role("group", name=re.compile(rf"^Facture {rank}\b"))
        bill.get_by_label("Énergie").select_option(label="Électricité")
        bill.get_by_label("Du", exact=True).fill(start)
        bill.get_by_label("Au", exact=True).fill(end)

    page.get_by_role("button", name="Enregistrer et continuer").click()

    expect(page.locator("[data-error-summary]")).to_contain_text(
        "Deux factures couvrent les mêmes jours"
    )
    second = page.get_by_role("group", name=re.compile(r"^Facture 2\b"))
    expect(second.get_by_label("Du", exact=True)).to_have_value("2025-09-01")
    visite.look("64-factures-chevauchantes")
    with isolation.within(place.agency):
        assert Visit.objects.get(case=case).document["bills"] == []


def ready_for_its_visit(place: Place) -> Case:
    case = world.case(place.programme, rfr_income_year=2025)
    with isolation.within(place.agency):
        assign_case(
            by=place.adviser,
            case=case,
            operator=place.operator,
            visitor=place.visitor,
            adviser=place.adviser,
            revision=Case.objects.get(pk=case.pk).revision,
        )
        return Case.objects.get(pk=case.pk)
