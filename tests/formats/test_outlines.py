"""Outlines of groups: what neighbours share goes, and no ground is lost."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from atre.formats import outlines, wkb

SIDE = 6
SQUARE = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], dtype=float)


def grid() -> wkb.Rings:
    """SIDE × SIDE squares of a degree, each a shape, their sides shared."""
    squares = [SQUARE + np.array([column, row]) for row in range(SIDE) for column in range(SIDE)]
    return wkb.read_multipolygons([wkb.write_multipolygon([[square]]) for square in squares])


def area(polygons: list[list[wkb.Floats]]) -> float:
    return -float(
        wkb.signed_areas(wkb.read_multipolygons([wkb.write_multipolygon(polygons)])).sum()
    )


@given(st.lists(st.integers(-1, 4), min_size=SIDE**2, max_size=SIDE**2))
def test_each_group_keeps_all_its_ground_whatever_its_shape(groups: list[int]) -> None:
    found = outlines.dissolve(grid(), np.array(groups))
    assert {one.group: area(one.polygons) for one in found} == {
        group: groups.count(group) for group in set(groups) - {-1}
    }


def test_a_group_around_another_has_a_hole() -> None:
    groups = np.zeros((SIDE, SIDE), dtype=np.int64)
    groups[2:4, 2:4] = 1
    ring, inner = outlines.dissolve(grid(), groups.ravel())
    assert [len(polygon) for polygon in ring.polygons] == [2]
    assert [len(polygon) for polygon in inner.polygons] == [1]
    assert area(ring.polygons) == 32


def test_a_sliver_between_two_neighbours_leaves_no_hole() -> None:
    gap = 1e-7
    left = np.array([[0, 0], [0, 1], [1, 1], [1, 0.5], [1, 0], [0, 0]])
    right = np.array([[1, 0], [1 + gap, 0.5], [1, 1], [2, 1], [2, 0], [1, 0]])
    rings = wkb.read_multipolygons(
        [wkb.write_multipolygon([[left]]), wkb.write_multipolygon([[right]])]
    )
    (whole,) = outlines.dissolve(rings, np.zeros(2, dtype=np.int64))
    assert [len(polygon) for polygon in whole.polygons] == [1]
