"""The tables that an edition serves: those it wrote, and those read from them."""

from collections.abc import Callable, Collection

from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table, union
from atre.warehouse.folders import Folders
from atre.warehouse.marts.registry import CALCULATIONS, MARTS, VIEWS


def tables_of(indicators: Collection[str] | None = None) -> tuple[str, ...]:
    """The names of the tables that have figures of these indicators, of all tables for None: what a
    question does not ask for is not opened."""
    held = {name: one.indicators for name, one in MARTS.items()}
    held |= {name: one.indicators for name, one in CALCULATIONS.items()}
    held |= {name: one.indicators for name, one in VIEWS.items()}
    return tuple(
        name
        for name, keys in held.items()
        if indicators is None or not set(keys).isdisjoint(indicators)
    )


def served(
    engine: Engine,
    folders: Folders,
    edition: Edition,
    indicators: Collection[str] | None = None,
    *,
    narrow: Callable[[Table], Table] = lambda rows: rows,
) -> Table:
    """The rows of these tables, none of them read yet.

    `narrow`: the rows wanted, by anything but their indicator. Views are made of these alone, read
    once: what is chosen afterwards among joined rows, an engine joins whole and keeps.
    """
    names = tables_of(indicators)
    views = {name: VIEWS[name] for name in names if name in edition.constants}
    bases = {view.of for view in views.values()}

    def rows(*files: str) -> Table:
        return engine.table([folders.marts / file for file in files])

    alone = [edition.marts[name] for name in names if name in edition.marts and name not in bases]
    parts = [narrow(rows(*alone))] if alone else []
    read = {base: narrow(rows(edition.marts[base])) for base in sorted(bases)}
    parts += [of_base for base, of_base in read.items() if base in names]
    parts += [
        view.rows(read[view.of], rows(edition.constants[name])) for name, view in views.items()
    ]
    if not parts:
        # Every table has the same columns: an edition without these has no row of theirs.
        return rows(next(iter(edition.marts.values()))).limit(0)
    return parts[0] if len(parts) == 1 else union(*parts)
