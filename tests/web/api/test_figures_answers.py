"""Figures, rows of files and commune values as a program reads them."""

import pytest

from tests.web.api.conftest import AINCOURT, BOISEMONT, COURCELLES, EPCI


def test_figures_say_all_that_is_known_of_them(program):
    said = program.read("figures", indicator="consumption", territory=EPCI, years="2023")

    [figure] = said["figures"]
    assert (figure["value"], figure["unit"], figure["basis"]) == (4_590_000.0, "kWh", "pci")
    assert (figure["flag"], figure["secret_share"]) == ("measured", 0.2)
    assert (figure["known"], figure["territories"]) == (2, 3)
    assert (figure["source"], figure["publisher"]) == ("ore_consumption", "Agence ORE")
    assert (figure["vintage"], figure["geography_year"]) == (2023, 2026)
    assert figure["cae"] == "cae_2.a"
    # It lacks what networks do not carry: whoever files it under that name is told.
    assert "produits pétroliers" in figure["cae_caution"]
    assert said["name"] == "CC 200000001"


def test_figures_are_cut_as_asked(program):
    said = program.read(
        "figures", indicator="consumption", territory=EPCI, years="2022,2023", by="energy,sector"
    )

    found = {
        (one["year"], one["sector"], one["energy"]): (one["value"], one["cae"])
        for one in said["figures"]
    }
    assert found == {
        (2022, "residential", "electricity"): (2_000_000.0, None),
        (2023, "residential", "electricity"): (4_400_000.0, None),
        (2023, "residential", "gas"): (100_000.0, None),
        (2023, "tertiary", "electricity"): (90_000.0, None),
    }


def test_gas_comes_in_the_basis_that_is_asked(program):
    asked = {"indicator": "consumption", "territory": f"com:{AINCOURT}", "by": "energy"}
    by_basis = {
        basis: next(
            one["value"]
            for one in program.read("figures", years="2023", basis=basis, **asked)["figures"]
            if one["energy"] == "gas"
        )
        for basis in ("pci", "pcs")
    }
    assert by_basis == {"pci": pytest.approx(100_000), "pcs": pytest.approx(111_100)}


def test_a_secret_has_no_value_anywhere(program):
    asked = {"indicator": "consumption", "territory": f"com:{COURCELLES}", "years": "2023"}
    [figure] = program.read("figures", **asked)["figures"]
    assert (figure["flag"], figure["value"]) == ("secret", None)

    [line] = program.read("source-rows", indicator="consumption", territory=f"com:{COURCELLES}")[
        "rows"
    ]
    assert (line["status"], line["value"], line["published_value"]) == ("secret", None, None)

    said = program.read("commune-values", indicator="consumption", year=2023)
    place = said["codes"].index(COURCELLES)
    assert (said["flags"][place], said["values"][place]) == ("secret", None)


def test_chosen_communes_make_a_territory(program):
    said = program.read("figures", indicator="population", territory=f"set:{AINCOURT}-{BOISEMONT}")
    assert [one["value"] for one in said["figures"]] == [2_100.0]


def test_commune_values_are_columns_of_one_length(program):
    said = program.read("commune-values", indicator="population", within="dep:95")

    assert said["codes"] == [AINCOURT, BOISEMONT, COURCELLES]
    assert said["values"] == [1_000.0, 1_100.0, 900.0]
    assert (said["year"], said["unit"], said["basis"]) == (2023, "persons", None)
    columns = ("values", "lower", "upper", "flags", "secret_share")
    assert {len(said[name]) for name in columns} == {3}


def test_commune_values_take_one_cut(program):
    def of(**cut):
        said = program.read("commune-values", indicator="consumption", year=2023, **cut)
        return said["values"][said["codes"].index(AINCOURT)]

    assert of(sector="tertiary") == 90_000.0
    assert of(sector="residential", energy="electricity") == 1_900_000.0


def test_the_rows_behind_a_figure_add_up_to_it(program):
    asked = {"indicator": "consumption", "territory": EPCI}
    [figure] = program.read("figures", years="2023", **asked)["figures"]
    lines = program.read("source-rows", year=2023, **asked)["rows"]
    assert (
        sum(line["value"] or 0 for line in lines if line["standing"] == "kept") == figure["value"]
    )


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_following_next_reads_every_row_once_and_in_order(program, limit):
    asked = {"indicator": "consumption", "territory": EPCI}
    whole = program.read("source-rows", **asked)
    read, answer = [], program.read("source-rows", limit=limit, **asked)
    while True:
        read += answer["rows"]
        if answer["next"] is None:
            break
        answer = program.get(answer["next"]).json()
    assert read == whole["rows"]
    assert len(read) == whole["total"] == 6


def test_pages_of_figures_are_parts_of_the_whole(program):
    asked = {"indicator": "consumption", "territory": EPCI, "by": "sector,energy"}
    whole = program.read("figures", **asked)["figures"]
    parts = [
        program.read("figures", limit=1, offset=place, **asked)["figures"]
        for place in range(len(whole))
    ]
    assert [one for part in parts for one in part] == whole


@pytest.mark.parametrize(
    ("address", "asked", "expected"),
    [
        ("figures", {"indicator": "x"}, (404, "unknown_indicator", "indicator")),
        ("figures", {"territory": "dep:00"}, (404, "unknown_territory", "territory")),
        ("figures", {"territory": "set:95001-00000"}, (404, "unknown_territory", "territory")),
        ("figures", {"years": "2023;2022"}, (422, "bad_parameter", "years")),
        ("figures", {"years": "-1"}, (422, "bad_parameter", "years")),
        ("figures", {"by": "colour"}, (422, "bad_parameter", "by")),
        ("figures", {"by": "category"}, (422, "bad_parameter", "by")),
        ("figures", {"basis": "pcx"}, (422, "bad_parameter", "basis")),
        ("figures", {"limit": 0}, (422, "bad_parameter", "limit")),
        ("figures", {"limit": 1001}, (422, "bad_parameter", "limit")),
        ("figures", {"offset": "many"}, (422, "bad_parameter", "offset")),
        ("figures", {"yaers": "2023"}, (422, "bad_parameter", "yaers")),
        ("figures", {"edition": "another"}, (409, "edition_changed", "edition")),
        ("source-rows", {"sector": "moon"}, (422, "bad_parameter", "sector")),
        ("source-rows", {"category": "dpe:A"}, (422, "bad_parameter", "category")),
        ("source-rows", {"year": 99999}, (422, "bad_parameter", "year")),
    ],
)
def test_a_question_that_means_nothing_is_refused_by_name(program, address, asked, expected):
    right = {"indicator": "consumption", "territory": EPCI}
    assert program.get(f"/api/v1/{address}", right).status_code == 200
    assert program.refusal(address, **{**right, **asked}) == expected


def test_a_parameter_that_is_missing_is_named(program):
    assert program.refusal("figures", indicator="population") == (
        422,
        "bad_parameter",
        "territory",
    )


def test_a_parameter_given_twice_is_refused(program):
    answer = program.get("/api/v1/figures?indicator=population&territory=fr&territory=dep:95")
    assert (answer.status_code, answer.json()["parameter"]) == (422, "territory")
