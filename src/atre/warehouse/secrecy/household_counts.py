"""Counts of households by place and cutting: which cells are shown, decided on all of them at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import sparse

from atre.calc.parameters import parameter
from atre.calc.secrecy.gate import Release, close_release, refuse_open_release
from atre.calc.secrecy.rules import (
    HOUSEHOLDS_KEY,
    CellFacts,
    Population,
    primary_reasons,
    protection_levels,
)
from atre.calc.secrecy.tables import LinkedTables, join_tables, tables_from_totals
from atre.warehouse.secrecy.cells import Flags


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted, and in how many households; the second is never more than the first."""

    value: int
    households: int


def shown_counts(
    label_fr: str,
    counts: Mapping[str, Count],
    totals: Sequence[tuple[str, Sequence[str]]],
    *,
    on: date,
    unshown: Collection[str] = (),
) -> Flags:
    """Which cells may be shown, (n,) in the order of `counts`.

    `totals`: each cell that is the sum of others, in every way it is. `unshown`: cells that only stand
    in totals, and that no reader gets. A cell of fewer households than
    the threshold is hidden, zero included; so are the others it takes for no reader to tell zero from
    the threshold in any hidden cell. Raises `OpenRelease` should the attack still open one.
    """
    tables, _ = join_tables([_alone(list(counts)), tables_from_totals(totals)])
    ordered = [counts[str(label)] for label in tables.cells]
    values = np.array([count.value for count in ordered], dtype=np.float64)
    facts = CellFacts(values, np.array([count.households for count in ordered], dtype=np.float64))
    reasons = primary_reasons(facts, Population.HOUSEHOLDS, on)
    threshold = parameter(HOUSEHOLDS_KEY, on=on).number
    levels = protection_levels(facts, reasons, on, minimum_width=threshold)
    release = Release(
        label_fr=label_fr,
        tables=tables,
        values=values,
        published=np.asarray(reasons == 0) & ~np.isin(tables.cells, list(unshown)),
        secret=np.asarray(reasons != 0),
        levels=levels,
    )
    closed = close_release(release)
    refuse_open_release(closed)
    return closed.published[: len(counts)]


def _alone(labels: list[str]) -> LinkedTables:
    """Cells in an order, without any total."""
    none = sparse.csr_array((0, len(labels)), dtype=np.float64)
    return LinkedTables(np.array(labels, dtype=object), none)
