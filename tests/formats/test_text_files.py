"""Lines of text from any bytes: encodings, line ends, monstrous lines, numbers."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atre.formats import text_files
from atre.formats.reading import UnreadableFile
from atre.formats.text_files import (
    WarningTally,
    fields_of,
    head_lines,
    line_blocks,
    number_of,
    sniffed_delimiter,
)


def read(content: bytes, rows: int = 1000):
    warnings = WarningTally()
    blocks = list(line_blocks(io.BytesIO(content), warnings, rows=rows))
    return (
        [line for block in blocks for line in block.lines],
        [number for block in blocks for number in block.numbers],
        [reject for block in blocks for reject in block.rejects],
        warnings.take(),
    )


@given(
    st.lists(st.text(st.characters(exclude_characters="\r\n\0\ufeff", exclude_categories=["Cs"])))
)
def test_lines_come_back_whatever_ends_them(lines):
    for end in ("\n", "\r\n", "\r"):
        content = "".join(line + end for line in lines).encode()
        assert read(content)[0] == lines


def test_lines_cut_by_a_chunk_are_joined(monkeypatch):
    monkeypatch.setattr(text_files, "CHUNK_BYTES", 3)
    assert read("é;1\r\nà;2\r\nù;3".encode())[0] == ["é;1", "à;2", "ù;3"]


def test_the_mark_of_utf8_is_no_character():
    assert read(b"\xef\xbb\xbfHorodate;Valeur\n")[0] == ["Horodate;Valeur"]


def test_windows_characters_are_read_and_said():
    lines, _, _, warnings = read("Arrêté\nquotidien".encode("cp1252"))
    assert lines == ["Arrêté", "quotidien"]
    assert "CP1252" in warnings[0].reason_fr


def test_a_monstrous_line_is_refused_alone_and_the_next_lines_keep_their_number():
    content = b"a\n" + b"x" * (3 * text_files.CHUNK_BYTES) + b"\nb\nc\n"
    lines, numbers, rejects, _ = read(content)
    assert lines == ["a", "b", "c"]
    assert numbers == [1, 3, 4]
    assert [reject.line for reject in rejects] == [2]


def test_a_last_line_without_end_that_is_too_long_is_refused():
    lines, _, rejects, _ = read(b"a\n" + b"x" * 200_000)
    assert lines == ["a"]
    assert [reject.line for reject in rejects] == [2]


@pytest.mark.parametrize("content", [b"a\x00b", "Horodate".encode("utf-16")])
def test_what_is_not_plain_text_is_refused_whole(content):
    with pytest.raises(UnreadableFile):
        read(content)


@given(st.binary())
def test_any_bytes_give_lines_or_a_refusal(content):
    try:
        lines, numbers, _, _ = read(content, rows=3)
    except UnreadableFile:
        return
    assert len(lines) == len(numbers)
    assert numbers == sorted(set(numbers))


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_come_back_from_french_writing(value):
    assert number_of(f"{value:.3f}".replace(".", ",")) == float(f"{value:.3f}")


@pytest.mark.parametrize("text", ["abc", "nan", "inf", "1,2,3", "12:30", "1e999", "²", "٣", "0x1"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="«"):
        number_of(text)


def test_blank_is_not_zero():
    assert number_of("  \u00a0 ") is None
    assert number_of("0") == 0


def test_the_separator_is_not_the_decimal_comma():
    assert sniffed_delimiter(["debut,kW", "2023-01-01,1.2"]) == ","
    assert sniffed_delimiter(["a;b", "1,5;2,5"]) == ";"


def test_quotes_protect_a_separator():
    assert fields_of('"a;b";2', ";") == ["a;b", "2"]


def test_a_head_cut_in_the_middle_of_a_character_is_still_utf8():
    assert head_lines("Arrêté".encode()[:-1]) == ["Arrêt"]
