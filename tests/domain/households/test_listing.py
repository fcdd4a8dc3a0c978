"""Finding cases and turning pages."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from atre.domain.agencies.enums import Role
from atre.domain.errors import InvalidInput
from atre.domain.households import listing, rhythm
from atre.domain.households.actions import assigning
from atre.domain.households.enums import CaseState, Difficulty
from atre.domain.households.listing import Criteria
from atre.domain.households.models import Case
from tests.support import world

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def programme(agency):
    return world.programme(agency)


@pytest.fixture
def adviser(agency):
    return world.member(agency)


def found(by, text="", **criteria) -> set[int]:
    rows = listing.find_cases(by=by, criteria=Criteria(**criteria), on=TODAY, text=text)
    return set(rows.values_list("pk", flat=True))


def test_text_finds_by_name_prefix_reference_or_telephone(programme, adviser):
    case = world.case(programme, first_name="Zoé", last_name="Œuvrard", phone="0699887766")
    world.case(programme, last_name="Autre")

    for typed in ("oeuv", "ZOE œuv", case.reference.lower(), "06 99 88 77 66", "069988"):
        assert found(adviser, typed) == {case.pk}, typed
    for typed in ("zzz", "0699", "0699887700", "A0-RIEN22"):
        assert found(adviser, typed) == set(), typed


def test_each_criterion_narrows(agency, programme, adviser):
    operator = world.organisation(agency)
    here = world.case(programme, on=date(2026, 3, 2), difficulties=frozenset({Difficulty.DAMP}))
    assigning.assign_case(by=adviser, case=here, operator=operator, adviser=adviser)
    world.case(
        world.programme(agency), rfr_eur=None, by=adviser, on=date(2026, 4, 2),
        difficulties=frozenset({Difficulty.HIGH_BILLS}),
    )  # fmt: skip

    for criteria in (
        {"programme": programme.pk},
        {"state": "assigned"},
        {"difficulty": "damp"},
        {"adviser": adviser.pk},
        {"operator": operator.pk},
        {"channel": "public"},
        {"deposited_to": date(2026, 3, 2)},
    ):
        assert found(adviser, **criteria) == {here.pk}, criteria
    for criteria in (
        {"state": "to_decide"},
        {"without_adviser": True},
        {"deposited_from": date(2026, 3, 3)},
    ):
        assert found(adviser, **criteria) == set(
            Case.objects.exclude(pk=here.pk).values_list("pk", flat=True)
        ), criteria
    assert len(found(adviser, state="open", territory=world.NOGENT)) == 2
    assert found(adviser, territory=world.ANGERS) == set()


def test_stalled_counts_from_the_day_after_the_delay(programme, adviser):
    case = world.case(programme)
    delay = rhythm.STALLED_AFTER_DAYS[CaseState.ELIGIBLE]
    limit = rhythm.day_start(TODAY - timedelta(days=delay))

    for since, expected in ((limit, set()), (limit - timedelta(minutes=1), {case.pk})):
        Case.objects.filter(pk=case.pk).update(state_since=since)
        assert found(adviser, stalled=True) == expected
        assert rhythm.is_stalled(state="eligible", since=since, on=TODAY) is bool(expected)


def test_waiting_for_the_follow_up_is_never_stalled():
    since = timezone.now() - timedelta(days=300)
    assert not rhythm.is_stalled(
        state=CaseState.AWAITING_FOLLOW_UP, since=since, on=timezone.localdate()
    )


def test_pages_follow_each_other_both_ways_without_loss_or_double(programme, adviser):
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 2)]
    cases = [world.case(programme, on=day) for day in [*days, date(2026, 3, 5)]]
    rows = listing.find_cases(by=adviser, criteria=Criteria(), on=TODAY)
    expected = [c.pk for c in sorted(cases, key=lambda c: (c.deposited_on, c.pk), reverse=True)]

    forward, page = [], listing.page_of(rows, size=2)
    assert page.previous is None
    pages = [page]
    while page.next:
        page = listing.page_of(rows, mark=page.next, size=2)
        pages.append(page)
    forward = [case.pk for one in pages for case in one.cases]
    back = listing.page_of(rows, mark=pages[-1].previous, size=2)

    assert forward == expected
    assert [c.pk for c in back.cases] == [c.pk for c in pages[-2].cases]


@pytest.mark.parametrize("mark", ["apres_hier_3", "dessus_2026-03-02_3", "x", "apres_2026-03-02_é"])
def test_a_page_mark_that_is_nonsense_is_refused(programme, adviser, mark):
    rows = listing.find_cases(by=adviser, criteria=Criteria(), on=TODAY)
    with pytest.raises(InvalidInput):
        listing.page_of(rows, mark=mark)


def test_everyone_finds_their_own_field_only(agency, programme, adviser):
    operator = world.organisation(agency)
    coordinator = world.member(agency, Role.COORDINATOR, of=operator)
    visitor = world.member(agency, Role.VISITOR, of=operator)
    mine, other = world.case(programme), world.case(programme)
    world.case(programme)
    assigning.assign_case(by=adviser, case=mine, operator=operator, visitor=visitor)
    assigning.assign_case(by=adviser, case=other, operator=operator)
    stranger = world.member(world.agency(insee=world.BAGNOLET), Role.DIRECTOR)

    assert len(found(adviser)) == 3
    assert found(coordinator) == {mine.pk, other.pk}
    assert found(visitor) == {mine.pk}
    assert found(stranger) == found(stranger, mine.reference) == set()


def test_criteria_read_back_what_they_wrote():
    criteria = Criteria(programme=3, without_adviser=True, deposited_to=date(2026, 1, 2))

    assert Criteria.from_dict(criteria.as_dict()) == criteria
    assert criteria.as_dict() == {
        "programme": 3,
        "without_adviser": True,
        "deposited_to": "2026-01-02",
    }
