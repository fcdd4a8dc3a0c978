"""The world of the journeys: one agency on its real territory, and the people who meet there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Page

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Agency, Membership, Programme
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation
from atre.domain.territories.models import PostalCode, TerritoryVintage
from tests.journeys.looking import Opens, Watched
from tests.support import world

SIGN_IN = "/compte/login/"


class Calendar:
    """The day it is for the server, moved by the story. The hours run as they do."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def go_to(self, day: str, hour: int = 9) -> date:
        moment = world.at(day, hour)
        self._stack.close()
        self._stack.enter_context(time_machine.travel(moment, tick=True))
        return moment.date()


@pytest.fixture
def calendar() -> Iterator[Calendar]:
    with ExitStack() as stack:
        yield Calendar(stack)


@dataclass(frozen=True)
class Place:
    """An agency with one programme and the people of its journey."""

    agency: Agency
    programme: Programme
    operator: Organisation
    ccas: Organisation
    director: Membership
    adviser: Membership
    coordinator: Membership
    visitor: Membership
    referrer: Membership


@pytest.fixture
def place(settings, calendar: Calendar, transactional_db: None) -> Place:
    """Everything an agency has before its first request."""
    settings.DEMO = True
    cache.clear()
    calendar.go_to("2026-03-02")
    agency = world.agency(name="Agence du Bois")
    operator = world.organisation(agency, OrganisationKind.OPERATOR, "Les Visiteurs du Soir")
    ccas = world.organisation(agency, OrganisationKind.CCAS, "CCAS de Nogent")
    with isolation.within(agency):
        ccas.accepts_referrals, ccas.answer_days = True, 15
        ccas.save(update_fields=["accepts_referrals", "answer_days"])
    return Place(
        agency=agency,
        programme=world.programme(
            agency,
            name="Visites énergie",
            slug="visites-energie",
            support_target_share=Decimal("0.30"),
            exit_test=EXIT_TEST,
        ),
        operator=operator,
        ccas=ccas,
        director=person(agency, Role.DIRECTOR, "Dominique Cap"),
        adviser=person(agency, Role.ADVISER, "Camille Conseil"),
        coordinator=person(agency, Role.COORDINATOR, "Corentin Agenda", operator),
        visitor=person(agency, Role.VISITOR, "Vivianne Thermo", operator),
        referrer=person(agency, Role.REFERRER, "Renée Sociale", ccas),
    )


@pytest.fixture
def small_reference(transactional_db: None) -> None:
    """Two communes to search among: enough for what is typed wrong."""
    for insee, plain, code in (
        (world.NOGENT, "nogent sur marne", "94130"),
        (world.ANGERS, "angers", "49000"),
    ):
        row = world.commune(insee)
        row.search_name = plain
        row.save()
        PostalCode.objects.get_or_create(commune=row, code=code)
    TerritoryVintage.objects.create(
        content_sha256="j" * 64,
        vintage="essai",
        source="essai",
        version="1",
        licence="essai",
        communes=2,
    )


EXIT_TEST = {
    "name": "Sortie selon le comité d’essai",
    "needs": "all",
    "criteria": [
        {"kind": "no_longer_cold", "without_difficulty_before": "left_out"},
        {"kind": "no_longer_late_on_payments", "without_difficulty_before": "left_out"},
    ],
}


def person(
    agency: Agency, role: str, name: str, organisation: Organisation | None = None
) -> Membership:
    membership = world.member(agency, role, of=organisation)
    membership.user.full_name = name
    with isolation.within(agency):
        membership.user.save(update_fields=["full_name"])
    return membership


@pytest.fixture
def opens(new_person: Callable[..., Page]) -> Opens:
    """A browser of one's own: opens("le ménage", width=360)."""

    def open_page(who: str, *, width: int = 1280, height: int = 900) -> Watched:
        return Watched(new_person(width=width, height=height, accept_downloads=True), who)

    return open_page


def sign_in(watched: Watched, membership: Membership) -> None:
    """By the sign-in page, as every day."""
    page = watched.page
    page.goto(SIGN_IN)
    page.get_by_label("Adresse e-mail").fill(membership.user.email)
    page.get_by_label("Mot de passe").fill(world.PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("heading", name="Aujourd’hui", level=1).wait_for()
