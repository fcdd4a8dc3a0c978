"""The visit in a real browser, wide and as narrow as a telephone: axe, no sideways scroll."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.visits.actions.slots import offer_slots
from atre.domain.visits.models import Visit
from tests.domain.visits.conftest import in_days, make_operator
from tests.domain.visits.documents import full
from tests.domain.visits.test_appointments import begun, book
from tests.support import world
from tests.support.browser import axe, screenshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1280, 320)


@pytest.fixture
def operator():
    operator = make_operator()
    with isolation.within(operator.agency):
        offer_slots(
            by=operator.visitor,
            visitor=operator.visitor,
            ranges=[(in_days(days, 9), in_days(days, 12)) for days in (1, 2)],
        )
        book(operator, operator.assigned_case(last_name="Témoin"), start=in_days(1, 10), hours=1)
    return operator


def see(page, name: str) -> None:
    """Axe, no sideways scroll, and a picture to look at."""
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    screenshot(page, f"visit-{name}-{page.viewport_size['width']}")


def sign_in(page, member) -> None:
    page.goto("/compte/login/")
    page.get_by_label("Adresse e-mail").fill(member.user.email)
    page.locator("input[type=password]").fill(world.PASSWORD)
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url("**/")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_visit_is_planned_and_moved(new_person, operator, width):
    case = operator.assigned_case()
    page = new_person(width=width)
    sign_in(page, operator.coordinator)
    page.goto(reverse("agenda"))
    see(page, "agenda")
    page.goto(reverse("visit_schedule", args=[case.reference]))
    see(page, "schedule")
    page.get_by_role("link", name="Choisir").first.click()
    page.get_by_role("button", name="Planifier et prévenir").click()
    page.get_by_text("Visite prévue").first.wait_for()
    see(page, "case")
    page.goto(reverse("calendar_settings"))
    page.get_by_role("button", name="Créer mon adresse").click()
    page.get_by_text("Copiez cette adresse maintenant").wait_for()
    see(page, "calendar")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_visit_is_filled_finished_and_reported(new_person, operator, width):
    case = operator.assigned_case()
    with isolation.within(operator.agency):
        begun(book(operator, case, start=in_days(9)))
    page = new_person(width=width)
    sign_in(page, operator.visitor)
    page.goto(reverse("visit", args=[case.reference]))
    see(page, "start")
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("heading", name="Le logement").wait_for()
    see(page, "section")

    page.get_by_label("Surface habitable").fill("58,5")
    page.get_by_label("Surface habitable").blur()
    page.get_by_text("Enregistré à").wait_for()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_role("heading", name="Les factures", exact=True).wait_for()

    first = page.get_by_role("group", name="Facture 1")
    first.get_by_label("Énergie").select_option("electricity")
    first.get_by_label("Montant").fill("-5")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.locator("[data-error-summary]").wait_for()
    see(page, "section-errors")

    with isolation.within(operator.agency):
        visit = Visit.objects.get(case=case)
        assert visit.document["dwelling"]["floor_area_m2"] == "58.5"
        Visit.objects.filter(pk=visit.pk).update(document=full())
    page.goto(reverse("visit_section", args=[case.reference, "factures"]))
    see(page, "bills")
    page.goto(reverse("visit", args=[case.reference]))
    see(page, "overview")
    page.goto(reverse("visit_finish", args=[case.reference]))
    see(page, "finish")
    page.get_by_role("button", name="Terminer la visite").click()
    page.get_by_role("button", name="Faire le compte rendu").click()
    page.get_by_text("Le compte rendu est prêt").wait_for()
    see(page, "sealed")
    page.get_by_role("link", name="Noter qu’il est remis au ménage").click()
    see(page, "hand-over")
    page.get_by_role("button", name="Noter qu’il est remis").click()
    page.get_by_text("lien personnel").first.wait_for()
    see(page, "reported")


def test_two_tablets_on_one_section_see_both_versions(new_person, operator):
    case = operator.assigned_case()
    with isolation.within(operator.agency):
        begun(book(operator, case, start=in_days(9), visitors=[operator.visitor, operator.second]))
    first, second = new_person(width=768), new_person(width=768)
    sign_in(first, operator.visitor)
    sign_in(second, operator.second)
    first.goto(reverse("visit", args=[case.reference]))
    first.get_by_role("button", name="Commencer").click()
    address = reverse("visit_section", args=[case.reference, "eau-chaude"])
    for page in (first, second):
        page.goto(address)
    first.get_by_label("Volume du ballon").fill("200")
    first.get_by_role("button", name="Enregistrer", exact=True).click()
    first.wait_for_url("**/visite/")
    second.get_by_label("Volume du ballon").fill("150")
    second.get_by_label("Volume du ballon").blur()
    second.get_by_text("quelqu’un d’autre a modifié").wait_for()
    second.get_by_role("button", name="Enregistrer", exact=True).click()
    second.get_by_role("heading", name="Deux versions").wait_for()
    see(second, "conflict")
    second.get_by_role("button", name="Enregistrer ma version").click()
    second.wait_for_url("**/visite/")
    with isolation.within(operator.agency):
        assert Visit.objects.get(case=case).document["hot_water"]["tank_l"] == 150


def test_the_form_works_without_script(browser, live_server, operator):
    case = operator.assigned_case()
    with isolation.within(operator.agency):
        begun(book(operator, case, start=in_days(9)))
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, operator.visitor)
    page.goto(reverse("visit", args=[case.reference]))
    page.get_by_role("button", name="Commencer").click()
    page.goto(reverse("visit_section", args=[case.reference, "materiel"]))
    for _ in range(2):
        line = page.get_by_role("group", name="(nouvelle)").first
        line.get_by_label("Objet").select_option("led_bulb")
        line.get_by_label("Nombre").fill("3")
        page.get_by_role("button", name="Ajouter un objet").click()
    with isolation.within(operator.agency):
        kept = Visit.objects.get(case=case).document["equipment"]
    assert [row["quantity"] for row in kept] == [3, 3]
    context.close()


def test_today_is_where_the_visitor_starts(new_person, operator):
    case = operator.assigned_case(last_name="Aujourdhui")
    with isolation.within(operator.agency):
        appointment = book(operator, case, start=in_days(9))
        now = timezone.now()
        type(appointment).objects.filter(pk=appointment.pk).update(
            starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(minutes=30)
        )
    page = new_person()
    sign_in(page, operator.visitor)
    page.get_by_text("Aujourdhui").first.wait_for()
    see(page, "home")
