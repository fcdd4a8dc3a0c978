"""What is written from the case page: refusals keep what was typed, nothing is overwritten."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from atre.domain.agencies.enums import Role
from atre.domain.households import files
from atre.domain.households.actions import judging
from atre.domain.households.models import Attachment, Case, Household, HouseholdMerge, Note, Task
from tests.support import world

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def case(agency):
    return world.case(world.programme(agency), rfr_eur=None, rfr_income_year=None)


@pytest.fixture
def director(client, agency):
    member = world.member(agency, Role.DIRECTOR)
    client.force_login(member.user)
    return member


def income(case: Case, **changes) -> dict[str, object]:
    revision = Case.objects.get(pk=case.pk).revision
    values = {"rfr_eur": "18 000,50", "rfr_income_year": 2025, "adults": 1, "children": 2}
    return values | {"revision": revision} | changes


def test_completing_the_income_answers_at_once(client, director, case):
    page = client.post(
        f"/dossiers/{case.reference}/eligibilite/", income(case), follow=True
    ).content.decode()

    assert Case.objects.get(pk=case.pk).rfr_eur == Decimal("18000.50")
    assert "Le ménage remplit la condition de revenus" in page
    assert "plafonds en vigueur le 2" in page
    assert "Barème" in page


def test_once_answered_the_page_leads_on_and_says_its_sentence_once(client, director, case):
    before = client.get(f"/dossiers/{case.reference}/eligibilite/").content.decode()
    after = client.post(
        f"/dossiers/{case.reference}/eligibilite/", income(case), follow=True
    ).content.decode()

    assert f"/dossiers/{case.reference}/confier/" not in before
    assert f'href="/dossiers/{case.reference}/confier/"' in after
    assert after.count("Le ménage remplit la condition de revenus") == 1


def test_a_household_that_is_not_eligible_is_answered_next(client, director, case):
    page = client.post(
        f"/dossiers/{case.reference}/eligibilite/", income(case, rfr_eur="90000"), follow=True
    ).content.decode()

    assert f'href="/dossiers/{case.reference}/clore/"' in page
    assert f"/dossiers/{case.reference}/confier/" not in page


def test_a_negative_income_is_refused_and_the_rest_stays_typed(client, director, case):
    answer = client.post(
        f"/dossiers/{case.reference}/eligibilite/", income(case, rfr_eur="-5", children=4)
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ne peut pas être négatif" in page
    assert 'value="4"' in page


def test_a_stale_save_shows_both_versions_and_can_be_saved_anyway(client, director, case):
    old = income(case, rfr_eur="17000")
    judging.complete_income(
        by=director, case=case, rfr_eur=Decimal(20000), rfr_income_year=2025, adults=1, children=2
    )

    answer = client.post(f"/dossiers/{case.reference}/eligibilite/", old)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "17000" in page.replace("\u202f", "")
    assert "20000" in page.replace("\u202f", "")
    assert Case.objects.get(pk=case.pk).rfr_eur == Decimal(20000)
    fresh = Case.objects.get(pk=case.pk).revision
    assert f'name="revision" value="{fresh}"' in page

    client.post(f"/dossiers/{case.reference}/eligibilite/", old | {"revision": fresh})
    assert Case.objects.get(pk=case.pk).rfr_eur == Decimal(17000)


def test_a_director_decides_and_an_adviser_may_not(client, agency, director, case):
    decision = {"answer": "yes", "reason": "Dettes de santé.", "revision": case.revision}
    client.post(f"/dossiers/{case.reference}/decision/", decision)
    assert Case.objects.get(pk=case.pk).state == "eligible"
    client.post(f"/dossiers/{case.reference}/decision/retirer/")
    assert Case.objects.get(pk=case.pk).state == "to_complete"

    client.force_login(world.member(agency).user)
    assert client.post(f"/dossiers/{case.reference}/decision/", decision).status_code == 403


CONTACTS = {
    "first_name": "Amina",
    "last_name": "Benali",
    "birth_date": "1980-05-04",
    "phone": "06 12 34 56 78",
    "email": "",
    "contact_preference": "",
}


def test_contacts_saved_by_two_people_end_in_both_versions(client, director, case):
    url = f"/dossiers/{case.reference}/coordonnees/"
    assert client.post(url, CONTACTS | {"revision": 1}).status_code == 302

    answer = client.post(url, CONTACTS | {"last_name": "Autre", "revision": 1})
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Benali" in page
    assert 'name="last_name" value="Autre"' in page
    assert Household.objects.get(pk=case.household_id).last_name == "Benali"


def test_an_incomplete_telephone_is_refused_at_its_field(client, director, case):
    answer = client.post(
        f"/dossiers/{case.reference}/coordonnees/", CONTACTS | {"phone": "06 12", "revision": 1}
    )

    assert answer.status_code == 422
    assert "dix chiffres" in answer.content.decode()


def test_a_case_is_closed_and_taken_up_again(client, director, case):
    url = f"/dossiers/{case.reference}"
    refused = client.post(f"{url}/clore/", {"reason_code": "", "reason": "Plus de nouvelles."})
    assert refused.status_code == 422
    assert "Plus de nouvelles." in refused.content.decode()

    client.post(
        f"{url}/clore/",
        {"reason_code": "unreachable", "reason": "Absent.", "revision": case.revision},
    )
    closed = Case.objects.get(pk=case.pk)
    assert closed.state == "closed"
    client.post(f"{url}/rouvrir/", {"reason": "A rappelé.", "revision": closed.revision})
    assert Case.objects.get(pk=case.pk).state == "to_complete"


def test_closing_a_case_that_moved_meanwhile_shows_what_changed(client, director, case):
    stale = {"reason_code": "unreachable", "reason": "Absent.", "revision": case.revision}
    client.post(f"/dossiers/{case.reference}/eligibilite/", income(case))

    answer = client.post(f"/dossiers/{case.reference}/clore/", stale)

    assert answer.status_code == 409
    assert "Ménage injoignable" in answer.content.decode()
    assert 'name="reason" value="Absent."' in answer.content.decode()
    assert Case.objects.get(pk=case.pk).state == "eligible"


def test_a_note_and_a_task_are_written_from_the_page(client, director, case):
    client.post(f"/dossiers/{case.reference}/notes/", {"text": "Appel ce matin."})
    client.post(
        f"/dossiers/{case.reference}/taches/", {"title": "Rappeler", "due_on": "2099-01-01"}
    )
    task = Task.objects.get()
    client.post(f"/taches/{task.pk}/faite/")

    assert Note.objects.get().text == "Appel ce matin."
    assert Task.objects.get().done_by == director


def test_a_refused_note_comes_back_with_its_text(client, director, case):
    answer = client.post(
        f"/dossiers/{case.reference}/notes/", {"text": "Vue hier.", "contact_on": "2001-01-01"}
    )

    assert answer.status_code == 422
    assert "Vue hier." in answer.content.decode()
    assert not Note.objects.exists()


def test_a_photo_of_sixty_megabytes_is_refused_in_a_sentence_and_loses_nothing(
    client, director, case
):
    photo = SimpleUploadedFile("mur.jpg", b"\xff\xd8\xff" + bytes(60 * 1024 * 1024), "image/jpeg")

    answer = client.post(
        f"/dossiers/{case.reference}/pieces/",
        {"file": photo, "kind": "photo", "name": "Mur de la chambre"},
    )
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "la limite est de 15 Mo" in page
    assert 'value="Mur de la chambre"' in page
    assert '<option value="photo" selected>' in page
    assert not Attachment.objects.exists()


def test_a_file_is_sent_to_save_and_never_to_run(
    client, agency, director, case, settings, tmp_path
):
    settings.FILES_DIR = tmp_path
    client.post(
        f"/dossiers/{case.reference}/pieces/",
        {"file": SimpleUploadedFile("a.html", PDF, "text/html"), "kind": "bill", "name": ""},
    )
    row = Attachment.objects.get()
    url = f"/dossiers/{case.reference}/pieces/{row.pk}/"

    answer = client.get(url)

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    stranger = world.member(world.agency(insee=world.BAGNOLET), Role.DIRECTOR)
    for who, status in ((stranger, 404), (world.member(agency, Role.VISITOR), 403)):
        client.force_login(who.user)
        assert client.get(url).status_code == status
    assert files.orphan_files(agency_id=agency.pk) == []


def test_two_files_are_compared_merged_and_taken_apart(client, director, case):
    other = world.case(case.programme, first_name="Amina-Rose")
    url = f"/dossiers/{case.reference}/fusionner/?avec={other.reference}"
    assert "Amina-Rose" in client.get(url).content.decode()

    client.post(url, {"kept": case.reference, "reason": "Même téléphone."})
    assert Case.objects.get(pk=other.pk).household_id == case.household_id
    client.post(f"/fusions/{HouseholdMerge.objects.get().pk}/annuler/")

    assert Case.objects.get(pk=other.pk).household_id == other.household_id


def test_a_foreign_reference_to_merge_looks_absent(client, director, case):
    foreign = world.case(
        world.programme(world.agency(insee=world.BAGNOLET)), commune=world.commune(world.BAGNOLET)
    )

    for reference in (foreign.reference, "A0-RIEN22"):
        page = client.get(f"/dossiers/{case.reference}/fusionner/?avec={reference}")
        assert "Aucun dossier de votre agence" in page.content.decode()


def test_a_case_is_entrusted_from_its_page(client, agency, director):
    case = world.case(world.programme(agency))
    operator = world.organisation(agency)
    elsewhere = world.member(agency, Role.VISITOR)
    form = {"operator": operator.pk, "adviser": director.pk, "revision": case.revision}
    url = f"/dossiers/{case.reference}/confier/"

    refused = client.post(url, form | {"visitor": elsewhere.pk})
    client.post(url, form)

    assert refused.status_code == 422
    assert Case.objects.get(pk=case.pk).operator == operator
    assert client.post(url, form).status_code == 409
