"""INSEE's incomes and poverty, by commune and by IRIS."""

import contextlib
import gzip
from functools import cache

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import filosofi, recognition, territory_codes, wide_figures
from atre.formats.reading import Reading, UnreadableFile
from tests.support.territory_files import (
    figures,
    pact_communes,
    read_file,
    real_bytes,
    real_rows,
    real_text,
    refused,
    warned,
)

COMMUNES = "filosofi_2021_communes.csv.gz"
IRIS = "filosofi_2021_iris_revenus_declares.csv.gz"
TITLES = "CODGEO;NBMENFISC19;MED19;TP6019;D119"


@cache
def real(name: str) -> Reading:
    return read_file(real_bytes(name))


def known_numbers(name: str, column: str) -> list[float]:
    """The numbers of a column as the standard library reads them."""
    cells = (row[column].replace(",", ".") for row in real_rows(name, ";"))
    return [float(cell) for cell in cells if cell not in {"s", "ns", "nd", "so", ""}]


@pytest.mark.parametrize(
    ("name", "column", "measure", "category"),
    [
        (COMMUNES, "NBMENFISC21", "tax_households", None),
        (COMMUNES, "NBPERSMENFISC21", "tax_household_persons", None),
        (COMMUNES, "MED21", "median_income", None),
        (COMMUNES, "TP6021", "poverty_rate", None),
        (COMMUNES, "TP60AGE121", "poverty_rate", "age:under_30"),
        (COMMUNES, "TP60TOL221", "poverty_rate", "tenure:tenant"),
        (COMMUNES, "PIMPOT21", "income_share", "income:taxes"),
        (COMMUNES, "D121", "decile_1", None),
        (COMMUNES, "D921", "decile_9", None),
        (IRIS, "DEC_MED21", "median_income", None),
        (IRIS, "DEC_TP6021", "low_declared_income_rate", None),
        (IRIS, "DEC_D221", "decile_2", None),
        (IRIS, "DEC_GI21", "gini", None),
        (IRIS, "DEC_PTSA21", "income_share", "income:wages"),
    ],
)
def test_the_count_and_sum_of_a_column_are_those_of_the_file(name, column, measure, category):
    table = real(name).tables[0]
    of_category = (
        pc.is_null(table["category"])
        if category is None
        else pc.fill_null(pc.equal(table["category"], category), False)
    )
    mine = table.filter(pc.and_(pc.equal(table["measure"], measure), of_category))
    published = mine.filter(pc.equal(mine["status"], "published"))["value"]
    expected = known_numbers(name, column)
    assert published.null_count == 0
    assert len(published) == len(expected)
    assert pc.sum(published).as_py() == pytest.approx(sum(expected), rel=1e-12)


@pytest.mark.parametrize(("name", "rows", "columns"), [(COMMUNES, 34_909, 27), (IRIS, 16_026, 23)])
def test_every_cell_of_a_real_file_is_a_figure_and_none_is_refused(name, rows, columns):
    assert real(name).rejects == ()
    assert real(name).rows == rows * columns
    assert set(real(name).tables[0]["year"].unique().to_pylist()) == {2021}


def test_what_insee_hides_is_secret_and_what_it_has_not_is_missing():
    medians = real(COMMUNES).tables[0].filter(pc.field("measure") == "median_income")
    counts = {
        each["values"]: each["counts"] for each in medians["status"].value_counts().to_pylist()
    }
    assert counts == {"published": 31_304, "secret": 3_593, "missing": 12}


def test_the_var_pact_has_46_medians_and_23_poverty_rates():
    communes = pact_communes()
    table = real(COMMUNES).tables[0].filter(pc.field("status") == "published")

    def known(measure: str) -> set[str]:
        mine = table.filter((pc.field("measure") == measure) & pc.field("category").is_null())
        return communes & set(mine["territory"].to_pylist())

    assert len(communes) == 51
    assert len(known("median_income")) == 46
    assert len(known("poverty_rate")) == 23


def test_three_cities_given_twice_are_told():
    assert warned(real(COMMUNES))[wide_figures.TWICE_FR] == 3


@pytest.mark.parametrize("codes", [("75056", "13001"), ("75101", "75102"), ("69123", "13201")])
def test_a_city_given_once_is_not_told_twice(codes):
    lines = [f"{code};1;2;3;4" for code in codes]
    assert wide_figures.TWICE_FR not in warned(read_file("\n".join([TITLES, *lines]).encode()))


def test_a_low_income_rate_of_declared_incomes_is_not_a_poverty_rate():
    measures = real(IRIS).tables[0]["measure"].unique().to_pylist()
    assert "poverty_rate" not in measures
    assert filosofi.DECLARED_FR in warned(real(IRIS))
    assert warned(real(IRIS))[filosofi.NOTED_FR] == 247


def test_a_file_of_another_year_is_that_year():
    rows = figures(read_file(f"{TITLES}\n01004;6855;21660;17,0;11890\n".encode()))
    assert {row["year"] for row in rows} == {2019}


