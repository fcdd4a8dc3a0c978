"""Files for the readers' tests: the real ones when they are at hand, and small ones made here."""

import gzip
import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
import xlsxwriter

from atre.formats.reading import Format, Reading, collect
from atre.formats.recognition import recognise_stream

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared" / "cases" / "enedis"


def real(name: str) -> bytes:
    """A published file; the test that asks for it is skipped where it is absent."""
    path = CASES / name
    if not path.is_file():
        pytest.skip(f"published case absent: {name}")
    content = path.read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def recognised(content: bytes) -> Format:
    return recognise_stream(io.BytesIO(content))


def reading(content: bytes) -> Reading:
    """A file recognised and read whole."""
    stream = io.BytesIO(content)
    known = recognise_stream(stream)
    return collect(known, known.read(stream))


@cache
def real_reading(name: str) -> Reading:
    """A published file, read once for all the tests of a run."""
    return reading(real(name))


def curve(
    *rows: tuple[str, str] | str, unit: str = "W", kind: str = "Courbe de charge", meter: str = "1"
) -> bytes:
    """A load curve as an HDM file, from its rows."""
    lines = [
        "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;"
        "Grandeur metier;Etape metier;Unite;Pas en minutes",
        f"{meter};{kind};01/01/2021;31/12/2021;Energie active;Consommation;Comptage Brut;{unit};",
        "Horodate;Valeur",
        *(row if isinstance(row, str) else ";".join(row) for row in rows),
    ]
    return "\ufeff".encode() + "\n".join(lines).encode() + b"\n"


def half_hours(*times: str, value: str = "1000") -> list[tuple[str, str]]:
    return [(time, value) for time in times]


def workbook(rows: Sequence[Sequence[object]], sheet: str = "Consommation Horaire") -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        written = book.add_worksheet(sheet)
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if hasattr(value, "year"):
                    written.write_datetime(line, column, value, moment)
                elif value is not None:
                    written.write(line, column, value)
    return content.getvalue()


def reasons(found: Reading) -> list[str]:
    return [reject.reason_fr for reject in found.rejects]


def doubts(found: Reading) -> dict[str, int]:
    return {warned.reason_fr: warned.count for warned in found.warnings}
