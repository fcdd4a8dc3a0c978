"""Figures are read aloud in meetings: one thing is said in the singular."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.steering.board import board
from atre.domain.steering.figures import Cell, Delay, Group
from atre.domain.steering.question import Period, Question
from atre.web.steering import titles, words
from tests.domain.steering.lives import Life
from tests.support import world

# The same word for one and for several.
INVARIABLE = {"rendez-vous"}
PLAIN = str.maketrans("\u202f\xa0", "  ")


def group(unit: str, *, total: int, **counts: int) -> Group:
    return Group(
        key="key",
        title="Titre",
        counted=f"{unit} de mars",
        unit=unit,
        total=Cell("total", "Total", total),
        cells=tuple(Cell(key, f"Voie {key}", count) for key, count in counts.items()),
    )


@pytest.fixture
def everything():
    """The board of a year in which one household went through every step."""
    agency = world.agency()
    by = world.member(agency, Role.DIRECTOR)
    scheme = world.programme(agency)
    on = localdate()
    life = Life(scheme, by, on - timedelta(days=20)).appointment(on - timedelta(days=9), "held")
    life.visited(on - timedelta(days=9)).reported(on - timedelta(days=8))
    life.oriented(on - timedelta(days=7), "sent", world.organisation(agency, "ccas"))
    life.followed_up(on - timedelta(days=1), "done", "yes")
    question = Question(
        agency_id=agency.pk,
        programme=scheme,
        communes=None,
        territory="tout",
        period=Period(date(2000, 1, 1), on, "tout"),
        on=on,
        restricted=False,
    )
    with isolation.within(agency):
        return board(question), board(replace(question, restricted=True))


@pytest.mark.django_db
def test_everything_the_board_counts_has_its_singular(everything):
    told = [
        value
        for one in everything
        for field in fields(one)
        if isinstance(value := getattr(one, field.name), Group | Delay)
    ]
    assert len(told) >= 10

    plural = [
        text
        for one in told
        for text in ([one.unit, one.counted] if isinstance(one, Group) else [one.counted])
        if words.agreed(1, text) == text and text not in INVARIABLE
    ]

    assert plural == []


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "Base : 0 orientation envoyée en mars, à son état d’aujourd’hui."),
        (1, "Base : 1 orientation envoyée en mars, à son état d’aujourd’hui."),
        (2, "Base : 2 orientations envoyées en mars, à leur état d’aujourd’hui."),
        (None, "Base : nombre secret d’orientations"),
    ],
)
def test_the_base_of_a_chart_agrees_with_its_number(count, sentence):
    counted = "orientations envoyées en mars, à leur état d’aujourd’hui"
    base = replace(group("orientations", total=0), counted=counted, total=Cell("t", "T", count))
    assert words.basis(base).startswith(sentence)


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        (titles.largest(group("demandes", total=1, public=1)), "Voie public : 1 demande sur 1"),
        (titles.largest(group("demandes", total=3, public=2)), "Voie public : 2 demandes sur 3"),
        (
            titles.eligibility(group("demandes", total=2, yes=1, unknown=1)),
            "1 demande sur 2 est éligible, 1 reste à établir",
        ),
        (
            titles.eligibility(group("demandes", total=9, yes=5, unknown=4)),
            "5 demandes sur 9 sont éligibles, 4 restent à établir",
        ),
        (
            titles.appointments(group("rendez-vous", total=2, held=1, no_show=1)),
            "1 rendez-vous sur 2 a été tenu, 1 ménage était absent",
        ),
        (
            titles.orientations(group("orientations", total=1, accepted=1, declined=0, done=0)),
            "1 orientation sur 1 a reçu une réponse",
        ),
        (titles.follow_ups(group("suivis", total=2, done=1)), "1 suivi sur 2 à un an est fait"),
        (
            titles.exits(group("ménages", total=4, yes=1)),
            "1 ménage sur 4 sorti de précarité énergétique",
        ),
    ],
)
def test_the_title_of_a_chart_agrees_with_its_number(title, sentence):
    assert title.translate(PLAIN) == sentence
