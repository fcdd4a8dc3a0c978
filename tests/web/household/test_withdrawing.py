"""The agency notes that an agreement is taken back, and takes a file off a case."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.households import files
from atre.domain.households.models import Attachment, Case, Consent
from tests.support import world

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def case(agency):
    return world.case(world.programme(agency))


@pytest.fixture
def adviser(client, agency):
    member = world.member(agency)
    client.force_login(member.user)
    return member


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path


def withdrawal(case: Case, kind: str = "processing") -> str:
    return f"/dossiers/{case.reference}/accords/{kind}/retirer/"


def attach(client, case: Case) -> Attachment:
    client.post(
        f"/dossiers/{case.reference}/pieces/",
        {
            "file": SimpleUploadedFile("facture.pdf", PDF, "application/pdf"),
            "kind": "bill",
            "name": "",
        },
    )
    return Attachment.objects.get(case=case)


def removal(row: Attachment) -> str:
    return f"/dossiers/{row.case.reference}/pieces/{row.pk}/retirer/"


def standing(case: Case) -> set[str]:
    rows = Consent.objects.filter(case=case, withdrawn_at__isnull=True)
    return set(rows.values_list("kind", flat=True))


def test_the_case_page_leads_to_each_withdrawal(client, adviser, case):
    page = client.get(f"/dossiers/{case.reference}/").content.decode()

    assert f'href="{withdrawal(case)}"' in page
    assert f'href="{withdrawal(case, "inform_referrer")}"' in page


def test_what_withdrawing_changes_is_said_before_anything_changes(client, adviser, case):
    page = client.get(withdrawal(case)).content.decode()

    assert "le dossier est clos" in page
    assert standing(case) == {"processing", "inform_referrer"}


def test_informing_the_referrer_is_withdrawn_alone_and_journaled(client, adviser, case):
    answer = client.post(withdrawal(case, "inform_referrer"))

    assert answer.status_code == 302
    assert standing(case) == {"processing"}
    assert Case.objects.get(pk=case.pk).state == case.state
    entry = AuditEntry.objects.get(action="withdraw_consent")
    assert (entry.actor_id, entry.case_id) == (adviser.pk, case.pk)
    assert entry.details == {"kind": "inform_referrer"}


def test_without_the_agreement_to_keep_the_file_the_case_closes(client, adviser, case):
    client.post(withdrawal(case))
    again = client.post(withdrawal(case))

    assert Case.objects.get(pk=case.pk).state == "closed"
    assert again.status_code == 302
    assert AuditEntry.objects.filter(action="withdraw_consent").count() == 1


@pytest.mark.parametrize("kind", ["share_with_partners", "nonsense"])
def test_an_agreement_that_does_not_stand_has_no_page(client, adviser, case, kind):
    assert client.get(withdrawal(case, kind)).status_code == 404


def test_a_foreign_user_finds_neither_agreement_nor_file(client, agency, adviser, case):
    row = attach(client, case)
    client.force_login(world.member(world.agency(insee=world.BAGNOLET), Role.DIRECTOR).user)

    for url in (withdrawal(case), removal(row)):
        assert client.get(url).status_code == 404
        assert client.post(url, {"reason": "Par curiosité"}).status_code == 404
    assert standing(case) == {"processing", "inform_referrer"}
    assert Attachment.objects.filter(pk=row.pk).exists()


def test_a_file_is_taken_off_with_a_reason_its_bytes_and_a_journal_entry(
    client, agency, adviser, case, django_capture_on_commit_callbacks
):
    row = attach(client, case)
    path = files.path_of(agency_id=agency.pk, sha256=row.sha256)
    assert f'href="{removal(row)}"' in client.get(f"/dossiers/{case.reference}/").content.decode()

    refused = client.post(removal(row), {"reason": " "})
    assert refused.status_code == 422
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(removal(row), {"reason": "Facture d’un autre ménage"})

    assert not Attachment.objects.exists()
    assert not path.exists()
    entry = AuditEntry.objects.get(action="remove_attachment")
    assert (entry.actor_id, entry.reason) == (adviser.pk, "Facture d’un autre ménage")
    assert client.get(removal(row)).status_code == 404


def test_the_same_content_on_another_case_keeps_its_bytes(
    client, agency, adviser, case, django_capture_on_commit_callbacks
):
    other = world.case(case.programme, first_name="Nora", email="autre@example.org")
    row, kept = attach(client, case), attach(client, other)
    assert row.sha256 == kept.sha256

    with django_capture_on_commit_callbacks(execute=True):
        client.post(removal(row), {"reason": "En double"})

    assert files.path_of(agency_id=agency.pk, sha256=kept.sha256).read_bytes() == PDF


def test_an_operator_takes_no_file_off(client, agency, adviser, case):
    row = attach(client, case)
    client.force_login(world.member(agency, Role.VISITOR).user)
    assert client.post(removal(row), {"reason": "Non"}).status_code == 403
