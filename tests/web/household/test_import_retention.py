"""Before a file is taken over, the page says how many of its cases are too old to be kept long."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from atre.domain.agencies.enums import Role
from atre.domain.privacy.periods import KEPT_AFTER_LAST_CONTACT
from atre.formats import outgoing
from tests.support import world

pytestmark = pytest.mark.django_db
HEADERS = ["Nom", "Prénom", "Date de la demande", "Téléphone", "Adresse", "CP", "Code Insee"]
LIMIT = localdate() - KEPT_AFTER_LAST_CONTACT


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def checked(client, *days):
    """The page that checks a file whose requests were made on these days."""
    agency = world.agency()
    programme = world.programme(agency)
    client.force_login(world.member(agency, Role.DIRECTOR).user)
    rows = [
        [f"Ménage{n}", "Amina", day, f"061234567{n}", f"{n} rue des Essais", "94130", "94052"]
        for n, day in enumerate(days)
    ]
    file = SimpleUploadedFile("suivi.xlsx", outgoing.xlsx_bytes(HEADERS, rows, sheet="Dossiers"))
    columns = client.post("/dossiers/reprise/", {"programme": programme.slug, "file": file}).url
    form = client.get(columns).context["form"]
    guessed = {bound.name: bound.value() or "" for bound in form.columns()}
    attested = {"attested": "on", "attested_on": min(days).isoformat()}
    return client.get(client.post(columns, guessed | attested).url)


def text_of(page) -> str:
    return " ".join(page.content.decode().translate({0x202F: " ", 0xA0: " "}).split())


def test_cases_over_two_years_old_are_counted_before_confirming(client):
    page = checked(client, LIMIT, LIMIT - timedelta(days=300), LIMIT + timedelta(days=1))

    assert page.context["trial"].beyond_retention == 2
    assert "2 dossiers sur 3 datent de plus de deux ans" in text_of(page)
    assert "30 jours plus tard, le dossier est effacé" in text_of(page)


def test_one_old_case_is_said_in_the_singular(client):
    assert "1 dossier sur 2 date de plus de deux ans" in text_of(
        checked(client, LIMIT, localdate())
    )


def test_a_recent_file_says_nothing_of_it(client):
    assert "plus de deux ans" not in text_of(checked(client, LIMIT + timedelta(days=1)))
