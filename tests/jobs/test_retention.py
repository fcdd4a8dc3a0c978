"""Two years without contact: announced, then erased."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit import actions as audit
from atre.domain.audit.models import ReadEntry
from atre.domain.households.models import Case, Household
from atre.domain.messages.models import Message
from atre.jobs import retention
from tests.support import world

pytestmark = pytest.mark.django_db

OPENED = date(2024, 3, 2)
NOTICE_DAY = OPENED + retention.KEPT_AFTER_LAST_CONTACT - retention.NOTICE
LAST_DAY = OPENED + retention.KEPT_AFTER_LAST_CONTACT


def night_of(day: date):
    return time_machine.travel(
        datetime(day.year, day.month, day.day, 3, tzinfo=world.PARIS), tick=False
    )


@pytest.fixture
def case():
    agency = world.agency()
    with night_of(OPENED):
        case = world.case(world.programme(agency), on=OPENED)
    isolation.enter(agency.pk)
    return case


def household(case: Case) -> Household:
    isolation.enter(case.agency_id)
    return Household.objects.get(pk=case.household_id)


def notices(case: Case) -> int:
    isolation.enter(case.agency_id)
    return Message.objects.filter(kind="retention_notice").count()


def test_nothing_happens_while_contact_is_recent(case):
    with night_of(NOTICE_DAY - timedelta(days=1)):
        retention.apply()
    assert notices(case) == 0
    assert household(case).erased_at is None


def test_the_household_is_told_a_month_ahead_and_once(case):
    for _ in range(2):
        with night_of(NOTICE_DAY):
            retention.apply()
    assert notices(case) == 1
    assert household(case).erased_at is None


def test_it_is_erased_when_the_notice_has_run(case):
    with night_of(NOTICE_DAY):
        retention.apply()
    with night_of(LAST_DAY):
        (applied,) = retention.apply()
    assert applied.erased == 1
    assert household(case).last_name == ""


def test_nobody_is_erased_unannounced_after_a_long_stop(case):
    with night_of(LAST_DAY + timedelta(days=200)):
        retention.apply()
    assert notices(case) == 1
    assert household(case).erased_at is None
    with night_of(LAST_DAY + timedelta(days=231)):
        retention.apply()
    assert household(case).erased_at is not None


def test_a_new_contact_after_the_notice_keeps_the_file(case):
    with night_of(NOTICE_DAY):
        retention.apply()
    isolation.enter(case.agency_id)
    Case.objects.filter(pk=case.pk).update(last_contact_on=NOTICE_DAY + timedelta(days=3))
    with night_of(LAST_DAY):
        retention.apply()
    assert household(case).last_name == "Exemple"


def test_a_contact_cancels_the_notice_and_a_new_one_comes_two_years_later(case):
    with night_of(NOTICE_DAY):
        retention.apply()
    isolation.enter(case.agency_id)
    heard = NOTICE_DAY + timedelta(days=3)
    Case.objects.filter(pk=case.pk).update(last_contact_on=heard)
    with night_of(heard + retention.KEPT_AFTER_LAST_CONTACT):
        retention.apply()
    assert notices(case) == 2
    assert household(case).erased_at is None


def test_reads_are_purged_after_a_year(case):
    adviser = world.member(case.programme.agency, Role.ADVISER)
    isolation.enter(case.agency_id)
    with night_of(OPENED):
        audit.log_read(by=adviser, case_id=case.pk, screen="case")
    with night_of(OPENED + timedelta(days=300)):
        retention.apply()
        isolation.enter(case.agency_id)
        assert ReadEntry.objects.count() == 1
    with night_of(OPENED + timedelta(days=366)):
        (applied,) = retention.apply()
    assert applied.reads_purged == 1
