"""Enedis' history of measures (HDM) in CSV: load curve, daily index with its calendars, daily
highest power, and the flat layout of 2023 that repeats the meter on each line.

A file is a suite of sections; each begins with a line of titles (« Identifiant PRM… »), the values
of these titles, the titles of the columns, then the rows.
"""

from collections.abc import Iterator
from typing import BinaryIO

from atre.formats.covered_time import CoveredTime
from atre.formats.enedis_hdm_curves import CurveSection, FlatCurves
from atre.formats.enedis_hdm_powers import PowerSection
from atre.formats.enedis_hdm_registers import FlatRegisters, IndexSection
from atre.formats.enedis_hdm_section import DELIMITER, Heading, Section, SkippedSection
from atre.formats.reading import Format, Part, UnreadableFile, without_rows
from atre.formats.text_files import (
    WarningTally,
    fields_of,
    head_lines,
    line_blocks,
    plain,
    rejected,
)

METER_TITLE = "identifiant prm"
NOTHING_FR = (
    "Ce fichier commence comme un historique Enedis, mais il n’a aucune section de mesures : "
    "téléchargez-le de nouveau."
)
STRAY_FR = "Ligne hors de toute section de mesures."
PRODUCTION_FR = (
    "Section de production (électricité injectée) : elle n’est pas lue, pour ne pas être comptée "
    "comme une consommation."
)
NOT_ACTIVE_FR = "Section d’énergie réactive ou de tension : elle n’est pas lue."
NO_COLUMNS_FR = "Section dont les colonnes ne sont pas connues : elle n’est pas lue."


def _recognises(head: bytes) -> bool:
    """Whether a file begins as an HDM file, in either layout."""
    lines = head_lines(head, 1)
    if not lines:
        return False
    titles = [plain(title) for title in fields_of(lines[0], DELIMITER)]
    return titles[0] == METER_TITLE and (
        "type de donnees" in titles or {"horodate", "valeur"} <= set(titles)
    )


def read(stream: BinaryIO) -> Iterator[Part]:
    """The parts of an HDM file: `INTERVALS` and `INDEXES` in kWh, `MAXIMUM_POWERS` in VA.

    A point of a home's curve (C5) is dated of the end of its interval. A section of production, of
    reactive energy or of voltage is refused whole, counted. Raises UnreadableFile when the file has
    no section of measures.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> history = '''Identifiant PRM;Type de donnees;Grandeur physique;Grandeur metier;Unite
    ... 1;Courbe de charge;Energie active;Consommation;W
    ... Horodate;Valeur
    ... 2021-01-07T00:30:00+01:00;1000
    ... 2021-01-07T01:00:00+01:00;
    ... 2021-01-07T01:30:00+01:00;mille
    ... 2021-01-07T02:00:00+01:00;500
    ... 2021-01-07T02:30:00+01:00;500
    ... '''
    >>> found = collect(FORMATS[0], read(BytesIO(history.encode())))
    >>> found.tables[0]["kwh"].to_pylist()
    [0.5, None, None, 0.25, 0.25]
    >>> found.rejects[0].line, found.rejects[0].reason_fr
    (6, 'Valeur qui n’est pas un nombre ; l’intervalle est gardé, sans valeur.')
    """
    warnings = WarningTally()
    sections = _Sections(warnings)
    for block in line_blocks(stream, warnings):
        if block.rejects:
            yield without_rows(rejects=block.rejects)
        yield from sections.read(block.numbers, block.lines)
    yield from sections.finish()
    if not sections.found:
        raise UnreadableFile(NOTHING_FR)
    yield without_rows(warnings=warnings.take())


def _is_row(line: str) -> bool:
    """Rows of measures begin with a date or a meter; the rest is the frame of the file."""
    return line[:1].isdigit() or (line[:1] == '"' and line[1:2].isdigit())


class _Sections:
    """Follows titles, values, columns, rows, from one section to the next."""

    def __init__(self, warnings: WarningTally) -> None:
        self._warnings = warnings
        self._section: Section | None = None
        self._titles: list[str] = []
        self._heading: Heading | None = None  # read, and its columns are awaited
        self._covered: dict[str | None, CoveredTime] = {}  # by curves, for each meter
        self.found = False

    def read(self, numbers: list[int], lines: list[str]) -> Iterator[Part]:
        place = 0
        for frame in [at for at, line in enumerate(lines) if not _is_row(line)]:
            if place < frame:
                yield from self._rows(numbers[place:frame], lines[place:frame])
            yield from self._frame(numbers[frame], lines[frame])
            place = frame + 1
        if place < len(lines):
            yield from self._rows(numbers[place:], lines[place:])

    def finish(self) -> Iterator[Part]:
        section, self._section = self._section, None
        if section is not None:
            yield from section.finish()

    def _rows(self, numbers: list[int], lines: list[str]) -> Iterator[Part]:
        if self._titles:
            self._head(numbers[0], fields_of(lines[0], DELIMITER))
            numbers, lines = numbers[1:], lines[1:]
        if not lines:
            return
        if self._section is not None and self._heading is None:
            yield from self._section.rows(numbers, lines)
        else:
            yield without_rows(
                rejects=tuple(
                    rejected(number, STRAY_FR, found=line)
                    for number, line in zip(numbers, lines, strict=True)
                )
            )

    def _head(self, number: int, values: list[str]) -> None:
        self._heading = Heading(number, dict(zip(self._titles, values, strict=False)))
        self._titles = []

    def _frame(self, number: int, line: str) -> Iterator[Part]:
        # Files put end to end leave the mark of the second in the middle.
        cells = fields_of(line.removeprefix("\ufeff"), DELIMITER)
        if not any(cells):
            return
        titles = [plain(cell) for cell in cells]
        if titles[0] == METER_TITLE:
            yield from self.finish()
            self._open(number, titles)
        elif self._titles:
            self._head(number, cells)
        elif self._heading is not None:
            self._section = self._section_of(self._heading, titles)
            self._heading = None
            self.found = True
        elif self._section is not None:
            yield from self._section.frame(number, line)
        else:
            yield without_rows(rejects=(rejected(number, STRAY_FR, found=line),))

    def _open(self, number: int, titles: list[str]) -> None:
        self._titles, self._heading = [], None
        if "horodate" not in titles:
            self._titles = titles
            return
        self.found = True
        if "cadran" in titles:
            self._section = FlatRegisters(titles, self._warnings)
        else:
            self._section = FlatCurves(titles, self._warnings, self._covered)

    def _section_of(self, heading: Heading, columns: list[str]) -> Section:
        why_not = None
        if not heading.is_consumption:
            why_not = PRODUCTION_FR
        elif not heading.is_active:
            why_not = NOT_ACTIVE_FR
        elif "horodate" not in columns:
            why_not = NO_COLUMNS_FR
        if why_not is None and "type de releve" in columns:
            return IndexSection(heading, columns, self._warnings)
        if why_not is None and "valeur" in columns:
            if heading.is_maximum_power:
                return PowerSection(heading, columns, self._warnings)
            elsewhere = self._covered.setdefault(heading.meter_id, CoveredTime())
            return CurveSection(heading, columns, self._warnings, elsewhere)
        return SkippedSection(heading.line, why_not or NO_COLUMNS_FR)


FORMATS = (
    Format(
        key="enedis_hdm",
        title_fr="l’historique de mesures d’Enedis en CSV (courbe, index, puissances)",
        recognises=_recognises,
        read=read,
    ),
)
