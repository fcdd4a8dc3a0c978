"""From what an agency types on the command line to one territory, or a useful refusal."""

import pytest

from atre.domain.territories import selectors
from atre.domain.territories.errors import UnknownTerritory
from atre.domain.territories.models import Commune, Epci

pytestmark = pytest.mark.usefixtures("territories")


@pytest.mark.parametrize(
    ("text", "siren"),
    [
        ("248300394", "248300394"),
        ("200 057 941", "200057941"),
        ("Paris Est Marne&Bois", "200057941"),
        ("est ensemble", "200057875"),
        ("Angers Loire Métropole", "244900015"),
        ("CU Angers Loire Métropole", "244900015"),
    ],
)
def test_a_grouping_is_known_by_siren_or_name(text: str, siren: str) -> None:
    assert selectors.resolve_territory(text) == Epci(siren=siren)


@pytest.mark.parametrize(
    ("text", "insee"),
    [
        ("13001", "13001"),
        ("2a004", "2A004"),
        ("Bagnolet", "93006"),
        ("Saint-Denis (93)", "93066"),
        ("93059", "93066"),
        ("Pierrefitte-sur-Seine", "93066"),
        ("219400520", "94052"),
    ],
)
def test_a_commune_is_known_by_code_or_name(text: str, insee: str) -> None:
    assert selectors.resolve_territory(text) == Commune(insee=insee)


@pytest.mark.parametrize(
    ("text", "sentence", "suggestion"),
    [
        ("Saint-Denis", "plusieurs territoires", "Saint-Denis (93), code Insee 93066"),
        ("Est Ensemblle", "n’est ni une commune", "Est Ensemble (SIREN 200057875)"),
        ("marne et bois", "n’est ni une commune", "Paris Est Marne et Bois (SIREN 200057941)"),
        ("94130", "code postal", "Nogent-sur-Marne (94), code Insee 94052"),
        ("bagnolte", "n’est ni une commune", "Bagnolet (93), code Insee 93006"),
    ],
)
def test_a_doubt_is_refused_with_what_to_type_instead(
    text: str, sentence: str, suggestion: str
) -> None:
    with pytest.raises(UnknownTerritory) as refusal:
        selectors.resolve_territory(text)
    assert sentence in refusal.value.message_fr
    assert suggestion in refusal.value.suggestions


@pytest.mark.parametrize("text", ["000000000", "99999", "", "Paname-les-Flots", "12"])
def test_what_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(UnknownTerritory):
        selectors.resolve_territory(text)


def test_a_former_code_shared_by_two_communes_is_not_guessed() -> None:
    with pytest.raises(UnknownTerritory, match="plusieurs communes") as refusal:
        selectors.resolve_territory("55273")
    assert len(refusal.value.suggestions) == 2
