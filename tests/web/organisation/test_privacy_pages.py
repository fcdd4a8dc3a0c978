"""Giving a household its data, and erasing it: password again, reference typed, reason given."""

import io
import json
import zipfile

import pytest

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.households.models import Household
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(director):
    return world.case(world.programme(director.agency))


def path_of(case, end=""):
    return f"/dossiers/{case.reference}/donnees/{end}"


def household_of(case):
    isolation.enter(case.agency_id)
    return Household.objects.get(pk=case.household_id)


@pytest.mark.parametrize("end", ["export/", "effacer/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_password_comes_first(client, case, end, method):
    data = {"reference": case.reference, "reason": "Demande du ménage."}
    answer = getattr(client, method)(path_of(case, end), data)
    assert answer.status_code == 302
    assert answer.url.startswith("/compte/reauthenticate/?next=")
    assert household_of(case).erased_at is None
    assert not AuditEntry.objects.filter(action__in=["export_household", "erase_household"])


def test_a_wrong_password_opens_nothing(client, case):
    client.post("/compte/reauthenticate/", {"password": "pas le bon mot de passe"})
    assert client.get(path_of(case, "export/")).status_code == 302


def test_after_the_password_the_page_that_was_asked_comes_back(client, case):
    asked = client.get(path_of(case, "export/"))
    answer = client.post(asked.url, {"password": world.PASSWORD, "next": path_of(case, "export/")})
    assert answer.url == path_of(case, "export/")
    assert client.get(answer.url).status_code == 200


def test_the_archive_holds_the_household_and_the_journal_says_it_left(
    just_typed_password, director, case
):
    answer = just_typed_password.post(path_of(case, "export/"))
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        told = json.loads(archive.read("donnees.json"))
    assert told["ménage"][0]["prénom"] == "Amina"
    isolation.enter(director.agency_id)
    assert AuditEntry.objects.filter(agency=director.agency, action="export_household").exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"reference": "A0-0000", "reason": "Demande du ménage."}, "pas la référence"),
        ({"reference": "", "reason": "Demande du ménage."}, "Recopiez la référence"),
        ({"reason": ""}, "Dites pourquoi"),
    ],
)
def test_erasing_asks_for_the_reference_and_a_reason(just_typed_password, case, data, sentence):
    answer = just_typed_password.post(
        path_of(case, "effacer/"), {"reference": case.reference} | data
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert household_of(case).erased_at is None


def test_an_erased_household_is_gone_from_every_page(just_typed_password, case):
    answer = just_typed_password.post(
        path_of(case, "effacer/"),
        {"reference": case.reference.lower(), "reason": "Demande du ménage."},
    )
    assert answer.status_code == 302
    assert household_of(case).last_name == ""
    assert just_typed_password.get(path_of(case)).status_code == 404
    assert just_typed_password.get(f"/dossiers/{case.reference}/").status_code == 404


def test_another_agency_s_household_does_not_exist_here(just_typed_password):
    foreign = world.case(
        world.programme(world.agency(insee=world.BAGNOLET)),
        commune=world.commune(world.BAGNOLET),
        postal_code="93170",
    )
    for end in ("", "export/", "effacer/"):
        assert just_typed_password.get(path_of(foreign, end)).status_code == 404
    data = {"reference": foreign.reference, "reason": "Demande du ménage."}
    assert just_typed_password.post(path_of(foreign, "effacer/"), data).status_code == 404
    assert household_of(foreign).erased_at is None


@pytest.mark.parametrize("role", [Role.ADVISER, Role.COORDINATOR, Role.VISITOR])
def test_only_a_director_gives_or_erases(client, director, case, role):
    client.force_login(world.member(director.agency, role).user)
    for end in ("", "export/", "effacer/"):
        assert client.get(path_of(case, end)).status_code == 403


@pytest.mark.parametrize("path", ["/accessibilite/", "/donnees-personnelles/"])
def test_public_pages_open_without_account_and_name_no_agency(client, director, path):
    client.logout()
    answer = client.get(path)
    assert answer.status_code == 200
    assert director.agency.name not in answer.text
