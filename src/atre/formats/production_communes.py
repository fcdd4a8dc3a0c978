"""Renewable electricity by commune in Pays de la Loire, as the regional directorate (DREAL)
publishes it: Enedis 2011-2019 (Parquet), where part is estimated, and the national register (CSV).
"""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from atre.formats.figure_lines import (
    BLOCK_LINES,
    Cells,
    KnownLines,
    Titles,
    cell_blocks,
    found_titles,
    titles_of,
)
from atre.formats.figure_sums import figure_columns
from atre.formats.generation import WORD_FR, generation_of
from atre.formats.iris_figures import BROKEN_FR, PARQUET_MARK
from atre.formats.local_energy import meaning_of
from atre.formats.local_energy_words import MARKS
from atre.formats.reading import PART_ROWS, Format, Part, Reject, UnreadableFile, without_rows
from atre.formats.territory_codes import official_codes, tell_repaired, unknown_code_fr
from atre.formats.territory_figures import Energy, Level, Status
from atre.formats.text_files import WarningTally, line_blocks
from atre.formats.wide_figures import NOT_NUMBER_FR, batch_of, values_and_status

PARQUET_COLUMNS = (
    "TypeZone",
    "CodeZone",
    "Filiere.de.production",
    "annee",
    "indicateur",
    "valeur",
    "estimation",
)
ZONES: dict[str, Level] = {
    "communes": Level.COMMUNE,
    "epci": Level.EPCI,
    "départements": Level.DEPARTMENT,
    "departements": Level.DEPARTMENT,
    "régions": Level.REGION,
    "regions": Level.REGION,
}
# What an indicator counts, and its unit.
MEASURES: dict[str, tuple[str, str]] = {
    "energie.totale.en.kwh": ("production", "kWh"),
    "nombre de sites": ("installations", "installations"),
    "puissance.totale.en.kw": ("installed_power", "kW"),
    "nb_inst": ("installations", "installations"),
    "nb_enr": ("renewable_installations", "installations"),
    "puiss_mw": ("installed_power", "MW"),
    "prod_mwh_an": ("production", "MWh"),
    "prod_renouv_mwh_an": ("renewable_production", "MWh"),
}
TITLES = {"codezone": "code", "variable": "variable", "valeur": "value", "typezone": "zone"}

UNKNOWN_FR = "Ce fichier n’a pas les colonnes CodeZone, TypeZone, variable et valeur."
UNKNOWN_PARQUET_FR = (
    "Ce fichier Parquet n’a pas les colonnes TypeZone, CodeZone, Filiere.de.production, annee, "
    "indicateur, valeur et estimation."
)
ESTIMATED_FR = (
    "Valeur estimée par le publieur (un total plus grand réparti entre des communes masquées) : gardée, "
    "et marquée « estimée »."
)
NO_YEAR_FR = "Ce fichier ne dit pas de quelle année sont ses chiffres : ils n’en ont pas."
ZONE_FR = "Sorte de territoire inconnue : attendue Communes, Epci, Départements ou Régions."
INDICATOR_FR = "Indicateur inconnu : la ligne n’est pas rangée au hasard."
YEAR_FR = "Année illisible : attendue comme 2019."


def _is_enedis_parquet(head: bytes) -> bool:
    # A Parquet file names its columns at its end: it is shown whole.
    return head.startswith(PARQUET_MARK) and all(name.encode() in head for name in PARQUET_COLUMNS)


