"""Files that say no year, what a person says of them, and indicators that their figures fill."""

from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from atre.formats.reading import UnreadableFile
from atre.jobs.observatory import receive_files
from atre.warehouse.gate import released
from atre.warehouse.sources.receipts import (
    FIGURES_FILE,
    folder_of,
    receipts,
    write_receipt,
)
from atre.warehouse.sources.receiving import YEAR_GIVEN_FR, YEAR_UNUSED_FR, receive
from atre.warehouse.territories import atlas
from tests.support.observatory import row

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TITLES = "INSEE commune,Commune,Agriculture,Industrie hors-énergie,Résidentiel,Routier"


def inventory(folder, tonnes, name="igt.csv"):
    path = folder / name
    path.write_text(f"{TITLES}\n95001,Aincourt,10.5,1,{tonnes},2\n", encoding="utf-8")
    return path


def years(observatory, receipt):
    table = pq.read_table(folder_of(observatory.folders, receipt.key) / FIGURES_FILE)
    return set(table["year"].to_pylist())


def test_a_year_that_nobody_says_stays_unknown(observatory, tmp_path):
    receipt = receive(observatory.folders, inventory(tmp_path, 7), now=NOW).receipt

    assert receipt.declared_year is None
    assert years(observatory, receipt) == {None}


def test_a_declared_year_is_that_of_the_rows_and_the_receipt_says_who_said_it(
    observatory, tmp_path
):
    receipt = receive(
        observatory.folders, inventory(tmp_path, 7), now=NOW, declared_year=2016
    ).receipt

    assert (receipt.declared_year, receipt.years) == (2016, (2016,))
    assert years(observatory, receipt) == {2016}
    assert receipt.warnings[YEAR_GIVEN_FR] == receipt.rows


def test_two_vintages_of_one_source_stay_apart(observatory, tmp_path):
    for year, tonnes in ((2016, 7), (2018, 5)):
        path = inventory(tmp_path, tonnes, f"igt-{year}.csv")
        receive(observatory.folders, path, now=NOW, declared_year=year)
    observatory.build("emissions")

    found = released(
        "emissions",
        atlas(observatory.folders).territory("com:95001"),
        by=("sector",),
        folders=observatory.folders,
    )

    homes = {one.year: one.value for one in found if one.sector == "residential"}
    assert homes == {2016: 7.0, 2018: 5.0}


def test_the_same_file_under_another_year_is_read_again_under_it(observatory, tmp_path):
    path = inventory(tmp_path, 7)
    first = receive(observatory.folders, path, now=NOW, declared_year=2016)

    again = receive(observatory.folders, path, now=NOW, declared_year=2016)
    other = receive(observatory.folders, path, now=NOW, declared_year=2018)

    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert [one.declared_year for one in receipts(observatory.folders)] == [2018]
    assert other.receipt.order > first.receipt.order


def test_a_file_that_says_its_years_keeps_them(observatory, tmp_path):
    path = tmp_path / "logement.csv"
    path.write_text("CODGEO;P21_LOG;P21_MAISON\n95001;100;60\n", encoding="utf-8")

    receipt = receive(observatory.folders, path, now=NOW, declared_year=2016).receipt

    assert years(observatory, receipt) == {2021}
    assert YEAR_UNUSED_FR in receipt.warnings


def test_an_impossible_year_is_refused_in_a_sentence(observatory, tmp_path):
    with pytest.raises(UnreadableFile, match="L’année 20016"):
        receive(observatory.folders, inventory(tmp_path, 7), now=NOW, declared_year=20016)


def test_a_receipt_from_before_reads_as_without_a_declared_year(observatory, tmp_path):
    receipt = receive(observatory.folders, inventory(tmp_path, 7), now=NOW).receipt
    written = folder_of(observatory.folders, receipt.key) / "receipt.json"
    write_receipt(observatory.folders, receipt)
    written.write_text(
        written.read_text(encoding="utf-8").replace(',\n "declared_year": null', ""),
        encoding="utf-8",
    )
    assert "declared_year" not in written.read_text(encoding="utf-8")

    [found] = receipts(observatory.folders)

    assert found == receipt


def test_the_command_gives_the_year_and_the_columns_that_a_person_says(observatory, tmp_path):
    mapping = tmp_path / "air.yaml"
    mapping.write_text(
        "columns: {territory: insee, category: polluant, value: masse}\n"
        "fixed: {level: commune, year: 2021, measure: pollutant_emissions, unit: kg}\n"
        "words: {category: {NOx: nox, PM10: pm10}}\n",
        encoding="utf-8",
    )
    air = tmp_path / "air.csv"
    air.write_text("insee;polluant;masse\n95001;NOx;1500\n95001;PM10;250\n", encoding="utf-8")

    (mapped,) = receive_files([air], folders=observatory.folders, columns=mapping)
    (dated,) = receive_files([inventory(tmp_path, 7)], folders=observatory.folders, year=2016)
    observatory.build("emissions")

    assert (mapped.receipt.format, dated.receipt.declared_year) == ("mapped_columns", 2016)
    air_figures = released(
        "pollutant_emissions",
        atlas(observatory.folders).territory("com:95001"),
        by=("category",),
        folders=observatory.folders,
    )
    assert {one.category: (one.value, one.unit) for one in air_figures} == {
        "nox": (1.5, "t"),
        "pm10": (0.25, "t"),
    }


def test_one_pollutant_is_never_added_to_another(observatory):
    air = {"measure": "pollutant_emissions", "unit": "kg"}
    observatory.receive(
        "mapped_columns", [row("95001", 1.0, category=one, **air) for one in ("nox", "pm10")]
    )
    observatory.build("emissions")

    place = atlas(observatory.folders).territory("com:95001")

    assert released("pollutant_emissions", place, folders=observatory.folders) == []


def test_main_dwellings_are_houses_and_flats_and_their_other_families_stay_apart(observatory):
    homes = {"measure": "main_dwellings", "unit": "dwellings"}
    families = {"type:house": 60.0, "type:flat": 40.0, "tenure:owner": 70.0, "tenure:tenant": 30.0}
    observatory.receive(
        "base_logement", [row("95001", n, category=one, **homes) for one, n in families.items()]
    )
    observatory.build("dwellings")

    [found] = released(
        "main_dwellings",
        atlas(observatory.folders).territory("com:95001"),
        folders=observatory.folders,
    )

    assert found.value == 100


def test_deciles_of_several_communes_make_none(observatory):
    income = {"measure": "decile_1", "unit": "EUR/UC/year"}
    observatory.receive("filosofi", [row(c, 11_000.0, **income) for c in ("95001", "95002")])
    observatory.build("incomes")
    places = atlas(observatory.folders)

    [alone] = released("decile_1", places.territory("com:95001"), folders=observatory.folders)
    [together] = released(
        "decile_1", places.territory("epci:200000001"), folders=observatory.folders
    )

    assert (alone.value, together.value, together.known) == (11_000, None, 2)
