"""A household asks for its data, or asks to be forgotten."""

import io
import json
import zipfile
from datetime import date

import pytest
from django.apps import apps

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import TenantModel
from atre.domain.audit.models import AuditEntry
from atre.domain.audit.selectors import first_broken_link
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households import files
from atre.domain.households.actions.attaching import add_attachment
from atre.domain.households.actions.closing import close_case
from atre.domain.households.actions.noting import add_note
from atre.domain.households.enums import AttachmentKind, ClosingReason
from atre.domain.households.models import Attachment, Case, CaseLink, Household
from atre.domain.privacy.actions import erase_household, export_household
from tests.support import world

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 20)
CANARY = "Zébulonide"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def known(settings, tmp_path, django_capture_on_commit_callbacks):
    """A household with a case, a note, a file and a closing reason, all telling its name."""
    settings.FILES_DIR = tmp_path
    agency = world.agency()
    director = world.member(agency, Role.DIRECTOR)
    case = world.case(
        world.programme(agency),
        first_name=CANARY,
        last_name=CANARY,
        told=f"{CANARY} a froid",
        address_line=f"3 rue {CANARY}",
        landlord_name=CANARY,
        email="zebulonide@example.org",
    )
    isolation.enter(agency.pk)
    add_note(by=director, case=case, text=f"{CANARY} rappelle demain", on=DAY)
    add_attachment(
        by=director, case=case, kind=AttachmentKind.BILL, name=f"{CANARY}.pdf", content=PDF
    )
    close_case(
        by=director, case=case, reason_code=ClosingReason.OTHER, reason=f"{CANARY} est reparti"
    )
    return agency, director, Case.objects.get(pk=case.pk)


def everything_held(agency) -> str:
    told = []
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            told += [str(list(model.objects.filter(agency=agency).values()))]
    return "\n".join(told)


def test_an_erased_household_is_nowhere_in_the_database(known):
    agency, director, case = known
    assert CANARY in everything_held(agency)
    erase_household(household=case.household, by=director, reason="demande du ménage")
    held = everything_held(agency)
    assert CANARY not in held
    assert CANARY.lower() not in held.lower()
    assert "zebulonide" not in held
    assert not CaseLink.objects.filter(case_id=case.pk).exists()


def test_its_files_leave_the_disk(known, django_capture_on_commit_callbacks):
    agency, director, case = known
    path = files.path_of(agency_id=agency.pk, sha256=Attachment.objects.get().sha256)
    assert path.is_file()
    with django_capture_on_commit_callbacks(execute=True):
        erase_household(household=case.household, by=director, reason="demande du ménage")
    assert not path.exists()


def test_a_file_that_another_case_holds_too_stays(known, django_capture_on_commit_callbacks):
    agency, director, case = known
    other = world.case(case.programme, last_name="Autre")
    add_attachment(
        by=director, case=other, kind=AttachmentKind.BILL, name="facture.pdf", content=PDF
    )
    path = files.path_of(agency_id=agency.pk, sha256=Attachment.objects.first().sha256)
    with django_capture_on_commit_callbacks(execute=True):
        erase_household(household=case.household, by=director, reason="demande du ménage")
    assert path.is_file()


def test_the_figures_and_the_journal_survive_an_erasure(known):
    agency, director, case = known
    erase_household(household=case.household, by=director, reason="demande du ménage")
    kept = Case.objects.get(pk=case.pk)
    assert (kept.state, kept.deposited_on) == (case.state, case.deposited_on)
    assert kept.dwelling.commune_id == world.NOGENT
    assert kept.erased_at == kept.household.erased_at is not None
    assert first_broken_link(agency=agency) is None
    assert AuditEntry.objects.filter(agency=agency, action="erase_household").count() == 1


def test_erasing_twice_is_erasing_once(known):
    agency, director, case = known
    erase_household(household=case.household, by=director, reason="demande du ménage")
    erase_household(household=case.household, by=director, reason="demande du ménage")
    assert AuditEntry.objects.filter(agency=agency, action="erase_household").count() == 1


def test_an_erasure_needs_a_reason(known):
    _, director, case = known
    with pytest.raises(InvalidInput):
        erase_household(household=case.household, by=director, reason=" ")


@pytest.mark.parametrize("role", [Role.ADVISER, Role.VISITOR, Role.REFERRER, Role.OBSERVER])
def test_only_the_director_erases_and_exports(known, role):
    agency, _, case = known
    person = world.member(agency, role)
    with pytest.raises(NotAllowed):
        erase_household(household=case.household, by=person, reason="demande")
    with pytest.raises(NotAllowed):
        export_household(household=case.household, by=person)
    assert Household.objects.get(pk=case.household_id).last_name == CANARY


def test_another_agency_s_director_neither_erases_nor_exports(known):
    agency, _, case = known
    stranger = world.member(world.agency(), Role.DIRECTOR)
    isolation.enter(agency.pk)
    with pytest.raises(NotAllowed):
        erase_household(household=case.household, by=stranger, reason="demande")
    with pytest.raises(NotAllowed):
        export_household(household=case.household, by=stranger)


def test_the_export_holds_what_was_told_and_the_files(known):
    _, director, case = known
    archive = zipfile.ZipFile(io.BytesIO(export_household(household=case.household, by=director)))
    told = archive.read("donnees.json").decode()
    for text in ["a froid", "rappelle demain", "est reparti", "+33612345678", "zebulonide@"]:
        assert text in told
    names = [name for name in archive.namelist() if name.startswith("pieces/")]
    assert [archive.read(name) for name in names] == [PDF]


def test_the_export_holds_no_other_household(known):
    _, director, case = known
    world.case(case.programme, last_name="Voisinage", email="voisin@example.org")
    archive = zipfile.ZipFile(io.BytesIO(export_household(household=case.household, by=director)))
    told = archive.read("donnees.json").decode()
    assert "Voisinage" not in told
    assert len(json.loads(told)["ménage"]) == 1
