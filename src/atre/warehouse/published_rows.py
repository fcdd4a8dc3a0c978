"""What files, models and corrections say of the communes that changed: rows as published, and the
year of the communes that each file gives, told by its codes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import pyarrow as pa

from atre.formats.territory_figures import Level, Status
from atre.warehouse import engine as e
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table
from atre.warehouse.folders import Folders
from atre.warehouse.geographies import Geographies
from atre.warehouse.indicators import Flag, Indicator
from atre.warehouse.marts.additive import shaped
from atre.warehouse.marts.registry import MARTS
from atre.warehouse.reading import asked_indicators, asked_territory, of_indicators, of_territory
from atre.warehouse.served import served, tables_of
from atre.warehouse.sources.receipts import receipts
from atre.warehouse.staging.figures import BY_COMMUNE, Standing
from atre.warehouse.territories import Kind, Territory

# Rows of a mart are of today's communes; the others, of the year that their file's codes tell.
FROM_MART = ""
Row = dict[str, Any]
Vintages = Mapping[tuple[str, int | None], Mapping[str, int | None]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what it takes to answer it."""

    engine: Engine
    folders: Folders
    edition: Edition
    indicators: Sequence[Indicator]
    territory: Territory
    geography: int
    by: Sequence[str]


def published_rows(asked: Question, codes: Sequence[str]) -> list[Row]:
    """The rows of files for these codes, those that lead to no commune of today included."""
    given = {
        "asked_codes": pa.table({"asked_code": pa.array(codes, pa.string())}),
        **asked_indicators(asked.indicators, asked.by),
    }

    def ask(tables: Mapping[str, Table]) -> Table:
        rows = asked.engine.table([asked.folders.marts / asked.edition.staged])
        rows = rows.filter(
            rows.level.isin(BY_COMMUNE)
            & rows.standing.isin((Standing.KEPT.value, Standing.OUTSIDE.value))
        )
        rows = rows.mutate(published=rows.published_territory.substr(0, 5))
        rows = rows.semi_join(
            tables["asked_codes"], rows.published == tables["asked_codes"].asked_code
        )
        return _cells(of_indicators(rows, tables, named="measure"))

    key = ("published_rows", asked.edition.key)
    found: list[Row] = asked.engine.asked(key, given, ask).to_pylist()
    return found


def _cells(rows: Table) -> Table:
    """Staged rows as rows of MART of one cell each."""
    is_known = rows.value.notnull()
    is_secret = rows.status.isin((Status.SECRET.value, Status.PARTIAL.value))
    is_estimated = rows.status == Status.ESTIMATED.value
    return rows.select(
        file=rows.file,
        published=rows.published,
        of_level=rows.level,
        territory=rows.published,
        level=e.literal(Level.COMMUNE.value),
        indicator=rows.measure,
        **{name: rows[name] for name in ("year", "sector", "energy", "category")},
        **{name: rows[name] for name in ("value", "value_pcs", "unit", "source")},
        flag=e.cases(
            (is_known & is_estimated, Flag.ESTIMATED.value),
            (is_known, Flag.MEASURED.value),
            (is_secret, Flag.SECRET.value),
            else_=Flag.MISSING.value,
        ),
        cells=e.literal(1).cast("int64"),
        known_cells=is_known.ifelse(1, 0).cast("int64"),
        secret_cells=is_secret.ifelse(1, 0).cast("int64"),
        estimated_cells=is_estimated.ifelse(1, 0).cast("int64"),
        geographies=e.literal(1).cast("int64"),
    )


def computed_rows(asked: Question, codes: Sequence[str]) -> list[Row]:
    """What no file publishes by commune: models, corrections, degree days."""
    computed = [one for one in asked.indicators if one.key not in received_measures()]
    if not computed:
        return []
    keys = [one.key for one in computed]
    given = {
        **asked_territory(Territory(Kind.SET, "", "", tuple(codes))),
        **asked_indicators(computed, asked.by),
    }

    def ask(tables: Mapping[str, Table]) -> Table:
        narrow = partial(of_territory, asked=tables)
        rows = served(asked.engine, asked.folders, asked.edition, keys, narrow=narrow)
        rows = shaped(of_indicators(rows, tables))
        return rows.mutate(published=rows.territory, of_level=rows.level)

    rows = asked.engine.asked(
        ("mart_rows", asked.edition.key, tables_of(keys)), given, ask
    ).to_pylist()
    return [row | {"file": FROM_MART} for row in rows]


@lru_cache(maxsize=1)
def received_measures() -> frozenset[str]:
    """The indicators whose figures by commune are rows of files."""
    return frozenset(key for mart in MARTS.values() if mart.is_received for key in mart.indicators)


def orders_of(folders: Folders) -> dict[str, int]:
    """When each file was received: 1 for the first."""
    return {receipt.key: receipt.order for receipt in receipts(folders)}


_of_edition: dict[tuple[str, str], Vintages] = {}


def vintages_of(asked: Question, known: Geographies) -> Vintages:
    """The year of the communes of each file and year of figures, by family: asked of the whole file
    once an edition, since a file's other families tell what one alone does not."""
    key = str(asked.folders.data), asked.edition.key
    if key in _of_edition:
        return _of_edition[key]
    rows = asked.engine.table([asked.folders.marts / asked.edition.staged])
    codes = sorted(known.family_of)
    rows = rows.filter(rows.level.isin(BY_COMMUNE))
    rows = rows.mutate(published=rows.published_territory.substr(0, 5))
    rows = rows.filter(rows.published.isin(codes))
    held: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    found = asked.engine.rows(rows.select("file", "year", "published").distinct())
    for line in found.to_pylist():
        held[line["file"], line["year"]].add(line["published"])
    _of_edition.clear()
    _of_edition[key] = {key: known.vintages(codes) for key, codes in held.items()}
    return _of_edition[key]
