"""Tables that leave for a spreadsheet, in which no cell may become a formula.

A spreadsheet runs a cell that starts with = + - or @ (OWASP, « CSV injection »), also behind
spaces or control characters that some of them drop. Such texts get an apostrophe in front, which
`genuine` takes away when the file comes back. Numbers and dates are written as such.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

Cell = str | int | float | Decimal | date | None

DANGEROUS = tuple("=+-@＝＋－＠\t\r\n")
DROPPED = "".join(chr(code) for code in range(33)) + "\u00a0\u200b\ufeff"
GUARD = "'"
# Characters no XML file may hold.
FORBIDDEN = {code: None for code in range(32) if chr(code) not in "\t\r\n"} | {
    0xFFFE: None,
    0xFFFF: None,
    **dict.fromkeys(range(0xD800, 0xE000)),
}
LONGEST_CELL = 32_767


def _needs_guard(text: str) -> bool:
    """A text already guarded is guarded once more, so that `genuine` gives it back as it was."""
    bare = text.lstrip(GUARD)
    kept = bare.lstrip(DROPPED)
    dropped = bare[: len(bare) - len(kept)]
    return kept.startswith(DANGEROUS) or any(sign in dropped for sign in "\t\r\n")


def neutral(text: str) -> str:
    """The text as a spreadsheet may hold it without running it.

    >>> neutral("=1+1"), neutral("+33612345678"), neutral("Nogent")
    ("'=1+1", "'+33612345678", 'Nogent')
    """
    clean = text.translate(FORBIDDEN)
    guarded = GUARD + clean if _needs_guard(clean) else clean
    return guarded[:LONGEST_CELL]


def genuine(text: str) -> str:
    """What `neutral` was given (without the characters that no file may hold).

    >>> genuine("'+33612345678"), genuine("'Abri")
    ('+33612345678', "'Abri")
    """
    return text[1:] if text.startswith(GUARD) and _needs_guard(text[1:]) else text


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    r"""UTF-8 with its mark and semicolons, as spreadsheets set to French open it; an unknown cell
    is left blank, a decimal point becomes a comma, a date is ISO 8601, a text never runs (see
    `neutral`).

    >>> csv_bytes(["nom", "kwh"], [("=1+1", 12.5), ("Nogent", None)]).decode("utf-8-sig")
    "nom;kwh\r\n'=1+1;12,5\r\nNogent;\r\n"
    """
    return b"".join(csv_parts(headers, rows))


def csv_parts(
    headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, lines: int = 2_000
) -> Iterator[bytes]:
    r"""The bytes of `csv_bytes`, by parts of at most `lines` rows, for what memory should not hold.

    >>> [part.decode("utf-8-sig") for part in csv_parts(["kwh"], [[12.5], [7]], lines=1)]
    ['kwh\r\n', '12,5\r\n', '7\r\n']
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([neutral(header) for header in headers])
    yield text.getvalue().encode("utf-8-sig")
    left = iter(rows)
    while part := list(islice(left, lines)):
        text.seek(0)
        text.truncate()
        writer.writerows([_csv_cell(cell) for cell in row] for row in part)
        yield text.getvalue().encode()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutral(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace(".", ",")


def xlsx_bytes(
    headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str, widths: int = 24
) -> bytes:
    """One sheet with its first line frozen, `widths` characters wide a column. Numbers and dates
    are cells of that kind, an unknown is an empty cell, a text never runs. Rows are written as they
    come, without piling up.

    >>> from atre.formats.case_table import read_table
    >>> read_table(xlsx_bytes(["nom", "kwh"], [("=1+1", 12.5), ("Nogent", None)], sheet="S")).lines
    (Line(number=2, values=('=1+1', 12.5)), Line(number=3, values=('Nogent', None)))
    """
    import xlsxwriter

    content = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        written = workbook.add_worksheet(sheet)
        written.freeze_panes(1, 0)
        written.set_column(0, max(len(headers) - 1, 0), widths)
        for column, header in enumerate(headers):
            written.write_string(0, column, neutral(header), bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write(written, line, column, cell, day)
    return content.getvalue()


def _write(sheet: Any, line: int, column: int, cell: Cell, day: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(line, column, neutral(cell))
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, cell, day)
    else:
        sheet.write_number(line, column, float(cell))
