"""The rows of files behind a figure: what was published, by whom, in which line of which file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from atre.warehouse import engine as e
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import DIMENSIONS, Indicator
from atre.warehouse.reading import (
    asked_cut,
    asked_indicators,
    asked_territory,
    named_of,
    of_cut,
    of_indicators,
    of_territory,
)
from atre.warehouse.territories import Territory

PAGE = pa.schema([("limit_rows", pa.int64()), ("skip_rows", pa.int64())])


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One figure as a file gives it. `standing` says whether it counts, and if not why; `file` is
    the key of the file's receipt, `line` its line there."""

    source: str
    file: str
    line: int | None
    level: str
    published_territory: str
    territory: str
    year: int | None
    sector: str | None
    energy: str | None
    category: str | None
    published_value: float | None
    published_unit: str
    basis: str | None
    value: float | None
    unit: str
    status: str
    standing: str


@dataclass(frozen=True, slots=True)
class SourceRows:
    """A page of rows, and how many there are in all."""

    rows: tuple[SourceRow, ...]
    total: int


def source_rows(
    engine: Engine,
    folders: Folders,
    edition: Edition,
    *,
    indicator: Indicator,
    territory: Territory,
    year: int | None = None,
    cut: Mapping[str, str] | None = None,
    limit: int = 100,
    offset: int = 0,
) -> SourceRows:
    """The rows of a territory's files for an indicator, in the order of the files and their lines.

    `cut`: the sector, energy or category wanted, all of them where it says nothing.
    """
    cut = dict(cut or {})
    named = named_of(cut, dated=year is not None)
    page = {"limit_rows": [offset + limit], "skip_rows": [offset]}
    given = {
        **asked_territory(territory),
        # Rows behind a figure are all shown, whatever categories it adds up.
        **asked_indicators([indicator], DIMENSIONS),
        **asked_cut(year, cut),
        "asked_page": pa.table(page, schema=PAGE),
    }

    def ask(asked: Mapping[str, Table]) -> Table:
        return _asked(engine.table([folders.marts / edition.staged]), asked, named)

    found = engine.asked(("source_rows", edition.key, named), given, ask).to_pylist()
    total = found[0]["total"] if found else 0
    fields = SourceRow.__dataclass_fields__
    return SourceRows(
        tuple(SourceRow(**{name: line[name] for name in fields}) for line in found), int(total)
    )


def _asked(rows: Table, asked: Mapping[str, Table], named: Sequence[str]) -> Table:
    wanted = asked["asked_territories"]
    of_commune = rows.semi_join(wanted, rows.commune == wanted.asked_code)
    own = of_territory(rows.filter(rows.commune.isnull()), asked)
    rows = of_indicators(e.union(of_commune, own), asked, named="measure")
    rows = of_cut(rows, asked, named)
    # A line of a wide file holds several figures: without their cuttings, pages would overlap.
    order = [rows[name] for name in ("file", "line", "territory", "year", *DIMENSIONS)]
    place = e.row_number().over(e.window(order_by=order))
    rows = rows.mutate(place=place, total=rows.count().over(e.window()))
    page = asked["asked_page"]
    rows = rows.cross_join(page)
    return rows.filter((rows.place >= rows.skip_rows) & (rows.place < rows.limit_rows)).order_by(
        "place"
    )


def column_names() -> Sequence[str]:
    """The columns of a source row, in the order of a downloaded file."""
    return tuple(SourceRow.__dataclass_fields__)
