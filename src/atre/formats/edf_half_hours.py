"""EDF's « mes-puissances-atteintes-30min » CSV: a line with the day, then a line each half hour.

    Récapitulatif de mes puissances atteintes en W
    Date et heure de relève par le distributeur;Puissance atteinte (W);Nature de la donnée
    30/01/2026;;
    00:00:00;3916;Réelle
    23:30:00;4522;Réelle

An hour is the end of its half hour; the 00:00 of a day is the midnight at which that day ends.
Days and hours go backwards.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import BinaryIO

from atre.formats.curve_points import NO_DATE_FR, points_of
from atre.formats.curve_steps import MINUTE
from atre.formats.energy_units import Unit, unit_of
from atre.formats.load_curve import LoadCurve, Stamp
from atre.formats.local_time import ParisClock
from atre.formats.reading import Format, Part, Reject, UnreadableFile, without_rows
from atre.formats.text_files import (
    LineBlock,
    WarningTally,
    fields_of,
    head_lines,
    line_blocks,
    plain,
    rejected,
)

DELIMITER = ";"
HALF_HOUR = 30 * MINUTE
DAY = re.compile(r"(\d\d)/(\d\d)/((?:19|20)\d\d)")
HOUR = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(:[0-5]\d)?")
VALUE_TITLE = re.compile(r".*\((k?wh?)\)")
NO_DAY_FR = "Heure qui ne suit aucun jour."
NOT_A_ROW_FR = "Ligne qui n’est ni un jour, ni une heure et sa puissance."
UNIT_FR = "La colonne des puissances ne dit pas son unité : watts, comme l’écrit EDF."
NOTHING_FR = "Ce fichier EDF n’a aucun jour de mesures : téléchargez-le de nouveau."
MIDNIGHT_FR = "L’heure 00:00 d’un jour est lue comme le minuit où ce jour finit."


def _recognises(head: bytes) -> bool:
    """Whether the titles are EDF's, or days alone on their line are followed by hours."""
    lines = [plain(line) for line in head_lines(head, 6)]
    if any(line.startswith("recapitulatif de mes puissances atteintes") for line in lines):
        return True
    if any(line.startswith("date et heure de releve par le distributeur") for line in lines):
        return True
    cells = [fields_of(line, DELIMITER) for line in lines]
    return any(
        DAY.fullmatch(day[0]) is not None
        and not any(day[1:])
        and HOUR.fullmatch(hour[0]) is not None
        and len(hour) > 1
        for day, hour in pairwise(cells)
    )


def read(stream: BinaryIO) -> Iterator[Part]:
    r"""The parts of an EDF file: `INTERVALS` of half an hour, kWh from the watts of the file.

    The meter is not named in these files: `meter_id` is null. A half hour without a value stays, as
    unknown. Raises UnreadableFile when the file has no day at all.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> day = "30/01/2026;;\n00:00:00;3916;Réelle\n23:30:00;;\n23:00:00;4522;Réelle\n"
    >>> curve = collect(FORMATS[0], read(BytesIO(day.encode()))).tables[0]
    >>> [(row["end"].strftime("%d %H:%M"), row["kwh"]) for row in curve.to_pylist()]  # UTC
    [('30 22:00', 2.261), ('30 22:30', None), ('30 23:00', 1.958)]
    """
    warnings = WarningTally()
    days = _Days(warnings)
    for block in line_blocks(stream, warnings):
        yield from days.read(block)
    if not days.found:
        raise UnreadableFile(NOTHING_FR)
    yield from days.finish()
    yield without_rows(warnings=warnings.take())


class _Days:
    """Follows the day to which the hours belong."""

    def __init__(self, warnings: WarningTally) -> None:
        self._warnings = warnings
        self._day: date | None = None
        self._unit: Unit | None = None
        self._curve: LoadCurve | None = None
        self._clock = ParisClock(descending=True)
        self.found = False

    def read(self, block: LineBlock) -> Iterator[Part]:
        times: list[str] = []
        values: list[str] = []
        words: list[str | None] = []
        lines: list[int] = []
        rejects = list(block.rejects)
        for number, line in zip(block.numbers, block.lines, strict=True):
            cells = fields_of(line, DELIMITER)
            hour = HOUR.fullmatch(cells[0])
            if hour is None:
                rejects += self._frame(number, cells)
            elif self._day is None:
                rejects.append(rejected(number, NO_DAY_FR, found=line))
            else:
                times.append(self._instant(hour))
                values.append(cells[1] if len(cells) > 1 else "")
                words.append(cells[2] if len(cells) > 2 else None)
                lines.append(number)
        points, refused = points_of(
            times,
            values,
            lines,
            clock=self._clock,
            warnings=self._warnings,
            steps=HALF_HOUR,
            quality=words,
        )
        if rejects or refused:
            yield without_rows(rejects=(*rejects, *refused))
        if lines:
            yield from self._open_curve().add(points)

    def _open_curve(self) -> LoadCurve:
        if self._curve is None:
            if self._unit is None:
                self._warnings.add(UNIT_FR)
            self._curve = LoadCurve(None, self._unit or Unit(kw=0.001), Stamp.END, self._warnings)
            self._warnings.add(MIDNIGHT_FR)
        return self._curve

    def _instant(self, hour: re.Match[str]) -> str:
        day = self._day or date.min
        if hour[1] == "24" or (hour[1] == "00" and hour[2] == "00"):
            return f"{day + timedelta(days=1)}T00:{hour[2]}:00"
        return f"{day}T{hour[1]}:{hour[2]}:00"

    def _frame(self, number: int, cells: list[str]) -> list[Reject]:
        """A line that is no hour: a day, titles, or nothing we know."""
        if not any(cells):
            return []
        told = DAY.fullmatch(cells[0])
        if told is not None:
            try:
                day = date(int(told[3]), int(told[2]), int(told[1]))
            except ValueError:
                self._day = None
                return [rejected(number, NO_DATE_FR, found=cells[0])]
            self._day, self.found = day, True
            return []
        title = plain(cells[0])
        if self._day is None and "date" in title and len(cells) > 1:
            named = VALUE_TITLE.fullmatch(plain(cells[1]))
            self._unit = unit_of(named[1]) if named else None
            return []
        if self._day is None:
            return []
        return [rejected(number, NOT_A_ROW_FR, found=DELIMITER.join(cells))]

    def finish(self) -> Iterator[Part]:
        if self._curve is not None:
            yield from self._curve.finish()


FORMATS = (
    Format(
        key="edf_half_hours",
        title_fr="le CSV d’EDF des puissances atteintes toutes les 30 minutes",
        recognises=_recognises,
        read=read,
    ),
)
