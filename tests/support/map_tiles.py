"""A PMTiles file of a few square communes, written byte by byte: one tile for the whole world."""

import gzip
import json
import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

EXTENT = 4096
MVT, GZIP, PLAIN = 1, 2, 1
Square = tuple[float, float, float, float]


def write_tiles(path: Path, squares: Mapping[str, Square], names: Mapping[str, str]) -> None:
    """Layers « communes », « epci » and « departments » of squares: west, south, east, north."""
    layers = [
        layer("communes", [(code, names[code], box) for code, box in squares.items()]),
        layer("epci", []),
        layer("departments", []),
    ]
    tile = b"".join(field(3, one) for one in layers)
    metadata = gzip.compress(json.dumps({"vector_layers": []}).encode(), mtime=0)
    # One entry: tile 0, run of 1, its length, its offset plus one.
    directory = gzip.compress(b"".join(varint(n) for n in (1, 0, 1, len(tile), 1)), mtime=0)
    places = [127, len(directory), 127 + len(directory), len(metadata)]
    data = 127 + len(directory) + len(metadata)
    places += [data, 0, data, len(tile), 1, 1, 1]
    header = b"PMTiles\x03" + struct.pack("<11Q", *places)
    header += bytes([1, GZIP, PLAIN, MVT, 0, 0])
    header += struct.pack("<4i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    header += bytes([0]) + struct.pack("<2i", 0, 0)
    path.write_bytes(header + directory + metadata + tile)


def layer(name: str, squares: Sequence[tuple[str, str, Square]]) -> bytes:
    texts = [text for code, title, _ in squares for text in (code, title)]
    parts = [field(15, 2), field(1, name.encode())]
    for place, (_, _, box) in enumerate(squares):
        tags = packed([0, 2 * place, 1, 2 * place + 1])
        parts.append(field(2, field(2, tags) + field(3, 3) + field(4, packed(ring(box)))))
    parts += [field(3, key.encode()) for key in ("code", "name")]
    parts += [field(4, field(1, text.encode())) for text in texts]
    return b"".join([*parts, field(5, EXTENT)])


def ring(box: Square) -> list[int]:
    """A square as commands: move to, three lines, close; clockwise, since y goes down."""
    west, south, east, north = box
    left, top = at(west, north)
    right, bottom = at(east, south)
    width, height = right - left, bottom - top
    steps = [width, 0, 0, height, -width, 0]
    return [9, zigzag(left), zigzag(top), 26, *map(zigzag, steps), 15]


def at(longitude: float, latitude: float) -> tuple[int, int]:
    """Web Mercator, in units of the tile."""
    angle = math.asinh(math.tan(math.radians(latitude)))
    return round((longitude + 180) / 360 * EXTENT), round((1 - angle / math.pi) / 2 * EXTENT)


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def packed(values: Sequence[int]) -> bytes:
    return b"".join(varint(value) for value in values)


def zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
