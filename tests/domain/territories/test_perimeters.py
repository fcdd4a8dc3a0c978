"""Perimeters: what they cover, when, and with how many inhabitants."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from atre.domain.territories import selectors
from atre.domain.territories.actions import create_perimeter
from atre.domain.territories.errors import EmptyPerimeter, ImpossibleDates, UnknownTerritory
from atre.domain.territories.models import Commune, Epci, Perimeter, PerimeterMember
from atre.domain.territories.selectors import PopulationFigure

pytestmark = pytest.mark.usefixtures("territories")

VAR_PACT = ("248300394", "200040210", "200027100", "200040202", "248300410")
PARIS_EST, EST_ENSEMBLE, GRAND_EST = "200057941", "200057875", "200058790"
ANGERS_LOIRE = "244900015"
NOGENT, BAGNOLET, ANGERS = "94052", "93006", "49007"


def figures(perimeter: Perimeter) -> dict[tuple[str, int], PopulationFigure]:
    summary = selectors.perimeter_summary(selectors.perimeter_communes(perimeter, None))
    return {(figure.kind, figure.year): figure for figure in summary.population}


def test_the_var_pact_is_51_communes_with_each_population_apart() -> None:
    pact = create_perimeter(name="Pacte du Var", sirens=VAR_PACT)
    known = figures(pact)
    assert selectors.perimeter_communes(pact, None).count() == 51
    assert known["total", 2022] == PopulationFigure("total", 2022, 179_118, 51, 51)
    assert known["municipal", 2023] == PopulationFigure("municipal", 2023, 178_852, 51, 51)
    assert ("total", 2023) not in known


@pytest.mark.parametrize(
    ("siren", "name", "communes"),
    [
        (PARIS_EST, "Paris Est Marne et Bois", 13),
        (EST_ENSEMBLE, "Est Ensemble", 9),
        (GRAND_EST, "Grand Paris Grand Est", 14),
        (ANGERS_LOIRE, "CU Angers Loire Métropole", 29),
    ],
)
def test_the_perimeters_of_the_demonstration_are_the_true_ones(
    siren: str, name: str, communes: int
) -> None:
    perimeter = create_perimeter(name=name, sirens=[siren])
    assert Epci.objects.get(pk=siren).name == name
    assert selectors.perimeter_communes(perimeter, None).count() == communes


def test_a_figure_that_some_communes_lack_says_how_many_have_it() -> None:
    mixed = create_perimeter(name="Deux bouts", communes=[BAGNOLET, ANGERS])
    assert figures(mixed)["total", 2023] == PopulationFigure("total", 2023, 43_234, 1, 2)
    assert not figures(mixed)["total", 2023].is_complete
    assert figures(mixed)["total", 2022].is_complete


def test_a_commune_named_beside_its_epci_counts_once() -> None:
    perimeter = create_perimeter(name="Est", sirens=[EST_ENSEMBLE], communes=[BAGNOLET])
    assert selectors.perimeter_communes(perimeter, None).count() == 9
    assert figures(perimeter)["total", 2022].known == 9


@pytest.mark.parametrize(
    ("on", "covered"),
    [
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
        (None, True),
    ],
)
def test_a_perimeter_covers_from_its_first_day_to_its_last_included(
    on: date | None, covered: bool
) -> None:
    perimeter = create_perimeter(
        name="Pacte",
        sirens=[PARIS_EST],
        valid_from=date(2024, 1, 1),
        valid_to=date(2026, 12, 31),
    )
    assert selectors.perimeter_contains(perimeter, NOGENT, on) is covered
    assert selectors.perimeter_communes(perimeter, on).exists() is covered
    assert list(selectors.perimeters_covering(NOGENT, on)) == ([perimeter] if covered else [])


def test_each_perimeter_that_covers_a_commune_is_found_and_no_other() -> None:
    by_ept = create_perimeter(name="A", sirens=[EST_ENSEMBLE])
    by_metropolis = create_perimeter(name="B", sirens=["200054781"])
    by_itself = create_perimeter(name="C", communes=[BAGNOLET])
    elsewhere = create_perimeter(name="D", sirens=[ANGERS_LOIRE])
    assert list(selectors.perimeters_covering(BAGNOLET, None)) == [by_ept, by_metropolis, by_itself]
    assert list(selectors.perimeters_covering(ANGERS, None)) == [elsewhere]
    assert list(selectors.perimeters_covering("99999", None)) == []


def test_each_question_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    perimeter = create_perimeter(name="A", sirens=VAR_PACT, communes=[NOGENT])
    with django_assert_num_queries(1):
        assert selectors.perimeter_contains(perimeter, NOGENT, date(2026, 3, 12))
    with django_assert_num_queries(1):
        assert len(selectors.perimeters_covering(NOGENT, date(2026, 3, 12))) == 1
    with django_assert_num_queries(1):
        assert len(selectors.perimeter_communes(perimeter, None)) == 52
    with django_assert_num_queries(2):
        selectors.perimeter_summary(selectors.perimeter_communes(perimeter, None))


def test_a_perimeter_needs_known_territories_and_dates_in_order() -> None:
    with pytest.raises(EmptyPerimeter):
        create_perimeter(name="Vide")
    with pytest.raises(UnknownTerritory, match="000000000"):
        create_perimeter(name="Faux", sirens=[PARIS_EST, "000000000"])
    with pytest.raises(UnknownTerritory, match="93059"):
        create_perimeter(name="Ancien", communes=["93059"])
    with pytest.raises(ImpossibleDates):
        create_perimeter(
            name="À l’envers",
            sirens=[PARIS_EST],
            valid_from=date(2026, 2, 1),
            valid_to=date(2026, 1, 31),
        )
    assert not Perimeter.objects.exists()
    assert create_perimeter(name="Bon", sirens=[PARIS_EST]).members.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"epci_id": PARIS_EST, "commune_id": NOGENT},
        {"commune_id": NOGENT, "valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)},
    ],
)
def test_the_database_refuses_an_impossible_member(wrong: dict[str, object]) -> None:
    perimeter = create_perimeter(name="A", sirens=[PARIS_EST])
    PerimeterMember.objects.create(perimeter=perimeter, commune_id=NOGENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PerimeterMember.objects.create(perimeter=perimeter, **wrong)


def test_ile_de_france_is_known_by_its_region() -> None:
    assert Commune.objects.get(pk=NOGENT).is_ile_de_france
    assert not Commune.objects.get(pk=ANGERS).is_ile_de_france


def test_communes_of_several_territories_are_each_counted_once() -> None:
    found = [selectors.resolve_territory(text) for text in ("Est Ensemble", "93006", "13001")]
    assert selectors.communes_of(found).count() == 10
