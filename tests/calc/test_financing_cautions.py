"""What a financing plan must say beside its numbers."""

from datetime import date

import pytest

from atre.calc.aids.examples import example_project
from atre.calc.aids.financing import Route, financing_plans
from atre.calc.aids.financing_answer import explain_plan

ON = date(2026, 3, 12)
UNCONFIRMED = "aucune page officielle"


def cautions(route: Route, **changed) -> str:
    return " ".join(
        explain_plan(financing_plans(example_project(**changed), ON, route)).cautions_fr
    )


def test_the_loan_of_a_plan_by_gestes_says_that_its_ceiling_was_not_confirmed():
    assert UNCONFIRMED in cautions(Route.GESTES)
    assert UNCONFIRMED in cautions(Route.GESTES, eco_ptz_works="with_maprimerenov")


@pytest.mark.parametrize(
    ("route", "changed"),
    [
        (Route.AMPLEUR, {}),
        (Route.GESTES, {"eco_ptz_works": "two_actions"}),
        (Route.GESTES, {"rfr_eur": 90_000}),
        (Route.GESTES, {"other_public_aids_eur": 60_000}),
    ],
)
def test_a_plan_without_that_loan_does_not_say_it(route, changed):
    assert UNCONFIRMED not in cautions(route, **changed)
