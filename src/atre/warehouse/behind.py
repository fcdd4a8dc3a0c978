"""The rows of files behind a figure: what was published, by whom, in which line of which file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from atre.warehouse import engine as e
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table
from atre.warehouse.figures import asked_territories
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import Indicator
from atre.warehouse.territories import Territory

CUTS = ("sector", "energy", "category")


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
    wanted = {
        "measure": pa.array([indicator.key], pa.string()),
        "year": pa.array([year], pa.int16()),
        **{name: pa.array([(cut or {}).get(name)], pa.string()) for name in CUTS},
        "limit_rows": pa.array([offset + limit], pa.int64()),
        "skip_rows": pa.array([offset], pa.int64()),
    }
    given = {"asked_territories": asked_territories(territory), "wanted": pa.table(wanted)}

    def ask(asked: Mapping[str, Table]) -> Table:
        return _asked(engine.table([folders.marts / edition.staged]), asked)

    found = engine.asked(("source_rows", edition.key), given, ask).to_pylist()
    total = found[0]["total"] if found else 0
    fields = SourceRow.__dataclass_fields__
    return SourceRows(
        tuple(SourceRow(**{name: line[name] for name in fields}) for line in found), int(total)
    )


def _asked(rows: Table, asked: Mapping[str, Table]) -> Table:
    territories, wanted = asked["asked_territories"], asked["wanted"]
    of_commune = rows.semi_join(territories, rows.commune == territories.code)
    own = rows.filter(rows.commune.isnull())
    own = own.semi_join(
        territories, [own.territory == territories.code, own.level == territories.of_level]
    )
    rows = e.union(of_commune, own)
    rows = rows.join(
        wanted.rename({f"wanted_{name}": name for name in ("measure", "year", *CUTS)}),
        [rows.measure == wanted.measure],
    )
    for name in ("year", *CUTS):
        column = rows[f"wanted_{name}"]
        rows = rows.filter(column.isnull() | (column == rows[name]))
    # A line of a wide file holds several figures: without their cuttings, pages would overlap.
    order = [rows[name] for name in ("file", "line", "territory", "year", *CUTS)]
    place = e.row_number().over(e.window(order_by=order))
    rows = rows.mutate(place=place, total=rows.count().over(e.window()))
    return rows.filter((rows.place >= rows.skip_rows) & (rows.place < rows.limit_rows)).order_by(
        "place"
    )


def column_names() -> Sequence[str]:
    """The columns of a source row, in the order of a downloaded file."""
    return tuple(SourceRow.__dataclass_fields__)
