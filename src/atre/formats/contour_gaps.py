"""Ground that no commune has: a commune absorbed since the contours were drawn.

The file knows the new list of communes but kept the old ground of those that absorbed a neighbour.
The neighbour's own ground is then a hole in the map, and touches the one that answers for it now.
"""

from collections.abc import Collection, Sequence

import numpy as np

from atre.formats import outlines, wkb
from atre.formats.contours import Contour, union
from atre.formats.wkb import Floats


def fill_gaps(contours: Sequence[Contour], absorbers: Collection[str]) -> list[Contour]:
    """The same contours, each hole of the map given to the absorber that it touches.

    A hole that touches none of them (a lake, another country) or several is left as it is.

    >>> ring = [[c, r] for r in range(3) for c in range(3) if (r, c) != (1, 1)]
    >>> square = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], float)
    >>> around = [
    ...     Contour(f"0100{n}", wkb.write_multipolygon([[square + at]]), False)
    ...     for n, at in enumerate(ring)
    ... ]
    >>> [one.code for one in fill_gaps(around, {"01001"}) if one.from_parts]
    ['01001']
    """
    rings = wkb.read_multipolygons([row.geometry for row in contours])
    whole = outlines.dissolve(rings, np.zeros(len(rings.shape), dtype=np.int64))
    owner = {
        edge: contours[shape].code
        for number, shape in enumerate(rings.shape.tolist())
        if contours[shape].code in absorbers
        for edge in _edges(rings.points[rings.starts[number] : rings.starts[number + 1]])
    }
    added: dict[str, list[bytes]] = {}
    for gap in (ring for one in whole for polygon in one.polygons for ring in polygon[1:]):
        near = {owner[edge] for edge in _edges(gap) if edge in owner}
        if len(near) == 1:
            # A hole turns the other way round than the ground that fills it.
            added.setdefault(near.pop(), []).append(wkb.write_multipolygon([[gap[::-1]]]))
    return [
        Contour(row.code, union([row.geometry, *added[row.code]]), from_parts=True)
        if row.code in added
        else row
        for row in contours
    ]


def _edges(ring: Floats) -> list[bytes]:
    return [edge.tobytes() for edge in np.hstack([ring[:-1], ring[1:]])]
