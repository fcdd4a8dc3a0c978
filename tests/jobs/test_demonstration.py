"""The demonstration: every state, true dates, invented people, whole or not at all."""

import re
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from atre.calc.poverty.exit_definition import ExitDefinition
from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Agency, Membership, Programme
from atre.domain.audit.models import AuditEntry
from atre.domain.audit.selectors import first_broken_link
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case, Household, StateChange
from atre.domain.households.selectors import cases_in_scope
from atre.domain.messages.models import Message
from atre.domain.support.enums import FollowUpState
from atre.domain.support.models import AidFile, FollowUp, LandlordMediation, Orientation, Support
from atre.domain.territories.selectors import perimeter_communes
from atre.domain.visits.models import Visit, VisitReport
from atre.jobs import reference
from atre.jobs.demonstration import loading
from atre.jobs.demonstration.agencies import AGENCIES
from tests.support import world

UNTIL = world.at("2026-11-20", 12)
# Arcep, décision n° 2018-0881 : 06 39 98 suivi de quatre chiffres.
FICTION = re.compile(r"\+3363998\d{4}")


@pytest.fixture(scope="module")
def loaded(loaded_territories, territory_file, django_db_blocker):
    """The smallest agency of the demonstration, whole, at a known moment: loaded once, read often."""
    plan = AGENCIES[3]
    with django_db_blocker.unblock(), transaction.atomic():
        # A test that committed before this one may have emptied the tables.
        reference.load_territories(target=territory_file)
        loading.load_agency(plan, until=UNTIL)
        agency = Agency.objects.get(slug=plan.slug)
        with isolation.within(agency):
            yield agency
        transaction.set_rollback(True)


@pytest.fixture
def grenoble(loaded):
    """The same agency; what a test adds is taken back."""
    with transaction.atomic():
        yield loaded
        transaction.set_rollback(True)


def test_an_agency_has_cases_in_every_state_that_lasts(grenoble):
    found = Counter(Case.objects.filter(agency=grenoble).values_list("state", flat=True))
    # « Reçue » lasts no longer than the judgement that follows in the same transaction.
    assert set(CaseState) - set(found) <= {CaseState.RECEIVED, CaseState.FOLLOW_UP}
    reached = set(StateChange.objects.filter(agency=grenoble).values_list("to_state", flat=True))
    assert reached == set(CaseState)
    kinds = [Orientation, Support, AidFile, LandlordMediation, FollowUp, VisitReport]
    assert all(kind.objects.filter(agency=grenoble).exists() for kind in kinds)
    outcomes = set(FollowUp.objects.filter(agency=grenoble).values_list("state", flat=True))
    assert {FollowUpState.DONE, FollowUpState.UNREACHABLE} <= outcomes


def test_the_journal_is_whole_and_in_the_order_of_time(grenoble):
    assert first_broken_link(agency=grenoble) is None
    moments = list(
        AuditEntry.objects.filter(agency=grenoble).order_by("sequence").values_list("at", flat=True)
    )
    assert moments == sorted(moments)
    assert moments[-1] <= UNTIL + timedelta(minutes=10)
    assert moments[-1].year - moments[0].year == 2


def test_each_step_comes_after_the_request_and_none_after_today(grenoble):
    changes = StateChange.objects.filter(agency=grenoble).select_related("case")
    assert all(change.at.date() >= change.case.deposited_on for change in changes)
    assert not changes.filter(at__gt=UNTIL + timedelta(minutes=10)).exists()
    assert not Case.objects.filter(agency=grenoble, deposited_on__gt=UNTIL.date()).exists()
    late = Visit.objects.filter(agency=grenoble, visited_on__lt=F("case__deposited_on"))
    assert not late.exists()
    last = {change.case_id: change for change in changes.order_by("at", "pk")}
    assert all(change.to_state == change.case.state for change in last.values())


def test_households_live_in_the_perimeter_and_have_numbers_kept_for_fiction(grenoble):
    communes = set(
        perimeter_communes(grenoble.perimeter, UNTIL.date()).values_list("pk", flat=True)
    )
    households = Household.objects.filter(agency=grenoble).select_related("dwelling")
    assert {row.dwelling.commune_id for row in households} <= communes
    assert all(FICTION.fullmatch(row.phone) for row in households)
    assert all(row.email.endswith("@example.org") for row in households if row.email)


def test_no_message_of_the_past_is_left_to_send(grenoble):
    waiting = Message.objects.filter(agency=grenoble, sent_at=None, cancelled_at=None)
    assert not waiting.filter(send_after__lte=UNTIL).exists()


def test_every_role_has_someone_and_another_agency_sees_nothing(grenoble):
    roles = set(Membership.objects.filter(agency=grenoble).values_list("role", flat=True))
    assert roles == set(Role)
    stranger = world.member(world.agency(), Role.DIRECTOR)
    with isolation.within(stranger.agency):
        assert not cases_in_scope(by=stranger, right="case.view").exists()


def test_the_exit_test_is_valid_and_says_whose_choice_it_is(grenoble):
    definition = ExitDefinition.from_dict(Programme.objects.get(agency=grenoble).exit_test)
    assert "démonstration" in definition.name


def test_the_time_comes_back_after_loading(grenoble):
    assert abs(timezone.now().timestamp() - time.time()) < 5
