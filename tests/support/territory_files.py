"""Real files about territories, read as a user's would be, and what is counted in them apart from
the readers."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from atre.formats.reading import Reading, collect
from atre.formats.recognition import recognise_stream

REAL = Path(__file__).resolve().parents[3] / "shared" / "reference" / "data"
# The five authorities of the Var pact: 51 communes.
PACT_SIRENS = frozenset({"248300394", "200040210", "200027100", "200040202", "248300410"})


def real_bytes(name: str) -> bytes:
    return (REAL / name).read_bytes()


def real_text(name: str) -> bytes:
    """What a compressed file holds."""
    return gzip.decompress(real_bytes(name))


def real_rows(name: str, delimiter: str) -> Iterator[dict[str, str]]:
    """The lines of a real file, read by the standard library."""
    content = real_text(name) if name.endswith(".gz") else real_bytes(name)
    return csv.DictReader(io.StringIO(content.decode("utf-8")), delimiter=delimiter)


def read_file(content: bytes) -> Reading:
    known = recognise_stream(io.BytesIO(content))
    return collect(known, known.read(io.BytesIO(content)))


def figures(reading: Reading) -> list[dict[str, Any]]:
    return [row for table in reading.tables for row in table.to_pylist()]


def warned(reading: Reading) -> dict[str, int]:
    return {each.reason_fr: each.count for each in reading.warnings}


def refused(reading: Reading) -> list[tuple[int | None, str]]:
    return [(each.line, each.reason_fr) for each in reading.rejects]


def pact_communes() -> set[str]:
    rows = real_rows("communes_epci_2026.csv.gz", ",")
    return {row["code"] for row in rows if row["epci"] in PACT_SIRENS}
