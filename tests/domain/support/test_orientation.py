"""Orientations: consent first, a proof of receipt, an answer, reminders that stop."""

from dataclasses import fields
from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import localdate

from atre.domain.agencies.enums import Role
from atre.domain.errors import DomainError, InvalidInput, NotAllowed
from atre.domain.households.actions import closing
from atre.domain.households.actions.consenting import withdraw_consent
from atre.domain.households.enums import ClosingReason, ConsentKind
from atre.domain.households.models import Case, Consent
from atre.domain.messages.models import Message
from atre.domain.network import actions as network
from atre.domain.support import orientation_states, received
from atre.domain.support.actions.orienting import (
    NoConsent,
    answer_orientation,
    receive_orientation,
    record_answer,
    send_orientation,
)
from atre.domain.support.actions.sharing import record_sharing_consent
from atre.domain.support.enums import OrientationState
from atre.domain.support.models import Orientation
from atre.jobs.orientations import remind_unanswered
from tests.support import world

S = OrientationState
# What a partner may read of a household. Growing it is a decision, not a side effect.
PARTNER_READS = {
    "pk",
    "reference",
    "agency",
    "agency_phone",
    "sent_by",
    "sent_by_email",
    "state",
    "sent_at",
    "answer_due_on",
    "received_at",
    "answered_at",
    "answer",
    "agrees",
    "first_name",
    "last_name",
    "phone",
    "email",
    "contact_preference",
    "purpose",
}


def send(followed, **changes) -> Orientation:
    values = {
        "by": followed.adviser,
        "case": followed.case,
        "service": followed.service,
        "purpose": "Monter une demande au FSL.",
        "on": localdate(),
        "answer_days": 10,
    } | changes
    return send_orientation(**values)


def test_nothing_leaves_without_the_households_agreement(followed):
    with pytest.raises(NoConsent, match="n’a pas donné son accord"):
        send(followed)

    followed.agree()

    assert send(followed).state == S.SENT


def test_an_agreement_about_one_service_says_nothing_of_another(followed):
    followed.agree()
    other = world.organisation(followed.agency, "department")

    with pytest.raises(NoConsent):
        send(followed, service=other)


def test_an_agreement_told_to_the_adviser_keeps_the_partners_named_before(followed):
    other = world.organisation(followed.agency, "department")
    followed.agree()

    record_sharing_consent(by=followed.adviser, case=followed.case, service=other)

    rows = Consent.objects.filter(kind=ConsentKind.SHARE_WITH_PARTNERS)
    standing = rows.get(withdrawn_at__isnull=True)
    assert {p.pk for p in standing.partners.all()} == {followed.service.pk, other.pk}
    assert standing.stated_by == followed.adviser
    assert [p.pk for p in rows.get(withdrawn_at__isnull=False).partners.all()] == [
        followed.service.pk
    ]


def test_the_message_to_the_service_names_no_household(followed):
    followed.agree()

    send(followed, purpose="Aider Amina Exemple.")

    message = Message.objects.get(kind="orientation_sent")
    text = message.subject + message.body
    assert message.to_email == followed.service.email
    for private in ("Amina", "Exemple", "0612345678", "menage@example.org", "18000"):
        assert private not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"purpose": " "}, "ce que le ménage attend"),
        ({"answer_days": 0}, "après aujourd’hui"),
        ({"answer_days": 400}, "trop loin"),
        ({"answer_days": None}, "quand une réponse"),
    ],
)
def test_what_cannot_be_is_refused_in_words(followed, changes, sentence):
    followed.agree()

    with pytest.raises(InvalidInput, match=sentence):
        send(followed, **changes)


def test_a_service_that_was_deactivated_is_never_proposed_again(followed):
    followed.agree()
    network.deactivate_organisation(
        by=followed.adviser, organisation=followed.service, reason="Service fermé"
    )

    with pytest.raises(InvalidInput, match="plus proposé"):
        send(followed)


def test_someone_of_another_agency_sends_nothing(followed, elsewhere):
    followed.agree()

    with pytest.raises(Case.DoesNotExist):
        send(followed, by=elsewhere.adviser)
    with pytest.raises(InvalidInput):
        send(followed, service=elsewhere.service)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VISITOR, Role.REFERRER, Role.OBSERVER])
def test_only_the_team_orients(followed, role):
    followed.agree()

    with pytest.raises(NotAllowed):
        send(followed, by=world.member(followed.agency, role))


def test_opening_it_is_the_proof_of_receipt_and_happens_once(followed):
    followed.agree()
    orientation = send(followed)

    first = receive_orientation(by=followed.partner, orientation=orientation)
    again = receive_orientation(
        by=world.member(followed.agency, Role.REFERRER, of=followed.service),
        orientation=orientation,
    )

    assert first.state == S.RECEIVED
    assert (again.received_at, again.received_by) == (first.received_at, followed.partner)


