"""Files that agencies send: read when sound, refused in words and within bounds otherwise."""

import io
import tracemalloc
import zipfile
from datetime import date

import pytest
import xlsxwriter

from atre.formats import case_table
from atre.formats.case_table import UnreadableTable, read_table, sheet_names


def book(*rows, sheet: str = "Dossiers") -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        written = workbook.add_worksheet(sheet)
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    written.write_datetime(line, column, value, day)
                elif value is not None:
                    written.write(line, column, value)
    return content.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same archive with some parts replaced or added (double underscores stand for slashes)."""
    replaced = {name.replace("__", "/"): body for name, body in parts.items()}
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in source.infolist():
            if entry.filename not in replaced:
                made.writestr(entry.filename, source.read(entry.filename))
        for name, body in replaced.items():
            made.writestr(name, body)
    return target.getvalue()


SOUND = book(["Nom", "Demande"], ["Exemple", date(2026, 3, 2)], [None, None], ["Autre", 12.0])


def test_a_workbook_is_read_with_its_dates_and_its_own_line_numbers():
    table = read_table(SOUND)
    assert table.headers == ("Nom", "Demande")
    assert [(line.number, line.values) for line in table.lines] == [
        (2, ("Exemple", date(2026, 3, 2))),
        (4, ("Autre", 12)),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_text_file_is_read_whatever_its_encoding_and_separator(encoding, mark):
    content = f"Prénom{mark}Nom\r\nLéa{mark}Œuvrard\r\n".encode(encoding)
    table = read_table(content)
    assert table.headers == ("Prénom", "Nom")
    assert table.lines[0].values == ("Léa", "Œuvrard")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04" + b"\x00" * 50,
        SOUND[: len(SOUND) // 2],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        b"%PDF-1.7\x00\x00",
        b'a;b\n"never closed;c\n',
        repacked(SOUND, xl__worksheets__sheet1_xml=b"")[:-30],
        repacked(SOUND, **{"xl__worksheets__sheet1.xml": b"<not-closed"}),
        repacked(SOUND, **{"xl__workbook.xml": b"\xff\xfe garbage"}),
    ],
)
def test_what_is_damaged_or_something_else_is_refused_in_words(content):
    with pytest.raises(UnreadableTable) as refusal:
        read_table(content)
    assert str(refusal.value).endswith((".", ")."))


def test_an_archive_that_unpacks_to_gigabytes_is_refused_before_it_is_laid_out():
    bomb = repacked(SOUND, xl__bomb=b"\x00" * (case_table.MAX_UNPACKED_BYTES + 1))
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    with pytest.raises(UnreadableTable, match="démesuré"):
        sheet_names(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 1024 * 1024


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD2"])
def test_a_cell_at_the_end_of_the_world_is_refused_rather_than_laid_out(place):
    far = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1"><c r="A1"><v>1</v></c></row><row><c r="{place}"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    ).encode()
    with pytest.raises(UnreadableTable, match="très loin"):
        read_table(repacked(SOUND, **{"xl__worksheets__sheet1.xml": far}))


def test_cells_without_a_place_in_a_row_at_the_end_are_refused_too():
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(UnreadableTable, match="très loin"):
        read_table(repacked(SOUND, **{"xl__worksheets__sheet1.xml": far}))


def test_entities_are_not_expanded():
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c></row>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>&e;</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    try:
        table = read_table(repacked(SOUND, **{"xl__worksheets__sheet1.xml": xml}))
    except UnreadableTable:
        return
    assert all("root" not in str(value) for line in table.lines for value in line.values)


def test_more_lines_than_the_bound_are_refused_with_what_to_do():
    content = "Nom\n" + "x\n" * (case_table.MAX_ROWS + 1)
    with pytest.raises(UnreadableTable, match="plusieurs fichiers"):
        read_table(content.encode())


def test_headers_without_a_line_are_explained():
    with pytest.raises(UnreadableTable, match="qu’une ligne"):
        read_table("Nom;Prénom\n".encode())
