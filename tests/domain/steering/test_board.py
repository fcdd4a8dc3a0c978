"""The steering figures, on worlds small enough to be counted by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.errors import NotAllowed
from atre.domain.households.enums import CaseState, ClosingReason
from atre.domain.network.models import Organisation
from atre.domain.steering import question as asked
from atre.domain.steering import table
from atre.domain.steering.board import board
from atre.domain.steering.question import Period, Question
from tests.domain.steering.lives import Life
from tests.support import world

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 22)
YEAR = Period(date(2026, 1, 1), ON, "2026")


class Agency:
    def __init__(self) -> None:
        self.agency = world.agency()
        self.programme = world.programme(self.agency, support_target_share=Decimal("0.3"))
        self.adviser = world.member(self.agency)

    def life(self, on: date = date(2026, 3, 2), **request) -> Life:
        return Life(self.programme, self.adviser, on, **request)

    def ask(self, **changes) -> Question:
        values = {
            "agency_id": self.agency.pk,
            "programme": self.programme,
            "communes": None,
            "territory": "tout",
            "period": YEAR,
            "on": ON,
            "restricted": False,
        }
        return Question(**(values | changes))

    def board(self, **changes):
        with isolation.within(self.agency):
            return board(self.ask(**changes))


@pytest.fixture
def ours() -> Agency:
    return Agency()


def counts(group) -> dict[str, int | None]:
    return {cell.key: cell.count for cell in group.cells} | {"total": group.total.count}


def test_unknown_eligibility_is_counted_apart_and_never_as_a_refusal(ours):
    ours.life(rfr_eur=Decimal(18000))
    ours.life(rfr_eur=Decimal(90000))
    ours.life(rfr_eur=None)
    assert counts(ours.board().eligibility) == {"yes": 1, "no": 1, "unknown": 1, "total": 3}


def test_a_decision_of_a_person_stands_over_the_computed_answer(ours):
    ours.life(rfr_eur=None).move("eligible", override_answer="yes", override_reason="Attestation")
    assert counts(ours.board().eligibility)["yes"] == 1


def test_delays_are_those_of_visits_made_and_stalled_cases_stand_apart(ours):
    for days in (10, 20, 60):
        ours.life(on=date(2026, 3, 1)).visited(
            date.fromordinal(date(2026, 3, 1).toordinal() + days)
        )
    stalled = ours.life(on=date(2026, 5, 1))
    found = ours.board()
    assert (found.to_visit.median_days, found.to_visit.p90_days) == (20, 52)
    assert found.to_visit.cases.count == 3
    assert [case.reference for case in found.waiting.oldest] == [stalled.case.reference]
    assert found.waiting.cases.count == 1


def test_only_the_first_visit_of_a_case_makes_its_delay(ours):
    ours.life(on=date(2026, 3, 1)).visited(date(2026, 3, 11)).visited(date(2026, 9, 1))
    found = ours.board()
    assert (found.visits.count, found.to_visit.cases.count) == (2, 1)
    assert found.to_visit.median_days == 10


def test_a_request_closed_as_a_double_is_counted_nowhere_but_said(ours):
    ours.life()
    ours.life().visited(date(2026, 4, 1)).move(
        CaseState.CLOSED, closing_reason=ClosingReason.DUPLICATE
    )
    found = ours.board()
    assert (found.channels.total.count, found.visits.count, found.left_out_doubles) == (1, 0, 1)


def test_kits_count_objects_households_and_lines_without_a_number(ours):
    ours.life().visited(date(2026, 4, 1), (("led_bulb", 4), ("tap_aerator", None)))
    ours.life().visited(date(2026, 4, 2), (("led_bulb", 2),))
    found = {kit.label: kit for kit in ours.board().kits}
    assert (found["Ampoule LED"].objects, found["Ampoule LED"].households.count) == (6, 2)
    aerator = found["Mousseur de robinet"]
    assert (aerator.objects, aerator.without_quantity) == (0, 1)


def test_unknown_amounts_of_aid_are_counted_apart_and_not_as_zero(ours):
    ours.life().aided(date(2026, 4, 1), "granted", 400, 350)
    ours.life().aided(date(2026, 4, 1), "granted", None, 100)
    ours.life().aided(date(2026, 4, 1), "refused", None, None)
    (aid,) = ours.board().aids
    assert (aid.asked_eur, aid.asked_unknown) == (400, 2)
    assert (aid.granted, aid.granted_eur, aid.refused) == (2, 450, 1)


def test_tiers_are_never_added_and_say_how_many_know_each_quantity(ours):
    ours.life().saved(date(2026, 4, 1), "estimated", "100", None)
    ours.life().saved(date(2026, 4, 1), "estimated", "300", "40").saved(
        date(2026, 9, 1), "declared", "-50", "10"
    )
    estimated, declared, measured = ours.board().savings
    assert (estimated.kwh_per_year.total, estimated.kwh_per_year.median) == (400, 200)
    assert (estimated.euros_per_year.known.count, estimated.cases.count) == (1, 2)
    assert declared.kwh_per_year.total == -50
    assert (measured.cases.count, measured.kwh_per_year.total) == (0, None)


def test_a_follow_up_that_says_nothing_of_the_exit_is_unknown(ours):
    ours.life().followed_up(date(2026, 5, 1), "done", "yes")
    ours.life().followed_up(date(2026, 5, 1), "done", "")
    ours.life().followed_up(date(2026, 5, 1), "declined")
    ours.life().followed_up(date(2027, 5, 1), "due")
    found = ours.board()
    assert counts(found.follow_ups)["total"] == 3
    assert counts(found.exits) == {"yes": 1, "no": 0, "unknown": 1, "total": 2}


def test_the_support_share_is_of_visited_households(ours):
    ours.life().visited(date(2026, 4, 1)).supported(date(2026, 4, 2), 90)
    ours.life().visited(date(2026, 4, 1))
    ours.life()
    found = ours.board()
    assert found.support.share("supported") == 0.5
    assert [(line.label, line.minutes) for line in found.time] == [("Aide aux démarches", 90)]


def test_another_agency_s_cases_are_in_no_figure(ours):
    theirs = Agency()
    theirs.life().visited(date(2026, 4, 1), (("led_bulb", 4),)).supported(date(2026, 4, 2))
    theirs.life().aided(date(2026, 4, 1), "granted", 400, 350).followed_up(
        date(2026, 5, 1), "done", "yes"
    )
    assert ours.board().is_empty
    assert ours.board(programme=None).is_empty
    assert not theirs.board().is_empty


def test_the_number_of_queries_does_not_grow_with_cases(ours):
    def busy(number: int) -> int:
        service = world.organisation(ours.agency, "ccas")
        for _ in range(number):
            ours.life(on=date(2026, 2, 1)).visited(date(2026, 4, 1), (("led_bulb", 1),)).reported(
                date(2026, 4, 3)
            ).oriented(date(2026, 4, 3), "sent", service).supported(date(2026, 4, 4)).aided(
                date(2026, 4, 5), "asked", None, None
            ).followed_up(date(2026, 5, 1), "due").saved(date(2026, 4, 1), "estimated", "1", "1")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list(table.rows(ours.board()))
        return len(queries)

    assert busy(3) == busy(57)


def observer(ours: Agency, *, kind="commune", perimeter=True):
    town = world.organisation(ours.agency, kind)
    if perimeter:
        with isolation.within(ours.agency):
            Organisation.objects.filter(pk=town.pk).update(perimeter=ours.agency.perimeter)
    return world.member(ours.agency, Role.OBSERVER, of=town)


def test_an_observer_sees_the_communes_of_their_authority_alone(ours):
    member = observer(ours)
    with isolation.within(ours.agency):
        reader = asked.audience(by=member, on=ON)
    assert reader.restricted
    assert reader.communes == {world.NOGENT}


def test_an_observer_of_nowhere_is_told_why_nothing_is_shown(ours):
    nowhere, service = observer(ours, perimeter=False), observer(ours, kind="ccas")
    with isolation.within(ours.agency):
        with pytest.raises(NotAllowed, match="pas encore renseigné"):
            asked.audience(by=nowhere, on=ON)
        with pytest.raises(NotAllowed, match="rattaché à aucune collectivité"):
            asked.audience(by=service, on=ON)


def test_a_referrer_and_a_visitor_see_no_steering(ours):
    for role in (Role.REFERRER, Role.VISITOR, Role.COORDINATOR):
        with pytest.raises(NotAllowed):
            asked.audience(by=world.member(ours.agency, role), on=localdate())


def test_cases_of_other_communes_are_not_in_a_territory_s_figures(ours):
    ours.life()
    assert ours.board(communes=frozenset({world.NOGENT})).channels.total.count == 1
    assert ours.board(communes=frozenset({world.BAGNOLET})).channels.total.count == 0


def test_a_restricted_board_names_no_case_and_shows_no_small_count(ours):
    for rank in range(14):
        life = ours.life(rfr_eur=Decimal(18000) if rank else None).visited(
            date(2026, 4, 1), (("led_bulb", 1),)
        )
        if rank < 3:
            life.supported(date(2026, 4, 2)).aided(date(2026, 4, 3), "granted", 100, 100)
        life.followed_up(date(2026, 5, 1), "done", "yes" if rank else "no")
    found = ours.board(restricted=True)
    assert found.waiting is None
    assert counts(found.channels) == {
        "public": None, "referrer": None, "staff": None, "import": None, "total": 14,
    }  # fmt: skip
    assert counts(found.support) == {"supported": None, "not_supported": None, "total": 14}
    assert found.aids == ()
    assert found.time == ()
    values = [row.value for row in table.rows(found) if row.unit not in ("jours", "%")]
    assert all(isinstance(v, str) or v >= 11 for v in values), values
