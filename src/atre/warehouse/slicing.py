"""Where large tables are cut to be sorted by parts: ranges of territory codes of about as many rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from atre.warehouse import engine as e
from atre.warehouse.engine import Engine, Slices, Table
from atre.warehouse.folders import Folders
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.sources.receipts import FIGURES_FILE, Receipt, folder_of

# About 200 MB in memory; below twice as many, cutting costs more than it spares.
ROWS_OF_A_SLICE = 1_000_000
# The first characters of a code: a department, or part of one.
PREFIX = 3


def received_slices(engine: Engine, folders: Folders, received: Sequence[Receipt]) -> Slices | None:
    """The slices of all rows received, by the code their file has; None where one sort does."""
    if sum(receipt.rows for receipt in received) < 2 * ROWS_OF_A_SLICE:
        return None
    files = [folder_of(folders, receipt.key) / FIGURES_FILE for receipt in received]
    return _slices("published_territory", _counted(engine, engine.table(files)))


def mart_slices(inputs: Inputs, mart: Callable[[Inputs], Table]) -> Slices | None:
    """The slices of a mart, by what is staged of its measures; None where one sort does."""
    measures = getattr(mart, "keywords", {}).get("measures")
    staged = inputs.staged
    rows = staged.filter(staged.measure.isin(list(measures))) if measures else staged
    return _slices("territory", _counted(inputs.engine, rows))


def _counted(engine: Engine, rows: Table) -> list[dict[str, Any]]:
    prefixes = rows.group_by(prefix=rows.territory.substr(0, PREFIX)).agg(rows=rows.count())
    counted: list[dict[str, Any]] = engine.rows(prefixes.order_by(e.asc("prefix"))).to_pylist()
    return counted


def _slices(column: str, counted: Iterable[dict[str, Any]]) -> Slices | None:
    bounds, total, since = [], 0, 0
    for line in counted:
        if since >= ROWS_OF_A_SLICE and line["prefix"] is not None:
            bounds.append(line["prefix"])
            since = 0
        total, since = total + line["rows"], since + line["rows"]
    return Slices(column, tuple(bounds)) if bounds and total >= 2 * ROWS_OF_A_SLICE else None
