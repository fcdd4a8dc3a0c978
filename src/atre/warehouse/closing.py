"""Totals held against the files on every build: no row is ever dropped in silence."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from atre.formats.territory_figures import Level
from atre.warehouse import engine as e
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.edition import FileAccount
from atre.warehouse.engine import Engine, Table
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import Aggregation
from atre.warehouse.sources.receipts import FIGURES_FILE, Receipt, folder_of
from atre.warehouse.staging.figures import Standing

# Sums of the same numbers in another order differ in the last places of a float.
CLOSING = 1e-9


class TotalsDiffer(Exception):
    """A build lost or invented something; `message_fr` says where. It must not be served."""

    def __init__(self, message_fr: str) -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr


class _Total(NamedTuple):
    rows: int
    known: int
    value: float


def accounts(
    engine: Engine,
    folders: Folders,
    received: Sequence[Receipt],
    staged: Table,
    marts: Mapping[str, Path],
) -> tuple[FileAccount, ...]:
    """What became of each file's rows, once its totals are found again. Raises TotalsDiffer."""
    _marts_close(engine, staged, marts)
    standings = _standings(engine, staged)
    found = _totals(engine, staged, value="published_value")
    answer = []
    for receipt in received:
        rows = engine.table([folder_of(folders, receipt.key) / FIGURES_FILE])
        rows = rows.mutate(file=e.literal(receipt.key))
        theirs = _totals(engine, rows, value="value")
        for key, total in theirs.items():
            _same(total, found.get(key), f"{receipt.name}, {key[1]}, {key[2]}")
        answer.append(
            FileAccount(
                file=receipt.key,
                source=receipt.format,
                standings=standings[receipt.key],
                totals_checked=len(theirs),
            )
        )
    return tuple(answer)


def _totals(
    engine: Engine, rows: Table, *, value: str
) -> dict[tuple[str, str, int | None], _Total]:
    totals = rows.group_by("file", "measure", "year").agg(
        rows=rows.count(), known=rows[value].count(), value=e.coalesce(rows[value].sum(), 0.0)
    )
    return {
        (line["file"], line["measure"], line["year"]): _Total(
            line["rows"], line["known"], line["value"]
        )
        for line in engine.rows(totals).to_pylist()
    }


def _standings(engine: Engine, staged: Table) -> dict[str, dict[str, int]]:
    counts = staged.group_by("file", "standing").agg(rows=staged.count())
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in engine.rows(counts).to_pylist():
        found[line["file"]][line["standing"]] = line["rows"]
    return found


def _marts_close(engine: Engine, staged: Table, marts: Mapping[str, Path]) -> None:
    """What is kept of the rows is what the marts add up, for what adds up; an IRIS whose commune
    its publisher gives whole counts in it."""
    built = engine.table(list(marts.values()))
    # The value of a reconstructed cell is ours: no file has it.
    built = built.mutate(value=(built.known_cells > 0).ifelse(built.value, e.null("float64")))
    built = built.group_by(measure=built.indicator, year=built.year, source=built.source).agg(
        rows=built.cells.sum(),
        known=built.known_cells.sum(),
        value=e.coalesce(built.value.sum(), 0.0),
    )
    found = _by_key(engine, built)
    for key, theirs in _to_add_up(engine, staged).items():
        _same(theirs, found.get(key), f"{key[2]}, {key[0]}, {key[1]}")


_Key = tuple[str, int | None, str]


def _by_key(engine: Engine, totals: Table) -> dict[_Key, _Total]:
    return {
        (line["measure"], line["year"], line["source"]): _Total(
            line["rows"], line["known"], line["value"] or 0.0
        )
        for line in engine.rows(totals).to_pylist()
    }


def _to_add_up(engine: Engine, staged: Table) -> dict[_Key, _Total]:
    """Rows, known rows and sums of what the marts are to add up, found otherwise than they do: commune
    by commune where something is given by IRIS, and there alone, for that takes long."""
    additive = [key for key, one in CATALOGUE.items() if one.aggregation is Aggregation.SUM]
    kept = staged.filter((staged.standing == Standing.KEPT.value) & staged.measure.isin(additive))
    by_iris = kept.filter(kept.level == Level.IRIS.value)
    given = engine.rows(
        by_iris.select(iris_measure=by_iris.measure, iris_source=by_iris.source).distinct()
    )
    if not given.num_rows:
        return _by_key(engine, _sums(kept))
    same = e.in_memory(given)
    is_given = [kept.measure == same.iris_measure, kept.source == same.iris_source]
    others = _by_key(engine, _sums(kept.anti_join(same, is_given)))
    return others | _by_key(engine, _without_doubles(kept.semi_join(same, is_given)))


def _sums(rows: Table) -> Table:
    return rows.group_by("measure", "year", "source").agg(
        rows=rows.count(), known=rows.value.count(), value=rows.value.sum()
    )


def _without_doubles(kept: Table) -> Table:
    sums = kept.group_by("measure", "year", "source", "commune", "energy", "level").agg(
        rows=kept.count(), known=kept.value.count(), value=kept.value.sum()
    )
    same = e.window(group_by=["measure", "year", "source", "commune", "energy"])
    whole = (sums.level == Level.COMMUNE.value).ifelse(1, 0).max().over(same)
    sums = sums.mutate(is_whole=whole)
    sums = sums.filter((sums.level != Level.IRIS.value) | (sums.is_whole == 0))
    return sums.group_by("measure", "year", "source").agg(
        rows=sums.rows.sum(), known=sums.known.sum(), value=sums.value.sum()
    )


def _same(theirs: _Total, ours: _Total | None, where_fr: str) -> None:
    if ours is None:
        raise TotalsDiffer(f"{where_fr} : aucune ligne dans les tables construites.")
    if (theirs.rows, theirs.known) != (ours.rows, ours.known):
        raise TotalsDiffer(
            f"{where_fr} : {ours.rows} lignes dont {ours.known} connues, au lieu de {theirs.rows} "
            f"dont {theirs.known}."
        )
    if not math.isclose(theirs.value, ours.value, rel_tol=CLOSING, abs_tol=CLOSING):
        raise TotalsDiffer(f"{where_fr} : total {ours.value}, au lieu de {theirs.value}.")
