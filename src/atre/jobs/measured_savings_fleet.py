"""The measured savings of a whole fleet of meters: read by groups, measured, written whole or not.

What is written replaces the former file at once, when everything succeeded.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from atre.calc.errors import RefusedInput
from atre.calc.savings import sufficiency
from atre.calc.savings.comparison_group import (
    ComparisonGroup,
    comparison_group,
)
from atre.calc.savings.measured_bills import measure_bills
from atre.calc.savings.measured_daily import measure_daily
from atre.calc.savings.method import CaltrackMethod
from atre.calc.savings.result import MeasuredSavings
from atre.calc.savings.weather_range import plausible_daily_means
from atre.calc.savings.windows import bill_windows, daily_windows, temperatures_around
from atre.calc.wording import NO_BREAK, number_fr
from atre.formats.meter_series import EPOCH
from atre.formats.meter_table import (
    MetersRead,
    PlacesWeather,
    is_daily,
    meters_by_groups,
    places_weather,
)
from atre.formats.works_table import Works, works_by_meter
from atre.jobs.measured_savings_rows import RESULTS, result_rows, with_net

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WEATHER_MARGIN_DAYS = 120


@dataclass(slots=True)
class FleetSummary:
    """What happened to the meters of a file: counts, and the comparison group when there is one."""

    meters: int = 0
    measured: int = 0
    without_works: int = 0
    without_readings: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    comparison: ComparisonGroup | None = None
    comparison_refused_fr: str | None = None

    def as_dict(self) -> dict[str, Any]:
        group = self.comparison
        return {
            "meters": self.meters,
            "measured": self.measured,
            "refused": self.meters - self.measured,
            "reasons": dict(self.reasons.most_common()),
            "meters_without_works": self.without_works,
            "works_without_readings": self.without_readings,
            "comparison_group": None
            if group is None
            else {"share": group.share, "half_width": group.half_width, "meters": group.meters},
            "comparison_group_refused": self.comparison_refused_fr,
        }

    def lines_fr(self) -> list[str]:
        lines = [
            f"{number_fr(self.meters)} compteurs, dont {number_fr(self.measured)} mesurés et "
            f"{number_fr(self.meters - self.measured)} refusés."
        ]
        lines += [f"  refusés, {code} : {number_fr(n)}" for code, n in self.reasons.most_common()]
        if self.without_works:
            lines.append(f"  sans date de travaux, non mesurés : {number_fr(self.without_works)}")
        if self.without_readings:
            lines.append(f"  travaux sans relevés : {number_fr(self.without_readings)}")
        if self.comparison:
            share = number_fr(self.comparison.share * 100, 1)
            half = number_fr(self.comparison.half_width * 100, 1)
            lines.append(
                f"Groupe de comparaison : {self.comparison.meters} logements, {share}{NO_BREAK}% de "
                f"moins sans travaux (± {half}) ; l’économie nette en est déduite."
            )
        return lines + ([self.comparison_refused_fr] if self.comparison_refused_fr else [])


def measure_fleet(
    meters: Path,
    weather: Path,
    events: Path,
    out: Path,
    *,
    confidence: float = 0.9,
    fits_cooling: bool = True,
) -> FleetSummary:
    """Measure every meter that has works and write one row each to `out`.

    Raises UnreadableFile, or FahrenheitSeries for the weather; `out` is then left as it was. Memory:
    one group of meters, the weather, the list of works, and eight numbers a comparison dwelling.
    """
    method = CaltrackMethod(confidence=confidence, fits_cooling=fits_cooling)
    works = works_by_meter(events)
    climate = plausible_weather(weather, works)
    summary = FleetSummary()
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".savings-") as folder:
        first, final = Path(folder) / "first.parquet", Path(folder) / "final.parquet"
        compared = _write_measured(meters, first, works, climate, method, summary)
        write_net(first, final, compared, method, summary)
        os.replace(final, out)
    return summary


def plausible_weather(path: Path, works: Mapping[str, Works]) -> PlacesWeather:
    """The weather of a file, what cannot be a temperature of ours being unknown.

    Raises UnreadableFile, and FahrenheitSeries when the file is in °F.
    """
    climate = places_weather(path)
    on = EPOCH + timedelta(days=min((one.start_day for one in works.values()), default=0))
    plausible = plausible_daily_means(climate.mean, on=max(on, date(1971, 1, 1)))
    return PlacesWeather(
        places=climate.places,
        first_day=climate.first_day,
        mean=np.where(plausible, climate.mean, np.nan),
    )


def _write_measured(
    meters: Path,
    path: Path,
    works: Mapping[str, Works],
    climate: PlacesWeather,
    method: CaltrackMethod,
    summary: FleetSummary,
) -> list[tuple[Floats, Floats]]:
    """Write the results without the comparison; give what the comparison dwellings did."""
    compared: list[tuple[Floats, Floats]] = []
    seen = 0
    with pq.ParquetWriter(path, RESULTS) as writer:
        for group in meters_by_groups(meters):
            asked = [works.get(one) for one in group.meter_ids]
            summary.without_works += sum(one is None for one in asked)
            kept = only_with_works(group, asked)
            if not kept.meter_ids:
                continue
            theirs = [one for one in asked if one is not None]
            found = measure_group(kept, theirs, climate, method)
            seen += len(theirs)
            is_comparison = np.array([one.is_comparison for one in theirs])
            mask = is_comparison & found.is_measured
            compared.append((found.counterfactual_kwh[mask], found.reported_kwh[mask]))
            writer.write_batch(result_rows(kept.meter_ids, found, is_comparison))
            summary.meters += len(found)
            summary.measured += int(found.is_measured.sum())
            for bits in found.refusals[found.refusals > 0]:
                summary.reasons.update(str(one) for one in sufficiency.reasons_of(bits))
    summary.without_readings = len(works) - seen
    return compared


def only_with_works(group: MetersRead, asked: list[Works | None]) -> MetersRead:
    has = np.array([one is not None for one in asked])
    if has.all():
        return group
    rows = has[group.meter]
    return MetersRead(
        meter_ids=[name for name, one in zip(group.meter_ids, asked, strict=True) if one],
        meter=(np.cumsum(has) - 1)[group.meter[rows]],
        start_day=group.start_day[rows],
        end_day=group.end_day[rows],
        kwh=group.kwh[rows],
    )


def measure_group(
    meters: MetersRead, works: list[Works], climate: PlacesWeather, method: CaltrackMethod
) -> MeasuredSavings:
    """Measure some meters together, by days or by bills as their rows are."""
    start = np.array([one.start_day for one in works], dtype=np.int64)
    end = np.array([one.end_day for one in works], dtype=np.int64)
    # With a single place, a meter needs not name it.
    alone = len(climate.places) == 1
    place = np.array([0 if alone else climate.places.get(one.place, -1) for one in works])
    if is_daily(meters):
        windows = daily_windows(
            meters.meter, meters.start_day, meters.kwh,
            works_start=start, works_end=end, method=method,
        )  # fmt: skip
        around = [
            temperatures_around(climate.mean, climate.first_day, place, from_day, days)
            for from_day, days in (
                (start - method.baseline_days, method.baseline_days),
                (end, method.reporting_days),
            )
        ]
        return measure_daily(
            windows.baseline_kwh, around[0], windows.reporting_kwh, around[1],
            method=method, refusals=windows.refusals,
        )  # fmt: skip
    starts, ends, kwh = _bills_side_by_side(meters)
    bills = bill_windows(starts, ends, kwh, works_start=start, works_end=end, method=method)
    from_day = start - method.baseline_days - WEATHER_MARGIN_DAYS
    longest = int((end - start).max(initial=0))
    days = method.baseline_days + method.reporting_days + 2 * WEATHER_MARGIN_DAYS + longest
    degrees = temperatures_around(climate.mean, climate.first_day, place, from_day, days)
    return measure_bills(bills, degrees, from_day, method=method)


def _bills_side_by_side(meters: MetersRead) -> tuple[Integers, Integers, Floats]:
    """Bills of each meter in one row of a table, in order of start; empty places are no bill."""
    order = np.lexsort((meters.start_day, meters.meter))
    meter = meters.meter[order]
    count = np.bincount(meter, minlength=len(meters.meter_ids))
    column = np.arange(len(meter)) - np.repeat(np.cumsum(count) - count, count)
    shape = (len(count), int(count.max(initial=1)))
    starts, ends = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    kwh = np.full(shape, np.nan)
    starts[meter, column] = meters.start_day[order]
    ends[meter, column] = meters.end_day[order]
    kwh[meter, column] = meters.kwh[order]
    return starts, ends, kwh


def write_net(
    first: Path,
    final: Path,
    compared: list[tuple[Floats, Floats]],
    method: CaltrackMethod,
    summary: FleetSummary,
) -> None:
    """Take the comparison group's change off the treated meters, when there is such a group."""
    expected, reported = (
        np.concatenate([np.empty(0), *(pair[side] for pair in compared)]) for side in (0, 1)
    )
    if len(expected):
        try:
            summary.comparison = comparison_group(expected, reported, confidence=method.confidence)
        except RefusedInput as refusal:
            summary.comparison_refused_fr = refusal.message_fr
    if summary.comparison is None:
        os.replace(first, final)
        return
    with pq.ParquetWriter(final, RESULTS) as writer, pq.ParquetFile(first) as file:
        for batch in file.iter_batches():
            writer.write_batch(with_net(batch, summary.comparison))
