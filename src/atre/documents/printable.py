"""Make any text that people typed safe to set in type: nothing lost in silence, nothing that breaks the page."""

import re
import unicodedata
from typing import Any

from atre.calc.wording import NARROW, NO_BREAK
from atre.documents.font_coverage import drawable_codepoints

UNPRINTABLE_MARK = "□"
ZERO_WIDTH_SPACE = "\u200b"
# A column of our narrowest table holds about twelve characters; ordinary French words stay whole.
LONGEST_WHOLE_WORD = 24
PIECE_LENGTH = 12

_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c]")
_LONG_WORD = re.compile(rf"[^\s{ZERO_WIDTH_SPACE}]{{{LONGEST_WHOLE_WORD + 1},}}")
_WORD_PIECE = re.compile(
    rf"[^/@.?&=_-]{{0,{PIECE_LENGTH - 1}}}[/@.?&=_-]|[^/@.?&=_-]{{1,{PIECE_LENGTH}}}"
)
# « Qui ? » never breaks before its question mark: French keeps a space there, people type a plain one.
_SPACE_BEFORE_SIGN = re.compile(r"(?<=\S) (?=[:;?!»%€](?:\s|$))")
_SPACE_AFTER_OPENING = re.compile(r"« (?=\S)")
# Explicit direction controls can make a sentence read backwards on paper; letters carry their own direction.
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable_text(text: str) -> str:
    """Return `text` with only characters our fonts draw and words that can break.

    Control and direction characters go; each run of characters without a glyph becomes one « □ »;
    a word longer than 24 characters gets invisible places to break.
    """
    drawable = drawable_codepoints()
    pieces: list[str] = []
    for char in unicodedata.normalize("NFC", _LINE_END.sub("\n", text)):
        if char == "\n":
            pieces.append(char)
        elif char == "\t":
            pieces.append(" ")
        elif _is_invisible_control(char, drawable):
            continue
        elif ord(char) in drawable:
            pieces.append(char)
        elif not pieces or pieces[-1] != UNPRINTABLE_MARK:
            pieces.append(UNPRINTABLE_MARK)
    clean = _SPACE_BEFORE_SIGN.sub(NO_BREAK, "".join(pieces))
    clean = _SPACE_AFTER_OPENING.sub(f"«{NO_BREAK}", clean)
    # Atkinson has no narrow space; the one of our second font is lost by readers that extract the text, and
    # « 12 910 » must not be read « 12910 » beside « 12 910 ».
    return _LONG_WORD.sub(_with_break_points, clean.replace(NARROW, NO_BREAK))


def printable_data(data: Any) -> Any:
    """Apply `printable_text` to every string of nested lists and mappings, but link targets (key `href`)."""
    if isinstance(data, str):
        return printable_text(data)
    if isinstance(data, dict):
        return {
            key: value if key == "href" else printable_data(value) for key, value in data.items()
        }
    if isinstance(data, list | tuple):
        return [printable_data(value) for value in data]
    return data


def lost_characters(data: Any) -> bool:
    """Tell whether some printable string of `data` shows « □ » in place of a character."""
    if isinstance(data, str):
        return UNPRINTABLE_MARK in data
    if isinstance(data, dict):
        return any(lost_characters(value) for value in data.values())
    if isinstance(data, list | tuple):
        return any(lost_characters(value) for value in data)
    return False


def _is_invisible_control(char: str, drawable: frozenset[int]) -> bool:
    if char in _DIRECTION_CONTROLS:
        return True
    category = unicodedata.category(char)
    if category == "Cc":
        return True
    is_variation_selector = 0xFE00 <= ord(char) <= 0xFE0F
    return is_variation_selector or (category == "Cf" and ord(char) not in drawable)


def _with_break_points(word: re.Match[str]) -> str:
    return ZERO_WIDTH_SPACE.join(_WORD_PIECE.findall(word.group()))
