"""What a household downloads from its own Enedis account: the XLSX export of 2025 and the CSV files
that tools make of the same data (« debut;fin;kWh », « debut,kW », « Début;Fin;Valeur (en Kw) »).

Columns are found by their titles, wherever the table begins; the unit is the one that the title of
the value names. Times carry no offset: they are legal times of mainland France.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import MAXYEAR, datetime, timedelta
from itertools import islice
from typing import BinaryIO

from atre.formats.enedis_export_table import Columns, ExportTable, columns_of
from atre.formats.reading import PART_ROWS, Format, Part, UnreadableFile, without_rows
from atre.formats.text_files import (
    DELIMITERS,
    WarningTally,
    fields_of,
    head_lines,
    line_blocks,
)
from atre.formats.workbook_files import MAX_ARCHIVE_BYTES, Cell, is_archive, sheets_of

SEARCHED_ROWS = 60
METER = re.compile(r"\d{14}")
OTHER_SHEETS_FR = "Feuille du classeur qui n’est pas lue : une seule l’est."
NO_TABLE_FR = "Ce fichier n’a pas de tableau aux colonnes « Début, Fin, Valeur (en kW) »."


def _recognises_csv(head: bytes) -> bool:
    """Whether one of the first lines has the titles of a table of consumption."""
    return not is_archive(head) and any(
        _titles_of(line) is not None for line in head_lines(head, SEARCHED_ROWS)
    )


def _titles_of(line: str) -> tuple[Columns, str] | None:
    for delimiter in DELIMITERS:
        if delimiter in line:
            columns = columns_of(fields_of(line, delimiter))
            if columns is not None:
                return columns, delimiter
    return None


def read_csv(stream: BinaryIO) -> Iterator[Part]:
    """The parts of a CSV table: `INTERVALS` in kWh, from kW or kWh as the title of the value says.
    Lines before the titles may name the meter. Times are legal times of mainland France.

    Raises UnreadableFile when no line has the titles of such a table.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> export = '''Début;Fin;Valeur (en Kw)
    ... 02/03/2023 00:00:00;02/03/2023 00:30:00;4,030
    ... 02/03/2023 00:30:00;02/03/2023 01:00:00;NA
    ... '''
    >>> found = collect(FORMATS[1], read_csv(BytesIO(export.encode())))
    >>> found.tables[0]["kwh"].to_pylist(), found.warnings[0].reason_fr
    ([2.015, None], 'Valeur écrite « NA » : gardée comme inconnue.')
    """
    warnings = WarningTally()
    table: ExportTable | None = None
    meter_id, delimiter = None, ";"
    for block in line_blocks(stream, warnings):
        if block.rejects:
            yield without_rows(rejects=block.rejects)
        first = 0
        while table is None and first < len(block.lines):
            found = _titles_of(block.lines[first])
            if found is not None:
                table, delimiter = ExportTable(found[0], meter_id, warnings), found[1]
            meter_id = meter_id or _meter_in(block.lines[first])
            first += 1
        if table is None:
            raise UnreadableFile(NO_TABLE_FR)
        kept = [place for place in range(first, len(block.lines)) if block.lines[place].strip()]
        yield from table.rows(
            [block.numbers[place] for place in kept],
            [fields_of(block.lines[place], delimiter) for place in kept],
        )
    if table is None:
        raise UnreadableFile(NO_TABLE_FR)
    yield from table.finish()
    yield without_rows(warnings=warnings.take())


def _meter_in(text: str) -> str | None:
    found = METER.search(text)
    return found[0] if found else None


def _recognises_workbook(head: bytes) -> bool:
    """Whether a sheet of a workbook has the titles of a table of consumption."""
    if not is_archive(head):
        return False
    try:
        return any(
            _header(sheet.rows) is not None for sheet in sheets_of(head, first_rows=SEARCHED_ROWS)
        )
    except UnreadableFile:
        return False


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[int, Columns] | None:
    for place, row in enumerate(islice(rows, SEARCHED_ROWS)):
        columns = columns_of([_cell_text(cell) for cell in row])
        if columns is not None:
            return place, columns
    return None


def read_workbook(stream: BinaryIO) -> Iterator[Part]:
    """The parts of the first sheet that has the titles, as those of `read_csv`; the other sheets
    are counted in a warning. The cells above the titles may name the meter.

    Raises UnreadableFile when no sheet has them, or for a workbook damaged or beyond bounds.

    >>> from io import BytesIO
    >>> from atre.formats.outgoing import xlsx_bytes
    >>> from atre.formats.reading import collect
    >>> row = ("02/03/2023 00:00:00", "02/03/2023 00:30:00", 4.03)
    >>> workbook = xlsx_bytes(["Début", "Fin", "Valeur (en kW)"], [row], sheet="Consommation")
    >>> collect(FORMATS[0], read_workbook(BytesIO(workbook))).tables[0]["kwh"].to_pylist()
    [2.015]
    """
    warnings = WarningTally()
    content = stream.read(MAX_ARCHIVE_BYTES + 1)
    is_read = False
    for sheet in sheets_of(content):
        found = None if is_read else _header(sheet.rows)
        if found is None:
            warnings.add(OTHER_SHEETS_FR, count=1)
            continue
        is_read = True
        above, columns = found
        meter_id = _meter_above(sheet.rows[:above])
        table = ExportTable(columns, meter_id, warnings)
        texts = [[_cell_text(cell) for cell in row] for row in sheet.rows[above + 1 :]]
        kept = [place for place, row in enumerate(texts) if any(row)]
        for offset in range(0, len(kept), PART_ROWS):
            places = kept[offset : offset + PART_ROWS]
            yield from table.rows(
                [above + 2 + place for place in places], [texts[place] for place in places]
            )
        yield from table.finish()
    if not is_read:
        raise UnreadableFile(NO_TABLE_FR)
    yield without_rows(warnings=warnings.take())


def _meter_above(rows: Sequence[Sequence[Cell]]) -> str | None:
    texts = (_cell_text(cell) for row in rows for cell in row)
    return next((meter for text in texts if (meter := _meter_in(text)) is not None), None)


def _cell_text(cell: Cell) -> str:
    """A cell as the text a CSV would hold; a date that a spreadsheet kept as a fraction of days is
    rounded to its second.

    >>> _cell_text(datetime(2023, 3, 2, 0, 29, 59, 999_999)), _cell_text(12.0), _cell_text(None)
    ('2023-03-02T00:30:00', '12', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        rounded = cell + timedelta(microseconds=500_000) if cell.year < MAXYEAR else cell
        return rounded.replace(microsecond=0).isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


FORMATS = (
    Format(
        key="enedis_export_xlsx",
        title_fr="l’export XLSX de l’espace client d’Enedis",
        recognises=_recognises_workbook,
        read=read_workbook,
    ),
    Format(
        key="enedis_export_csv",
        title_fr="les CSV « debut, fin, kW » tirés de l’espace client ou de Conso API",
        recognises=_recognises_csv,
        read=read_csv,
    ),
)
