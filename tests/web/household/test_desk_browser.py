"""The desk in a real browser: axe in each state, 320 px, the keyboard alone."""

from decimal import Decimal

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils.timezone import localdate

from atre.domain.agencies.enums import Role
from atre.domain.households.actions import assigning, judging, noting, tasking
from atre.domain.households.models import Case
from tests.support import world
from tests.support.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene():
    agency = world.agency()
    programme = world.programme(agency)
    director = world.member(agency, Role.DIRECTOR)
    operator = world.organisation(agency)
    visitor = world.member(agency, Role.VISITOR, of=operator)
    entrusted = world.case(programme, told="La chambre est froide.", last_name="Benali")
    assigning.assign_case(by=director, case=entrusted, operator=operator, visitor=visitor)
    today = localdate()
    noting.add_note(by=director, case=entrusted, text="Appel.", on=today)
    tasking.add_task(by=director, case=entrusted, title="Rappeler", due_on=today, on=today)
    waiting = world.case(programme, rfr_eur=None)
    return {
        "director": director,
        "visitor": visitor,
        "operator": operator,
        "programme": programme,
        "entrusted": entrusted,
        "waiting": waiting,
    }


def sign_in(page, member, live_server) -> None:
    # The first page of a run compiles every template, on machines that run much else.
    page.set_default_timeout(40_000)
    client = Client()
    client.force_login(member.user)
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )


def fits(page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("width", [320, 1280])
def test_each_screen_of_the_desk_is_clean_and_fits(new_person, live_server, scene, width):
    page = new_person(width=width)
    sign_in(page, scene["director"], live_server)
    entrusted, waiting = scene["entrusted"].reference, scene["waiting"].reference
    programme = scene["programme"].slug
    for address in (
        "/",
        "/dossiers/",
        "/dossiers/?state=to_decide",
        "/dossiers/?state=evaluated",
        f"/dossiers/nouveau/{programme}/",
        f"/dossiers/{entrusted}/",
        f"/dossiers/{waiting}/eligibilite/",
        f"/dossiers/{entrusted}/confier/",
        f"/dossiers/{entrusted}/coordonnees/",
        f"/dossiers/{entrusted}/logement/",
        f"/dossiers/{entrusted}/clore/",
        f"/dossiers/{entrusted}/taches/",
        f"/dossiers/{entrusted}/pieces/",
        f"/dossiers/{entrusted}/fusionner/",
        f"/dossiers/{entrusted}/fusionner/?avec={waiting}",
    ):
        assert page.goto(address).status == 200, address
        axe(page)
        assert fits(page), address


@pytest.mark.parametrize("width", [320, 1280])
def test_a_visitor_s_screens_are_clean_and_fit(new_person, live_server, scene, width):
    page = new_person(width=width)
    sign_in(page, scene["visitor"], live_server)
    for address in ("/", "/dossiers/", f"/dossiers/{scene['entrusted'].reference}/"):
        assert page.goto(address).status == 200, address
        axe(page)
        assert fits(page), address


def test_refusals_and_stale_saves_are_clean_too(new_person, live_server, scene):
    page = new_person()
    sign_in(page, scene["director"], live_server)
    waiting = scene["waiting"]
    address = f"/dossiers/{waiting.reference}/eligibilite/"

    page.goto(address)
    page.get_by_label("Revenu fiscal de référence").fill("-5")
    page.get_by_role("button", name="Enregistrer et recalculer").click()
    page.get_by_text("ne peut pas être négatif").first.wait_for()
    axe(page)

    page.goto(address)
    judging.complete_income(
        by=scene["director"],
        case=waiting,
        rfr_eur=Decimal(20000),
        rfr_income_year=2025,
        adults=1,
        children=2,
    )
    page.get_by_label("Revenu fiscal de référence").fill("17 000")
    page.get_by_role("button", name="Enregistrer et recalculer").click()
    page.get_by_role("heading", name="Deux versions de la même fiche").wait_for()
    axe(page)
    page.get_by_role("button", name="Enregistrer ma version").click()
    page.get_by_text("17 000 €").first.wait_for()


def test_cases_are_ticked_and_entrusted_with_the_keyboard_alone(new_person, live_server, scene):
    ready = world.case(scene["programme"], last_name="Martin")
    page = new_person()
    sign_in(page, scene["director"], live_server)
    page.goto("/dossiers/")

    page.get_by_label("Cocher le dossier Martin").focus()
    page.keyboard.press("Space")
    page.get_by_label("Confier à l’opérateur").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Confier les dossiers cochés").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="1 dossier confié").wait_for()

    axe(page)
    assert Case.objects.get(pk=ready.pk).operator == scene["operator"]


def test_a_known_household_is_recognised_before_saving(new_person, live_server, scene):
    page = new_person(width=320)
    sign_in(page, scene["director"], live_server)
    page.goto(f"/dossiers/nouveau/{scene['programme'].slug}/")
    page.get_by_label("Numéro et rue").fill("3 rue des Essais")
    page.get_by_label("Code postal").fill("94130")
    page.get_by_role("combobox", name="Commune").fill("Nogent-sur-Marne")
    # No territory file is loaded here: the code is what a click on a suggestion would set.
    code = page.locator("[name=commune_code]")
    code.evaluate("(field, insee) => { field.value = insee }", world.NOGENT)
    page.get_by_label("Prénom", exact=True).fill("Amina")
    page.get_by_label("Nom", exact=True).fill("Benali")
    page.get_by_label("Téléphone").fill("06 12 34 56 78")
    page.get_by_label("J’atteste").check()
    page.get_by_role("button", name="Enregistrer la demande").click()

    page.get_by_role("button", name="C’est le même ménage : Amina Benali").wait_for()
    axe(page)
    assert fits(page)
    page.get_by_role("button", name="C’est le même ménage : Amina Benali").click()
    page.get_by_text("est enregistrée").first.wait_for()

    assert Case.objects.filter(household=scene["entrusted"].household).count() == 2
