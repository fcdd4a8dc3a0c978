"""A miniature computed by hand: what adds up, what does not, what is missing and what is secret."""

from math import isnan

import pytest

from atre.warehouse import gate
from tests.support.observatory import SmallObservatory, row


def of(observatory: SmallObservatory, mart: str, territory: str) -> dict:
    [line] = [line for line in observatory.mart(mart) if line["territory"] == territory]
    return line


def test_a_merged_commune_is_the_sum_of_what_it_was_made_of(observatory):
    observatory.receive(
        "ore_consumption", [row("95001", 1.0), row("95900", 2.0), row("95901", 4.0)]
    )

    line = of(observatory, "consumption", "95001")

    assert (line["value"], line["cells"], line["geographies"]) == (7000, 3, 3)
    assert line["flag"] == "measured"


def test_a_sum_of_missing_values_is_missing_never_zero(observatory):
    observatory.receive(
        "ore_consumption", [row("95001", None), row("95900", None), row("95002", 0.0)]
    )

    assert of(observatory, "consumption", "95001")["value"] is None
    assert of(observatory, "consumption", "95001")["flag"] == "missing"
    assert of(observatory, "consumption", "95002")["value"] == 0


def test_a_secret_in_a_sum_is_counted_beside_what_is_known(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.0), row("95900", None, status="secret")])

    line = of(observatory, "consumption", "95001")

    assert (line["value"], line["known_cells"], line["secret_cells"]) == (1000, 1, 1)


def test_a_sum_with_an_estimate_says_so(observatory):
    observatory.receive(
        "ore_consumption", [row("95001", 1.0), row("95900", 1.0, status="estimated")]
    )

    assert of(observatory, "consumption", "95001")["flag"] == "estimated"


def test_the_median_of_a_merged_commune_is_missing_rather_than_averaged(observatory):
    income = {"measure": "median_income", "unit": "EUR/UC/year"}
    observatory.receive(
        "filosofi",
        [
            row("95001", 20_000, **income),
            row("95900", 30_000, **income),
            row("95002", 21_000, **income),
        ],
    )

    assert of(observatory, "incomes", "95001")["value"] is None
    assert of(observatory, "incomes", "95002")["value"] == 21_000


def test_iris_make_their_commune_unless_the_file_has_it_whole(observatory):
    observatory.receive(
        "base_logement",
        [
            row(code, 10.0, measure="dwellings", unit="dwellings", level=level)
            for code, level in [
                ("950010101", "iris"),
                ("950010102", "iris"),
                ("950020101", "iris"),
                ("95002", "commune"),
            ]
        ],
    )

    assert of(observatory, "dwellings", "95001")["value"] == 20
    assert of(observatory, "dwellings", "95002")["value"] == 10


def test_the_total_that_a_publisher_gives_for_an_epci_stands_beside_its_communes(observatory):
    observatory.receive(
        "sdes_local_energy", [row("95001", 1.0), row("200000001", 5.0, level="epci")]
    )

    assert of(observatory, "consumption", "200000001")["level"] == "epci"
    assert of(observatory, "consumption", "200000001")["value"] == 5000


def test_degree_days_of_a_department_reach_its_communes_as_an_estimate(observatory):
    observatory.receive(
        "installed_climate",
        [
            row(
                "95",
                2400.0,
                measure="degree_days",
                unit="degree_days",
                level="department",
                year=None,
            )
        ],
    )
    observatory.receive(
        "installed_populations",
        [row("95001", 300.0, measure="population", unit="persons", category="municipal")],
    )

    lines = {line["territory"]: line for line in observatory.mart("climate")}

    assert set(lines) == {"95001", "95002", "95003"}
    assert (lines["95001"]["value"], lines["95001"]["flag"], lines["95001"]["weight"]) == (
        2400,
        "estimated",
        300,
    )
    assert lines["95002"]["weight"] is None


def test_emissions_of_gas_use_the_factor_of_the_base_empreinte(observatory):
    observatory.receive(
        "ore_consumption", [row("95001", 1111.0, energy="gas", basis="pcs", sector="residential")]
    )

    line = of(observatory, "consumption_emissions", "95001")

    # 1 000 MWh PCI × 0,239 kg CO2e/kWh.
    assert line["value"] == pytest.approx(239)
    assert (line["unit"], line["flag"]) == ("tCO2e", "estimated")


def test_emissions_of_an_energy_without_factor_are_missing(observatory):
    observatory.receive("mapped_columns", [row("95001", 10.0, energy="coal", sector="residential")])

    assert of(observatory, "consumption_emissions", "95001")["value"] is None


def test_fuel_of_roads_is_not_given_the_factor_of_heating_oil(observatory):
    observatory.receive(
        "mapped_columns",
        [
            row("95001", 10.0, energy="oil", sector="road_transport"),
            row("95002", 10.0, energy="oil", sector="residential"),
        ],
    )

    assert of(observatory, "consumption_emissions", "95001")["value"] is None
    assert of(observatory, "consumption_emissions", "95002")["value"] is not None


def test_emissions_of_two_publishers_of_one_year_stay_apart(observatory):
    gas = {"energy": "gas", "sector": "residential", "basis": "pcs"}
    observatory.receive("ore_consumption", [row("95001", 1111.0, **gas)])
    observatory.receive("sdes_local_energy", [row("95001", 2222.0, **gas)])

    lines = observatory.mart("consumption_emissions")

    assert {line["source"]: round(line["value"]) for line in lines} == {
        "ore_consumption": 239,
        "sdes_local_energy": 478,
    }


def test_emissions_are_served_of_the_consumption_that_was_written(observatory):
    observatory.receive(
        "ore_consumption",
        [
            row("95001", 1111.0, energy="gas", sector="residential", basis="pcs"),
            row("95900", None, energy="gas", sector="residential", status="secret"),
            row("95002", 5.0, energy="electricity", sector="tertiary"),
        ],
    )
    edition = observatory.build("consumption")

    assert "consumption_emissions" not in edition.marts
    found = gate.of_communes("consumption_emissions", year=2023, folders=observatory.folders)
    expected = {
        line["territory"]: line["value"] for line in observatory.mart("consumption_emissions")
    }
    told = zip(found.codes, found.values.tolist(), strict=True)
    assert {code: None if isnan(value) else value for code, value in told} == expected
