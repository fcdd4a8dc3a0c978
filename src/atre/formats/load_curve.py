"""From the points of a load curve to intervals of energy: steps that change, holes, blanks,
duplicated or unsorted points, power or energy, stamped at the beginning or at the end.

A publisher writes an instant and a value, and leaves the length of the interval to be understood.
It is read from the neighbours (`curve_steps`); a hole is kept as an interval without value.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atre.formats.covered_time import CoveredTime
from atre.formats.curve_points import Points, joined
from atre.formats.curve_steps import MINUTE, REPEATED, Integers, interval_lengths
from atre.formats.energy_units import Unit
from atre.formats.instants import Floats
from atre.formats.local_time import Instants, Mask, clock_changes, utc_to_paris
from atre.formats.reading import INTERVALS, PART_ROWS, Part, Reject
from atre.formats.text_files import WarningTally, rejected

# Points kept before they are given: ten years of ten minutes are sorted whole, in some 30 MB.
WINDOW_POINTS = 524_288
CONTEXT_POINTS = 4 * REPEATED
LONGEST_STEP_MINUTES = 60
MAX_POWER_KW = 100_000.0
HOUSEHOLD_LIMIT_KW = 36.0  # beyond 36 kVA a point is not of the C5 segment

DUPLICATE_SAME_FR = "Heure déjà lue, avec la même valeur : ligne en double."
DUPLICATE_OTHER_FR = "Heure déjà lue, avec une autre valeur : la première a été gardée."
TOO_LATE_FR = "Ligne trop loin de sa place dans le temps : triez le fichier par date."
NO_LENGTH_FR = "On ne peut pas dire combien de temps cette valeur a duré : pas inhabituel ou isolé."
OVERLAP_FR = "Intervalle qui chevauche le précédent."
ELSEWHERE_FR = (
    "Heure déjà donnée pour ce compteur par une section précédente du fichier : comptée une fois, la "
    "première est gardée."
)
NEGATIVE_FR = "Consommation négative."
ABSURD_FR = "Puissance de plus de 100 MW : la valeur ou l’unité est fausse."
HOLE_FR = "Trou : aucune ligne entre deux mesures ; gardé comme intervalle sans valeur."
UNSORTED_FR = "Lignes qui n’étaient pas dans l’ordre du temps : remises en ordre."
ABOVE_36_FR = (
    "Puissance au-dessus de 36 kW : ce n’est pas un compteur de logement (C5), ou l’unité est "
    "fausse."
)
START_STAMPED_FR = (
    "Pas de 10 minutes au plus et première heure à 00:00 : chaque valeur est la moyenne des "
    "minutes qui suivent l’heure écrite (usage des compteurs C1 à C4)."
)
DAY_23_FR = "Jour de 23 heures (passage à l’heure d’été)."
DAY_25_FR = "Jour de 25 heures (passage à l’heure d’hiver)."


class Stamp(StrEnum):
    """Which end of its interval a point is written at; UNSAID is told from the points."""

    START = "start"
    END = "end"
    UNSAID = "unsaid"


@dataclass
class LoadCurve:
    """One meter's curve, built piece by piece: `add` gives the parts that are ready, `finish` the
    rest. Points may come in any order within `WINDOW_POINTS`."""

    meter_id: str | None
    unit: Unit
    stamp: Stamp
    warnings: WarningTally
    default_step: int = 0  # in microseconds, for what the points do not tell
    # What other sections of the file gave for this meter: a download twice in one file is common.
    elsewhere: CoveredTime | None = None
    _waiting: list[Points] = field(default_factory=list)
    _context: Points | None = None  # the last points given, which say the step of the next
    _given_until: np.datetime64 | None = None
    _last_step: int = 0
    _rejects: list[Reject] = field(default_factory=list)

    def add(self, points: Points) -> list[Part]:
        self._waiting.append(self._sound(points))
        if sum(piece.at.size for piece in self._waiting) < WINDOW_POINTS:
            return []
        return self._given(is_last=False)

    def finish(self) -> list[Part]:
        return self._given(is_last=True) if self._waiting else []

    def _given(self, *, is_last: bool) -> list[Part]:
        points = self._sorted(joined(self._waiting))
        self._waiting = []
        if not is_last and points.at.size > 2 * CONTEXT_POINTS:
            self._waiting = [points.taken(slice(-CONTEXT_POINTS, None))]
            ready = points.at.size - CONTEXT_POINTS
        else:
            ready = points.at.size
        if self.stamp is Stamp.UNSAID:
            self._decide_stamp(points)
        before = self._context
        whole = points if before is None else joined([before, points])
        skipped = 0 if before is None else before.at.size
        lengths = interval_lengths(whole.at, whole.steps, ends=self.stamp is Stamp.END)
        lengths = np.where(lengths > 0, lengths, self.default_step)
        mine = slice(skipped, skipped + ready)
        if ready:
            self._context = whole.taken(slice(max(0, mine.stop - CONTEXT_POINTS), mine.stop))
        return self._parts(whole.taken(mine), lengths[mine])

    def _reject(self, points: Points, refused: Mask, reason_fr: str) -> Points:
        for place in np.flatnonzero(refused):
            value = points.values[place]
            found = str(points.at[place]) + ("" if np.isnan(value) else f" ; {value:g}")
            self._rejects.append(rejected(int(points.lines[place]), reason_fr, found=found))
        return points.taken(~refused) if refused.any() else points

    def _sorted(self, points: Points) -> Points:
        """In the order of time, each instant once, none before what was already given."""
        backwards = np.diff(points.at) < np.timedelta64(0)
        if backwards.any():
            line = int(points.lines[int(np.argmax(backwards)) + 1])
            self.warnings.add(UNSORTED_FR, line=line, count=int(backwards.sum()))
            points = points.taken(np.argsort(points.at, kind="stable"))
        if self._context is not None and self._context.at.size:
            points = self._reject(points, points.at <= self._context.at[-1], TOO_LATE_FR)
        repeated = np.concatenate(([False], points.at[1:] == points.at[:-1]))
        if repeated.any():
            first = np.maximum.accumulate(np.where(repeated, 0, np.arange(points.at.size)))
            kept = points.values[first]
            same = (points.values == kept) | (np.isnan(points.values) & np.isnan(kept))
            self._reject(points, repeated & same, DUPLICATE_SAME_FR)
            self._reject(points, repeated & ~same, DUPLICATE_OTHER_FR)
            points = points.taken(~repeated)
        return points

    def _sound(self, points: Points) -> Points:
        """Without what no meter gives. The instant of a refused value stays, as a blank: it still
        tells the step, and the interval must show as unknown."""
        kw = np.abs(points.values) * (self.unit.kw or self.unit.kwh or 0.0)
        absurd = kw > MAX_POWER_KW
        negative = (points.values < 0) & ~absurd
        self._reject(points, negative, NEGATIVE_FR)
        self._reject(points, absurd, ABSURD_FR)
        refused = absurd | negative
        values = np.where(refused, np.nan, points.values)
        return Points(points.at, values, points.lines, points.steps, points.quality)

    def _decide_stamp(self, points: Points) -> None:
        self.stamp = Stamp.END
        if points.at.size < 2:
            return
        local = utc_to_paris(points.at[:1])[0]
        step = int(np.min(np.diff(points.at)).astype(np.int64))
        is_midnight = local == local.astype("datetime64[D]")
        if is_midnight and step <= 10 * MINUTE:
            self.stamp = Stamp.START
            self.warnings.add(START_STAMPED_FR, line=int(points.lines[0]))

    def _parts(self, points: Points, lengths: Integers) -> list[Part]:
        points, lengths = self._measurable(points, lengths)
        rejects, self._rejects = tuple(self._rejects), []
        if not points.at.size:
            return [Part(rows=_no_rows(), rejects=rejects)] if rejects else []
        span = lengths.astype("timedelta64[us]")
        start = points.at - span if self.stamp is Stamp.END else points.at
        end = start + span
        kwh = self._kwh(points, lengths)
        self._warn(points, lengths, start, end)
        batch = self._with_holes(start, end, kwh, points.quality)
        self._given_until = end[-1]
        if self.elsewhere is not None:
            known = ~np.isnan(kwh)
            self.elsewhere.add(start[known], end[known])
        parts = [
            Part(rows=batch.slice(offset, PART_ROWS))
            for offset in range(0, batch.num_rows, PART_ROWS)
        ]
        parts[0] = Part(rows=parts[0].rows, rejects=rejects)
        return parts

    def _measurable(self, points: Points, lengths: Integers) -> tuple[Points, Integers]:
        """Without the points whose length is unknown, nor those that overlap the one before."""
        unknown = lengths <= 0
        if unknown.any():
            points = self._reject(points, unknown, NO_LENGTH_FR)
            lengths = lengths[~unknown]
        if not points.at.size:
            return points, lengths
        span = lengths.astype("timedelta64[us]")
        start = points.at - span if self.stamp is Stamp.END else points.at
        overlaps = _overlaps(start, start + span, self._given_until)
        if overlaps.any():
            points = self._reject(points, overlaps, OVERLAP_FR)
            lengths, start, span = lengths[~overlaps], start[~overlaps], span[~overlaps]
        if self.elsewhere is not None:
            again = self.elsewhere.overlaps(start, start + span)
            points, lengths = self._reject(points, again, ELSEWHERE_FR), lengths[~again]
        return points, lengths

    def _kwh(self, points: Points, lengths: Integers) -> Floats:
        kwh: Floats
        if self.unit.kw is not None:
            kwh = points.values * self.unit.kw * (lengths / (60 * MINUTE))
        else:
            kwh = points.values * (self.unit.kwh or 0.0)
        return kwh

    def _warn(self, points: Points, lengths: Integers, start: Instants, end: Instants) -> None:
        steps = np.concatenate(([self._last_step or lengths[0]], lengths)) // MINUTE
        # Days and bills have lengths of their own, which no one set as a step.
        usual = np.maximum(steps[:-1], steps[1:]) <= LONGEST_STEP_MINUTES
        for place in np.flatnonzero((np.diff(steps) != 0) & usual):
            self.warnings.add(
                f"Le pas passe de {steps[place]} à {steps[place + 1]} minutes.",
                line=int(points.lines[place]),
            )
        self._last_step = int(lengths[-1])
        if self.unit.kw is not None:
            above = points.values * self.unit.kw > HOUSEHOLD_LIMIT_KW
            if above.any():
                line = int(points.lines[int(np.argmax(above))])
                self.warnings.add(ABOVE_36_FR, line=line, count=int(above.sum()))
        short, long = clock_changes(self._given_until or start[0], end[-1])
        self.warnings.add(DAY_23_FR, count=short)
        self.warnings.add(DAY_25_FR, count=long)

    def _with_holes(
        self, start: Instants, end: Instants, kwh: Floats, quality: NDArray[np.object_]
    ) -> pa.RecordBatch:
        previous_end = np.concatenate(([self._given_until or start[0]], end[:-1]))
        holes = np.flatnonzero(start > previous_end)
        if holes.size:
            self.warnings.add(HOLE_FR, count=int(holes.size))
            end = np.insert(end, holes, start[holes])
            kwh = np.insert(kwh, holes, np.nan)
            quality = np.insert(quality, holes, np.array([None], dtype=object))
            start = np.insert(start, holes, previous_end[holes])
        return interval_batch(self.meter_id, start, end, kwh, quality)


def _overlaps(start: Instants, end: Instants, until: np.datetime64 | None) -> Mask:
    """Which intervals begin before the last one kept has ended."""
    previous_end = np.concatenate(([start[0] if until is None else until], end[:-1]))
    overlaps: Mask = start < previous_end
    if overlaps.any():
        last = previous_end[0]
        for place in range(start.size):  # a refused interval ends nothing: one by one, but rare
            overlaps[place] = start[place] < last
            if not overlaps[place]:
                last = end[place]
    return overlaps


def interval_batch(
    meter_id: str | None,
    start: Instants,
    end: Instants,
    kwh: Floats,
    quality: NDArray[np.object_],
) -> pa.RecordBatch:
    """Rows of `INTERVALS` of one electricity meter: UTC instants and kWh of shape (n,); NaN becomes
    null. `basis` and `volume_m3`, which are of a gas, are null.

    >>> day = np.array(["2022-02-01", "2022-02-02", "2022-02-03"], dtype="datetime64[us]")
    >>> words = np.array(["Réelle", None], dtype=object)
    >>> interval_batch("1", day[:-1], day[1:], np.array([20.681, np.nan]), words)["kwh"].to_pylist()
    [20.681, None]
    """
    count = len(start)
    return pa.RecordBatch.from_arrays(
        [
            pa.repeat(pa.scalar(meter_id, pa.string()), count),
            pa.array(start.astype("datetime64[us]"), INTERVALS.field("start").type),
            pa.array(end.astype("datetime64[us]"), INTERVALS.field("end").type),
            pa.array(kwh, pa.float64(), mask=np.isnan(kwh)),
            pa.nulls(count, pa.string()),
            pa.nulls(count, pa.float64()),
            pa.array(quality, pa.string()),
        ],
        schema=INTERVALS,
    )


def _no_rows() -> pa.RecordBatch:
    nothing = np.zeros(0, dtype="datetime64[us]")
    return interval_batch(None, nothing, nothing, np.zeros(0), np.zeros(0, dtype=object))
