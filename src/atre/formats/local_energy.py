"""Electricity, gas, heat and cold delivered in a territory, as network operators declare them: the
columns that Agence ORE and the SDES share, and what their words mean.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.figure_lines import BLOCK_LINES, Cells, KnownLines, Titles, cell_blocks, titles_of
from atre.formats.figure_places import located, tell_lines
from atre.formats.figure_sums import FigureSums, figure_columns
from atre.formats.local_energy_words import (
    ADDED_FR,
    BREAK_FR,
    BREAK_YEAR,
    CATEGORIES,
    DOUBTED,
    ENERGIES,
    ENERGY_FR,
    GAS_FR,
    HIDDEN_CODE,
    MARKS,
    MEASURES,
    NEGATIVE_FR,
    NO_SECTOR_FR,
    PARTIAL_FR,
    PLACES,
    SECTOR_FR,
    SECTORS,
    SENTENCES,
    TITLES,
    VALUES,
    YEAR_FR,
    years_fr,
)
from atre.formats.reading import Part, Reject, without_rows
from atre.formats.territory_figures import Energy, Sector, Status
from atre.formats.text_files import WarningTally, line_blocks
from atre.formats.wide_figures import NOT_NUMBER_FR, values_and_status


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """What a publisher does that the other does not.

    zero_hides : 0 MWh for 0 site may stand for masked cells added up as zeros.
    always_tells_break : whether the break of 2018 is told even for one vintage.
    by_address : a line is a building, not a territory.
    """

    unknown_fr: str
    zero_hides: bool = False
    always_tells_break: bool = False
    by_address: bool = False
    sentences: tuple[str, ...] = ()


def energy_titles(line: str) -> Titles | None:
    """The columns of a line of titles of local consumption, one line a sector; None for others.

    >>> energy_titles("ANNEE;FILIERE;CODE_IRIS;CODE_GRAND_SECTEUR;CONSO;PDL").places["consumption"]
    4
    """
    titles = titles_of(line, TITLES, VALUES)
    has_place = any(place in titles.places for place in PLACES)
    needed = {"year", "energy", "consumption"}
    return titles if has_place and titles.places.keys() >= needed else None


class EnergyReader:
    """Follows the lines of one file: what each is about, what it measures, what is doubted."""

    def __init__(self, conventions: Conventions) -> None:
        self.tally = WarningTally()
        self._conventions = conventions
        self._sums = FigureSums()
        self._years: set[int] = set()
        self._has_gas = False
        for sentence in conventions.sentences:
            self.tally.add(sentence)

    def take(self, cells: Cells, rejects: list[Reject]) -> None:
        """Adds the figures of these lines; refusals go to `rejects`.

        >>> reader = EnergyReader(Conventions(unknown_fr="?"))
        >>> line = {"year": "2019", "energy": "E", "iris": "770540000", "consumption": "s"}
        >>> reader.take(Cells(pa.array([2]), {name: pa.array([cell]) for name, cell in line.items()}), [])
        >>> [*reader.finish()][0].rows["status"].to_pylist()
        ['secret']
        """
        cells, row = self.identified(cells, rejects)
        sector = self._sectors(cells)
        lost = pc.is_null(sector)
        rejects += cells.refused(lost, SECTOR_FR, "sector")
        blank = pc.equal(cells.of("sector"), "")
        is_unallocated = pc.equal(sector, str(Sector.UNALLOCATED))
        tell_lines(self.tally, cells, _sure(pc.and_(blank, is_unallocated)), NO_SECTOR_FR)
        good = pc.invert(lost)
        row = {name: column.filter(good) for name, column in (row | {"sector": sector}).items()}
        self.measure(cells.chosen(good), row, rejects)

    def identified(self, cells: Cells, rejects: list[Reject]) -> tuple[Cells, dict[str, pa.Array]]:
        """The lines whose territory, year and energy are known, and these as columns of `FIGURES`.

        >>> line = {"year": "20x9", "energy": "E", "iris": "770540000"}
        >>> cells = Cells(pa.array([2]), {name: pa.array([cell]) for name, cell in line.items()})
        >>> refused = []
        >>> len(EnergyReader(Conventions(unknown_fr="?")).identified(cells, refused)[0])
        0
        >>> refused[0].found
        '20x9'
        """
        places, cells = located(cells, PLACES, rejects, self.tally)
        row = {
            "level": places.level,
            "territory": places.territory,
            "category": places.category,
            "year": _years(cells.of("year")),
            "energy": meaning_of(cells.of("energy"), ENERGIES),
            "line": cells.lines,
        }
        good = pa.array([True] * len(cells), pa.bool_())
        for name, reason in (("year", YEAR_FR), ("energy", ENERGY_FR)):
            lost = pc.is_null(row[name])
            rejects += cells.refused(pc.and_(good, lost), reason, name)
            good = pc.and_(good, pc.invert(lost))
        row = {name: column.filter(good) for name, column in row.items()}
        self._years |= set(pc.unique(row["year"]).to_pylist())
        return cells.chosen(good), row

    def measure(self, cells: Cells, row: dict[str, pa.Array], rejects: list[Reject]) -> None:
        """Adds `consumption` and `sites` of identified lines; `row` has a sector.

        >>> reader = EnergyReader(Conventions(unknown_fr="?"))
        >>> cells = Cells(pa.array([2]), {"consumption": pa.array(["12,5"])})
        >>> said = {"level": "iris", "territory": "770540000", "energy": "gas", "sector": "tertiary"}
        >>> row = {name: pa.array([word]) for name, word in said.items()} | {"year": pa.array([2019])}
        >>> reader.measure(cells, row, [])
        >>> [*reader.finish()][0].rows["value"].to_pylist()
        [12.5]
        """
        is_gas = pc.equal(row["energy"], str(Energy.GAS))
        self._has_gas |= bool(pc.any(is_gas).as_py())
        basis = pc.if_else(is_gas, pa.scalar("pcs"), pa.scalar(None, pa.string()))
        for measure, unit in MEASURES.items():
            if measure not in cells.texts:
                continue
            values, status = self._read(cells, measure, row["year"])
            known = pc.is_valid(status)
            rejects += _unread(cells, measure, values, known)
            for said, sentence in SENTENCES.items():
                tell_lines(self.tally, cells, _sure(pc.equal(status, str(said))), sentence)
            figures = figure_columns(
                len(cells),
                row
                | {
                    "measure": measure,
                    "value": values,
                    "unit": unit,
                    "status": _official(status),
                    "basis": basis if measure == "consumption" else None,
                },
            )
            self._sums.add(figures.filter(known))

    def _sectors(self, cells: Cells) -> pa.Array:
        """The sector, or what the category of consumption says where the sector says nothing."""
        sector = meaning_of(cells.of("sector"), SECTORS)
        blank = pc.equal(cells.of("sector"), "")
        sector = pc.if_else(blank, str(Sector.UNALLOCATED), sector)
        category = meaning_of(cells.of("category"), CATEGORIES)
        is_vague = pc.equal(sector, str(Sector.UNALLOCATED))
        return pc.if_else(pc.and_(is_vague, pc.is_valid(category)), category, sector)

    def _read(self, cells: Cells, measure: str, year: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Values and status; a null status is a cell to refuse, its value kept to say why."""
        values, status = values_and_status(cells.of(measure), MARKS)
        hidden = pc.and_(pc.equal(values, HIDDEN_CODE), pc.less(year, BREAK_YEAR))
        status = pc.if_else(_sure(hidden), str(Status.SECRET), status)
        negative = _sure(pc.and_(pc.less(values, 0), pc.invert(hidden)))
        status = pc.if_else(negative, pa.scalar(None, pa.string()), status)
        masked, _ = values_and_status(cells.of("masked"), MARKS)
        lacks = _sure(pc.greater(masked, 0))
        is_nothing = pc.or_(pc.is_null(values), _sure(pc.equal(values, 0)))
        sound = pc.and_(lacks, _sure(pc.is_in(status, pa.array(["published", "missing"]))))
        status = pc.if_else(pc.and_(sound, is_nothing), str(Status.SECRET), status)
        some = pc.and_(sound, pc.invert(is_nothing))
        status = pc.if_else(some, str(Status.PARTIAL), status)
        if self._conventions.zero_hides and "masked" not in cells.texts:
            status = self._doubt_zeros(cells, status)
        has_value = _sure(pc.or_(pc.is_in(status, pa.array(["published", "partial"])), negative))
        return pc.if_else(has_value, values, pa.scalar(None, pa.float64())), status

    def _doubt_zeros(self, cells: Cells, status: pa.Array) -> pa.Array:
        both = [values_and_status(cells.of(name), MARKS)[0] for name in MEASURES]
        zeros = _sure(pc.and_(pc.equal(both[0], 0), pc.equal(both[1], 0)))
        if not pc.any(zeros).as_py():
            return status
        return pc.if_else(zeros, DOUBTED, status)

    def finish(self) -> Iterator[Part]:
        """The figures, then what can only be said at the end.

        >>> [part.rows.num_rows for part in EnergyReader(Conventions(unknown_fr="?")).finish()]
        [0]
        """
        if self._has_gas:
            self.tally.add(GAS_FR)
        if self._years:
            first, last = min(self._years), max(self._years)
            if first != last:
                self.tally.add(years_fr(first, last))
            if self._conventions.always_tells_break or first < BREAK_YEAR <= last:
                self.tally.add(BREAK_FR)
        given = 0
        for part in self._sums.parts():
            given += part.rows.num_rows
            partial = pc.sum(pc.equal(part.rows["status"], str(Status.PARTIAL))).as_py() or 0
            self.tally.add(PARTIAL_FR, count=partial)
            yield part
        self.tally.add(ADDED_FR, count=self._sums.added - given)
        yield without_rows(warnings=self.tally.take())


