"""One year later: it opens by itself, compares what can be compared, and says what it cannot."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.errors import DomainError, InvalidInput, NotAllowed, StaleSave
from atre.domain.households import waiting as households_waiting
from atre.domain.households.actions import closing
from atre.domain.households.enums import CaseState, ClosingReason
from atre.domain.households.models import Case
from atre.domain.messages.models import Message
from atre.domain.support import questionnaire, waiting
from atre.domain.support.actions import following
from atre.domain.support.actions.following import Told
from atre.domain.support.anniversary import year_after, year_before
from atre.domain.support.enums import ExitAnswer, FollowUpState, SavingTier
from atre.domain.support.models import FollowUp, SavingRecord
from atre.domain.support.result import NO_TEST_FR
from atre.domain.visits.faults import DocumentRefused
from atre.jobs.follow_ups import open_due
from tests.support import visited, world

YEAR = world.at("2026-11-10", 8)
ANSWERED = date(2026, 11, 12)
EXIT_TEST = {
    "name": "Sortie selon le comité",
    "needs": "all",
    "criteria": [
        {"kind": "no_longer_cold", "without_difficulty_before": "not_met"},
        {"kind": "bills_fell_by", "percent": 10, "measure": "euros"},
    ],
}


@pytest.fixture
def a_year_later():
    with time_machine.travel(YEAR, tick=False) as travel:
        yield travel


@pytest.fixture
def opened(followed, a_year_later):
    """The follow-up opened by the job, two days later."""
    assert open_due() == 1
    a_year_later.move_to(world.at("2026-11-12", 10))
    return FollowUp.objects.select_related("case").get()


def told(*bills, answered_on: date = ANSWERED, **answers) -> Told:
    filled = questionnaire.empty(["minus_1_degree", "led"]) | answers
    return Told(answers=filled, bills=list(bills), answered_on=answered_on)


def new_bills() -> tuple[dict, dict]:
    last = date(2026, 10, 21)
    return (
        visited.bill("natural_gas", last, quantity="8000", euros="1000"),
        visited.bill("electricity", last, quantity="2900", euros="740"),
    )


def complete(followed, follow_up, given: Told, **changes) -> FollowUp:
    values = {
        "by": followed.adviser,
        "follow_up": follow_up,
        "told": given,
        "revision": follow_up.revision,
    }
    return following.complete_follow_up(**(values | changes))


def test_it_opens_on_the_day_itself_and_once(followed):
    with time_machine.travel(YEAR - timedelta(days=1)):
        assert open_due() == 0
    with time_machine.travel(YEAR):
        assert open_due() == 1
        assert open_due() == 0

    assert followed.fresh().state == CaseState.FOLLOW_UP
    assert FollowUp.objects.get().due_on == date(2026, 11, 10)


def test_a_job_that_did_not_run_for_weeks_opens_what_was_due(followed):
    with time_machine.travel(YEAR + timedelta(days=40)):
        assert open_due() == 1

    assert FollowUp.objects.get().due_on == date(2026, 11, 10)


def test_the_adviser_finds_it_once_on_their_home_page(followed, opened):
    on = timezone.localdate()
    found = [
        group.kind
        for waiting_for in (waiting.waiting_for, households_waiting.waiting_for)
        for group in waiting_for(by=followed.adviser, on=on)
    ]

    assert found == ["follow_ups_due"]


def test_the_household_gets_a_message(followed, opened):
    message = Message.objects.get(kind="follow_up_opened")

    assert "Nous vous appellerons" in message.body
    assert message.to_email == "menage@example.org"


def test_each_agency_opens_its_own(followed, elsewhere, a_year_later):
    assert open_due() == 2

    for one in (followed, elsewhere):
        with isolation.within(one.agency):
            assert FollowUp.objects.get(agency=one.agency).case == one.case


def test_a_closed_case_is_left_alone(followed, a_year_later):
    closing.close_case(
        by=followed.adviser,
        case=followed.case,
        reason_code=ClosingReason.MOVED,
        reason="Déménagement",
    )

    assert open_due() == 0


def test_the_estimate_of_the_visit_is_written_by_the_job_once(followed, a_year_later):
    open_due()
    open_due()

    record = SavingRecord.objects.get(tier=SavingTier.ESTIMATED)
    assert record.kwh_per_year is not None
    assert record.recorded_on == visited.VISITED_ON


def test_bills_of_every_energy_give_the_declared_saving_and_no_measured_one(followed, opened):
    row = complete(followed, opened, told(*new_bills(), cold_in_winter="no"))

    declared = SavingRecord.objects.get(tier=SavingTier.DECLARED)
    assert (declared.kwh_per_year, declared.euros_per_year) == (Decimal("2100.0"), Decimal("210"))
    assert not SavingRecord.objects.filter(tier=SavingTier.MEASURED).exists()
    assert row.state == FollowUpState.DONE
    assert followed.fresh().state == CaseState.EVALUATED


def test_a_missing_energy_makes_the_saving_unknown_and_says_which(followed, opened):
    row = complete(followed, opened, told(new_bills()[0]))

    declared = SavingRecord.objects.get(tier=SavingTier.DECLARED)
    assert declared.kwh_per_year is None
    assert "électricité" in declared.basis
    gas = next(x for x in row.exit_explanation["declared"] if x["energy"] == "natural_gas")
    assert gas["saving"]["kwh_per_year"] == 2000.0


def test_without_a_test_of_the_programme_nothing_is_claimed(followed, opened):
    row = complete(followed, opened, told(*new_bills(), cold_in_winter="no"))

    assert row.exit_answer == ExitAnswer.UNKNOWN
    assert row.exit_explanation["exit_test"]["sentence_fr"] == NO_TEST_FR


@pytest.mark.parametrize(
    ("cold", "answer"), [("no", ExitAnswer.YES), ("yes", ExitAnswer.NO), ("unknown", "unknown")]
)
def test_the_programmes_own_test_decides(db, a_year_later, cold, answer):
    followed = visited.followed(programme={"exit_test": EXIT_TEST})
    open_due()
    a_year_later.move_to(world.at("2026-11-12", 10))

    with isolation.within(followed.agency):
        given = told(*new_bills(), cold_in_winter=cold)
        row = complete(followed, FollowUp.objects.get(), given)

    assert row.exit_answer == answer
    assert len(row.exit_explanation["exit_test"]["criteria"]) == 2


@pytest.mark.parametrize("outcome", [FollowUpState.UNREACHABLE, FollowUpState.DECLINED])
def test_silence_and_refusal_are_outcomes_too(followed, opened, outcome):
    values = {
        "by": followed.adviser,
        "follow_up": opened,
        "outcome": outcome,
        "on": ANSWERED,
        "revision": opened.revision,
    }
    with pytest.raises(InvalidInput, match="tenté"):
        following.end_without_answer(**values, reason=" ")

    row = following.end_without_answer(**values, reason="Quatre appels, aucun retour")

    assert (row.state, row.exit_answer) == (outcome, ExitAnswer.UNKNOWN)
    assert followed.fresh().state == CaseState.EVALUATED
    assert not SavingRecord.objects.filter(tier=SavingTier.DECLARED).exists()


def test_what_is_answered_so_far_is_kept_and_a_stale_save_shows_both(followed, opened):
    values = {"by": followed.adviser, "follow_up": opened, "revision": opened.revision}
    following.save_follow_up(**values, told=told(damp="yes"))

    with pytest.raises(StaleSave) as stale:
        following.save_follow_up(**values, told=told(damp="no"))

    assert stale.value.current.answers["damp"] == "yes"
    assert FollowUp.objects.get().state == FollowUpState.DUE


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (told(damp="peut-être"), InvalidInput),
        (told(answered_on=ANSWERED + timedelta(days=2)), InvalidInput),
        (told(answered_on=ANSWERED - timedelta(days=30)), InvalidInput),
        (told(new_bills()[0], new_bills()[0]), DocumentRefused),
        (told(new_bills()[0] | {"euros": "-5"}), DocumentRefused),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(followed, opened, given, error):
    with pytest.raises(error):
        complete(followed, opened, given)

    assert FollowUp.objects.get().answers == {}
    assert followed.fresh().state == CaseState.FOLLOW_UP


def test_a_finished_follow_up_is_finished(followed, opened):
    row = complete(followed, opened, told())

    with pytest.raises(DomainError, match="conclu"):
        complete(followed, row, told())


def test_another_agency_and_operators_do_not_follow_up(followed, elsewhere, a_year_later):
    open_due()
    a_year_later.move_to(world.at("2026-11-12", 10))
    mine = FollowUp.objects.get(case=followed.case)

    with pytest.raises(Case.DoesNotExist):
        complete(elsewhere, mine, told())
    with pytest.raises(NotAllowed):
        complete(followed, mine, told(), by=followed.visitor)
    assert complete(followed, mine, told()).state == FollowUpState.DONE


@pytest.mark.parametrize(
    ("day", "after"),
    [(date(2024, 2, 29), date(2025, 2, 28)), (date(2025, 2, 28), date(2026, 2, 28))],
)
def test_a_leap_day_has_its_anniversary(day, after):
    assert year_after(day) == after
    assert year_before(after) >= day
    assert year_before(after - timedelta(days=1)) < day
