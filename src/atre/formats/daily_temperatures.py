"""Daily temperatures, whoever published them: each day of a place once, possible in degrees Celsius,
sorted within a part, with what is missing counted.

Memory: 14 kB a place to remember which days were read, whatever the file weighs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atre.calc.savings.weather_range import FahrenheitSeries, plausible_daily_means
from atre.formats.daily_cells import Days
from atre.formats.instants import Floats
from atre.formats.local_time import Mask
from atre.formats.reading import (
    DAILY_EXTREMES,
    DAILY_TEMPERATURES,
    Part,
    Reject,
    UnreadableFile,
    without_rows,
)
from atre.formats.text_files import WarningTally, rejected

Integers = NDArray[np.int64]

FIRST_DAY, LAST_DAY = np.datetime64("1800-01-01"), np.datetime64("2099-12-31")
SPAN_DAYS = int((LAST_DAY - FIRST_DAY).astype(int)) + 1
# Météo-France has some 2 400 stations at work, the SAFRAN grid 9 892 squares.
MAX_PLACES = 10_000
# A season: fewer days of a place are not judged alone. What is remembered of those read before.
ENOUGH_DAYS, SAMPLE_DAYS = 90, 2_000
# No thermometer in the shade went beyond, anywhere: a wider value is a code or a typing error.
LOWEST_C, HIGHEST_C = -60.0, 60.0

DAY_FR = "Date illisible : attendue comme 20250131, 2025-01-31 ou 31/01/2025."
NUMBER_FR = "La température n’est pas un nombre."
AGAIN_FR = "Jour déjà lu pour ce lieu : la première valeur a été gardée."
IMPOSSIBLE_FR = "Température impossible en degrés Celsius : la ligne n’est pas gardée."
SWAPPED_FR = (
    "La température la plus basse est au-dessus de la plus haute : les deux sont laissées de côté, "
    "la moyenne est gardée."
)
MISSING_FR = "Jours sans température : le fichier a la ligne, mais pas la valeur."
HOLES_FR = "Jours absents du fichier entre le premier et le dernier de leur lieu."
UNSORTED_FR = "Lignes qui n’étaient pas dans l’ordre du temps : remises en ordre."
NOWHERE_FR = "Le fichier ne dit pas de quel lieu sont ces températures : notez-le à part."
TOO_MANY_FR = f"Ce fichier a plus de {MAX_PLACES} lieux : demandez-le département par département."
NO_ROW_FR = "Ce fichier de températures n’a aucune ligne lisible."


@dataclass(frozen=True, slots=True)
class DailyRows:
    """Columns of n rows. Temperatures in °C, NaN where unknown; `days` is NaT where unreadable."""

    lines: Sequence[int]
    places: Sequence[str | None]
    days: Days
    mean_c: Floats
    minimum_c: Floats
    maximum_c: Floats
    unreadable: Mask  # a cell of the row is no number
    found: Sequence[str]


class DailySeries:
    """Follows the days of each place through a file, part after part."""

    def __init__(self, tally: WarningTally, *, has_extremes: bool) -> None:
        self.tally = tally
        self._has_extremes = has_extremes
        self._codes: dict[str | None, int] = {}
        self._seen = np.zeros((16, SPAN_DAYS // 8 + 1), dtype=np.uint8)
        self._sample: Floats = np.zeros(0)
        self._kept = 0

    def parts(self, rows: DailyRows, rejects: list[Reject]) -> Iterator[Part]:
        """The rows that hold, and the refusals. Raises `UnreadableFile` for another unit."""
        good = self._readable(rows, rejects)
        good = good[self._possible(rows, good, rejects)]
        codes = self._coded([rows.places[place] for place in good])
        offsets = (rows.days[good] - FIRST_DAY).astype(np.int64)
        fresh = self._first_seen(codes, offsets)
        rejects += [_reject(rows, int(place), AGAIN_FR) for place in good[~fresh]]
        self._tell_order(codes[fresh], offsets[fresh])
        chosen = good[fresh][np.lexsort((offsets[fresh], codes[fresh]))]
        self._kept += chosen.size
        lost = np.flatnonzero(np.isnan(rows.mean_c[chosen]))
        if lost.size:
            line = min(rows.lines[place] for place in chosen[lost])
            self.tally.add(MISSING_FR, line=line, count=int(lost.size))
        yield from self._batches(rows, chosen, tuple(rejects))

    def finish(self) -> Part:
        """What can only be said at the end. Raises `UnreadableFile` when nothing was read."""
        if not self._kept:
            raise UnreadableFile(NO_ROW_FR)
        if None in self._codes:
            self.tally.add(NOWHERE_FR)
        self.tally.add(HOLES_FR, count=sum(map(self._holes, range(len(self._codes)))))
        return without_rows(warnings=self.tally.take())

    def _readable(self, rows: DailyRows, rejects: list[Reject]) -> NDArray[np.intp]:
        no_day = np.isnat(rows.days) | (rows.days < FIRST_DAY) | (rows.days > LAST_DAY)
        for place in np.flatnonzero(no_day | rows.unreadable):
            reason = DAY_FR if no_day[place] else NUMBER_FR
            rejects.append(_reject(rows, int(place), reason))
        return np.flatnonzero(~no_day & ~rows.unreadable)

    def _possible(
        self, rows: DailyRows, good: NDArray[np.intp], rejects: list[Reject]
    ) -> NDArray[np.intp]:
        """The places, in `good`, of rows whose temperatures can be outdoor degrees Celsius."""
        if not good.size:
            return np.array([], dtype=np.intp)
        mean, low, high = rows.mean_c[good], rows.minimum_c[good], rows.maximum_c[good]
        places = [rows.places[place] for place in good]
        plausible = self.plausible(mean, places, on=rows.days[good].max().item())
        wild = (~plausible & ~np.isnan(mean)) | (low < LOWEST_C) | (high > HIGHEST_C)
        wild |= (high < LOWEST_C) | (low > HIGHEST_C)
        for place in np.flatnonzero(wild):
            rejects.append(_reject(rows, int(good[place]), IMPOSSIBLE_FR))
        return np.flatnonzero(~wild)

    def plausible(self, mean: Floats, places: Sequence[str | None], *, on: date) -> Mask:
        """Which means can be degrees Celsius. A place with enough days is judged alone, the others
        with what was read before: one stray value among few is no proof of another unit. Raises
        `UnreadableFile`, with the calculation's own sentence, when a series is in another unit."""
        plausible = np.zeros(mean.shape, dtype=np.bool_)
        codes, starts = np.unique(np.array([str(place) for place in places]), return_inverse=True)
        known = np.bincount(starts, weights=~np.isnan(mean), minlength=len(codes))
        alone = known >= ENOUGH_DAYS
        try:
            for code in np.flatnonzero(alone):
                mine = starts == code
                plausible[mine] = plausible_daily_means(mean[mine], on=on)
            rest = ~alone[starts]
            together = np.concatenate((self._sample, mean[rest]))
            plausible[rest] = plausible_daily_means(together, on=on)[self._sample.size :]
        except FahrenheitSeries as refused:
            raise UnreadableFile(refused.message_fr) from refused
        self._sample = np.concatenate((self._sample, mean[plausible]))[-SAMPLE_DAYS:]
        return plausible

    def _coded(self, places: Sequence[str | None]) -> Integers:
        for place in dict.fromkeys(places):
            if place in self._codes:
                continue
            if len(self._codes) >= MAX_PLACES:
                raise UnreadableFile(TOO_MANY_FR)
            self._codes[place] = len(self._codes)
        if len(self._codes) > len(self._seen):
            larger = np.zeros((2 * len(self._codes), self._seen.shape[1]), dtype=np.uint8)
            larger[: len(self._seen)] = self._seen
            self._seen = larger
        return np.array([self._codes[place] for place in places], dtype=np.int64)

    def _first_seen(self, codes: Integers, offsets: Integers) -> Mask:
        """Whether each day of a place is met for the first time; remembers it."""
        byte, bit = offsets >> 3, np.left_shift(1, offsets & 7).astype(np.uint8)
        fresh = np.zeros(codes.shape, dtype=np.bool_)
        fresh[np.unique(codes * SPAN_DAYS + offsets, return_index=True)[1]] = True
        fresh &= (self._seen[codes, byte] & bit) == 0
        np.bitwise_or.at(self._seen, (codes, byte), bit)
        return fresh

    def _tell_order(self, codes: Integers, offsets: Integers) -> None:
        by_place = np.argsort(codes, kind="stable")
        same = np.diff(codes[by_place]) == 0
        steps = np.diff(offsets[by_place])[same]
        # The latest first is an order too.
        self.tally.add(UNSORTED_FR, count=int(min((steps > 0).sum(), (steps < 0).sum())))

    def _holes(self, code: int) -> int:
        days = np.flatnonzero(np.unpackbits(self._seen[code], bitorder="little"))
        return int(days[-1] - days[0] + 1 - days.size) if days.size else 0

    def _batches(
        self, rows: DailyRows, chosen: NDArray[np.intp], rejects: tuple[Reject, ...]
    ) -> Iterator[Part]:
        keys = [
            pa.array([rows.places[place] for place in chosen], pa.string()),
            pa.array(rows.days[chosen]),
        ]
        means = [*keys, _nullable(rows.mean_c[chosen])]
        yield Part(
            rows=pa.RecordBatch.from_arrays(means, schema=DAILY_TEMPERATURES), rejects=rejects
        )
        if self._has_extremes:
            low, high = rows.minimum_c[chosen], rows.maximum_c[chosen]
            swapped = np.flatnonzero(low > high)
            if swapped.size:
                first = rows.lines[int(chosen[swapped[0]])]
                self.tally.add(SWAPPED_FR, line=first, count=int(swapped.size))
                low[swapped] = high[swapped] = np.nan
            extremes = [*keys, _nullable(low), _nullable(high)]
            yield Part(rows=pa.RecordBatch.from_arrays(extremes, schema=DAILY_EXTREMES))


def _nullable(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _reject(rows: DailyRows, place: int, reason: str) -> Reject:
    where = rows.places[place]
    return rejected(
        rows.lines[place], reason, place=f"lieu {where}" if where else "", found=rows.found[place]
    )
