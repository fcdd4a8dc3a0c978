"""Reading the territory package: what is good is kept, what is not is counted with its reason."""

import json
from typing import Any

import pytest

from atre.formats.decoupage import (
    PACKAGE,
    FormerRecord,
    GroupingRecord,
    PopulationRecord,
    Reject,
    UnreadablePackage,
    read_package,
)

COMMON = {"departement": "93", "region": "11", "zone": "metro", "type": "commune-actuelle"}
BAGNOLET: dict[str, Any] = {
    **COMMON,
    "code": "93006",
    "nom": "Bagnolet",
    "siren": "219300064",
    "codesPostaux": ["93170"],
    "population": 43086,
    "anciensCodes": ["75007"],
}
MEMBER: dict[str, Any] = {"code": "93006", "populationTotale": 41918, "populationMunicipale": 41776}
EPT: dict[str, Any] = {"code": "200057875", "nom": "Est Ensemble", "type": "EPT"}
METROPOLIS = {"code": "200054781", "nom": "Métropole du Grand Paris", "type": "METRO"}


def package(**files: Any) -> dict[str, bytes]:
    """A package with one commune, one metropolis and no EPT, except what the test gives."""
    content = {
        "package.json": {"name": PACKAGE, "version": "6.0.0"},
        "data/regions.json": [{"code": "11", "nom": "Île-de-France"}],
        "data/departements.json": [{"code": "93", "nom": "Seine-Saint-Denis", "region": "11"}],
        "data/communes.json": [BAGNOLET],
        "data/epci.json": [{**METROPOLIS, "membres": [MEMBER]}],
        "data/ept.json": [],
    } | {f"data/{name}.json": value for name, value in files.items()}
    return {name: json.dumps(value).encode() for name, value in content.items()}


def test_reads_a_commune_its_grouping_and_each_population_with_its_year() -> None:
    read = read_package(package())
    assert read.rejects == []
    assert read.groupings == [GroupingRecord("200054781", "Métropole du Grand Paris", "METRO")]
    (commune,) = read.communes
    assert (commune.insee, commune.epci, commune.ept) == ("93006", "200054781", None)
    assert commune.postal_codes == ("93170",)
    assert set(read.populations) == {
        PopulationRecord("93006", "total", 2022, 41918),
        PopulationRecord("93006", "municipal", 2022, 41776),
        PopulationRecord("93006", "municipal", 2023, 43086),
    }


def test_an_ept_stands_beside_the_epci_with_figures_of_its_own_year() -> None:
    member = {"code": "93006", "populationTotale": 43234, "populationMunicipale": 43086}
    read = read_package(package(ept=[{**EPT, "membres": [member]}]))
    assert read.rejects == []
    assert (read.communes[0].epci, read.communes[0].ept) == ("200054781", "200057875")
    assert PopulationRecord("93006", "total", 2023, 43234) in read.populations


def test_two_values_for_one_population_are_rejected_and_the_first_kept() -> None:
    member = {"code": "93006", "populationTotale": 43234, "populationMunicipale": 1}
    read = read_package(package(ept=[{**EPT, "membres": [member]}]))
    assert [reject.key for reject in read.rejects] == ["93006"]
    assert PopulationRecord("93006", "municipal", 2023, 1) in read.populations
    assert PopulationRecord("93006", "municipal", 2023, 43086) not in read.populations


def test_an_absent_population_is_no_row_and_zero_is_zero() -> None:
    empty = {**BAGNOLET, "population": 0}
    unknown = {key: value for key, value in BAGNOLET.items() if key != "population"}
    without = read_package(package(communes=[unknown], epci=[]))
    assert without.populations == without.rejects == []
    assert read_package(package(communes=[empty], epci=[])).populations == [
        PopulationRecord("93006", "municipal", 2023, 0)
    ]


