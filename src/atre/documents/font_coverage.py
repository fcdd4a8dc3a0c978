"""Which characters our fonts can draw, read from the fonts themselves."""

import struct
from functools import lru_cache
from pathlib import Path

FONTS_DIR = Path(__file__).parent / "fonts"
_WINDOWS_UNICODE = {(3, 10), (3, 1)}


@lru_cache(maxsize=1)
def drawable_codepoints() -> frozenset[int]:
    """Return every Unicode code point that at least one of our fonts has a glyph for."""
    # Italic and bold are left out: the regular weight of each family has the same characters, and a character that
    # a bold lacks is drawn by the next font of the list.
    regular_fonts = [
        FONTS_DIR / "AtkinsonHyperlegibleNext_400Regular.ttf",
        FONTS_DIR / "DejaVuSans.ttf",
    ]
    found: set[int] = set()
    for path in regular_fonts:
        found |= codepoints_of_font(path.read_bytes())
    return frozenset(found)


def codepoints_of_font(font: bytes) -> set[int]:
    """Return the code points mapped to a glyph by a TrueType font's `cmap` table.

    Reads subtable formats 4 and 12 (OpenType specification, "cmap"), the two that our fonts use.
    Raises ValueError when the font has neither.
    """
    cmap = _table(font, b"cmap")
    (subtable_count,) = struct.unpack_from(">H", font, cmap + 2)
    found: set[int] = set()
    for index in range(subtable_count):
        platform, encoding, offset = struct.unpack_from(">HHL", font, cmap + 4 + 8 * index)
        if (platform, encoding) not in _WINDOWS_UNICODE:
            continue
        (subtable_format,) = struct.unpack_from(">H", font, cmap + offset)
        if subtable_format == 4:
            found |= _format_4(font, cmap + offset)
        elif subtable_format == 12:
            found |= _format_12(font, cmap + offset)
    if not found:
        raise ValueError("font has no Unicode cmap subtable of format 4 or 12")
    return found


def _table(font: bytes, tag: bytes) -> int:
    (table_count,) = struct.unpack_from(">H", font, 4)
    for index in range(table_count):
        name, _checksum, offset, _length = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError(f"font has no {tag.decode('ascii')} table")


def _format_4(font: bytes, start: int) -> set[int]:
    (doubled_segments,) = struct.unpack_from(">H", font, start + 6)
    count = doubled_segments // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + doubled_segments)
    deltas = struct.unpack_from(f">{count}H", font, start + 16 + 2 * doubled_segments)
    offsets_at = start + 16 + 3 * doubled_segments
    offsets = struct.unpack_from(f">{count}H", font, offsets_at)
    found: set[int] = set()
    for index, (first, last, delta, offset) in enumerate(
        zip(starts, ends, deltas, offsets, strict=True)
    ):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                position = offsets_at + 2 * index + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, position)
                if glyph == 0:
                    continue
            if (glyph + delta) & 0xFFFF:
                found.add(code)
    return found


def _format_12(font: bytes, start: int) -> set[int]:
    (group_count,) = struct.unpack_from(">L", font, start + 12)
    found: set[int] = set()
    for index in range(group_count):
        first, last, glyph = struct.unpack_from(">LLL", font, start + 16 + 12 * index)
        found.update(range(first + (glyph == 0), last + 1))
    return found