def read_enedis_communes(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES`: `production` (kWh), `installed_power` (kW), `installations`; `category` is
    a `Generation`, `line` the row of the file, from 1; the publisher's estimates are `estimated`.

    Raises UnreadableFile for another Parquet file and for a damaged one.

    >>> import io
    >>> row = {"TypeZone": "Communes", "CodeZone": "44001", "Filiere.de.production": "Eolien",
    ...        "annee": "2019", "indicateur": "Energie.totale.en.kWh", "valeur": 5.0,
    ...        "estimation": True}
    >>> sink = io.BytesIO()
    >>> pq.write_table(pa.Table.from_pylist([row]), sink)
    >>> found = [*read_enedis_communes(io.BytesIO(sink.getvalue()))][0].rows
    >>> found.select(["category", "value", "status"]).to_pylist()
    [{'category': 'wind', 'value': 5.0, 'status': 'estimated'}]
    """
    tally, known = WarningTally(), KnownLines()
    first = 1
    try:
        # From memory: a stream that unpacks cannot be read from its end.
        file = pq.ParquetFile(pa.BufferReader(stream.read()))
        if not set(PARQUET_COLUMNS) <= set(file.schema_arrow.names):
            raise UnreadableFile(UNKNOWN_PARQUET_FR)
        for batch in file.iter_batches(PART_ROWS, columns=[*PARQUET_COLUMNS]):
            yield _parquet_part(batch, first, known, tally)
            first += batch.num_rows
    except (pa.ArrowException, OSError, ValueError) as fault:
        if isinstance(fault, UnreadableFile):
            raise
        raise UnreadableFile(BROKEN_FR) from fault
    yield without_rows(warnings=tally.take())


def _parquet_part(
    batch: pa.RecordBatch, first: int, known: KnownLines, tally: WarningTally
) -> Part:
    texts = [pc.fill_null(batch[name].cast(pa.string()), "") for name in PARQUET_COLUMNS]
    rejects: list[Reject] = []
    numbers = range(first, first + batch.num_rows)
    rows = [(at, [*row]) for at, row in zip(numbers, zip(*_lists(texts), strict=True), strict=True)]
    # What a row is about: all but its value and whether it is estimated.
    titles = Titles(
        " ; ", 7, {name: at for at, name in enumerate(PARQUET_COLUMNS)}, frozenset({5, 6})
    )
    kept = [at - first for at, _ in known.fresh(rows, titles, rejects)]
    names = ("zone", "code", "generation", "year", "indicator", "value", "estimated")
    fresh = pa.array(kept, pa.int64())
    cells = Cells(
        pa.array(numbers, pa.int64()).take(fresh),
        {name: text.take(fresh) for name, text in zip(names, texts, strict=True)},
    )
    return Part(rows=_figures(cells, rejects, tally), rejects=tuple(rejects))


def _lists(columns: list[pa.Array]) -> list[list[str]]:
    return [column.to_pylist() for column in columns]


def _titles(line: str) -> Titles | None:
    titles = titles_of(line, TITLES, frozenset({"value"}))
    return titles if titles.places.keys() == set(TITLES.values()) else None


def _is_indicators(head: bytes) -> bool:
    return found_titles(head, _titles) is not None


def read_indicators(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES` by commune, EPCI, department and region: `installations`,
    `renewable_installations`, `installed_power` (MW), `production` and `renewable_production` (MWh);
    `year` is null.

    Raises UnreadableFile for other titles and for a file without lines.

    >>> import io
    >>> text = b"CodeZone,variable,valeur,TypeZone\\n44001,puiss_MW__eol_ter,12.5,Communes"
    >>> found = [part.rows for part in read_indicators(io.BytesIO(text)) if part.rows.num_rows]
    >>> found[0].select(["measure", "category", "value", "unit"]).to_pylist()
    [{'measure': 'installed_power', 'category': 'wind', 'value': 12.5, 'unit': 'MW'}]
    """
    tally = WarningTally()
    tally.add(NO_YEAR_FR)
    blocks = line_blocks(stream, tally, rows=BLOCK_LINES)
    for _, cells, rejects in cell_blocks(
        blocks, _titles, lambda _: KnownLines(), unknown_fr=UNKNOWN_FR
    ):
        # « prod_MWh_an__eol_ter »: what is counted, then how it is produced.
        halves = pc.extract_regex(cells.of("variable"), "^(?P<indicator>.+)__(?P<way>.+)$")
        texts = {
            **cells.texts,
            "indicator": pc.fill_null(pc.struct_field(halves, "indicator"), ""),
            "generation": pc.fill_null(pc.struct_field(halves, "way"), ""),
        }
        rows = _figures(Cells(cells.lines, texts), rejects, tally)
        yield Part(rows=rows, rejects=tuple(rejects))
    yield without_rows(warnings=tally.take())


def _figures(cells: Cells, rejects: list[Reject], tally: WarningTally) -> pa.RecordBatch:
    level = meaning_of(cells.of("zone"), ZONES)
    territory = _territories(cells, level, rejects, tally)
    measure = meaning_of(cells.of("indicator"), {word: said[0] for word, said in MEASURES.items()})
    generation = generation_of(cells.of("generation"))
    year, no_year = _year(cells)
    values, status = values_and_status(cells.of("value"), MARKS)
    good = pc.is_valid(territory)
    for mask, reason, place in (
        (pc.is_null(measure), INDICATOR_FR, "indicator"),
        (pc.is_null(generation), WORD_FR, "generation"),
        (no_year, YEAR_FR, "year"),
        (pc.is_null(status), NOT_NUMBER_FR, "value"),
    ):
        rejects += cells.refused(pc.and_(good, mask), reason, place)
        good = pc.and_(good, pc.invert(mask))
    estimated = pc.and_(good, pc.equal(cells.of("estimated"), "true"))
    published = pc.equal(status, str(Status.PUBLISHED))
    status = pc.if_else(pc.and_(estimated, published), str(Status.ESTIMATED), status)
    tally.add(ESTIMATED_FR, count=pc.sum(pc.equal(status, str(Status.ESTIMATED))).as_py() or 0)
    figures = figure_columns(
        len(cells),
        {
            "level": pc.fill_null(level, ""),
            "territory": pc.fill_null(territory, ""),
            "year": year,
            "measure": pc.fill_null(measure, ""),
            "energy": str(Energy.ELECTRICITY),
            "category": generation,
            "value": values,
            "unit": pc.fill_null(_units(cells), ""),
            "status": pc.fill_null(status, ""),
            "line": cells.lines,
        },
    )
    return batch_of(figures.filter(good).to_batches())


def _units(cells: Cells) -> pa.Array:
    return meaning_of(cells.of("indicator"), {word: said[1] for word, said in MEASURES.items()})


def _territories(
    cells: Cells, level: pa.Array, rejects: list[Reject], tally: WarningTally
) -> pa.Array:
    """The code of each line, null where it is refused."""
    rejects += cells.refused(pc.is_null(level), ZONE_FR, "zone")
    territory = pa.nulls(len(cells), pa.string())
    lines = cells.lines.to_pylist()
    for each in dict.fromkeys(ZONES.values()):
        here = pc.fill_null(pc.equal(level, str(each)), False)
        found = official_codes(pc.if_else(here, cells.of("code"), ""), each)
        tell_repaired(found, lines, tally)
        wrong = pc.and_(here, pc.is_null(found.codes))
        rejects += cells.refused(wrong, unknown_code_fr(each), "code")
        territory = pc.coalesce(found.codes, territory)
    return territory


def _year(cells: Cells) -> tuple[pa.Array, pa.Array]:
    """The year where the file has one, and whether it has one that cannot be read."""
    texts = cells.of("year")
    is_year = pc.match_substring_regex(texts, r"^20\d\d$")
    year = pc.if_else(is_year, texts, pa.scalar(None, pa.string())).cast(pa.int16())
    if "year" not in cells.texts:
        return year, pa.array([False] * len(cells), pa.bool_())
    return year, pc.invert(is_year)


FORMATS: tuple[Format, ...] = (
    Format(
        key="enedis_production_communes",
        title_fr="production électrique par commune des Pays de la Loire, Enedis et DREAL (Parquet)",
        recognises=_is_enedis_parquet,
        read=read_enedis_communes,
    ),
    Format(
        key="production_register_indicators",
        title_fr="indicateurs du registre de production des Pays de la Loire, DREAL (CSV)",
        recognises=_is_indicators,
        read=read_indicators,
    ),
)
