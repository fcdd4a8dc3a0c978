"""Finding a household already known: typing habits forgiven, strangers left alone, staff only."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.errors import NotAllowed
from atre.domain.households.duplicates import (
    SHOWN_FROM,
    _birth_resemblance,
    _is_slip,
    _name_resemblance,
    candidates,
)
from atre.domain.households.keys import name_key
from tests.support import world

ACCENTS = str.maketrans("aeiouc", "àéîôùç")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
NAMES = st.text(LETTERS, min_size=5, max_size=12)

# A household whose every trait differs from world.request().
STRANGER = {
    "first_name": "Bertrand",
    "last_name": "Tout-Autre",
    "birth_date": date(1951, 12, 30),
    "phone": "0698989898",
    "email": "tout.autre@example.org",
    "address_line": "88 quai de nulle part",
}


def known(changes=None):
    """An agency that knows one household, and someone of its team."""
    agency = world.agency()
    scheme = world.programme(agency)
    case = world.case(scheme, **(changes or {}))
    return world.member(agency, Role.ADVISER), case


def found(by, **changes):
    with isolation.within(by.agency):
        return candidates(by=by, request=world.request(**changes))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"first_name": "Exemple", "last_name": "Amina"}, "même nom"),
        ({"first_name": "ÀMÎNA", "last_name": "exémple"}, "même nom"),
        ({"last_name": "Exempel"}, "nom presque identique"),
        ({"first_name": "Aminna"}, "nom presque identique"),
        ({"birth_date": date(1980, 4, 5)}, "jour et mois de naissance inversés"),
        ({"birth_date": date(1981, 5, 4)}, "date de naissance à un chiffre près"),
        ({"birth_date": None}, "même nom"),
    ],
)
def test_a_typing_habit_does_not_hide_a_household(changes, reason):
    by, case = known()
    alone = (
        STRANGER
        | {"first_name": "Amina", "last_name": "Exemple"}
        | {"birth_date": date(1980, 5, 4)}
    )

    (candidate,) = found(by, **(alone | changes))

    assert candidate.household_id == case.household_id
    assert reason in candidate.reasons
    assert candidate.cases[0].reference == case.reference


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shared", "reason"),
    [
        ({"phone": "+33 6 12 34 56 78"}, "même téléphone"),
        ({"email": "MENAGE@example.org"}, "même adresse e-mail"),
        (
            {
                "address_line": "3, Rue des Éssais",
                "last_name": "Exemple",
                "birth_date": date(2001, 1, 1),
            },
            "même adresse",
        ),
    ],
)
def test_what_a_home_shares_finds_it_under_another_first_name(shared, reason):
    by, case = known()

    (candidate,) = found(by, **(STRANGER | shared))

    assert candidate.household_id == case.household_id
    assert reason in candidate.reasons


@pytest.mark.django_db
@pytest.mark.parametrize(
    "shared",
    [
        {},
        {"birth_date": date(1980, 5, 4)},
        {"address_line": "3 rue des Essais"},
        {"last_name": "Exemple"},
        {"first_name": "Amina", "last_name": "Exemple", "birth_date": date(1949, 9, 9)},
    ],
    ids=["nothing", "birthday", "building", "family name", "namesake born another day"],
)
def test_someone_else_is_not_shown(shared):
    by, _ = known()

    assert found(by, **(STRANGER | shared)) == []
    assert found(by)  # the household itself still is


@pytest.mark.django_db
def test_blank_contacts_do_not_make_everyone_alike():
    by, _ = known({"email": "", "birth_date": None})

    assert found(by, **(STRANGER | {"email": "", "birth_date": None})) == []


@pytest.mark.django_db
def test_another_agency_knows_nobody_here():
    known()
    elsewhere = world.member(world.agency(insee=world.ANGERS), Role.ADVISER)

    assert found(elsewhere) == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.REFERRER, Role.VISITOR, Role.OBSERVER])
def test_only_the_agency_compares(role):
    by, _ = known()

    with pytest.raises(NotAllowed):
        found(world.member(by.agency, role))
    assert found(by)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_households():
    by, case = known()
    request = world.request()
    with (
        isolation.within(by.agency),
        CaptureQueriesContext(
            connection,
        ) as few,
    ):
        candidates(by=by, request=request)
    for number in range(8):
        world.case(case.programme, first_name=f"Amina{number}", email=f"m{number}@example.org")
    with isolation.within(by.agency), CaptureQueriesContext(connection) as many:
        shown = candidates(by=by, request=request)

    assert len(shown) == 9
    assert len(many) == len(few) == 3


@given(NAMES, NAMES)
def test_swapped_names_and_accents_have_one_key(first, last):
    assert name_key(first, last) == name_key(last.upper(), first.translate(ACCENTS))


@given(NAMES, NAMES, st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_one_slip_in_a_name_is_a_near_name(first, last, data):
    place = data.draw(st.integers(0, len(last) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    slips = (
        last[:place] + letter + last[place + 1 :],
        last[:place] + last[place + 1 :],
        last[:place] + letter + last[place:],
    )
    typed = data.draw(st.sampled_from(slips))

    (points, _), *_ = _name_resemblance(name_key(first, last), name_key(first, typed))

    # With the same birth date, telephone or e-mail, the household is shown.
    assert points + 30 >= SHOWN_FROM


@given(
    NAMES,
    NAMES,
    st.dates(date(1930, 1, 1), date(2005, 1, 1)),
    st.dates(date(1930, 1, 1), date(2005, 1, 1)),
)
def test_two_people_with_nothing_in_common_stay_under_the_bar(one, other, born, other_born):
    """Different names of different sounds: no birthday makes them one person."""
    first, second = name_key("Amina", one), name_key("Gwendoline", other)
    if _is_slip(first, second) or set(first.split()) & set(second.split()):
        return

    points = sum(p for p, _ in _name_resemblance(first, second))
    points += sum(p for p, _ in _birth_resemblance(born, other_born) if p > 0)

    assert points < SHOWN_FROM


class FoundWhateverTheSlip(TestCase):
    """The same through the database: one household, one slip in one word of its name."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(place=st.integers(0, 6), letter=st.sampled_from(LETTERS))
    def test_a_slip_is_found_by_birth_date(self, place, letter):
        by, case = known()
        typed = "Exemple"[:place] + letter + "Exemple"[place + 1 :]

        shown = found(
            by,
            **(
                STRANGER
                | {"first_name": "Amina", "last_name": typed, "birth_date": date(1980, 5, 4)}
            ),
        )

        assert [candidate.household_id for candidate in shown] == [case.household_id]
