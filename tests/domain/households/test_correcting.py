"""Correcting contacts and the dwelling, two people at once included."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import InvalidInput, NotAllowed, StaleSave
from atre.domain.households.actions import correcting
from atre.domain.households.models import Case, Household
from atre.domain.households.selectors import search_by_name
from tests.support import world

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
CONTACTS = correcting.Contacts(
    first_name="Amina",
    last_name="Benali",
    birth_date=date(1980, 5, 4),
    phone="06 99 88 77 66",
    email="",
    contact_preference="le matin",
)
HOME = correcting.Home(
    address_line="8 avenue des Essais",
    address_extra="",
    postal_code="94130",
    kind="flat",
    floor_area_m2=Decimal("61.5"),
    landlord_name="",
    tenure="social_tenant",
)


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def case(agency):
    return world.case(world.programme(agency))


@pytest.fixture
def adviser(agency):
    return world.member(agency)


def test_contacts_are_corrected_searchable_and_journaled_without_their_values(case, adviser):
    correcting.update_contacts(by=adviser, case=case, contacts=CONTACTS, revision=1, on=TODAY)

    household = Household.objects.get(pk=case.household_id)
    assert (household.last_name, household.phone) == ("Benali", "+33699887766")
    assert [c.pk for c in search_by_name(by=adviser, text="benal")] == [case.pk]
    assert not search_by_name(by=adviser, text="exemple").exists()
    entry = AuditEntry.objects.get(action="update_contacts")
    assert "last_name" in entry.details["fields"]
    assert "Benali" not in str(entry.details)


def test_the_second_of_two_people_is_told_and_loses_nothing(case, adviser, agency):
    other = world.member(agency)
    correcting.update_contacts(by=adviser, case=case, contacts=CONTACTS, revision=1, on=TODAY)

    with pytest.raises(StaleSave) as conflict:
        correcting.update_contacts(
            by=other,
            case=case,
            contacts=replace(CONTACTS, last_name="Autre"),
            revision=1,
            on=TODAY,
        )

    assert conflict.value.current.last_name == "Benali"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "", "email": ""}, "phone"),
        ({"phone": "06 12"}, "phone"),
        ({"last_name": " "}, "last_name"),
        ({"birth_date": date(2030, 1, 1)}, "birth_date"),
        ({"birth_date": date(1890, 1, 1)}, "birth_date"),
    ],
)
def test_impossible_contacts_are_refused_at_their_field(case, adviser, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        correcting.update_contacts(
            by=adviser, case=case, contacts=replace(CONTACTS, **changes), revision=1, on=TODAY
        )

    assert refusal.value.field == field


def test_the_home_is_corrected_under_the_household_s_revision(case, adviser):
    correcting.update_home(by=adviser, case=case, home=HOME, revision=1)

    fresh = Case.objects.select_related("dwelling", "household").get(pk=case.pk)
    assert fresh.dwelling.address_key == "94130 8 av des essais"
    assert (fresh.household.tenure, fresh.household.revision) == ("social_tenant", 2)
    with pytest.raises(StaleSave):
        correcting.update_home(by=adviser, case=case, home=HOME, revision=1)


def test_a_surface_of_zero_is_refused(case, adviser):
    with pytest.raises(InvalidInput):
        correcting.update_home(
            by=adviser, case=case, home=replace(HOME, floor_area_m2=Decimal(0)), revision=1
        )


def test_a_referrer_a_stranger_and_a_visitor_elsewhere_correct_nothing(case, agency):
    referrer = world.member(agency, Role.REFERRER)
    elsewhere = world.member(agency, Role.VISITOR)
    stranger = world.member(world.agency(insee=world.BAGNOLET))

    for who in (referrer, elsewhere):
        with pytest.raises(NotAllowed):
            correcting.update_contacts(by=who, case=case, contacts=CONTACTS, revision=1, on=TODAY)
    with pytest.raises(Case.DoesNotExist):
        correcting.update_contacts(by=stranger, case=case, contacts=CONTACTS, revision=1, on=TODAY)
