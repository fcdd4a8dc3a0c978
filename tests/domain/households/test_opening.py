"""Opening a case: once, whole, by whoever may, and never twice for one form."""

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, connections

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit import selectors as audit
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households.actions import opening
from atre.domain.households.actions.linking import issue_link
from atre.domain.households.actions.opening import open_case
from atre.domain.households.enums import CaseState, Channel, ConsentKind
from atre.domain.households.models import Case, CaseLink, Consent, Household, StateChange
from atre.domain.messages.models import Message
from tests.support import world

ON = date(2026, 3, 2)


def send(scheme, submission=None, *, by=None, channel=Channel.PUBLIC, **changes):
    return open_case(
        programme=scheme,
        request=world.request(**changes),
        submission=submission or uuid4(),
        channel=channel,
        by=by,
        on=ON,
    )


@pytest.mark.django_db
def test_a_request_leaves_a_whole_case():
    agency = world.agency()
    scheme = world.programme(agency)

    receipt = send(scheme)

    case = receipt.case
    with isolation.within(agency):
        assert case.state == CaseState.ELIGIBLE
        assert case.eligibility["answer"] == "yes"
        assert StateChange.objects.filter(case=case).count() == 2
        assert set(case.consents.values_list("kind", flat=True)) == {
            "processing",
            "inform_referrer",
        }
        assert case.consents.first().text_version == scheme.consent_text_version
        assert AuditEntry.objects.filter(case_id=case.pk, action="open_case").count() == 1
        message = Message.objects.get(case_id=case.pk)
        assert receipt.link_token in message.body
    assert CaseLink.objects.filter(case_id=case.pk).count() == 1


@pytest.mark.django_db
def test_the_same_form_sent_twice_gives_the_same_receipt_and_one_case():
    agency = world.agency()
    scheme = world.programme(agency)
    submission = uuid4()
    first = send(scheme, submission)

    again = send(scheme, submission, first_name="Autre")

    assert (again.case.pk, again.link_token) == (first.case.pk, first.link_token)
    assert (first.created, again.created) == (True, False)
    with isolation.within(agency):
        assert Case.objects.filter(agency=agency).count() == 1
        assert Household.objects.filter(agency=agency).count() == 1
        assert Message.objects.filter(agency=agency, kind="receipt").count() == 1


@pytest.mark.django_db
def test_a_replaced_link_is_not_given_back_by_the_old_form():
    scheme = world.programme(world.agency())
    submission = uuid4()
    first = send(scheme, submission)
    with isolation.within(scheme.agency):
        issue_link(case=first.case)

    again = send(scheme, submission)

    assert again.case.pk == first.case.pk
    assert again.link_token is None


@pytest.mark.django_db
def test_two_forms_have_two_links():
    scheme = world.programme(world.agency())

    tokens = {send(scheme).link_token for _ in range(3)}

    assert len(tokens) == 3


@pytest.mark.django_db
def test_a_reference_already_taken_is_drawn_again(monkeypatch):
    scheme = world.programme(world.agency())
    taken = send(scheme).case.reference
    drawn = iter([taken, f"{taken}X"])
    monkeypatch.setattr(opening, "_new_reference", lambda agency: next(drawn))

    receipt = send(scheme)

    assert receipt.case.reference == f"{taken}X"
    assert receipt.created


@pytest.mark.django_db
def test_staff_of_another_agency_may_not_open_here():
    scheme = world.programme(world.agency())
    stranger = world.member(world.agency(insee=world.ANGERS), Role.ADVISER)
    own = world.member(scheme.agency, Role.ADVISER)

    with pytest.raises(NotAllowed):
        send(scheme, by=stranger, channel=Channel.STAFF)

    assert send(scheme, by=own, channel=Channel.STAFF).created
    with isolation.within(stranger.agency):
        assert not Case.objects.filter(agency=stranger.agency).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.VISITOR, Role.COORDINATOR, Role.OBSERVER, Role.FEDERATION])
def test_a_role_without_the_right_opens_nothing(role):
    scheme = world.programme(world.agency())

    with pytest.raises(NotAllowed):
        send(scheme, by=world.member(scheme.agency, role), channel=Channel.STAFF)