def test_a_service_declines_in_words_and_the_sender_is_told(followed):
    followed.agree()
    orientation = send(followed)

    with pytest.raises(orientation_states.IllegalMove, match="pourquoi"):
        answer_orientation(by=followed.partner, orientation=orientation, verb="decline")
    row = answer_orientation(
        by=followed.partner, orientation=orientation, verb="decline", words="Hors secteur"
    )

    assert (row.state, row.answer) == (S.DECLINED, "Hors secteur")
    assert row.received_at is not None
    assert Message.objects.get(kind="orientation_answer").to_email == followed.adviser.user.email


def test_a_declined_orientation_is_over(followed):
    followed.agree()
    orientation = send(followed)
    answer_orientation(by=followed.partner, orientation=orientation, verb="decline", words="Non")

    with pytest.raises(orientation_states.IllegalMove):
        answer_orientation(by=followed.partner, orientation=orientation, verb="accept")


def test_an_answer_told_by_telephone_is_written_by_the_team(followed):
    followed.agree()
    orientation = send(followed)

    record_answer(by=followed.adviser, orientation=orientation, verb="accept", words="Vu Mme X")
    row = record_answer(by=followed.adviser, orientation=orientation, verb="finish")

    assert row.state == S.DONE
    assert row.answered_by == followed.adviser
    assert row.done_at is not None


def test_another_service_and_another_agency_cannot_answer(followed, elsewhere):
    followed.agree()
    orientation = send(followed)
    neighbour = world.member(followed.agency, Role.REFERRER)

    for stranger in (neighbour, elsewhere.partner):
        with pytest.raises(NotAllowed):
            receive_orientation(by=stranger, orientation=orientation)
        assert received.received(by=stranger, pk=orientation.pk) is None
        assert received.inbox(by=stranger) == []


def test_a_partner_reads_these_keys_and_no_other(followed):
    followed.agree()
    orientation = send(followed)

    seen = received.received(by=followed.partner, pk=orientation.pk)

    assert {field.name for field in fields(seen)} == PARTNER_READS
    assert seen.last_name == "Exemple"
    shown = " ".join(str(value) for value in vars(seen).values())
    assert "18000" not in shown
    assert "3 rue des Essais" not in shown


def test_a_household_that_takes_its_agreement_back_disappears_from_the_inbox(followed):
    followed.agree()
    orientation = send(followed)
    withdraw_consent(case=followed.case, kind=ConsentKind.SHARE_WITH_PARTNERS, by=followed.adviser)

    seen = received.received(by=followed.partner, pk=orientation.pk)

    assert not seen.agrees
    assert (seen.first_name, seen.last_name, seen.phone, seen.email, seen.purpose) == ("",) * 5


def remind_every_day(start, days: int) -> list[int]:
    """The days after `start` on which the job wrote a reminder."""
    reminded = []
    for day in range(days):
        with time_machine.travel(start + timedelta(days=day)):
            if remind_unanswered():
                reminded.append(day)
            assert remind_unanswered() == 0, "a second run the same day must write nothing"
    return reminded


def test_reminders_start_three_days_late_then_weekly_and_stop_at_three(followed):
    followed.agree()
    start = world.at("2026-02-02", 8)
    with time_machine.travel(start):
        send(followed)

    assert remind_every_day(start, 60) == [13, 20, 27]
    assert Message.objects.filter(kind="orientation_reminder").count() == 3


@pytest.mark.parametrize("stopped_by", ["decline", "accept", "closing", "withdrawal", "inactive"])
def test_reminders_stop(followed, stopped_by):
    followed.agree()
    start = world.at("2026-02-02", 8)
    with time_machine.travel(start):
        orientation = send(followed)
    assert remind_every_day(start, 15) == [13]

    with time_machine.travel(start + timedelta(days=15)):
        if stopped_by in {"decline", "accept"}:
            answer_orientation(
                by=followed.partner, orientation=orientation, verb=stopped_by, words="Voilà"
            )
        elif stopped_by == "closing":
            closing.close_case(
                by=followed.adviser,
                case=followed.case,
                reason_code=ClosingReason.MOVED,
                reason="Déménagement",
            )
        elif stopped_by == "withdrawal":
            withdraw_consent(
                case=followed.case, kind=ConsentKind.SHARE_WITH_PARTNERS, by=followed.adviser
            )
        else:
            network.deactivate_organisation(
                by=followed.adviser, organisation=followed.service, reason="Fermé"
            )

    assert remind_every_day(start + timedelta(days=16), 30) == []


def test_an_answer_cancels_the_reminder_not_sent_yet(followed):
    followed.agree()
    start = world.at("2026-02-02", 8)
    with time_machine.travel(start):
        orientation = send(followed)
    remind_every_day(start + timedelta(days=13), 1)

    answer_orientation(by=followed.partner, orientation=orientation, verb="accept")

    assert Message.objects.get(kind="orientation_reminder").cancelled_at is not None


def test_a_service_has_one_orientation_under_way_for_a_household(followed):
    followed.agree()
    send(followed)

    with pytest.raises(InvalidInput, match="déjà"):
        send(followed)


def test_a_closed_case_orients_nobody(followed):
    followed.agree()
    closing.close_case(
        by=followed.adviser,
        case=followed.case,
        reason_code=ClosingReason.MOVED,
        reason="Déménagement",
    )

    with pytest.raises(DomainError, match="clos"):
        send(followed)
