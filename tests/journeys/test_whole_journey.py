"""One household from its first words to its result a year later, as six people live it.

Each screen is looked at on the way: axe, sideways scroll, console, and a picture to judge it by.
"""

import io
import zipfile

import pytest
from playwright.sync_api import expect

from atre.jobs import follow_ups
from tests.journeys import steps_accompagnement as accompagnement
from tests.journeys import steps_conseil as au_bureau
from tests.journeys import steps_coordination as a_l_agenda
from tests.journeys import steps_direction as au_pilotage
from tests.journeys import steps_menage as chez_soi
from tests.journeys import steps_partenaire as au_ccas
from tests.journeys import steps_suivi as un_an_apres
from tests.journeys import steps_visite as en_visite
from tests.journeys.conftest import Calendar, Place, sign_in
from tests.journeys.looking import Opens, Watched

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, TABLET = 360, 820
NAME = "Exemple Amina"


@pytest.mark.usefixtures("territories")
def test_a_household_is_helped_from_its_request_to_its_result(
    place: Place, calendar: Calendar, opens: Opens
):
    menage = opens("le ménage", width=PHONE, height=740)
    reference, lien = the_household_asks(menage, place)
    the_agency_says_yes(opens, place, reference)
    the_operator_agrees_on_a_date(opens, place)
    chez_soi.suit_son_dossier(menage, lien, look="05-suivi-rendez-vous")
    expect(menage.page.get_by_text("10 mars 2026 à 14 h").first).to_be_visible()

    calendar.go_to("2026-03-10", 14)
    report = the_visitor_comes(opens, place)
    chez_soi.suit_son_dossier(menage, lien, look="06-suivi-compte-rendu")
    assert chez_soi.telecharge_le_compte_rendu(menage) == report

    calendar.go_to("2026-03-16")
    the_agency_stays_beside(opens, place, reference)
    a_partner_answers(opens, place)
    calendar.go_to("2026-03-30")
    the_help_is_obtained(opens, place, reference)

    calendar.go_to("2027-03-15")
    assert follow_ups.open_due() == 1
    the_year_after(opens, place)
    chez_soi.suit_son_dossier(menage, lien, look="08-suivi-resultat")
    the_director_reads_the_figures(opens, place, reference)


def the_household_asks(menage: Watched, place: Place) -> tuple[str, str]:
    chez_soi.decrit_sa_situation(menage, slug=place.programme.slug)
    reference = chez_soi.envoie_sa_demande(menage)
    lien = chez_soi.lien_recu_par_courriel(reference)
    chez_soi.suit_son_dossier(menage, lien, look="04-suivi-demande")
    return reference, lien


def the_agency_says_yes(opens: Opens, place: Place, reference: str) -> None:
    conseil = opens("le conseil")
    sign_in(conseil, place.adviser)
    au_bureau.trouve_la_demande(conseil, nom=NAME)
    au_bureau.complete_les_revenus(conseil, rfr="18 000", annee="2025")
    expect(conseil.page.get_by_text("Source :")).to_be_visible()
    au_bureau.confie_a(conseil, reference=reference, operateur=place.operator.name)


def the_operator_agrees_on_a_date(opens: Opens, place: Place) -> None:
    coordination = opens("la coordination")
    sign_in(coordination, place.coordinator)
    a_l_agenda.note_une_disponibilite(coordination, visiteur="Vivianne Thermo", jour="2026-03-10")
    a_l_agenda.planifie_la_visite(coordination, nom=NAME)


def the_visitor_comes(opens: Opens, place: Place) -> bytes:
    visite = opens("la visite", width=TABLET, height=1180)
    sign_in(visite, place.visitor)
    en_visite.commence_la_visite(visite, nom=NAME)
    en_visite.remplit_la_visite(visite)
    en_visite.termine_la_visite(visite)
    report = en_visite.remet_le_compte_rendu(visite)
    assert report.startswith(b"%PDF-")
    return report


