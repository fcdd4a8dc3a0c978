"""Which published totals may be held against their communes, and how far.

A publisher's total is no equation by itself: the perimeter may have changed since, a commune may be
missing from the file, what is unallocated may be counted above and nowhere below. What the file itself
shows, where nothing is hidden, decides.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from atre.formats.territory_figures import Level
from atre.warehouse.secrecy.cells import TOTAL_LEVELS, Cells, Flags, Floats, Membership, Places

# Sums of float64 in another order; a real gap between a total and its communes is larger.
CLOSING = 1e-6


ARRAYS = ("level", "place", "group", "trust", "own", "of_communes", "slack")


class Trust(IntEnum):
    """How a total binds its communes."""

    # The total is its communes, those of the file.
    EQUAL = 0
    # The total may hold more than the communes of the file: it bounds them from above.
    AT_LEAST = 1
    # The communes of the file add up to more than their total, somewhere: it says nothing.
    NOTHING = 2


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Published totals that bind hidden communes; arrays (t,), members one array of places a total.

    `place`: the total's own cell, among `Cells`. `own`: its value, and `of_communes`: what is published
    of its communes together, publisher's calorific value. `slack`: the rounding of both. `members`:
    its hidden communes.
    """

    level: NDArray[np.object_]
    place: Places
    group: Places
    trust: NDArray[np.int8]
    own: Floats
    of_communes: Floats
    slack: Floats
    members: tuple[Places, ...]


def totals_of(cells: Cells, membership: Membership, moved: frozenset[str]) -> Totals:
    """The totals of one source and year that have a hidden commune, with what they may be used for.

    `moved`: departments whose communes were counted in another one when the file was published.
    """
    communes = cells.of_level(Level.COMMUNE)
    found = [_of_level(cells, membership, moved, communes, level) for level in TOTAL_LEVELS]
    arrays = {name: np.concatenate([getattr(one, name) for one in found]) for name in ARRAYS}
    members = tuple(places for one in found for places in one.members)
    return _without_nested(Totals(**arrays, members=members))


def _without_nested(totals: Totals) -> Totals:
    """The same totals, smallest first, each less those it contains whole: what is left is a tree
    wherever perimeters nest, whose bounds cost one pass instead of linear programmes.

    The region of five departments whose totals are all published says nothing more than they do.
    """
    of_communes, slack = totals.of_communes.copy(), totals.slack.copy()
    members, kept = list(totals.members), np.ones(len(totals.place), dtype=bool)
    counted_in: dict[int, int] = {}
    for one, places in enumerate(totals.members):
        left = set(places.tolist())
        for part in sorted({counted_in[place] for place in left if place in counted_in}):
            if left.issuperset(members[part].tolist()):
                of_communes[one] += totals.own[part] - of_communes[part]
                slack[one] += slack[part]
                left -= set(members[part].tolist())
        members[one] = np.array(sorted(left), dtype=np.intp)
        kept[one] = bool(left) and totals.own[one] > of_communes[one]
        if kept[one] and totals.trust[one] == Trust.EQUAL:
            counted_in |= dict.fromkeys(left, one)
    whole = replace(totals, of_communes=of_communes, slack=slack, members=tuple(members))
    return only(whole, np.flatnonzero(kept))


def only(totals: Totals, kept: Places) -> Totals:
    """Some of the totals, by rank."""
    arrays = {name: getattr(totals, name)[kept] for name in ARRAYS}
    return Totals(**arrays, members=tuple(totals.members[one] for one in kept))


def _of_level(
    cells: Cells, membership: Membership, moved: frozenset[str], communes: Places, level: Level
) -> Totals:
    places = cells.of_level(level)
    # Owners are looked up once a territory, not once a cell.
    rank = {name: number for number, name in enumerate(cells.names)}
    of_name = membership.owner(level, cells.names)
    owners = np.array([rank.get(owner, -1) for owner in of_name], dtype=np.intp)
    members = _members(cells, communes, owners[cells.name[communes]], places)
    known = np.array([cells.known[some].sum() for some in members])
    listed = np.array([int((~cells.silent[some]).sum()) for some in members])
    hiding = np.array([bool(cells.hidden[some].any()) for some in members], dtype=bool)
    own, group = cells.known[places], cells.group[places]
    slack = (listed + 1) * cells.step[group] / 2
    tolerance = CLOSING * own + slack
    is_secret = cells.hidden[places] | cells.silent[places]
    trust = _trusts(
        cells, membership, moved, level, places, members,
        comparable=~hiding & ~is_secret, gap=np.where(is_secret, np.nan, own - known), tolerance=tolerance, listed=listed,
    )  # fmt: skip
    # A total that leaves nothing to what is hidden does not count it: publishers do both.
    kept = hiding & (trust != Trust.NOTHING) & ~is_secret & (own - known > tolerance)
    chosen = np.flatnonzero(kept)
    return Totals(
        level=np.full(len(chosen), level.value, dtype=object),
        place=places[chosen],
        group=group[chosen],
        trust=trust[chosen],
        own=own[chosen],
        of_communes=known[chosen],
        slack=slack[chosen],
        members=tuple(members[one][cells.hidden[members[one]]] for one in chosen),
    )


def _members(cells: Cells, communes: Places, owners: Places, places: Places) -> list[Places]:
    """The communes of each total, of the same group: one array of places a total."""
    width = len(cells.names)
    # A commune without an owner at this level, or whose owner the file has not, is in no total.
    inside = owners >= 0
    communes, owners = communes[inside], owners[inside]
    of_commune = cells.group[communes] * width + owners
    of_total = cells.group[places] * width + cells.name[places]
    order = np.argsort(of_commune, kind="stable")
    ordered = of_commune[order]
    first = np.searchsorted(ordered, of_total, side="left")
    last = np.searchsorted(ordered, of_total, side="right")
    return [communes[order[start:stop]] for start, stop in zip(first, last, strict=True)]


def _trusts(
    cells: Cells,
    membership: Membership,
    moved: frozenset[str],
    level: Level,
    places: Places,
    members: list[Places],
    *,
    comparable: Flags,
    gap: Floats,
    tolerance: Floats,
    listed: NDArray[np.int64],
) -> NDArray[np.int8]:
    """What each total may be used for, from those of the same territory where nothing is hidden."""
    # Zero made of zeros proves nothing of the perimeter.
    closes = comparable & (np.abs(gap) <= tolerance) & (cells.known[places] > 0)
    over, under = gap < -tolerance, comparable & (gap > tolerance)
    counts = membership.members(level)
    trust = np.full(len(places), Trust.AT_LEAST, dtype=np.int8)
    order = np.argsort(cells.name[places], kind="stable")
    starts = np.flatnonzero(np.diff(cells.name[places][order], prepend=-1))
    for of_it in np.split(order, starts[1:]):
        if not of_it.size:
            continue
        name = cells.names[cells.name[places[of_it[0]]]]
        if over[of_it].any() or name in moved:
            trust[of_it] = Trust.NOTHING
        elif under[of_it].any():
            continue
        elif level is Level.EPCI:
            # Perimeters of EPCI change each year: every commune must have counted somewhere.
            proofs = [members[one] for one in of_it[closes[of_it]]]
            counted = {cells.territory[c] for some in proofs for c in some if cells.known[c] > 0}
            if len(counted) == counts.get(name, 0):
                trust[of_it] = Trust.EQUAL
        elif closes[of_it].any():
            trust[of_it] = Trust.EQUAL
        else:
            trust[of_it[listed[of_it] == counts.get(name, 0)]] = Trust.EQUAL
    return trust
