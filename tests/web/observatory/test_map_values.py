"""The values that colour the map: what is divided, what is hidden, how long they are kept."""

import gzip

import pytest

VALUES = "/observatoire/carte/valeurs/"
PAGE = "/observatoire/carte/"
RESIDENTIAL = {"indicateur": "consumption", "annee": "2023", "secteur": "residential"}


def told(client, **asked) -> dict:
    answer = client.get(VALUES, asked)
    assert answer.status_code == 200
    return answer.json()


def by_code(values: dict) -> dict[str, tuple]:
    codes = [values["codes"][at : at + 5] for at in range(0, len(values["codes"]), 5)]
    return dict(zip(codes, zip(values["values"], values["flags"], strict=True), strict=True))


def test_a_sum_is_divided_by_the_inhabitants_unless_asked_otherwise(client, mapped):
    values = told(client, **RESIDENTIAL, energie="electricity")
    assert values["unit"] == "kWh par habitant"
    assert by_code(values)["95001"] == (2_000, "m")
    assert by_code(values)["95002"] == (3_000, "m")
    total = told(client, **RESIDENTIAL, energie="electricity", par="total")
    assert (total["unit"], by_code(total)["95002"][0]) == ("MWh", 3_300)


def test_a_sum_can_be_divided_by_the_dwellings(client, mapped):
    values = told(client, **RESIDENTIAL, energie="electricity", par="logement")
    assert values["unit"] == "kWh par logement"
    assert by_code(values)["95001"][0] == round(2_000_000 / 600)


def test_a_share_of_dwellings_is_a_share(client, mapped):
    values = told(client, indicateur="dwellings", categorie="houses")
    assert values["unit"] == "% des logements"
    assert by_code(values)["95001"][0] == pytest.approx(66.7)


def test_a_median_is_not_divided(client, mapped):
    values = told(client, indicateur="median_income", par="habitant")
    assert by_code(values)["95001"] == (19_000, "m")


def test_what_is_secret_leaves_without_a_value(client, mapped):
    values = told(client, **RESIDENTIAL)
    assert by_code(values)["95003"] == (None, "s")


def test_what_is_partly_secret_is_said_to_be_a_minimum(client, mapped):
    values = told(client, **RESIDENTIAL)
    assert by_code(values)["95001"][1] == "p"
    assert by_code(values)["95002"][1] == "m"


def test_every_commune_of_the_country_is_there_known_or_not(client, mapped):
    values = by_code(told(client, **RESIDENTIAL))
    assert set(values) == {"95001", "95002", "95003", "83001", "75056"}
    assert values["75056"] == (None, "u")


def test_a_place_has_its_communes_alone_and_its_own_classes(client, mapped):
    values = told(client, indicateur="median_income", territoire="departement/83")
    assert values["codes"] == "83001"
    assert [one["label"] for one in values["legend"]] == ["une seule valeur"]


def test_values_are_compressed_for_who_reads_it_and_plain_for_the_others(client, mapped):
    packed = client.get(VALUES, RESIDENTIAL, headers={"Accept-Encoding": "br, gzip"})
    plain = client.get(VALUES, RESIDENTIAL)
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in plain["Vary"]


def test_values_are_kept_for_good_under_the_name_of_their_edition_only(client, mapped):
    edition = told(client, **RESIDENTIAL)["edition"]
    assert "immutable" in client.get(VALUES, RESIDENTIAL | {"v": edition})["Cache-Control"]
    assert "must-revalidate" in client.get(VALUES, RESIDENTIAL | {"v": "old"})["Cache-Control"]
    assert f"v={edition}" in client.get(PAGE, RESIDENTIAL).content.decode()


def test_what_the_browser_has_is_not_sent_again(client, mapped):
    tag = client.get(VALUES, RESIDENTIAL)["ETag"]
    assert client.get(VALUES, RESIDENTIAL, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "asked",
    [
        {"indicateur": "invented"},
        {"indicateur": "cases_opened"},
        {"territoire": "departement/99"},
        {"territoire": "perimetre/1"},
        {"territoire": "ville/95001"},
    ],
)
def test_what_does_not_exist_or_is_not_public_is_not_found(client, mapped, asked):
    assert client.get(VALUES, asked).status_code == 404
    assert client.get(PAGE, asked).status_code == 404


def test_a_cutting_or_a_year_that_is_not_there_takes_the_usual_one(client, mapped):
    values = told(client, indicateur="consumption", annee="1812", energie="coal")
    assert values["title"] == "Consommation d’énergie, 2023"


def test_before_the_first_build_there_are_no_values_and_the_page_says_so(client, nothing_built):
    assert client.get(VALUES).status_code == 404
    assert "Rien n’est encore construit ici" in client.get(PAGE).content.decode()