def read_energy(
    stream: BinaryIO, told: Callable[[str], Titles | None], conventions: Conventions
) -> Iterator[Part]:
    """Rows of `FIGURES`, one a territory, year, energy and sector: `consumption` (MWh, gas PCS) and
    `sites` (delivery points). Lines of several operators, activities or addresses are added up.

    Raises UnreadableFile for other titles and for a file without lines.

    >>> import io
    >>> text = b"ANNEE;FILIERE;CODE_IRIS;CODE_GRAND_SECTEUR;CONSO;PDL\\n2019;G;770540000;T;8,9e+01;1"
    >>> parts = [*read_energy(io.BytesIO(text), energy_titles, Conventions(unknown_fr="?"))]
    >>> parts[0].rows.select(["measure", "value", "basis"]).to_pylist()[0]
    {'measure': 'consumption', 'value': 89.0, 'basis': 'pcs'}
    """
    reader = EnergyReader(conventions)
    blocks = line_blocks(stream, reader.tally, rows=BLOCK_LINES)

    def known(titles: Titles) -> KnownLines:
        # With the addresses taken away, nothing tells two buildings of a street apart.
        has_twins = conventions.by_address and "address" not in titles.places
        return KnownLines(is_judged=not has_twins)

    for _, cells, rejects in cell_blocks(blocks, told, known, unknown_fr=conventions.unknown_fr):
        reader.take(cells, rejects)
        if rejects:
            yield without_rows(rejects=tuple(rejects))
    yield from reader.finish()


