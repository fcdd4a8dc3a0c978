"""Load curves of an HDM file: a section by meter, or one flat table that names the meter of each
row."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from atre.formats.covered_time import CoveredTime
from atre.formats.curve_points import points_of
from atre.formats.curve_steps import MINUTE
from atre.formats.enedis_hdm_section import (
    DELIMITER,
    Heading,
    cut_rows,
    is_active,
    is_consumption,
    not_a_row,
)
from atre.formats.energy_units import Unit, unit_of
from atre.formats.load_curve import LoadCurve, Stamp
from atre.formats.local_time import ParisClock
from atre.formats.reading import Part, without_rows
from atre.formats.text_files import WarningTally, rejected

NO_UNIT_FR = "Unité absente de l’en-tête : watts, comme toute courbe de charge d’Enedis."
UNKNOWN_UNIT_FR = "Unité inconnue : ces lignes ne sont pas lues."
PRODUCTION_ROW_FR = "Ligne de production (électricité injectée) : elle n’est pas lue."
NOT_ACTIVE_ROW_FR = "Ligne d’énergie réactive ou de tension : elle n’est pas lue."


class CurveSection:
    """The section « Courbe de charge » of one meter."""

    def __init__(
        self,
        heading: Heading,
        columns: list[str],
        warnings: WarningTally,
        elsewhere: CoveredTime,
    ) -> None:
        self._warnings = warnings
        self._heading = heading
        self._time = columns.index("horodate")
        self._value = columns.index("valeur")
        self._clock = ParisClock(descending=None)
        self._count = 0
        if not heading["unite"]:
            warnings.add(NO_UNIT_FR, line=heading.line)
        self._unit = unit_of(heading["unite"] or "W")
        self._curve = LoadCurve(
            heading.meter_id,
            self._unit or Unit(kw=0.001),
            Stamp.UNSAID,
            warnings,
            # One step for a section whose steps may change: the points are believed first.
            default_step=_step_of(heading["pas en minutes"]),
            elsewhere=elsewhere,
        )

    def rows(self, numbers: Sequence[int], lines: Sequence[str]) -> Iterator[Part]:
        if self._unit is None:
            self._count += len(lines)
            return
        width = max(self._time, self._value) + 1
        cells, kept, rejects = cut_rows(numbers, lines, width)
        points, refused = points_of(
            [row[self._time] for row in cells],
            [row[self._value] for row in cells],
            kept,
            clock=self._clock,
            warnings=self._warnings,
        )
        if rejects or refused:
            yield without_rows(rejects=(*rejects, *refused))
        yield from self._curve.add(points)

    def frame(self, number: int, line: str) -> Iterator[Part]:
        yield from not_a_row(number, line)

    def finish(self) -> Iterator[Part]:
        if self._unit is None:
            found = f"{self._heading['unite']} ({self._count} lignes)"
            refused = rejected(self._heading.line, UNKNOWN_UNIT_FR, found=found)
            yield without_rows(rejects=(refused,))
        yield from self._curve.finish()


def _step_of(text: str) -> int:
    """Minutes (« 30 ») or an ISO duration (« PT30M », « PT1H ») in microseconds, 0 when unsaid.

    >>> _step_of("PT30M") == _step_of("30"), _step_of("")
    (True, 0)
    """
    digits = text.strip().upper().removeprefix("PT")
    scale = 60 if digits.endswith("H") else 1
    digits = digits.rstrip("HM")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 4:
        return 0
    return int(digits) * scale * MINUTE


class FlatCurves:
    """Rows that each name their meter, quantity, unit and step; a meter's rows follow each other."""

    def __init__(
        self, titles: list[str], warnings: WarningTally, elsewhere: dict[str | None, CoveredTime]
    ) -> None:
        self._warnings = warnings
        self._elsewhere = elsewhere
        self._place = {title: place for place, title in reversed(list(enumerate(titles)))}
        self._width = max(self._place["horodate"], self._place.get("valeur", 0)) + 1
        self._key: tuple[str, ...] = ()
        self._curve: LoadCurve | None = None
        self._clock = ParisClock(descending=None)

    def rows(self, numbers: Sequence[int], lines: Sequence[str]) -> Iterator[Part]:
        cells, kept, rejects = cut_rows(numbers, lines, self._width)
        if rejects:
            yield without_rows(rejects=tuple(rejects))
        place = 0
        for key, stretch in groupby(cells, key=self._key_of):
            rows = list(stretch)
            yield from self._stretch(key, kept[place : place + len(rows)], rows)
            place += len(rows)

    def _cell(self, row: list[str], title: str) -> str:
        place = self._place.get(title, len(row))
        return row[place] if place < len(row) else ""

    def _key_of(self, row: list[str]) -> tuple[str, ...]:
        titles = ("identifiant prm", "grandeur metier", "grandeur physique", "unite")
        return tuple(self._cell(row, title) for title in titles)

    def _stretch(
        self, key: tuple[str, ...], numbers: Sequence[int], rows: list[list[str]]
    ) -> Iterator[Part]:
        meter_id, business, physical, unit_text = key
        unit = unit_of(unit_text)
        why_not = None
        if not is_consumption(business):
            why_not = PRODUCTION_ROW_FR
        elif not is_active(physical):
            why_not = NOT_ACTIVE_ROW_FR
        elif unit is None:
            why_not = UNKNOWN_UNIT_FR
        if why_not is not None or unit is None:
            reason = why_not or UNKNOWN_UNIT_FR
            yield without_rows(
                rejects=tuple(
                    rejected(number, reason, found=DELIMITER.join(row))
                    for number, row in zip(numbers, rows, strict=True)
                )
            )
            return
        if key != self._key or self._curve is None:
            yield from self.finish()
            self._key, self._clock = key, ParisClock(descending=None)
            self._curve = LoadCurve(
                meter_id or None,
                unit,
                Stamp.UNSAID,
                self._warnings,
                elsewhere=self._elsewhere.setdefault(meter_id or None, CoveredTime()),
            )
        points, refused = points_of(
            [self._cell(row, "horodate") for row in rows],
            [self._cell(row, "valeur") for row in rows],
            numbers,
            clock=self._clock,
            warnings=self._warnings,
            steps=[_step_of(self._cell(row, "pas")) for row in rows],
            quality=[self._cell(row, "nature") for row in rows],
        )
        if refused:
            yield without_rows(rejects=tuple(refused))
        yield from self._curve.add(points)

    def frame(self, number: int, line: str) -> Iterator[Part]:
        yield from not_a_row(number, line)

    def finish(self) -> Iterator[Part]:
        curve, self._curve = self._curve, None
        if curve is not None:
            yield from curve.finish()
