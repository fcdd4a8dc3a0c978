"""No cell that leaves may be run by a spreadsheet, and what comes back is what left."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from atre.formats import outgoing

STARTERS = ("=", "+", "-", "@", "\t", "\r")
hostile = st.builds(
    lambda before, start, rest: before + start + rest,
    st.text(alphabet=" \t\r\n\u00a0\ufeff\x0b", max_size=3),
    st.sampled_from([*STARTERS, "＝", "＋", "－", "＠", "\n"]),
    st.text(max_size=20),
)


@given(hostile)
def test_a_text_that_a_spreadsheet_would_run_starts_with_an_apostrophe(text):
    assert outgoing.neutral(text).startswith("'")


@given(st.text(max_size=40))
def test_no_neutral_text_starts_a_formula_even_behind_blanks(text):
    assert not outgoing.neutral(text).lstrip().startswith(("=", "+", "-", "@"))


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=("Cs",)), max_size=40))
def test_what_comes_back_is_what_left(text):
    written = text.translate(outgoing.FORBIDDEN)
    assert outgoing.genuine(outgoing.neutral(text)) == written


@given(st.lists(hostile, min_size=1, max_size=4))
def test_csv_cells_are_neutral_once_read_back(texts):
    content = outgoing.csv_bytes(["a"] * len(texts), [texts]).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(content, newline=""), delimiter=";")
    assert row == [outgoing.neutral(text) for text in texts]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+33612345678", "\t=1", "{=1+1}", "http://x"])
def test_a_workbook_holds_texts_and_no_formula(text):
    content = outgoing.xlsx_bytes(["Titre"], [[text]], sheet="Essai")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in sheet.replace("<formatCode", "")
    assert "hyperlink" not in sheet
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert outgoing.genuine(read[1][0]) == text


def test_numbers_stay_numbers_negative_ones_too():
    assert outgoing.csv_bytes(["a", "b"], [[-12.5, -3]]).decode("utf-8-sig").splitlines()[1] == (
        "-12,5;-3"
    )