def the_agency_stays_beside(opens: Opens, place: Place, reference: str) -> None:
    conseil = opens("le conseil")
    sign_in(conseil, place.adviser)
    accompagnement.ouvre_le_dossier(conseil, reference)
    conseil.look("49-dossier-apres-visite", narrow=True)
    accompagnement.oriente_vers(
        conseil, service=place.ccas.name, attente="Une aide pour la dette d’électricité."
    )
    accompagnement.ouvre_un_accompagnement(conseil, objectif="Apurer la dette, isoler la chambre.")
    accompagnement.note_une_action(conseil, minutes="45")
    accompagnement.demande_une_aide(
        conseil, aide="Fonds de solidarité pour le logement (FSL)", euros="180"
    )
    accompagnement.ouvre_une_mediation(
        conseil, demande="Réparer les fenêtres de la chambre.", accord="2026-03-10"
    )
    assert accompagnement.ecrit_au_bailleur(conseil).startswith(b"%PDF-")


def a_partner_answers(opens: Opens, place: Place) -> None:
    partenaire = opens("le CCAS")
    sign_in(partenaire, place.referrer)
    au_ccas.ouvre_l_orientation_recue(partenaire)
    au_ccas.accepte_l_orientation(partenaire, mots="Rendez-vous le 24 mars avec le ménage.")


def the_help_is_obtained(opens: Opens, place: Place, reference: str) -> None:
    conseil = opens("le conseil")
    sign_in(conseil, place.adviser)
    accompagnement.ouvre_le_dossier(conseil, reference)
    partners = conseil.page.get_by_role("region", name="Partenaires et accompagnement")
    expect(partners).to_contain_text("Acceptée")
    expect(partners).to_contain_text("Rendez-vous le 24 mars avec le ménage.")
    accompagnement.aide_accordee(conseil, euros="150")
    accompagnement.clot_l_accompagnement(conseil)


def the_year_after(opens: Opens, place: Place) -> None:
    conseil = opens("le conseil")
    sign_in(conseil, place.adviser)
    un_an_apres.trouve_le_suivi(conseil, nom=NAME)
    un_an_apres.remplit_le_suivi(conseil)
    result = conseil.page.get_by_role("region", name="Un an après")
    expect(result).to_contain_text("Sorti de précarité énergétique")
    expect(result).to_contain_text("critères remplis : 2 sur 2")
    # 4 200 kWh read over 364 days before, 3 700 over 364 after, each brought to a year.
    expect(result.get_by_role("row", name="Déclarée par le ménage")).to_contain_text("501 kWh")
    expect(result.get_by_role("row", name="Mesurée")).to_contain_text("non mesurée")


def the_director_reads_the_figures(opens: Opens, place: Place, reference: str) -> None:
    direction = opens("la direction")
    sign_in(direction, place.director)
    au_pilotage.lit_le_pilotage(direction, depuis="2026-01-01", jusqu_au="2027-03-31")
    for label, value in (
        ("Demandes", "1"),
        ("Éligibles", "100 % des demandes"),
        ("De la demande à la visite", "8 j"),
        ("Accompagnés après la visite", "100 % des ménages visités"),
        ("Suivis à un an faits", "100 % des suivis dus"),
    ):
        au_pilotage.chiffre(direction, libelle=label, vaut=value)
    aids = direction.page.get_by_role("row", name="Fonds de solidarité")
    expect(aids).to_contain_text("180 €")
    expect(aids).to_contain_text("150 €")
    taken = au_pilotage.telecharge(direction)
    assert sorted(name.rsplit(".", 1)[1] for name in taken) == ["csv", "csv", "xlsx", "xlsx"]
    texts = [content.decode("utf-8-sig") for name, content in taken.items() if name.endswith("csv")]
    assert any(f"{reference};Visites énergie;94052" in text for text in texts)
    assert not any("Exemple" in text for text in texts)
    for name, content in taken.items():
        if name.endswith("xlsx"):
            assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
