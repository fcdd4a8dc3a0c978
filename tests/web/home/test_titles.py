"""The home page names what waits as one says it: « 1 Dossier à confier », « Vos visites »."""

import re
from pathlib import Path

import pytest

import atre.domain
from atre.domain.agencies.enums import Role
from atre.domain.households.actions import assigning
from atre.domain.households.waiting import TITLES
from atre.web.home.titles import FOR_ONE, group_title
from tests.support import world

WAITING = sorted(Path(atre.domain.__path__[0]).glob("*/waiting.py"))


def test_every_kind_of_what_waits_has_its_singular():
    kinds = {kind for path in WAITING for kind in re.findall(r'kind="(\w+)"', path.read_text())}
    kinds |= set(TITLES)

    assert len(kinds) > 10
    assert kinds == set(FOR_ONE)


@pytest.mark.parametrize(
    ("count", "title"),
    [
        ("1", "Dossier à confier"),
        ("2", "Dossiers à confier"),
        ("plus de 999", "Dossiers à confier"),
    ],
)
def test_a_title_agrees_with_its_count(count, title):
    found = group_title(
        kind="to_assign", title="Dossiers à confier", count=count, role=Role.ADVISER
    )
    assert found == title


@pytest.mark.parametrize(
    ("role", "title"),
    [(Role.VISITOR, "Vos visites d’aujourd’hui"), (Role.COORDINATOR, "Visites d’aujourd’hui")],
)
def test_the_visits_of_others_are_not_called_yours(role, title):
    found = group_title(
        kind="visits_today", title="Vos visites d’aujourd’hui", count="3", role=role
    )
    assert found == title


@pytest.mark.django_db
def test_one_visit_to_plan_is_said_in_the_singular(client):
    agency = world.agency()
    operator = world.organisation(agency)
    coordinator = world.member(agency, Role.COORDINATOR, of=operator)
    case = world.case(world.programme(agency))
    assigning.assign_case(by=world.member(agency), case=case, operator=operator)

    client.force_login(coordinator.user)
    page = client.get("/").content.decode()

    assert "Visite à planifier" in page
    assert "Visites à planifier" not in page