def test_disposable_incomes_by_iris_give_a_poverty_rate():
    text = b"IRIS;DISP_TP6020;DISP_INCERT20;DISP_MED20;DISP_NOTE20\n010040101;29,0;2;19330;0\n"
    rows = figures(read_file(text))
    assert [(row["level"], row["measure"], row["basis"], row["value"]) for row in rows] == [
        ("iris", "poverty_rate", "disposable", 29.0),
        ("iris", "median_income", "disposable", 19330.0),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas_and_dots_are_the_same_numbers(delimiter):
    lines = [TITLES.split(";"), ["01004", "6855", "21660", "17,5", "1.0"]]
    text = "\n".join(map(delimiter.join, lines))
    assert [row["value"] for row in figures(read_file(text.encode()))] == [6855, 21660, 17.5, 1.0]


def test_a_blank_is_missing_and_a_zero_is_zero():
    rows = figures(read_file(f"{TITLES}\n01004;0;;s;nd\n".encode()))
    assert [(row["value"], row["status"]) for row in rows] == [
        (0.0, "published"),
        (None, "missing"),
        (None, "secret"),
        (None, "missing"),
    ]


def test_a_code_that_lost_its_zero_finds_it_and_is_counted():
    reading = read_file(f"{TITLES}\n1004;1;2;3;4\n01005;1;2;3;4\n".encode())
    assert {row["territory"] for row in figures(reading)} == {"01004", "01005"}
    assert warned(reading)[territory_codes.REPAIRED_FR] == 1


@pytest.mark.parametrize("code", ["0104", "104", "99351", "20004", "2A04", "", "Ain"])
def test_a_code_of_no_commune_refuses_its_line_and_no_other(code):
    reading = read_file(f"{TITLES}\n{code};1;2;3;4\n01005;1;2;3;4\n".encode())
    assert [line for line, _ in refused(reading)] == [2]
    assert {row["territory"] for row in figures(reading)} == {"01005"}


@pytest.mark.parametrize(
    ("second", "reason"),
    [("1004;1;2;3;4", wide_figures.SAME_FR), ("01004;9;2;3;4", wide_figures.OTHER_FR)],
)
def test_a_territory_met_twice_is_refused_and_told_the_same_or_another(second, reason):
    reading = read_file(f"{TITLES}\n01004;1;2;3;4\n{second}\n".encode())
    assert refused(reading) == [(3, reason)]
    assert [row["value"] for row in figures(reading)] == [1, 2, 3, 4]


def test_a_text_in_a_cell_refuses_the_cell_only():
    reading = read_file(f"{TITLES}\n01004;1;beaucoup;3;4\n".encode())
    assert [(each.line, each.place, each.found) for each in reading.rejects] == [
        (2, "MED19", "beaucoup")
    ]
    assert [row["measure"] for row in figures(reading)] == [
        "tax_households",
        "poverty_rate",
        "decile_1",
    ]


def test_a_line_cut_short_is_refused():
    reading = read_file(f"{TITLES}\n01004;1;2\n01005;1;2;3;4\n".encode())
    assert refused(reading) == [(2, wide_figures.WIDTH_FR)]


def test_titles_without_lines_are_refused():
    with pytest.raises(UnreadableFile, match="aucune ligne de données"):
        read_file(f"{TITLES}\n".encode())


def test_lines_above_the_titles_are_left_and_counted():
    text = f"Revenus et pauvreté des ménages en 2019;;;;\nSource : Insee;;;;\n\n{TITLES}\n01004;1;2;3;4\n"
    reading = read_file(text.encode())
    assert [row["line"] for row in figures(reading)] == [5] * 4
    assert warned(reading)[wide_figures.PREAMBLE_FR] == 2


def test_a_file_that_is_not_in_utf8_is_read_and_told():
    reading = read_file(f"{TITLES};LIBGÉO\n01004;1;2;3;4;Bélair\n".encode("cp1252"))
    assert len(figures(reading)) == 4
    assert any("UTF-8" in reason for reason in warned(reading))


@pytest.mark.parametrize("name", [COMMUNES, IRIS, "dpe_communes_95_2026.csv.gz"])
def test_a_real_file_is_recognised_by_one_format_only(name):
    head = real_text(name)[:65_536]
    assert len([known.key for known in recognition.FORMATS if known.recognises(head)]) == 1


def test_columns_that_are_not_read_are_counted():
    reading = read_file(f"{TITLES};LIBGEO;OBS\n01004;1;2;3;4;Ambérieu;x\n".encode())
    assert warned(reading)[wide_figures.UNREAD_COLUMNS_FR] == 2


NUMBERS = st.one_of(
    st.sampled_from(["s", "ns", "nd", "so", ""]),
    st.decimals(0, 99_999, places=1).map(lambda number: str(number).replace(".", ",")),
)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.integers(1001, 9999).map(lambda code: f"0{code}"),
        st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS),
        min_size=1,
        max_size=30,
    )
)
def test_each_cell_comes_out_once_with_its_number_or_its_status(cells):
    lines = [TITLES, *(";".join((code, *row)) for code, row in cells.items())]
    reading = read_file("\n".join(lines).encode())
    assert reading.rejects == ()
    rows = figures(reading)
    assert len(rows) == 4 * len(cells)
    numbers = [cell for row in cells.values() for cell in row if cell and cell[0].isdigit()]
    known = [row["value"] for row in rows if row["status"] == "published"]
    assert sorted(known) == sorted(float(cell.replace(",", ".")) for cell in numbers)


HEAD = real_text(COMMUNES)[:3_000]


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 2_990), written=st.binary(max_size=8))
def test_the_real_file_with_bytes_changed_is_refused_or_read(place: int, written: bytes):
    changed = HEAD[:place] + written + HEAD[place + len(written) :]
    with contextlib.suppress(UnreadableFile):
        for row in figures(read_file(changed)):
            assert (row["value"] is None) == (row["status"] != "published")


def test_a_compressed_file_cut_in_half_is_refused():
    packed = gzip.compress(HEAD)
    with pytest.raises(UnreadableFile, match="abîmé ou coupé"):
        read_file(packed[: len(packed) // 2])
