"""The private link: the household's own case, its agreements, and nothing to anyone else."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atre.config.logs import WithoutPersonalData
from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit.actions import log_read
from atre.domain.audit.models import AuditEntry
from atre.domain.households import files
from atre.domain.households.actions.linking import LINKS_A_DAY, issue_link
from atre.domain.households.models import Case, CaseLink, Consent
from atre.domain.messages.models import Message
from atre.domain.visits.enums import AppointmentState, VisitState
from atre.domain.visits.models import Appointment, Visit, VisitReport
from tests.support import world


@pytest.fixture
def scheme(db):
    return world.programme(world.agency(name="Agence d’essai"), name="Visites d’essai")


@pytest.fixture
def case(scheme):
    return world.case(scheme, told="Il fait froid.")


def link(case) -> str:
    with isolation.within(case.agency):
        return issue_link(case=case)


def text(response) -> str:
    return response.content.decode()


def standing(case) -> set[str]:
    with isolation.within(case.agency):
        rows = Consent.objects.filter(case=case, withdrawn_at__isnull=True)
        return set(rows.values_list("kind", flat=True))


def test_a_household_reads_its_own_story(client, case):
    page = text(client.get(f"/suivi/{link(case)}/"))

    assert case.reference in page
    assert "Votre demande est arrivée" in page
    assert "Nous choisissons qui viendra chez vous" in page
    assert "01\u00a040\u00a000\u00a000\u00a000" in page
    assert "Personne pour l’instant." in page


def test_the_page_is_not_kept_indexed_nor_named_elsewhere(client, case):
    token = link(case)

    for path in (f"/suivi/{token}/", f"/suivi/{token}/recu/", "/suivi/inconnu/"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_the_form_page_lets_its_own_form_be_recognised(client, case):
    """With no-referrer a browser sends the origin « null » and the form would be refused."""
    headers = client.get(f"/suivi/{link(case)}/accord/processing/").headers

    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_an_unknown_link_opens_nothing(client, case):
    response = client.get("/suivi/" + "x" * 43 + "/")

    assert response.status_code == 404
    assert case.reference not in text(response)
    assert "coupé en chemin" in text(response)


@pytest.mark.parametrize("why", ["expired", "replaced", "erased"])
def test_a_link_that_ended_says_who_to_call(client, case, why):
    token = link(case)
    assert client.get(f"/suivi/{token}/").status_code == 200
    now = timezone.now()
    if why == "expired":
        CaseLink.objects.filter(case_id=case.pk).update(expires_at=now - timedelta(seconds=1))
    elif why == "replaced":
        link(case)
    else:
        with isolation.within(case.agency):
            Case.objects.filter(pk=case.pk).update(erased_at=now)

    response = client.get(f"/suivi/{token}/")

    assert response.status_code == 410
    assert "Agence d’essai" in text(response)
    assert case.reference not in text(response)


def test_one_link_opens_one_case(client, case, scheme):
    other = world.case(scheme, first_name="Autre")
    elsewhere = world.case(world.programme(world.agency()))

    page = text(client.get(f"/suivi/{link(case)}/"))

    assert case.reference in page
    assert other.reference not in page
    assert elsewhere.reference not in page


def test_the_appointment_and_the_readers_are_shown(client, case):
    adviser = world.member(case.agency, Role.ADVISER)
    operator = world.organisation(case.agency, name="Opérateur d’essai")
    visitor = world.member(case.agency, Role.VISITOR, of=operator)
    starts = timezone.now() + timedelta(days=3)
    with isolation.within(case.agency):
        Appointment.objects.create(
            agency=case.agency, case=case, starts_at=starts, ends_at=starts + timedelta(hours=1),
            state=AppointmentState.PLANNED,
        )  # fmt: skip
        for reader in (adviser, adviser, visitor):
            log_read(by=reader, case_id=case.pk, screen="case")

    page = text(client.get(f"/suivi/{link(case)}/"))

    assert "Votre rendez-vous" in page
    assert page.count("(Conseil)") == 1
    assert operator.name in page
    assert adviser.user.full_name not in page


def test_a_past_or_cancelled_appointment_is_not_announced(client, case):
    starts = timezone.now() + timedelta(days=3)
    with isolation.within(case.agency):
        Appointment.objects.create(
            agency=case.agency, case=case, starts_at=starts, ends_at=starts + timedelta(hours=1),
            state=AppointmentState.CANCELLED,
        )  # fmt: skip

    assert "Votre rendez-vous" not in text(client.get(f"/suivi/{link(case)}/"))


def test_the_report_comes_once_handed_over(client, case):
    token = link(case)
    author = world.member(case.agency, Role.VISITOR)
    stored = files.store(agency_id=case.agency_id, content=b"%PDF-1.7 essai")
    with isolation.within(case.agency):
        visit = Visit.objects.create(
            agency=case.agency, identifier=world.uuid4(), case=case, state=VisitState.DRAFT,
            schema_version=1, visited_on=timezone.localdate(), author=author,
        )  # fmt: skip
        report = VisitReport.objects.create(
            agency=case.agency, visit=visit, sha256=stored.sha256, size_bytes=stored.size_bytes
        )
    before = client.get(f"/suivi/{token}/compte-rendu.pdf")
    with isolation.within(case.agency):
        VisitReport.objects.filter(pk=report.pk).update(handed_over_on=timezone.localdate())

    after = client.get(f"/suivi/{token}/compte-rendu.pdf")

    assert before.status_code == 404
    assert b"".join(after.streaming_content) == b"%PDF-1.7 essai"
    assert after.headers["Content-Disposition"].startswith("attachment")
    assert after.headers["X-Content-Type-Options"] == "nosniff"
    assert "compte-rendu.pdf" in text(client.get(f"/suivi/{token}/"))


def test_an_agreement_is_taken_back_and_the_rest_goes_on(client, case):
    token = link(case)
    asked = client.get(f"/suivi/{token}/accord/inform_referrer/")
    assert asked.status_code == 200
    assert standing(case) == {"processing", "inform_referrer"}

    answer = client.post(f"/suivi/{token}/accord/inform_referrer/")

    assert (answer.status_code, answer.url) == (302, f"/suivi/{token}/")
    assert standing(case) == {"processing"}
    with isolation.within(case.agency):
        entry = AuditEntry.objects.get(case_id=case.pk, action="withdraw_consent")
        assert (entry.channel, entry.details, entry.actor) == (
            "private link", {"kind": "inform_referrer"}, None,
        )  # fmt: skip
        assert Case.objects.get(pk=case.pk).state == case.state


def test_without_the_agreement_to_keep_the_file_the_case_stops(client, case):
    token = link(case)
    starts = timezone.now() + timedelta(days=3)
    with isolation.within(case.agency):
        visit = Appointment.objects.create(
            agency=case.agency, case=case, starts_at=starts, ends_at=starts + timedelta(hours=1),
            state=AppointmentState.PLANNED,
        )  # fmt: skip

    for _ in range(2):
        client.post(f"/suivi/{token}/accord/processing/")

    with isolation.within(case.agency):
        closed = Case.objects.get(pk=case.pk)
        assert (closed.state, closed.closing_reason) == ("closed", "withdrawn")
        visit.refresh_from_db()
        assert (visit.state, visit.sequence) == (AppointmentState.CANCELLED, 1)
        assert not Message.objects.filter(
            case_id=case.pk, sent_at__isnull=True, cancelled_at__isnull=True
        ).exists()
        assert AuditEntry.objects.filter(case_id=case.pk, action="withdraw_consent").count() == 1


def test_an_ended_link_takes_nothing_back(client, case):
    token = link(case)
    link(case)

    assert client.post(f"/suivi/{token}/accord/processing/").status_code == 410
    assert client.post("/suivi/inconnu/accord/processing/").status_code == 404
    assert client.get(f"/suivi/{token}/accord/tout/").status_code == 404
    assert standing(case) == {"processing", "inform_referrer"}


def new_link(client, **typed):
    return client.post("/suivi/", typed)


def test_a_new_link_goes_to_the_household_and_ends_the_old_one(client, case):
    old = link(case)

    new_link(client, reference=f" {case.reference.lower()} ", email="MENAGE@example.org")

    assert client.get(f"/suivi/{old}/").status_code == 410
    with isolation.within(case.agency):
        message = Message.objects.get(case_id=case.pk, kind="new_link")
    assert message.to_email == "menage@example.org"
    token = message.body.split("/suivi/")[1].split("/")[0]
    assert client.get(f"/suivi/{token}/").status_code == 200


def without_nonces(response) -> str:
    """The page but for what is drawn at random each time."""
    return re.sub(r'(content|value|nonce)="[^"]+"', "", text(response))


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "quelquun@example.org"},
        {"reference": "ZZZ-222222"},
        {"reference": "A-1"},
    ],
)
def test_the_answer_is_the_same_when_nothing_matches(client, case, typed):
    right = {"reference": case.reference, "email": "menage@example.org"}

    found, not_found = new_link(client, **right), new_link(client, **(right | typed))

    assert found.status_code == not_found.status_code == 200
    assert without_nonces(found) == without_nonces(not_found)
    with isolation.within(case.agency):
        assert Message.objects.filter(case_id=case.pk, kind="new_link").count() == 1


def test_a_mailbox_is_not_flooded(client, case):
    for _ in range(LINKS_A_DAY + 2):
        new_link(client, reference=case.reference, email="menage@example.org")

    with isolation.within(case.agency):
        assert Message.objects.filter(case_id=case.pk, kind="new_link").count() == LINKS_A_DAY


def test_a_machine_that_tries_references_waits(client, case, monkeypatch):
    monkeypatch.setattr("atre.web.public.follow.MOST_NEW_LINKS", 2)

    statuses = [
        new_link(client, reference="A1-222222", email="a@example.org").status_code for _ in range(3)
    ]

    assert statuses == [200, 200, 429]


def test_the_token_is_never_written_in_a_log(client, case, caplog):
    token = link(case)
    link(case)
    with caplog.at_level(logging.INFO):
        client.get(f"/suivi/{token}/")

    assert caplog.records
    for record in caplog.records:
        WithoutPersonalData().filter(record)
        assert token not in record.getMessage()


def test_the_page_costs_the_same_however_long_the_story(client, case):
    token = link(case)
    client.get(f"/suivi/{token}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/suivi/{token}/")
    reader = world.member(case.agency, Role.ADVISER)
    with isolation.within(case.agency):
        for number in range(5):
            log_read(by=reader, case_id=case.pk, screen=f"case{number}")
        shared = Consent.objects.create(
            agency=case.agency, case=case, kind="share_with_partners", text_version="2026-01",
            given_at=timezone.now(),
        )  # fmt: skip
        shared.partners.set([world.organisation(case.agency, "caf") for _ in range(3)])
    with CaptureQueriesContext(connection) as many:
        client.get(f"/suivi/{token}/")

    assert len(few) == len(many)