@pytest.mark.django_db
def test_without_account_only_the_public_way_is_open():
    scheme = world.programme(world.agency())

    with pytest.raises(NotAllowed):
        send(scheme, channel=Channel.STAFF)
    assert send(scheme, channel=Channel.PUBLIC).created


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consents": frozenset()}, "consent_processing"),
        ({"phone": "", "email": ""}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"birth_date": date(2027, 1, 1)}, "birth_date"),
        ({"birth_date": date(1899, 12, 31)}, "birth_date"),
        ({"adults": 0}, "adults"),
        ({"rfr_eur": Decimal(-1)}, "rfr_eur"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(changes, field):
    agency = world.agency()
    scheme = world.programme(agency)

    with pytest.raises(InvalidInput) as refusal:
        send(scheme, **changes)

    assert refusal.value.field == field
    with isolation.within(agency):
        assert not Household.objects.filter(agency=agency).exists()
        assert not Message.objects.filter(agency=agency).exists()
    assert send(scheme).created


@pytest.mark.django_db
def test_a_commune_outside_the_programme_is_refused():
    scheme = world.programme(world.agency())

    with pytest.raises(InvalidInput) as refusal:
        send(scheme, commune=world.commune(world.ANGERS))

    assert refusal.value.field == "commune"
    assert "Angers" in refusal.value.message_fr


@pytest.mark.django_db
def test_unknown_income_is_unknown_and_zero_is_an_income():
    scheme = world.programme(world.agency())

    unknown = send(scheme, rfr_eur=None).case
    zero = send(scheme, rfr_eur=Decimal(0)).case

    assert (unknown.eligibility_answer, unknown.state) == ("unknown", CaseState.TO_COMPLETE)
    assert (zero.eligibility_answer, zero.state) == ("yes", CaseState.ELIGIBLE)


@pytest.mark.django_db
def test_named_partners_are_kept_with_their_consent():
    agency = world.agency()
    scheme = world.programme(agency)
    ccas, caf = world.organisation(agency, "ccas"), world.organisation(agency, "caf")
    kinds = frozenset({ConsentKind.PROCESSING, ConsentKind.SHARE_WITH_PARTNERS})

    case = send(scheme, consents=kinds, partner_ids=(ccas.pk,)).case

    with isolation.within(agency):
        shared = Consent.objects.get(case=case, kind=ConsentKind.SHARE_WITH_PARTNERS)
        assert list(shared.partners.all()) == [ccas]
        assert caf not in shared.partners.all()


@pytest.mark.django_db
def test_a_partner_of_another_agency_is_refused():
    agency, other = world.agency(), world.agency(insee=world.ANGERS)
    scheme = world.programme(agency)
    foreign = world.organisation(other, "ccas")
    kinds = frozenset({ConsentKind.PROCESSING, ConsentKind.SHARE_WITH_PARTNERS})

    with pytest.raises(InvalidInput):
        send(scheme, consents=kinds, partner_ids=(foreign.pk,))

    with isolation.within(agency):
        assert not Case.objects.filter(agency=agency).exists()


@pytest.mark.django_db
def test_opening_leaves_the_journal_whole():
    agency = world.agency()
    scheme = world.programme(agency)

    for _ in range(3):
        send(scheme)

    with isolation.within(agency):
        assert audit.first_broken_link(agency=agency) is None


# The embedded database of a test lives in memory and refuses a second writer at once, where the
# file of a real one makes it wait: test_kill.py sends together through such a file.
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_form_sent_at_the_same_moment_by_several_hands_opens_one_case():
    agency = world.agency()
    scheme = world.programme(agency)
    submission, hands = uuid4(), 6
    request = world.request()
    together, receipts, failures = Barrier(hands), [], []

    def send_now():
        together.wait()
        try:
            receipts.append(
                open_case(
                    programme=scheme,
                    request=request,
                    submission=submission,
                    channel=Channel.PUBLIC,
                    by=None,
                    on=ON,
                )
            )
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=send_now) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len({(receipt.case.pk, receipt.link_token) for receipt in receipts}) == 1
    assert sum(receipt.created for receipt in receipts) == 1
    with isolation.within(agency):
        assert Case.objects.filter(agency=agency).count() == 1
        assert Household.objects.filter(agency=agency).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_loser_of_the_race_is_saved_by_the_unique_number():
    """Both looked before either wrote: the second writes, is refused, and finds the first's case."""
    scheme = world.programme(world.agency())
    submission = uuid4()
    before = {"done": False}
    real = opening._receipt_of

    def looks_before_the_other_writes(number, *, programme):
        found = real(number, programme=programme)
        if not before["done"]:
            before["done"] = True
            other = Thread(target=send_and_close, args=(scheme, submission))
            other.start()
            other.join()
        return found

    def send_and_close(programme, number):
        send(programme, number)
        connections.close_all()

    opening._receipt_of = looks_before_the_other_writes
    try:
        receipt = send(scheme, submission)
    finally:
        opening._receipt_of = real

    assert not receipt.created
    assert receipt.link_token is not None
    assert connection.vendor == "postgresql"
