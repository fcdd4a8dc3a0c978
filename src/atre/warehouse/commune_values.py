"""One value a commune, for maps and lists: arrays in the order of the communes' codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atre.formats.territory_figures import Level
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import Flag, Indicator
from atre.warehouse.reading import asked_cut, asked_indicators, named_of, of_cut, of_indicators
from atre.warehouse.served import served, tables_of


@dataclass(frozen=True, slots=True, eq=False)
class CommuneValues:
    """Arrays of shape (n,): codes of today, sorted; values in the indicator's unit, NaN where
    nothing is known; bounds of what is secret, NaN where nothing bounds it; flags; the share of
    secret cells among those added up, 0 to 1."""

    codes: NDArray[np.object_]
    values: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    flags: NDArray[np.object_]
    secret_share: NDArray[np.float64]
    unit: str
    source: str | None
    year: int | None


def commune_values(
    engine: Engine,
    folders: Folders,
    edition: Edition,
    *,
    indicator: Indicator,
    year: int | None,
    cut: Mapping[str, str] | None = None,
) -> CommuneValues:
    """The value of every commune that has one, from the preferred source of that year.

    `year`: None for figures without a year. `cut`: one sector, energy or category; what it does not
    name is added up.
    """
    cut = dict(cut or {})
    named = named_of(cut, dated=year is not None)
    given = {**asked_indicators([indicator], tuple(cut)), **asked_cut(year, cut)}

    def narrowed(rows: Table, asked: Mapping[str, Table]) -> Table:
        rows = rows.filter(rows.level == Level.COMMUNE.value)
        # A year that is not known is asked as such; a cutting that is not named is added up.
        if "year" not in named:
            rows = rows.filter(rows.year.isnull())
        return of_cut(rows, asked, named)

    def ask(asked: Mapping[str, Table]) -> Table:
        narrow = partial(narrowed, asked=asked)
        rows = served(engine, folders, edition, [indicator.key], narrow=narrow)
        return _of_each_commune(of_indicators(rows, asked))

    found = engine.asked(
        ("commune_values", edition.key, tables_of([indicator.key]), named), given, ask
    )
    return _of_one_source(found, indicator, year)


def _of_each_commune(rows: Table) -> Table:
    hidden = (rows.secret_cells > 0) & rows.upper.isnull()
    return (
        rows.group_by("territory", "source")
        .agg(
            value=rows.value.sum(),
            lower=rows.lower.sum(),
            upper=rows.upper.sum(),
            unbounded=hidden.ifelse(1, 0).sum(),
            known=rows.known_cells.sum(),
            secret=rows.secret_cells.sum(),
            cells=rows.cells.sum(),
            estimated=(rows.flag == Flag.ESTIMATED.value).ifelse(1, 0).sum(),
            reconstructed=(rows.flag == Flag.RECONSTRUCTED.value).ifelse(1, 0).sum(),
        )
        .order_by("territory")
    )


def _of_one_source(found: pa.Table, indicator: Indicator, year: int | None) -> CommuneValues:
    sources = set(found["source"].to_pylist())
    source = next((name for name in indicator.sources if name in sources), None)
    rows = found.filter(pc.equal(found["source"], source)) if source else found.slice(0, 0)

    def column(name: str) -> NDArray[np.float64]:
        read = rows[name].to_numpy(zero_copy_only=False)
        return np.asarray(read, dtype=np.float64)

    known, unbounded = column("known") > 0, column("unbounded") > 0
    flags = np.select(
        [
            ~known & (column("secret") > 0) & (column("reconstructed") == 0),
            ~known & (column("reconstructed") == 0),
            column("reconstructed") > 0,
            column("estimated") > 0,
        ],
        [Flag.SECRET, Flag.MISSING, Flag.RECONSTRUCTED, Flag.ESTIMATED],
        default=Flag.MEASURED,
    ).astype(object)
    bound = np.where(unbounded, np.nan, 1.0)
    return CommuneValues(
        codes=np.asarray(rows["territory"].to_pylist(), dtype=object),
        values=column("value"),
        lower=column("lower") * bound,
        upper=column("upper") * bound,
        flags=flags,
        secret_share=column("secret") / np.maximum(column("cells"), 1),
        unit=indicator.unit,
        source=source,
        year=year,
    )
