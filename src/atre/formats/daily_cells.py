"""The cells of a file of daily temperatures: its titles, its columns, days and degrees as written."""

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from atre.formats.instants import Floats, numbers_of
from atre.formats.local_time import Mask
from atre.formats.reading import Reject
from atre.formats.text_files import LineBlock, fields_of, rejected

Days = NDArray[np.datetime64]

SHORT_FR = "Ligne coupée : elle a moins de colonnes que le titre."

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_FRENCH = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


def days_of(texts: Sequence[str]) -> Days:
    """Days as files write them, NaT where the text is none.

    >>> days_of(["20250131", "2025-01-31", "31/01/2025", "20250230"]).astype(str).tolist()
    ['2025-01-31', '2025-01-31', '2025-01-31', 'NaT']
    """
    known: dict[str, np.datetime64] = {}
    for text in set(texts):
        known[text] = _day(text)
    return np.array([known[text] for text in texts], dtype="datetime64[D]")


def _day(text: str) -> np.datetime64:
    parts = None
    if found := _COMPACT.fullmatch(text) or _ISO.fullmatch(text):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif found := _FRENCH.fullmatch(text):
        parts = (int(found[3]), int(found[2]), int(found[1]))
    try:
        return np.datetime64(date(*parts)) if parts else np.datetime64("NaT", "D")
    except ValueError:
        return np.datetime64("NaT", "D")


def take_titles(block: LineBlock) -> str | None:
    """The first line that holds something, taken out of the block with the blank ones before it;
    None when there is none. The numbers of the lines that stay are those of the file.

    >>> block = LineBlock([1, 2, 3], ["", "date;tm", "20250131;4.2"])
    >>> take_titles(block), block.numbers, block.lines
    ('date;tm', [3], ['20250131;4.2'])
    """
    while block.lines:
        block.numbers.pop(0)
        line = block.lines.pop(0)
        if line.strip():
            return line
    return None


def cells_of(
    block: LineBlock, delimiter: str, columns: Sequence[int], rejects: list[Reject]
) -> tuple[list[int], list[list[str]]]:
    """The wanted cells of each line that is not blank, stripped, with its number. A line shorter
    than the last wanted column is added to `rejects`.

    >>> refused: list[Reject] = []
    >>> block = LineBlock([2, 3, 4], ["01;20250131; 4.2", "", "01;2025"])
    >>> cells_of(block, ";", [1, 2], refused), refused[0].line, refused[0].reason_fr
    (([2], [['20250131', '4.2']]), 4, 'Ligne coupée : elle a moins de colonnes que le titre.')
    """
    width = max(columns) + 1
    numbers, rows = [], []
    for number, line in zip(block.numbers, block.lines, strict=True):
        if not line or line.isspace():
            continue
        # Of sixty columns, ten are wanted: stripping all of them took half the time of a file.
        cells = fields_of(line, delimiter) if '"' in line else line.split(delimiter)
        if len(cells) < width:
            rejects.append(rejected(number, SHORT_FR, found=line))
            continue
        numbers.append(number)
        rows.append([cells[place].strip() for place in columns])
    return numbers, rows


def temperatures_of(texts: Sequence[str], unreadable: Mask) -> Floats:
    """A column of temperatures of shape (n,), in the file's unit, NaN where blank; marks in
    `unreadable` (shape (n,), changed in place) the rows where the cell is no number.

    >>> unreadable = np.zeros(3, dtype=np.bool_)
    >>> temperatures_of(["4,2", "", "froid"], unreadable).tolist(), unreadable.tolist()
    ([4.2, nan, nan], [False, False, True])
    """
    values, wrong = numbers_of(texts)
    unreadable |= wrong
    return values
