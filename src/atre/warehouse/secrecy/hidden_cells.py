"""The hidden communes of one source and year, bounded by the totals that count them.

Only what is unknown enters the system: the hidden part of each commune. The published part of a total
is taken off beforehand, so that a country of 35 000 communes costs what its secrets cost.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from atre.calc.errors import CalcRefusal
from atre.calc.secrecy.attack import attack_intervals
from atre.calc.secrecy.reconstruction import ReconstructionMethod, reconstruct
from atre.calc.secrecy.tables import LinkedTables
from atre.formats.territory_figures import Level
from atre.warehouse.secrecy.cells import Cells, Flags, Floats, Places
from atre.warehouse.secrecy.published_totals import Totals, Trust, only


@dataclass(frozen=True, slots=True, eq=False)
class Bounded:
    """Hidden cells by place among `Cells`, (h,) each, publisher's calorific value.

    `lower`, `upper` and `central` are of the whole cell; `hidden_lower`, `hidden_upper` of its hidden
    part. upper is inf where nothing bounds the cell, central NaN where nothing may be said.
    `by_rule`: the publisher's own threshold was used.
    """

    place: Places
    lower: Floats
    upper: Floats
    central: Floats
    hidden_lower: Floats
    hidden_upper: Floats
    method: NDArray[np.int8]
    by_rule: Flags


def bounded(cells: Cells, totals: Totals, ceilings: Floats, prior: Floats) -> Bounded:
    """Bounds of every hidden cell. `ceilings` and `prior` (n,) over `Cells`: the most that the
    publisher's rule lets the hidden part be, inf where none; relative sizes, NaN where unknown.

    Totals that contradict each other are let go of, group by group: the threshold first (a cell may
    be hidden to protect its neighbour), then the totals of EPCI, then those above. What is left is
    always true of the publisher's figures.
    """
    whole = _attempt(cells, totals, ceilings, prior)
    if whole is not None:
        return whole
    parts = []
    for group in np.unique(cells.group[_hidden_places(cells)]):
        of_group = np.flatnonzero(totals.group == group)
        here = cells.group == group
        parts.append(_first_sound(cells, only(totals, of_group), ceilings, prior, here))
    return _joined(parts)


def _first_sound(
    cells: Cells, totals: Totals, ceilings: Floats, prior: Floats, here: Flags
) -> Bounded:
    own = replace(cells, hidden=cells.hidden & here)
    none = np.full(len(ceilings), np.inf)
    above = np.flatnonzero(totals.level != Level.EPCI.value)
    nothing = np.zeros(0, dtype=np.intp)
    attempts = ((totals, ceilings), (totals, none), (only(totals, above), none))
    for tried, most in attempts:
        found = _attempt(own, tried, most, prior)
        if found is not None:
            return found
    last = _attempt(own, only(totals, nothing), none, prior)
    if last is None:
        raise AssertionError("cells without a total cannot contradict each other")
    return last


def _attempt(cells: Cells, totals: Totals, ceilings: Floats, prior: Floats) -> Bounded | None:
    """None when the totals contradict each other, or the solver gives up."""
    try:
        return _solved(cells, totals, ceilings, prior)
    except CalcRefusal:
        return None


def _solved(cells: Cells, totals: Totals, ceilings: Floats, prior: Floats) -> Bounded:
    places = _hidden_places(cells)
    count = len(places)
    hidden_part = _System(cells, totals, places)
    most = np.concatenate([ceilings[places], np.full(hidden_part.size - count, np.inf)])
    found = attack_intervals(
        hidden_part.tables,
        hidden_part.values(rounded=True),
        hidden_part.unknown,
        upper=hidden_part.upper(most, rounded=True),
    )
    low, high = found.lower[:count], found.upper[:count]
    central, method = _central(hidden_part, totals, found.lower, found.upper, prior[places])
    own = cells.known[places]
    used = np.isfinite(ceilings[places]) & (high >= ceilings[places] * (1 - 1e-9))
    return Bounded(
        places, own + low, own + high, own + central, low, high, method, np.asarray(used)
    )


def _hidden_places(cells: Cells) -> Places:
    return np.flatnonzero(cells.hidden & (cells.level == Level.COMMUNE.value))


class _System:
    """One unknown a hidden cell, then one a total for what it may hold beside its communes, then
    one for its rounding; two published cells a total: itself, and what is known of its communes."""

    def __init__(self, cells: Cells, totals: Totals, places: Places) -> None:
        self.totals = totals
        count, many = len(places), len(totals.place)
        self.hidden_count = count
        self.size = count + 4 * many
        at = np.full(len(cells.hidden), -1, dtype=np.intp)
        at[places] = np.arange(count)
        lines, columns, weights = [], [], []
        for row, members in enumerate(totals.members):
            inside = at[members]
            lines.append(np.full(len(inside), row))
            columns.append(inside)
            weights.append(np.ones(len(inside)))
        each = np.arange(many)
        self.beside, self.rounding = count + each, count + many + each
        self.total, self.rest = count + 2 * many + each, count + 3 * many + each
        every = np.ones(many, dtype=bool)
        for place, weight, kept in (
            (self.beside, 1.0, totals.trust == Trust.AT_LEAST),
            (self.rounding, 1.0, totals.slack > 0),
            (self.total, -1.0, every),
            (self.rest, 1.0, every),
        ):
            lines.append(each[kept])
            columns.append(place[kept])
            weights.append(np.full(int(kept.sum()), weight))
        matrix = sparse.csr_array(
            (np.concatenate(weights), (np.concatenate(lines), np.concatenate(columns))),
            shape=(many, self.size),
        )
        labels = np.array([f"{cells.territory[place]}" for place in places], dtype=object)
        others = np.arange(4 * many).astype(object)
        self.tables = LinkedTables(np.concatenate([labels, others]), matrix)
        self.unknown = np.ones(self.size, dtype=bool)
        self.unknown[np.concatenate([self.total, self.rest])] = False

    def values(self, *, rounded: bool) -> Floats:
        """The published cells; a total that rounding may have lowered is raised by as much, and
        what it was not is `rounding`."""
        values = np.full(self.size, np.nan)
        values[self.total] = self.totals.own + (self.totals.slack if rounded else 0.0)
        values[self.rest] = self.totals.of_communes
        return values

    def upper(self, most: Floats, *, rounded: bool) -> Floats:
        upper = most.copy()
        upper[self.rounding] = 2 * self.totals.slack if rounded else 0.0
        return upper


def _central(
    system: _System, totals: Totals, low: Floats, high: Floats, prior: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    """The table closest to the prior that closes exactly on the totals that are their communes."""
    count = system.hidden_count
    central = np.full(count, np.nan)
    method = np.full(count, ReconstructionMethod.INTERVAL_ONLY, dtype=np.int8)
    closing = totals.trust == Trust.EQUAL
    rows = np.flatnonzero(closing)
    if not rows.size:
        return central, method
    tables = LinkedTables(system.tables.cells, sparse.csr_array(system.tables.equations[rows]))
    weights = np.concatenate([prior, np.full(system.size - count, np.nan)])
    ceiling = system.upper(np.where(system.unknown, high, np.inf), rounded=False)
    floor = np.where(system.unknown, low, 0.0)
    floor[system.rounding] = 0.0
    try:
        found = reconstruct(
            tables,
            system.values(rounded=False),
            system.unknown,
            prior=weights,
            lower=floor,
            upper=ceiling,
        )
    except CalcRefusal:
        return central, method
    reached = np.asarray(abs(tables.equations).sum(axis=0)).ravel()[:count] > 0
    central[reached] = found.central[:count][reached]
    method[reached] = found.method[:count][reached]
    return central, method


def _joined(parts: list[Bounded]) -> Bounded:
    return Bounded(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Bounded.__slots__)
    )