def test_named_former_communes_and_bare_codes_are_told_apart() -> None:
    delegated = {**COMMON, "code": "93001", "nom": "Jadis", "type": "commune-deleguee"}
    commune = {**BAGNOLET, "anciensCodes": ["75007", "93001"]}
    read = read_package(package(communes=[commune, {**delegated, "chefLieu": "93006"}]))
    assert read.formers == [
        FormerRecord("93001", "Jadis", "delegated", "93006"),
        FormerRecord("75007", None, "old_code", "93006"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({**BAGNOLET, "code": "9300"}, "« code » illisible : 9300"),
        ({**BAGNOLET, "code": "93007", "nom": " "}, "« nom » manque"),
        ({**BAGNOLET, "code": "93007", "departement": "00"}, "« departement » inconnu : 00"),
        ({**BAGNOLET, "code": "93007", "zone": "lune"}, "« zone » inconnu : lune"),
        ({**BAGNOLET}, "code déjà lu"),
        ({**BAGNOLET, "type": "hameau"}, "« type » inconnu : hameau"),
        (
            {**BAGNOLET, "type": "commune-associee", "chefLieu": "93999"},
            "« chefLieu » inconnu : 93999",
        ),
        (7, "n’est pas un objet"),
    ],
)
def test_a_commune_that_cannot_be_read_is_rejected_with_its_reason(row: Any, reason: str) -> None:
    read = read_package(package(communes=[BAGNOLET, row]))
    assert [commune.insee for commune in read.communes] == ["93006"]
    assert [reject.reason for reject in read.rejects] == [reason]


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ({"code": "93999"}, "membre qui n’est pas une commune actuelle"),
        ("93006", "membre qui n’est pas une commune actuelle"),
        (MEMBER, "déjà membre de 200054781"),
        ({"code": "93007", "populationTotale": -1}, "population illisible : -1"),
        ({"code": "93007", "populationTotale": "12"}, "population illisible : '12'"),
    ],
)
def test_a_member_that_cannot_be_read_is_rejected_and_the_others_kept(
    member: Any, reason: str
) -> None:
    other = {**BAGNOLET, "code": "93007", "anciensCodes": []}
    grouping = {**METROPOLIS, "membres": [MEMBER, member]}
    read = read_package(package(communes=[BAGNOLET, other], epci=[grouping]))
    assert [reject.reason for reject in read.rejects] == [reason]
    assert read.communes[0].epci == "200054781"


def test_codes_that_are_not_codes_are_rejected_one_by_one() -> None:
    commune = {**BAGNOLET, "codesPostaux": ["93170", "9317"], "anciensCodes": ["75007", 75]}
    read = read_package(package(communes=[commune]))
    assert read.communes[0].postal_codes == ("93170",)
    assert read.rejects == [
        Reject("data/communes.json", "93006", "code postal illisible : '9317'"),
        Reject("data/communes.json", "93006", "ancien code illisible : 75"),
    ]


def test_a_grouping_of_an_unknown_kind_is_rejected() -> None:
    read = read_package(package(epci=[{**METROPOLIS, "type": "XX", "membres": [MEMBER]}]))
    assert (read.groupings, read.communes[0].epci) == ([], None)
    assert [reject.reason for reject in read.rejects] == ["« type » inconnu : XX"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("data/ept.json", None, "manque"),
        ("data/ept.json", b"{", "n’est pas du JSON"),
        ("data/ept.json", b"{}", "n’est pas une liste"),
        ("package.json", b'{"name": "autre"}', "n’est pas celui"),
        (
            "package.json",
            json.dumps({"name": PACKAGE, "version": "7.0.0"}).encode(),
            "années de ses populations",
        ),
    ],
)
def test_a_package_that_cannot_be_understood_is_refused_whole(
    name: str, content: bytes | None, sentence: str
) -> None:
    files = package()
    assert read_package(files).communes
    files.pop(name)
    if content is not None:
        files[name] = content
    with pytest.raises(UnreadablePackage, match=sentence):
        read_package(files)
