"""ADEME's greenhouse gas inventory by commune."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import igt, wide_figures
from atre.formats.reading import UnreadableFile
from tests.support.territory_files import (
    figures,
    pact_communes,
    read_file,
    real_bytes,
    real_rows,
    refused,
    warned,
)

NAME = "ges_igt_ademe_pacte_var_51_communes.csv"
SECTORS = {
    "Agriculture": ("agriculture", None),
    "Autres transports": ("other_transport", None),
    "Autres transports international": ("other_transport", "international_transport"),
    "CO2 biomasse hors-total": (None, "biomass_co2_outside_total"),
    "Déchets": ("waste", None),
    "Energie": ("energy", None),
    "Industrie hors-énergie": ("industry", None),
    "Résidentiel": ("residential", None),
    "Routier": ("road_transport", None),
    "Tertiaire": ("tertiary", None),
}
TITLES = "INSEE commune,Commune,Industrie hors-énergie,Résidentiel,Routier"


@pytest.mark.parametrize(("column", "cut"), SECTORS.items())
def test_each_sector_of_the_real_file_has_the_sum_and_the_blanks_of_its_column(column, cut):
    mine = [
        row
        for row in figures(read_file(real_bytes(NAME)))
        if (row["sector"], row["category"]) == cut
    ]
    cells = [row[column] for row in real_rows(NAME, ",")]
    known = [row["value"] for row in mine if row["status"] == "published"]
    assert len(mine) == len(cells) == 51
    assert [row["status"] for row in mine].count("missing") == cells.count("")
    assert sum(known) == pytest.approx(sum(float(cell) for cell in cells if cell), rel=1e-12)


def test_the_real_file_has_the_communes_of_the_pact_and_no_year():
    reading = read_file(real_bytes(NAME))
    rows = figures(reading)
    assert reading.format.key == "igt"
    assert reading.rejects == ()
    assert {row["territory"] for row in rows} == pact_communes()
    assert {(row["year"], row["unit"]) for row in rows} == {(None, "tCO2e")}
    assert igt.NO_YEAR_FR in warned(reading)


def test_that_four_sectors_are_allocations_is_told():
    assert igt.ALLOCATION_FR in warned(read_file(f"{TITLES}\n83002,X,1,2,3\n".encode()))


def test_the_sectors_told_as_allocations_have_constant_ratios_in_the_real_file():
    by_sector: dict[str, list[float]] = {}
    for row in figures(read_file(real_bytes(NAME))):
        if row["sector"] in {"industry", "energy"}:
            by_sector.setdefault(row["sector"], []).append(row["value"])
    ratios = [
        energy / industry
        for energy, industry in zip(by_sector["energy"], by_sector["industry"], strict=True)
    ]
    assert max(ratios) - min(ratios) < 1e-4
    assert {"industry", "energy"} <= igt.ALLOCATED


def test_a_blank_sector_is_missing_never_zero():
    reading = read_file(f"{TITLES}\n83002,X,,0,3.5\n".encode())
    assert [(row["value"], row["status"]) for row in figures(reading)] == [
        (None, "missing"),
        (0.0, "published"),
        (3.5, "published"),
    ]
    assert warned(reading)[wide_figures.BLANK_FR] == 1


def test_a_name_with_a_comma_keeps_its_line_whole():
    reading = read_file(f'{TITLES}\n83002,"A, B",1,2,3\n'.encode())
    assert refused(reading) == []
    assert [row["value"] for row in figures(reading)] == [1, 2, 3]


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 2_990), written=st.binary(max_size=8))
def test_the_real_file_with_bytes_changed_is_refused_or_read(place: int, written: bytes):
    content = real_bytes(NAME)[:3_000]
    changed = content[:place] + written + content[place + len(written) :]
    with contextlib.suppress(UnreadableFile):
        figures(read_file(changed))
