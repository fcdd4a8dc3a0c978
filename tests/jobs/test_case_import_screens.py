"""The taking over of a file, screen by screen, as a director and as those who may not."""

import io
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from atre.domain.agencies.enums import Role
from atre.domain.households.models import Case
from atre.formats import outgoing
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_in_the_first_agency")]

START = "/dossiers/reprise/"
HEADERS = ["Nom", "Prénom", "Date de la demande", "Téléphone", "Adresse", "CP", "Code Insee"]


def row(last: str, phone: str = "0612345678") -> list[object]:
    return [last, "Amina", date(2024, 3, 12), phone, f"3 rue {last}", "94130", "94052"]


def workbook(*rows: list[object]) -> bytes:
    return outgoing.xlsx_bytes(HEADERS, rows, sheet="Dossiers")


@pytest.fixture(autouse=True)
def demonstration(settings, tmp_path):
    settings.DEMO = True
    settings.DATA_DIR = tmp_path


class Desk:
    def __init__(self, role: str = Role.DIRECTOR) -> None:
        self.agency = world.agency()
        self.programme = world.programme(self.agency)
        self.member = world.member(self.agency, role)
        self.client = Client()
        self.client.force_login(self.member.user)

    def send(self, content: bytes, name: str = "suivi.xlsx"):
        return self.client.post(
            START,
            {"programme": self.programme.slug, "file": SimpleUploadedFile(name, content)},
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def chosen(form) -> dict[str, str]:
    """The columns as the page guessed them, agreements attested."""
    guessed = {bound.name: bound.value() or "" for bound in form.columns()}
    return guessed | {"attested": "on", "attested_on": "2024-01-01"}


def test_a_file_goes_from_its_columns_to_its_cases_and_its_rejects(
    desk, django_capture_on_commit_callbacks
):
    columns = desk.send(workbook(row("Exemple"), row("Sans", phone=""))).url
    assert "Exemple" not in columns
    page = desk.client.get(columns)
    assert "Nom (Exemple, Sans)" in page.content.decode()
    check = desk.client.post(columns, chosen(page.context["form"])).url
    page = desk.client.get(check)
    assert (page.context["trial"].ready, len(page.context["trial"].rejected)) == (1, 1)
    assert not Case.objects.exists()
    run = desk.client.post(check, {"doubles": "aside"}).url
    with django_capture_on_commit_callbacks(execute=True):
        page = desk.client.post(run)
    assert "1 dossier repris" in page.content.decode()
    assert Case.objects.get().household.last_name == "Exemple"
    rejects = desk.client.get(run.replace("/reprise/", "/non-repris/", 2).replace(
        "/dossiers/non-repris/", "/dossiers/reprise/"
    ))  # fmt: skip
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(rejects.content)).get_sheet_by_index(0)
    (_, line) = sheet.to_python()
    assert line[0] == 3
    assert "téléphone" in line[1]
    assert line[2] == "Sans"


def test_a_needed_column_left_out_is_named_and_the_choices_are_kept(desk):
    columns = desk.send(workbook(row("Exemple"))).url
    form = desk.client.get(columns).context["form"]
    page = desk.client.post(columns, chosen(form) | {"last_name": ""})
    assert page.status_code == 422
    assert "Dites quelle colonne donne : Nom." in page.content.decode()
    assert page.context["form"]["commune"].value() == form["commune"].value()


def test_agreements_must_be_attested(desk):
    columns = desk.send(workbook(row("Exemple"))).url
    form = desk.client.get(columns).context["form"]
    page = desk.client.post(columns, chosen(form) | {"attested": "", "attested_on": ""})
    assert page.status_code == 422
    assert "Sans l’accord des ménages" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00" * (60 * 1024 * 1024), "Ce fichier pèse 60 Mo"),
        (workbook(["a"])[:-80], "abîmé"),
        (b"", "vide"),
    ],
)
def test_a_file_too_large_damaged_or_empty_is_explained(desk, content, said):
    page = desk.send(content)
    assert page.status_code == 422
    assert said in page.content.decode()


@pytest.mark.parametrize("role", [Role.ADVISER, Role.COORDINATOR, Role.VISITOR, Role.OBSERVER])
def test_only_the_direction_reaches_the_pages(role):
    other = Desk(role)
    assert other.client.get(START).status_code == 403
    assert other.send(workbook(row("Exemple"))).status_code == 403


def test_another_agency_s_file_and_no_file_are_both_not_found(desk):
    theirs = Desk().send(workbook(row("Exemple"))).url
    nobody = theirs.replace(theirs.split("/")[3], str(uuid4()))
    for address in (theirs, nobody):
        assert desk.client.get(address).status_code == 404
        assert desk.client.get(address.replace("colonnes", "verification")).status_code == 404
        assert desk.client.post(address.replace("colonnes", "reprise")).status_code == 404
        assert desk.client.get(address.replace("colonnes", "non-repris")).status_code == 404
        assert desk.client.post(address.replace("colonnes", "effacer")).status_code == 404


def test_the_file_is_not_kept_in_the_session_and_may_be_erased_at_once(desk, tmp_path):
    columns = desk.send(workbook(row("Exemple"))).url
    assert "Exemple" not in str(dict(desk.client.session))
    assert list(tmp_path.glob("imports/*/*/content"))
    desk.client.post(columns.replace("colonnes", "effacer"))
    assert not list(tmp_path.glob("imports/*/*"))
