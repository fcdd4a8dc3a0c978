"""Polygons in WKB (OGC Simple Features 1.2.1, § 8.2), without a geometry library.

Shapely reads them too, but weighs 12 MB on each server for a format of forty lines: byte 1 for
little-endian, then counts as uint32 and coordinates as pairs of float64.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

POLYGON = 3
MULTIPOLYGON = 6
_HEADER = struct.Struct("<BII")
_COUNT = struct.Struct("<I")


class UnreadableGeometry(ValueError):
    """The bytes are not a little-endian WKB MultiPolygon."""


class Rings(NamedTuple):
    """Closed rings of many shapes, laid end to end.

    points: longitude and latitude in degrees, shape (n, 2), the last of a ring equal to its first.
    starts: where each ring begins in points, and at the end n: shape (rings + 1,).
    shape: to which shape each ring belongs; polygon: to which polygon of all, numbered on.
    A polygon's first ring is its outline, the others are holes.
    """

    points: Floats
    starts: Indices
    shape: Indices
    polygon: Indices


def read_multipolygons(blobs: Sequence[bytes]) -> Rings:
    """Rings of WKB MultiPolygons, one shape a blob. Raises UnreadableGeometry.

    >>> square = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], float)
    >>> read_multipolygons([write_multipolygon([[square]])]).starts.tolist()
    [0, 5]
    """
    points: list[Floats] = []
    shapes: list[int] = []
    polygons: list[int] = []
    polygon = -1
    for shape, blob in enumerate(blobs):
        try:
            for parts in _polygons(blob):
                polygon += 1
                points.extend(parts)
                shapes.extend([shape] * len(parts))
                polygons.extend([polygon] * len(parts))
        except (struct.error, ValueError) as error:
            raise UnreadableGeometry(f"Géométrie {shape} illisible : {error}") from error
    lengths = np.array([0, *(len(ring) for ring in points)], dtype=np.int64)
    return Rings(
        np.concatenate(points) if points else np.empty((0, 2)),
        np.cumsum(lengths),
        np.array(shapes, dtype=np.int64),
        np.array(polygons, dtype=np.int64),
    )


def _polygons(blob: bytes) -> list[list[Floats]]:
    order, kind, count = _HEADER.unpack_from(blob, 0)
    if (order, kind) != (1, MULTIPOLYGON):
        raise ValueError(f"type {kind}, ordre {order}, au lieu d’un MultiPolygon")
    offset, found = _HEADER.size, []
    for _ in range(count):
        _, kind, rings = _HEADER.unpack_from(blob, offset)
        if kind != POLYGON:
            raise ValueError(f"type {kind} au lieu d’un Polygon")
        offset += _HEADER.size
        parts = []
        for _ in range(rings):
            (size,) = _COUNT.unpack_from(blob, offset)
            offset += _COUNT.size
            parts.append(np.frombuffer(blob, "<f8", 2 * size, offset).reshape(size, 2))
            offset += 16 * size
        found.append(parts)
    if offset != len(blob):
        raise ValueError("octets en trop")
    return found


def write_multipolygon(polygons: Sequence[Sequence[Floats]]) -> bytes:
    """WKB of one MultiPolygon: a list of polygons, each a list of closed rings of shape (n, 2).

    >>> square = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], float)
    >>> len(write_multipolygon([[square]]))
    102
    """
    parts = [_HEADER.pack(1, MULTIPOLYGON, len(polygons))]
    for polygon in polygons:
        parts.append(_HEADER.pack(1, POLYGON, len(polygon)))
        for ring in polygon:
            parts.append(_COUNT.pack(len(ring)))
            parts.append(np.ascontiguousarray(ring, "<f8").tobytes())
    return b"".join(parts)


def signed_areas(rings: Rings) -> Floats:
    """Area of each ring in square degrees, positive counter-clockwise. Shape (rings,).

    >>> square = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], float)
    >>> float(signed_areas(read_multipolygons([write_multipolygon([[square]])]))[0])
    -1.0
    """
    return _moments(rings)[0]


def centroids(rings: Rings, shapes: int) -> Floats:
    """Centre of gravity of each shape, in degrees, shape (shapes, 2); NaN for an empty shape.

    Flat: right for a label, not for a distance. Holes, which turn the other way, are taken out.

    >>> square = np.array([[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]], float)
    >>> centroids(read_multipolygons([write_multipolygon([[square]])]), 1).tolist()
    [[1.0, 1.0]]
    """
    area, east, north = _moments(rings)
    totals = [np.bincount(rings.shape, part, shapes) for part in (area, east, north)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([totals[1] / totals[0], totals[2] / totals[0]], axis=1)


def _moments(rings: Rings) -> tuple[Floats, Floats, Floats]:
    if len(rings.starts) == 1:
        return np.empty(0), np.empty(0), np.empty(0)
    # Around the first point of each ring: far from the origin, differences of products lose digits.
    first = rings.points[rings.starts[:-1]]
    local = rings.points - np.repeat(first, np.diff(rings.starts), axis=0)
    (x, y), (u, v) = local[:-1].T, local[1:].T
    cross = x * v - u * y
    # From the end of one ring to the start of the next there is no edge.
    cross[rings.starts[1:-1] - 1] = 0.0
    begins = rings.starts[:-1]
    area = np.add.reduceat(cross, begins) / 2
    east = np.add.reduceat((x + u) * cross, begins) / 6 + first[:, 0] * area
    north = np.add.reduceat((y + v) * cross, begins) / 6 + first[:, 1] * area
    return area, east, north


def boxes(rings: Rings, shapes: int) -> Floats:
    """West, south, east, north of each shape, in degrees, shape (shapes, 4).

    >>> square = np.array([[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]], float)
    >>> boxes(read_multipolygons([write_multipolygon([[square]])]), 1).tolist()
    [[0.0, 0.0, 2.0, 2.0]]
    """
    shape_of_point = np.repeat(rings.shape, np.diff(rings.starts))
    found = np.full((shapes, 4), np.nan)
    np.fmin.at(found[:, 0], shape_of_point, rings.points[:, 0])
    np.fmin.at(found[:, 1], shape_of_point, rings.points[:, 1])
    np.fmax.at(found[:, 2], shape_of_point, rings.points[:, 0])
    np.fmax.at(found[:, 3], shape_of_point, rings.points[:, 1])
    return found
