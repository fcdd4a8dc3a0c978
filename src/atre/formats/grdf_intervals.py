"""From gas readings to intervals of energy, whichever file they came in.

A gas day runs from 06:00 to 06:00, legal time of mainland France, so that two of them a year last
23 and 25 hours. Energy is in kWh PCS, as gas is metered, sold and taxed. What the distributor calls
« Absence de Données » has no value, even where its file writes 0.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atre.formats.local_time import FIRST_YEAR, LAST_YEAR, paris_days_to_utc
from atre.formats.reading import INTERVALS, Part, Reject
from atre.formats.text_files import WarningTally, plain, rejected

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

GAS_DAY_HOUR = 6
NO_DATA = "absence de donnees"
# Coefficients are published with two decimals.
HALF_COEFFICIENT = 0.005
# Natural gas, of low or high calorific value, from sea level to the highest villages.
PLAUSIBLE_KWH_PER_M3 = (7.0, 14.0)
# A boiler of 35 kW that never stops: more is no single dwelling, or another unit.
HOUSEHOLD_LIMIT_KWH_PER_DAY = 840.0

OUT_OF_YEARS_FR = f"Date hors des années {FIRST_YEAR + 1} à {LAST_YEAR - 1}."
REVERSED_FR = "La période finit avant de commencer, ou ne dure rien."
NEGATIVE_FR = "Consommation négative : sans doute une régularisation, à reprendre de la facture."
SAME_FR = "Période déjà lue, avec la même valeur : ligne en double."
OTHER_FR = "Période déjà lue, avec une autre valeur : la première a été gardée."
OVERLAP_FR = "Période qui chevauche une autre déjà lue."
NO_DATA_FR = (
    "« Absence de Données » : la consommation de la période est inconnue, même si le fichier "
    "écrit 0."
)
BLANK_FR = "Énergie absente : gardée comme inconnue, elle n’est pas comptée comme zéro."
HOLE_FR = "Trou entre deux périodes : gardé comme intervalle sans valeur."
UNSORTED_FR = "Lignes qui n’étaient pas dans l’ordre du temps : remises en ordre."
COEFFICIENT_FR = "Les kWh ne sont pas les m³ fois le coefficient de conversion, arrondis compris."
INDEX_JUMP_FR = (
    "L’index de début n’est pas l’index de fin de la période d’avant : compteur changé, ou "
    "relevé corrigé."
)
INDEX_BACK_FR = "L’index recule : compteur changé, ou passé par zéro."
INDEX_VOLUME_FR = "La différence d’index n’est pas le volume, arrondis compris."
PER_M3_FR = (
    "Les kWh par m³ ne sont pas ceux d’un gaz naturel en PCS : vérifiez les unités des colonnes."
)
ABOVE_FR = (
    "Plus de 840 kWh par jour (une chaudière de 35 kW sans arrêt) : chaufferie collective, "
    "ou unité fausse."
)
DAY_23_FR = "Journée gazière de 23 heures (passage à l’heure d’été)."
DAY_25_FR = "Journée gazière de 25 heures (passage à l’heure d’hiver)."


@dataclass(frozen=True, slots=True, kw_only=True)
class GasReading:
    """What one row says, from the gas day `first_day` until `end_day`, not included."""

    line: int | None
    place: str
    meter_id: str | None
    first_day: date
    end_day: date
    kwh: float | None
    volume_m3: float | None
    coefficient: float | None = None
    index_start: float | None = None
    index_end: float | None = None
    quality: str | None = None


def gas_parts(
    readings: Sequence[GasReading], rejects: list[Reject], tally: WarningTally
) -> Iterator[Part]:
    """One part of INTERVALS a meter, in the order of time, holes kept as intervals without value:
    kWh PCS and m³, from the gas day `first_day` at 06:00, legal time, to `end_day` at 06:00.

    « Absence de Données » has no value, whatever the file writes. A period read twice, or that
    overlaps another, is refused. `rejects` and `tally` hold what was met before: they leave with
    the last part.

    >>> read = {"line": 2, "place": "", "meter_id": "1", "volume_m3": None}
    >>> one, two, three = date(2021, 1, 1), date(2021, 1, 2), date(2021, 1, 3)
    >>> parts = gas_parts([
    ...     GasReading(first_day=one, end_day=two, kwh=56.0, **read),
    ...     GasReading(first_day=two, end_day=three, kwh=0, quality="Absence de Données", **read),
    ...     GasReading(first_day=one, end_day=three, kwh=90.0, **read),
    ... ], [], WarningTally())
    >>> gas, = parts
    >>> gas.rows["start"][0].as_py().isoformat(), gas.rows["kwh"].to_pylist()
    ('2021-01-01T05:00:00+00:00', [56.0, None])
    >>> gas.rejects[0].reason_fr
    'Période qui chevauche une autre déjà lue.'
    """
    meters: dict[str | None, list[GasReading]] = {}
    for reading in readings:
        meters.setdefault(reading.meter_id, []).append(reading)
    batches = [_batch(found, rejects, tally) for found in meters.values()]
    rows = pa.Table.from_batches(batches, INTERVALS).combine_chunks()
    yield Part(
        rows=pa.RecordBatch.from_arrays(
            [column.combine_chunks() for column in rows.columns], schema=INTERVALS
        ),
        rejects=tuple(rejects),
        warnings=tally.take(),
    )


def _batch(
    readings: Sequence[GasReading], rejects: list[Reject], tally: WarningTally
) -> pa.RecordBatch:
    kept = _in_order([each for each in readings if not _refused(each, rejects)], rejects, tally)
    _tell(kept, tally)
    whole = [*_with_holes(kept, tally)]
    starts = _six_o_clock([each.first_day for each in whole])
    ends = _six_o_clock([each.end_day for each in whole])
    columns = [
        [each.meter_id for each in whole],
        starts,
        ends,
        [_value(each, each.kwh) for each in whole],
        ["pcs"] * len(whole),
        [_value(each, each.volume_m3) for each in whole],
        [each.quality for each in whole],
    ]
    arrays = [
        pa.array(column, kind.type, from_pandas=False)
        for column, kind in zip(columns, INTERVALS, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=INTERVALS)


def _six_o_clock(days: Sequence[date]) -> NDArray[np.datetime64]:
    return paris_days_to_utc(np.array(days, dtype="datetime64[D]"), hour=GAS_DAY_HOUR)


def _is_absent(reading: GasReading) -> bool:
    return plain(reading.quality or "").startswith(NO_DATA)


def _value(reading: GasReading, value: float | None) -> float | None:
    return None if _is_absent(reading) else value


def _refused(reading: GasReading, rejects: list[Reject]) -> bool:
    reason = ""
    if not all(FIRST_YEAR < day.year < LAST_YEAR for day in (reading.first_day, reading.end_day)):
        reason = OUT_OF_YEARS_FR
    elif reading.end_day <= reading.first_day:
        reason = REVERSED_FR
    elif min(reading.kwh or 0.0, reading.volume_m3 or 0.0) < 0:
        reason = NEGATIVE_FR
    if reason:
        rejects.append(_reject(reading, reason))
    return bool(reason)


def _reject(reading: GasReading, reason: str) -> Reject:
    found = f"{reading.first_day} – {reading.end_day} : {reading.kwh} kWh, {reading.volume_m3} m³"
    return rejected(reading.line, reason, place=reading.place, found=found)


def _in_order(
    readings: Sequence[GasReading], rejects: list[Reject], tally: WarningTally
) -> list[GasReading]:
    """Sorted by time, the first in the file kept among those that say the same period."""
    ordered = sorted(readings, key=lambda each: each.first_day)
    moved = sum(a is not b for a, b in zip(ordered, readings, strict=True))
    if moved and not _is_descending(readings):
        tally.add(UNSORTED_FR, count=moved)
    kept: list[GasReading] = []
    for reading in ordered:
        last = kept[-1] if kept else None
        if last is None or reading.first_day >= last.end_day:
            kept.append(reading)
        elif (reading.first_day, reading.end_day) != (last.first_day, last.end_day):
            rejects.append(_reject(reading, OVERLAP_FR))
        else:
            same = (reading.kwh, reading.volume_m3) == (last.kwh, last.volume_m3)
            rejects.append(_reject(reading, SAME_FR if same else OTHER_FR))
    return kept


def _is_descending(readings: Sequence[GasReading]) -> bool:
    """The latest first: a way to write a file, not a disorder."""
    return all(
        later.first_day > earlier.first_day for later, earlier in itertools.pairwise(readings)
    )


def _with_holes(readings: Sequence[GasReading], tally: WarningTally) -> Iterator[GasReading]:
    last: GasReading | None = None
    for reading in readings:
        if last is not None and reading.first_day > last.end_day:
            tally.add(HOLE_FR, line=reading.line)
            yield GasReading(
                line=None,
                place="",
                meter_id=reading.meter_id,
                first_day=last.end_day,
                end_day=reading.first_day,
                kwh=None,
                volume_m3=None,
            )
        yield reading
        last = reading


def _column(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _half_unit(values: Floats) -> Floats:
    """Half of the last decimal that each value is written with: 0.5 for a whole number.

    Value by value, since the distributor went from whole cubic metres to hundredths on the way.
    """
    half = np.zeros(values.shape)
    for decimals in (3, 2, 1, 0):
        written = np.abs(values - np.round(values, decimals)) < 1e-9
        half[written] = 0.5 * 10.0**-decimals
    return half


def _tell(readings: Sequence[GasReading], tally: WarningTally) -> None:
    """What a person must know of one meter's readings, in order of time."""
    absent = np.array([_is_absent(each) for each in readings], dtype=np.bool_)
    kwh = _column([each.kwh for each in readings])
    volume = _column([each.volume_m3 for each in readings])
    lines = [each.line for each in readings]
    _count(tally, NO_DATA_FR, absent, lines)
    _count(tally, BLANK_FR, np.isnan(kwh) & ~absent, lines)
    kwh[absent] = volume[absent] = np.nan
    coefficient = _column([each.coefficient for each in readings])
    slack = _half_unit(volume) * coefficient + _half_unit(kwh) + HALF_COEFFICIENT * volume + 1e-6
    _count(tally, COEFFICIENT_FR, np.abs(kwh - volume * coefficient) > slack, lines)
    _tell_indexes(readings, volume, tally)
    both = np.isfinite(kwh) & np.isfinite(volume)
    if volume[both].sum() > 0:
        per_m3 = kwh[both].sum() / volume[both].sum()
        if not PLAUSIBLE_KWH_PER_M3[0] <= per_m3 <= PLAUSIBLE_KWH_PER_M3[1]:
            tally.add(PER_M3_FR, line=lines[0])
    days = np.array([(each.end_day - each.first_day).days for each in readings], dtype=np.int64)
    _count(tally, ABOVE_FR, kwh > HOUSEHOLD_LIMIT_KWH_PER_DAY * days, lines)
    hours = (
        _six_o_clock([each.end_day for each in readings])
        - _six_o_clock([each.first_day for each in readings])
    ) // np.timedelta64(1, "h")
    _count(tally, DAY_23_FR, (days == 1) & (hours == 23), lines)
    _count(tally, DAY_25_FR, (days == 1) & (hours == 25), lines)


def _tell_indexes(readings: Sequence[GasReading], volume: Floats, tally: WarningTally) -> None:
    lines = [each.line for each in readings]
    start = _column([each.index_start for each in readings])
    end = _column([each.index_end for each in readings])
    back = end < start
    _count(tally, INDEX_BACK_FR, back, lines)
    # Both indexes are cut to the unit: their difference is within one unit of the volume.
    slack = _half_unit(start) + _half_unit(end) + _half_unit(volume) + 1e-6
    _count(tally, INDEX_VOLUME_FR, ~back & (np.abs(end - start - volume) > slack), lines)
    follows = [before.end_day == after.first_day for before, after in itertools.pairwise(readings)]
    jumps = np.zeros(len(readings), dtype=np.bool_)
    jumps[1:] = np.array(follows, dtype=np.bool_) & (np.abs(start[1:] - end[:-1]) > 1e-6)
    _count(tally, INDEX_JUMP_FR, jumps, lines)


def _count(tally: WarningTally, reason: str, found: Mask, lines: Sequence[int | None]) -> None:
    places = np.flatnonzero(found)
    if places.size:
        tally.add(reason, line=lines[int(places[0])], count=int(places.size))
