"""Files that say no year: a person says it, the receipt keeps it as said."""

from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from atre.formats.reading import UnreadableFile
from atre.warehouse.gate import released
from atre.warehouse.sources.receipts import (
    FIGURES_FILE,
    folder_of,
    receipts,
    write_receipt,
)
from atre.warehouse.sources.receiving import YEAR_GIVEN_FR, YEAR_UNUSED_FR, receive
from atre.warehouse.territories import atlas

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
