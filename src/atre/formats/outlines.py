"""Outlines of groups of neighbouring polygons: what is left once their common edges cancel out.

Right where neighbours share their vertices exactly, as the contours of one publication do. Edges
that nearly meet leave slivers, which are dropped below a stated area.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from atre.formats.wkb import Floats, Indices, Rings, signed_areas

# About one hectare in France: what two simplified neighbours leave between them, never a commune.
SLIVER_SQUARE_DEGREES = 1e-6


class Outline(NamedTuple):
    """One group's polygons, each a list of closed rings: its outline, then its holes."""

    group: int
    polygons: list[list[Floats]]


def dissolve(rings: Rings, groups: Indices) -> list[Outline]:
    """Outlines of the groups, in order. `groups`: the group of each ring, shape (rings,), −1 for none.

    An edge that two polygons of one group follow in opposite directions is inside the group. The
    edges left over meet head to tail, since those of each polygon did: paired at each vertex, they
    close into rings.

    >>> left = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], float)
    >>> both = np.concatenate([left, left + [1, 0]])
    >>> two = Rings(both, np.array([0, 5, 10]), np.array([0, 1]), np.array([0, 1]))
    >>> [len(ring) for outline in dissolve(two, np.array([7, 7])) for ring in outline.polygons[0]]
    [7]
    """
    _, codes = np.unique(rings.points.view(np.complex128).ravel(), return_inverse=True)
    codes = codes.ravel()
    inside = np.ones(len(codes) - 1, dtype=bool)
    inside[rings.starts[1:-1] - 1] = False
    group = np.repeat(groups, np.diff(rings.starts))[:-1]
    keep = inside & (group >= 0) & (codes[:-1] != codes[1:])
    # One vertex stands for each place: the first where it was seen.
    place = np.empty(codes.max() + 1, dtype=np.int64)
    place[codes[::-1]] = np.arange(len(codes))[::-1]
    begin, end, group = _cancel(codes[:-1][keep], codes[1:][keep], group[keep])
    return _outlines(rings.points, place, begin, end, group)


def _cancel(begin: Indices, end: Indices, group: Indices) -> tuple[Indices, Indices, Indices]:
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    order = np.lexsort((high, low, group))
    low, high, group = low[order], high[order], group[order]
    sign = np.where(begin[order] == low, 1, -1)
    fresh = np.ones(len(low), dtype=bool)
    fresh[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1]) | (group[1:] != group[:-1])
    at = np.flatnonzero(fresh)
    net = np.add.reduceat(sign, at)
    times = np.abs(net)
    low, high = np.repeat(low[at], times), np.repeat(high[at], times)
    forward = np.repeat(net > 0, times)
    return (
        np.where(forward, low, high),
        np.where(forward, high, low),
        np.repeat(group[at], times),
    )


def _outlines(
    points: Floats, place: Indices, begin: Indices, end: Indices, group: Indices
) -> list[Outline]:
    following = _following(points[place], begin, end, group)
    found: dict[int, list[Floats]] = {}
    for cycle in _cycles(following.tolist()):
        ring = points[place[begin[np.array([*cycle, cycle[0]])]]]
        found.setdefault(int(group[cycle[0]]), []).append(ring)
    return [Outline(key, _polygons(found[key])) for key in sorted(found)]


def _following(places: Floats, begin: Indices, end: Indices, group: Indices) -> Indices:
    """The edge that comes after each edge. At a vertex as many arrive as leave."""
    arriving, leaving = np.lexsort((end, group)), np.lexsort((begin, group))
    following = np.empty(len(begin), dtype=np.int64)
    following[arriving] = leaving
    fresh = np.ones(len(begin), dtype=bool)
    fresh[1:] = np.any(np.diff(np.stack([group[arriving], end[arriving]])) != 0, axis=0)
    firsts = np.append(np.flatnonzero(fresh), len(begin))
    for run in np.flatnonzero(np.diff(firsts) > 1):
        vertex = slice(firsts[run], firsts[run + 1])
        _pair(places, begin, end, arriving[vertex], leaving[vertex], following)
    return following


def _pair(
    places: Floats,
    begin: Indices,
    end: Indices,
    arriving: Indices,
    leaving: Indices,
    following: Indices,
) -> None:
    """Where several rings touch, each turns as far left as it can: a sliver then closes on itself
    instead of cutting its group in two."""
    back = places[begin[arriving]] - places[end[arriving]]
    ahead = places[end[leaving]] - places[begin[leaving]]
    came = np.arctan2(back[:, 1], back[:, 0])[:, None]
    turn = (came - np.arctan2(ahead[:, 1], ahead[:, 0])[None, :]) % (2 * np.pi)
    for _ in arriving:
        one, other = np.unravel_index(np.argmin(turn), turn.shape)
        following[arriving[one]] = leaving[other]
        turn[one, :] = turn[:, other] = np.inf


def _cycles(following: list[int]) -> list[list[int]]:
    seen = [False] * len(following)
    cycles = []
    for first in range(len(following)):
        cycle = []
        edge = first
        while not seen[edge]:
            seen[edge] = True
            cycle.append(edge)
            edge = following[edge]
        if cycle:
            cycles.append(cycle)
    return cycles


def _polygons(rings: list[Floats]) -> list[list[Floats]]:
    """Outlines turn clockwise, holes the other way; each hole goes to the outline around it."""
    areas = [_area(ring) for ring in rings]
    outer = [
        [ring] for ring, area in zip(rings, areas, strict=True) if area < -SLIVER_SQUARE_DEGREES
    ]
    if not outer:
        return [[max(rings, key=lambda ring: abs(_area(ring)))]]
    for ring, area in zip(rings, areas, strict=True):
        if area > SLIVER_SQUARE_DEGREES:
            middle = (ring[0] + ring[1]) / 2
            around = [polygon for polygon in outer if contains(polygon[0], middle)]
            smallest = min(around, key=lambda polygon: -_area(polygon[0]), default=None)
            if smallest is not None:
                smallest.append(ring)
    return outer


def _area(ring: Floats) -> float:
    alone = np.zeros(1, dtype=np.int64)
    return float(signed_areas(Rings(ring, np.array([0, len(ring)]), alone, alone))[0])


def contains(ring: Floats, point: NDArray[np.float64]) -> bool:
    """Whether a point is inside a closed ring, shape (n, 2): odd number of crossings to the east.

    >>> square = np.array([[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]], float)
    >>> contains(square, np.array([1.0, 1.0])), contains(square, np.array([3.0, 1.0]))
    (True, False)
    """
    (x, y), (u, v) = ring[:-1].T, ring[1:].T
    crosses = (y > point[1]) != (v > point[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        east = x + (point[1] - y) / (v - y) * (u - x)
    return bool(np.count_nonzero(crosses & (east > point[0])) % 2)
