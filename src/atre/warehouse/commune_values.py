"""One value a commune, for maps and lists: arrays in the order of the communes' codes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atre.formats.territory_figures import Level
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table
from atre.warehouse.figures import asked_indicators
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import WHOLE, Flag, Indicator

CUTS = ("sector", "energy", "category")


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
    wanted = {
        "year": pa.array([year], pa.int16()),
        **{name: pa.array([cut.get(name)], pa.string()) for name in CUTS},
    }
    given = {
        "asked_indicators": asked_indicators([indicator], tuple(cut)),
        "wanted": pa.table({f"wanted_{name}": column for name, column in wanted.items()}),
    }

    def ask(asked: Mapping[str, Table]) -> Table:
        return _asked(engine.table(edition.files(folders)), asked)

    found = engine.asked(("commune_values", edition.key), given, ask)
    return _of_one_source(found, indicator, year)


def _asked(rows: Table, asked: Mapping[str, Table]) -> Table:
    indicators, wanted = asked["asked_indicators"], asked["wanted"]
    rows = rows.filter(rows.level == Level.COMMUNE.value)
    rows = rows.semi_join(
        indicators,
        [
            rows.indicator == indicators.key,
            indicators.only.isnull() | (indicators.only == rows.category.fill_null(WHOLE)),
        ],
    )
    rows = rows.semi_join(wanted, _wanted(rows, wanted))
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


def _wanted(rows: Table, wanted: Table) -> list[Table]:
    # A year that is not known is asked as such; a cutting that is not named is added up.
    years = (rows.year == wanted.wanted_year) | (rows.year.isnull() & wanted.wanted_year.isnull())
    cuts = [
        wanted[f"wanted_{name}"].isnull() | (wanted[f"wanted_{name}"] == rows[name])
        for name in CUTS
    ]
    return [years, *cuts]


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
