"""Finding a commune the way people write it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atre.domain.territories import selectors
from atre.domain.territories.gazetteer import Hit
from atre.domain.territories.models import TerritoryVintage
from atre.domain.territories.names import without_article

pytestmark = pytest.mark.usefixtures("territories")


def first(text: str) -> Hit:
    return selectors.search_communes(text)[0]


def codes(text: str, limit: int = 10) -> list[str]:
    return [hit.place.insee for hit in selectors.search_communes(text, limit)]


@pytest.mark.parametrize(
    ("typed", "insee"),
    [
        ("Saint-Étienne", "42218"),
        ("st etienne", "42218"),
        ("ST-ETIENNE", "42218"),
        ("nogent sur marne", "94052"),
        ("Nogent s/ Marne", "94052"),
        ("fontenay s/s bois", "94033"),
        ("L’Haÿ-les-Roses", "94038"),
        ("l'hay les roses", "94038"),
        ("havre", "76351"),
        ("Le Havre", "76351"),
        ("la roche sur yon", "85191"),
        ("oeuf en ternois", "62633"),
        ("st maur fosses", "94068"),
        ("st-denis 974", "97411"),
        ("94130 nogent", "94052"),
    ],
)
def test_finds_a_commune_however_its_name_is_written(typed: str, insee: str) -> None:
    assert first(typed).place.insee == insee


def test_an_exact_name_comes_before_larger_communes_that_begin_with_it() -> None:
    assert codes("nogent")[:2] == ["52353", "94052"]


def test_beginnings_come_before_inner_words_and_larger_communes_first() -> None:
    found = [hit.place for hit in selectors.search_communes("marne", 60) if hit.via is None]
    beginnings = [p for p in found if without_article(p.search_name).startswith("marne")]
    inner = [place for place in found if place not in beginnings]
    assert len(beginnings) > 2
    assert len(inner) > 20
    assert found == beginnings + inner
    exact, longer = beginnings[:1], beginnings[1:]
    assert [place.name for place in exact] == ["La Marne"]
    for group in (longer, inner):
        populations = [place.population for place in group]
        assert populations == sorted(populations, reverse=True)


def test_an_inner_word_finds_the_commune() -> None:
    assert "94052" in codes("marne", 20)


@pytest.mark.parametrize(
    ("typed", "insee"),
    [("bagnolte", "93006"), ("vincenes", "94080"), ("lhay les roses", "94038")],
)
def test_one_slip_of_the_keyboard_is_forgiven(typed: str, insee: str) -> None:
    hit = first(typed)
    assert (hit.place.insee, hit.reason) == (insee, "spelling")


def test_a_postal_code_gives_every_commune_it_serves_the_largest_first() -> None:
    found = selectors.search_communes("01120", 30)
    assert {hit.reason for hit in found[:-1]} == {"postal_code"}
    populations = [hit.place.population for hit in found if hit.reason == "postal_code"]
    assert len(populations) > 5
    assert populations == sorted(populations, reverse=True)


def test_a_code_that_is_both_postal_and_insee_gives_both_and_says_why() -> None:
    found = selectors.search_communes("13001")
    assert [(hit.place.name, hit.reason) for hit in found] == [
        ("Marseille", "postal_code"),
        ("Aix-en-Provence", "insee"),
    ]


def test_the_beginning_of_a_postal_code_is_enough() -> None:
    assert "94052" in codes("9413")


@pytest.mark.parametrize(
    ("typed", "insee", "label"),
    [
        ("Arbignieu", "01015", "Arboys en Bugey (01300), ex-Arbignieu"),
        ("Pierrefitte-sur-Seine", "93066", "Saint-Denis (93), ex-Pierrefitte-sur-Seine"),
        ("93059", "93066", "Saint-Denis (93), ex-Pierrefitte-sur-Seine"),
        ("20004", "2A004", "Ajaccio (2A), ancien code 20004"),
        ("Paris 13e", "75056", "Paris (75), Paris 13e Arrondissement"),
        ("13201", "13055", "Marseille (13), Marseille 1er Arrondissement"),
    ],
)
def test_a_former_name_or_code_leads_to_the_commune_of_today_and_says_so(
    typed: str, insee: str, label: str
) -> None:
    hit = first(typed)
    assert (hit.place.insee, hit.label) == (insee, label)


@pytest.mark.parametrize("code", ["75116", "75020", "69005", "13016"])
def test_postal_codes_of_city_districts_lead_to_the_city(code: str) -> None:
    assert first(code).place.insee in {"75056", "69123", "13055"}


@pytest.mark.parametrize("typed", ["", "   ", "#", "Paname-les-Flots", "99999", "x" * 500])
def test_nothing_is_found_where_there_is_nothing(typed: str) -> None:
    assert selectors.search_communes(typed) == []


def test_a_commune_is_listed_once_though_its_former_names_match_too() -> None:
    found = codes("saint", 500)
    assert len(found) == len(set(found)) == 500


def test_a_search_asks_the_database_one_thing_once_the_index_is_built() -> None:
    selectors.search_communes("nogent")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        selectors.search_communes("st etienne")
    assert len(queries) == 1


def test_without_a_loaded_reference_nothing_is_found() -> None:
    assert codes("nogent")
    TerritoryVintage.objects.all().delete()
    assert codes("nogent") == []
