"""Two files of one household made one, and taken apart again."""

from datetime import date

import pytest

from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households.actions import merging
from atre.domain.households.models import Case, Household
from tests.support import world

pytestmark = pytest.mark.django_db

REASON = "Même date de naissance et même téléphone."


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def adviser(agency):
    return world.member(agency)


@pytest.fixture
def two(agency):
    programme = world.programme(agency)
    return world.case(programme), world.case(programme, first_name="Amina-Rose")


def merge(by, kept, absorbed, reason=REASON):
    return merging.merge_households(
        by=by, kept=kept.household, absorbed=absorbed.household, reason=reason
    )


def household_of(case: Case) -> int:
    return Case.objects.get(pk=case.pk).household_id


def test_merging_moves_the_cases_and_rewrites_nothing(adviser, two):
    kept, absorbed = two

    merge(adviser, kept, absorbed)

    assert household_of(absorbed) == kept.household_id
    gone = Household.objects.get(pk=absorbed.household_id)
    assert (gone.first_name, gone.merged_into_id) == ("Amina-Rose", kept.household_id)
    assert AuditEntry.objects.get(action="merge_households").details["cases"] == [absorbed.pk]


def test_undoing_gives_each_file_its_own_cases_back(adviser, two):
    kept, absorbed = two
    done = merge(adviser, kept, absorbed)

    merging.undo_merge(by=adviser, merge=done)

    assert household_of(absorbed) == absorbed.household_id
    assert household_of(kept) == kept.household_id
    assert Household.objects.get(pk=absorbed.household_id).merged_into is None
    with pytest.raises(InvalidInput):
        merging.undo_merge(by=adviser, merge=done)


def test_a_case_opened_since_stays_with_the_file_kept(adviser, two):
    kept, absorbed = two
    done = merge(adviser, kept, absorbed)
    since = world.case(kept.programme, on=date(2026, 4, 1))
    Case.objects.filter(pk=since.pk).update(household=kept.household)

    merging.undo_merge(by=adviser, merge=done)

    assert household_of(since) == kept.household_id


def test_a_chain_of_merges_is_undone_from_its_end(adviser, agency, two):
    kept, absorbed = two
    third = world.case(kept.programme)
    first = merge(adviser, kept, absorbed)
    last = merge(adviser, third, kept)

    with pytest.raises(InvalidInput, match="annulez d’abord"):
        merging.undo_merge(by=adviser, merge=first)
    merging.undo_merge(by=adviser, merge=last)
    merging.undo_merge(by=adviser, merge=first)

    assert [household_of(c) for c in (kept, absorbed)] == [kept.household_id, absorbed.household_id]


def test_what_makes_no_sense_is_refused(adviser, two):
    kept, absorbed = two

    with pytest.raises(InvalidInput):
        merge(adviser, kept, kept)
    with pytest.raises(InvalidInput):
        merge(adviser, kept, absorbed, reason=" ")
    merge(adviser, kept, absorbed)
    with pytest.raises(InvalidInput):
        merge(adviser, kept, absorbed)


def test_a_visitor_may_not_merge_and_agencies_never_meet(adviser, agency, two):
    kept, absorbed = two
    foreign = world.case(
        world.programme(world.agency(insee=world.BAGNOLET)), commune=world.commune(world.BAGNOLET)
    )
    stranger = world.member(foreign.agency)

    with pytest.raises(NotAllowed):
        merge(world.member(agency, Role.VISITOR), kept, absorbed)
    with pytest.raises(NotAllowed):
        merge(adviser, kept, foreign)
    done = merge(adviser, kept, absorbed)
    with pytest.raises(NotAllowed):
        merging.undo_merge(by=stranger, merge=done)
