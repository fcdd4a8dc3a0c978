"""Official tables with one line a figure (or a few), as operators and ministries publish them: the
line of titles found among the first, cells by column, and the lines that came twice.

Memory: 16 bytes a line to know those already read, whatever the file weighs.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atre.formats.reading import Reject, UnreadableFile
from atre.formats.text_files import (
    LineBlock,
    fields_of,
    head_lines,
    plain,
    rejected,
    sniffed_delimiter,
)

# The ministry writes a line of labels, then a line of names.
MAX_TITLE_LINES = 3
# Lines whose cells are in memory at once: 320 MB instead of 480 for 350 000 lines, as fast.
BLOCK_LINES = 8_192
_NAME = re.compile(r"[^a-z0-9]+")

WIDTH_FR = "Cette ligne n’a pas autant de cellules que la ligne de titres."
SAME_FR = "Ligne déjà lue plus haut, chiffres compris : comptée une fois."
OTHER_FR = "Ligne déjà lue plus haut avec d’autres chiffres : la première a été gardée."
NO_LINE_FR = "Ce fichier a des titres de colonnes et aucune ligne de données : rien n’a été lu."

Hashes = NDArray[np.int64]
Lines = Callable[["str"], "Titles | None"]


def title_name(title: str) -> str:
    """A title as an identifier, so that the label and the name of one column meet.

    >>> title_name("Conso totale (MWh)"), title_name("CODE_IRIS")
    ('conso_totale_mwh', 'code_iris')
    """
    return _NAME.sub("_", plain(title)).strip("_")


@dataclass(frozen=True, slots=True)
class Titles:
    """Where the columns of a table are. `places` goes from our name of a column to its place;
    `values` has the places whose cells are figures, not what a line is about."""

    delimiter: str
    width: int
    places: Mapping[str, int]
    values: frozenset[int]


def titles_of(line: str, names: Mapping[str, str], values: frozenset[str]) -> Titles:
    """The columns of a line of titles; `names` goes from `title_name` to our name. The first of
    two columns of one name is read.

    >>> titles_of("annee;CONSO;PDL", {"annee": "year", "conso": "mwh"}, frozenset({"mwh"})).places
    {'year': 0, 'mwh': 1}
    """
    delimiter = sniffed_delimiter([line])
    cells = [title_name(cell) for cell in fields_of(line, delimiter)]
    places: dict[str, int] = {}
    figures = set()
    for place, cell in enumerate(cells):
        name = names.get(cell)
        if name in values:
            figures.add(place)
        if name:
            places.setdefault(name, place)
    return Titles(delimiter, len(cells), places, frozenset(figures))


def found_titles(head: bytes, told: Lines) -> Titles | None:
    """The first line of a head that `told` understands, among the three first.

    >>> found_titles(b"Millesime\\nANNEE\\n2019", lambda line: titles_of(line, {"annee": "year"},
    ...     frozenset()) if line == "ANNEE" else None).places
    {'year': 0}
    """
    lines = head_lines(head, MAX_TITLE_LINES)
    return next((found for line in lines if (found := told(line)) is not None), None)


@dataclass(frozen=True, slots=True)
class Cells:
    """Lines of a table by column: `texts[name]` has one trimmed text a line, blank where the file
    has no such column."""

    lines: pa.Array
    texts: Mapping[str, pa.Array]

    def __len__(self) -> int:
        return len(self.lines)

    def of(self, name: str) -> pa.Array:
        """The texts of a column, blanks when the file has not got it.

        >>> Cells(pa.array([2]), {}).of("sector").to_pylist()
        ['']
        """
        found = self.texts.get(name)
        return pa.repeat(pa.scalar(""), len(self.lines)) if found is None else found

    def renamed(self, names: Mapping[str, str]) -> "Cells":
        """The same lines with `names[ours]` read as the column `ours`, where the file has it.

        >>> Cells(pa.array([2]), {"sites_a": pa.array(["3"])}).renamed({"sites": "sites_a"}).of("sites")[0].as_py()
        '3'
        """
        found = {ours: self.texts[name] for ours, name in names.items() if name in self.texts}
        return Cells(self.lines, {**self.texts, **found})

    def chosen(self, mask: pa.Array) -> "Cells":
        """The lines where `mask` is true.

        >>> len(Cells(pa.array([2, 3]), {}).chosen(pa.array([True, False])))
        1
        """
        return Cells(
            self.lines.filter(mask), {name: text.filter(mask) for name, text in self.texts.items()}
        )

    def refused(self, mask: pa.Array, reason_fr: str, place: str) -> list[Reject]:
        """A reject for each line where `mask` is true, with the cell of the column `place`.

        >>> Cells(pa.array([2]), {"year": pa.array(["x"])}).refused(pa.array([True]), "?", "year")
        [Reject(line=2, reason_fr='?', place='year', found='x')]
        """
        wrong = self.chosen(mask)
        return [
            rejected(line, reason_fr, found=found, place=place)
            for line, found in zip(
                wrong.lines.to_pylist(), wrong.of(place).to_pylist(), strict=True
            )
        ]


class KnownLines:
    """The lines already read, by what they are about: a line that comes twice is refused, and told
    the same or another. `is_judged` is false where nothing tells two lines apart."""

    def __init__(self, *, is_judged: bool = True) -> None:
        self._is_judged = is_judged
        self._about: Hashes = np.zeros(0, np.int64)
        self._whole: Hashes = np.zeros(0, np.int64)

    def fresh(
        self, rows: Sequence[tuple[int, list[str]]], titles: Titles, rejects: list[Reject]
    ) -> list[tuple[int, list[str]]]:
        """The rows whose subject is met for the first time; the others go to `rejects`.

        >>> known, refused = KnownLines(), []
        >>> titles = Titles(";", 2, {"year": 0, "mwh": 1}, frozenset({1}))
        >>> known.fresh([(2, ["2019", "5"]), (3, ["2019", "6"])], titles, refused)
        [(2, ['2019', '5'])]
        >>> refused[0].reason_fr == OTHER_FR
        True
        """
        places = [place for place in range(titles.width) if place not in titles.values]
        if not self._is_judged or not rows or not places:
            return [*rows]
        # Of one place alone, itemgetter would give a text, not a tuple.
        subject = itemgetter(*(places if len(places) > 1 else places * 2))
        about = _hashes([subject(cells) for _, cells in rows])
        whole = _hashes([tuple(cells) for _, cells in rows])
        is_new = ~_within(about, self._about)
        first = np.zeros(len(rows), dtype=np.bool_)
        first[np.unique(about, return_index=True)[1]] = True
        kept = is_new & first
        self._about = _merged(self._about, about[kept])
        self._whole = _merged(self._whole, whole[kept])
        same = _within(whole, self._whole)
        for at in np.flatnonzero(~kept):
            number, cells = rows[int(at)]
            reason = SAME_FR if same[at] else OTHER_FR
            rejects.append(rejected(number, reason, found=titles.delimiter.join(cells)))
        return [rows[int(at)] for at in np.flatnonzero(kept)]


def _hashes(subjects: Sequence[tuple[str, ...]]) -> Hashes:
    return np.fromiter(map(hash, subjects), np.int64, len(subjects))


def _within(found: Hashes, known: Hashes) -> NDArray[np.bool_]:
    if not known.size:
        return np.zeros(found.shape, dtype=np.bool_)
    at = np.minimum(np.searchsorted(known, found), known.size - 1)
    within: NDArray[np.bool_] = known[at] == found
    return within


def _merged(known: Hashes, found: Hashes) -> Hashes:
    # Nearly sorted: the stable sort merges instead of sorting again.
    return np.sort(np.concatenate((known, found)), kind="stable")


def cell_blocks(
    blocks: Iterator[LineBlock],
    told: Lines,
    known: Callable[[Titles], KnownLines],
    *,
    unknown_fr: str,
) -> Iterator[tuple[Titles, Cells, list[Reject]]]:
    """The cells of the lines under the titles, block by block, with the lines refused so far.

    Raises UnreadableFile(`unknown_fr`) when none of the first lines are titles, and when no line
    follows them.

    >>> from io import BytesIO
    >>> from atre.formats.text_files import WarningTally, line_blocks
    >>> def told(line):
    ...     return titles_of(line, {"annee": "year"}, frozenset()) if line == "annee" else None
    >>> blocks = line_blocks(BytesIO(b"annee\\n2019\\n2020"), WarningTally())
    >>> [(_, cells, _)] = cell_blocks(blocks, told, lambda _: KnownLines(), unknown_fr="?")
    >>> cells.of("year").to_pylist(), cells.lines.to_pylist()
    (['2019', '2020'], [2, 3])
    """
    titles: Titles | None = None
    judged = KnownLines()
    count = 0
    for block in blocks:
        rejects = [*block.rejects]
        numbered = zip(block.numbers, block.lines, strict=True)
        rows = [(number, line) for number, line in numbered if line and not line.isspace()]
        if titles is None:
            titles, rows = _take_titles(rows, told)
            if titles is None:
                raise UnreadableFile(unknown_fr)
            judged = known(titles)
        count += len(rows)
        split = _split(rows, titles, rejects)
        fresh = judged.fresh(split, titles, rejects)
        yield titles, _columns(fresh, titles), rejects
    if not count:
        raise UnreadableFile(unknown_fr if titles is None else NO_LINE_FR)


def _take_titles(
    rows: list[tuple[int, str]], told: Lines
) -> tuple[Titles | None, list[tuple[int, str]]]:
    found, under = None, rows
    for at, (_, line) in enumerate(rows[:MAX_TITLE_LINES]):
        titles = told(line.strip())
        # The line of names comes under the line of labels: the last of them is above the figures.
        if titles is not None:
            found, under = titles, rows[at + 1 :]
    return found, under


def _split(
    rows: Sequence[tuple[int, str]], titles: Titles, rejects: list[Reject]
) -> list[tuple[int, list[str]]]:
    found = []
    for number, line in rows:
        cells = fields_of(line, titles.delimiter) if '"' in line else line.split(titles.delimiter)
        if len(cells) != titles.width:
            rejects.append(rejected(number, WIDTH_FR, found=line))
            continue
        found.append((number, cells))
    return found


def _columns(rows: Sequence[tuple[int, list[str]]], titles: Titles) -> Cells:
    lines = pa.array([number for number, _ in rows], pa.int64())
    columns = [*zip(*(cells for _, cells in rows), strict=True)] or [()] * titles.width
    return Cells(
        lines,
        {
            name: pc.utf8_trim_whitespace(_texts(columns[place]))
            for name, place in titles.places.items()
        },
    )


def _texts(cells: Sequence[str]) -> pa.Array:
    try:
        return pa.array(cells, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair, from a file that is not text
        return pa.array([cell.encode("utf-8", "replace").decode() for cell in cells], pa.string())