def meaning_of(texts: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Each text as the word it stands for, whatever its case; null where it is none of them.

    >>> meaning_of(pa.array(["Gaz", "?"]), ENERGIES).to_pylist()
    ['gas', None]
    """
    at = pc.index_in(pc.utf8_lower(texts), pa.array([*words], pa.string()))
    return pa.array([str(word) for word in words.values()], pa.string()).take(at)


def _years(texts: pa.Array) -> pa.Array:
    is_year = pc.match_substring_regex(texts, r"^(199\d|20\d\d)(\.0|-01-01.*)?$")
    digits = pc.if_else(is_year, pc.utf8_slice_codeunits(texts, 0, 4), pa.scalar(None, pa.string()))
    return digits.cast(pa.int16())


def _official(status: pa.Array) -> pa.Array:
    """The status as the schema has it, where a cell to refuse stands for nothing."""
    doubted = _sure(pc.equal(status, DOUBTED))
    return pc.fill_null(pc.if_else(doubted, str(Status.MISSING), status), "")


def _sure(mask: pa.Array) -> pa.Array:
    return pc.fill_null(mask, False)


def _unread(cells: Cells, measure: str, values: pa.Array, known: pa.Array) -> list[Reject]:
    wrong = pc.invert(known)
    negative = _sure(pc.less(values, 0))
    return cells.refused(pc.and_(wrong, negative), NEGATIVE_FR, measure) + cells.refused(
        pc.and_(wrong, pc.invert(negative)), NOT_NUMBER_FR, measure
    )
