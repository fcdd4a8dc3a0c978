"""What a territory's question answers: sums, means, published totals, shares of secret, sources."""

import pytest

from atre.warehouse import gate
from atre.warehouse.catalogue import CATALOGUE, UnknownIndicator
from atre.warehouse.indicators import Flag
from atre.warehouse.territories import Kind, Territory, UnknownTerritory, atlas
from tests.support.observatory import SmallObservatory, row

EPCI = "epci:200000001"


def asked(observatory: SmallObservatory, indicator: str, where: str = EPCI, **more):
    observatory.build("consumption", "incomes")
    territory = atlas(observatory.folders).territory(where)
    return gate.released(indicator, territory, folders=observatory.folders, **more)


def test_an_epci_is_the_sum_of_its_communes_that_are_known(observatory):
    observatory.receive(
        "ore_consumption", [row("95001", 1.0), row("95002", 2.0), row("83001", 50.0)]
    )

    [figure] = asked(observatory, "consumption")

    assert (figure.value, figure.unit, figure.known, figure.territories) == (3000, "kWh", 2, 3)
    assert (figure.flag, figure.secret_share, figure.as_published) == (Flag.MEASURED, 0, False)


def test_the_total_that_the_publisher_gives_is_preferred_to_our_sum(observatory):
    observatory.receive(
        "sdes_local_energy",
        [
            row("95001", 1.0),
            row("95002", None, status="secret"),
            row("200000001", 4.0, level="epci"),
        ],
    )

    [figure] = asked(observatory, "consumption")

    assert (figure.value, figure.as_published) == (4000, True)


def test_the_share_of_secret_cells_is_said(observatory):
    observatory.receive(
        "ore_consumption",
        [
            row("95001", 1.0),
            row("95002", None, status="secret"),
            row("95003", 2.0),
            row("95900", 1.0),
        ],
    )

    [figure] = asked(observatory, "consumption")

    assert (figure.value, figure.secret_share, figure.upper) == (4000, 0.25, None)


def test_what_is_wholly_secret_has_no_value(observatory):
    observatory.receive("ore_consumption", [row("95001", None, status="secret")])

    [figure] = asked(observatory, "consumption", "com:95001")

    assert (figure.value, figure.flag) == (None, Flag.SECRET)


def test_cuttings_are_added_up_unless_they_are_asked(observatory):
    observatory.receive(
        "ore_consumption",
        [
            row("95001", 1.0, energy="gas", sector="residential"),
            row("95001", 2.0, energy="electricity", sector="residential"),
        ],
    )

    [whole] = asked(observatory, "consumption")
    parts = asked(observatory, "consumption", by=("energy",))

    assert whole.value == 3000
    assert [(one.energy, one.sector, one.value) for one in parts] == [
        ("electricity", None, 2000),
        ("gas", None, 1000),
    ]


def test_gas_is_given_in_the_calorific_value_asked(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.111, energy="gas", basis="pcs")])

    [pci] = asked(observatory, "consumption")
    [pcs] = asked(observatory, "consumption", basis="pcs")

    assert (pci.value, pcs.value) == (pytest.approx(1000), pytest.approx(1111))


def test_two_sources_of_one_year_are_never_added(observatory):
    observatory.receive("sdes_local_energy", [row("95001", 10.0)])
    observatory.receive("ore_consumption", [row("95001", 11.0)])

    [figure] = asked(observatory, "consumption")

    assert (figure.value, figure.source) == (11_000, "ore_consumption")


def test_medians_of_several_communes_make_no_median(observatory):
    income = {"measure": "median_income", "unit": "EUR/UC/year"}
    observatory.receive(
        "filosofi",
        [
            row("95001", 20_000, **income),
            row("95002", 22_000, **income),
            row("95003", None, **income),
        ],
    )

    [figure] = asked(observatory, "median_income")

    assert (figure.value, figure.known, figure.territories) == (None, 2, 3)


def test_a_mean_is_weighed_by_inhabitants(observatory):
    days = {"measure": "degree_days", "unit": "degree_days", "level": "department", "year": None}
    people = {"measure": "population", "unit": "persons", "category": "municipal"}
    observatory.receive("installed_climate", [row("95", 2000, **days), row("83", 1000, **days)])
    observatory.receive(
        "installed_populations", [row("95001", 300, **people), row("83001", 100, **people)]
    )
    observatory.build("climate", "population")
    drawn = atlas(observatory.folders).drawn("essai", ["95001", "83001"])

    [figure] = gate.released("degree_days", drawn, folders=observatory.folders)

    assert figure.value == 1750


def test_the_rows_behind_a_figure_lead_to_the_file_and_its_line(observatory):
    receipt = observatory.receive(
        "ore_consumption", [row("95001", 1.0), row("95900", 2.0), row("95002", 4.0)]
    )
    observatory.build("consumption")
    commune = atlas(observatory.folders).territory("com:95001")

    found = gate.source_rows("consumption", commune, year=2023, folders=observatory.folders)

    assert found.total == 2
    assert [
        (one.file, one.line, one.published_territory, one.published_value) for one in found.rows
    ] == [
        (receipt.key, 2, "95001", 1.0),
        (receipt.key, 3, "95900", 2.0),
    ]


def test_one_value_a_commune_is_given_for_a_map(observatory):
    observatory.receive(
        "ore_consumption",
        [row("95001", 1.0), row("95002", None, status="secret"), row("95003", 3.0, year=2022)],
    )
    observatory.build("consumption")

    found = gate.of_communes("consumption", year=2023, folders=observatory.folders)

    assert found.codes.tolist() == ["95001", "95002"]
    assert found.values[0] == 1000
    assert found.flags.tolist() == [Flag.MEASURED, Flag.SECRET]
    assert found.values[1] != found.values[1]


def test_an_unknown_indicator_is_refused_with_those_we_have(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.0)])
    with pytest.raises(UnknownIndicator) as refusal:
        asked(observatory, "consommation")
    assert "consumption" in refusal.value.message_fr


@pytest.mark.parametrize(
    "text", ["dep:99", "95", "com:", "epci:abc", "set:95001", "dep:95 "[:-1] + "x"]
)
def test_a_text_that_is_no_territory_is_refused(observatory, text):
    with pytest.raises(UnknownTerritory):
        atlas(observatory.folders).territory(text)


def test_a_drawn_set_refuses_a_code_of_no_commune(observatory):
    found = atlas(observatory.folders)
    assert found.drawn("essai", ["95002", "95001"]) == Territory(
        Kind.SET, "", "essai", ("95001", "95002")
    )
    with pytest.raises(UnknownTerritory):
        found.drawn("essai", ["95001", "95900"])


def test_every_indicator_says_where_it_comes_from_and_how_it_adds_up():
    for indicator in CATALOGUE.values():
        assert indicator.sources, indicator.key
        assert indicator.unit, indicator.key
        assert set(indicator.dimensions) <= {"sector", "energy", "category"}, indicator.key
