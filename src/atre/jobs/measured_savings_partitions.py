"""The measured savings of a whole territory: its meters in partitions, in the process or on a cluster.

The readings may be in several files and in any order: the engine brings the rows of a meter together.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from atre.calc.savings.method import CaltrackMethod
from atre.calc.savings.result import MEASURED
from atre.formats.meter_table import PlacesWeather, grouped_meters, meter_columns
from atre.formats.reading import UnreadableFile
from atre.formats.works_table import Works, works_by_meter
from atre.jobs.measured_savings_fleet import (
    FleetSummary,
    measure_group,
    only_with_works,
    plausible_weather,
    write_net,
)
from atre.jobs.measured_savings_rows import RESULTS, result_rows
from atre.warehouse.engine import Engine

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """Measures whole meters, batch after batch, without the comparison group: sent to each worker."""

    works: Mapping[str, Works]
    climate: PlacesWeather
    method: CaltrackMethod

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for group in grouped_meters(batches):
            asked = [self.works.get(one) for one in group.meter_ids]
            kept = only_with_works(group, asked)
            theirs = [one for one in asked if one is not None]
            if theirs:
                found = measure_group(kept, theirs, self.climate, self.method)
                is_comparison = np.array([one.is_comparison for one in theirs])
                yield result_rows(kept.meter_ids, found, is_comparison)


def measure_partitions(
    engine: Engine,
    meters: Sequence[Path],
    weather: Path,
    events: Path,
    out: Path,
    *,
    confidence: float = 0.9,
    fits_cooling: bool = True,
) -> FleetSummary:
    """Measures every meter that has works and writes one row each to `out`, as `measure_fleet` does.

    Raises UnreadableFile, or FahrenheitSeries for the weather; `out` is then left as it was. Only
    the results come back to this process: one row a meter.
    """
    works = works_by_meter(events)
    method = CaltrackMethod(confidence=confidence, fits_cooling=fits_cooling)
    measure = Measure(works, plausible_weather(weather, works), method)
    rows = engine.table(_readable(meters))
    readings = rows.select(*meter_columns(rows.schema().to_pyarrow()))
    summary = FleetSummary()
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".savings-") as folder:
        first, final = Path(folder) / "first.parquet", Path(folder) / "final.parquet"
        compared = []
        with pq.ParquetWriter(first, RESULTS) as writer:
            for batch in engine.mapped(readings, measure, RESULTS, by="meter_id"):
                writer.write_batch(batch)
                _count(batch, summary)
                compared.append(_compared(batch))
        counted = engine.rows(readings.agg(meters=readings.meter_id.nunique()))
        summary.without_works = counted["meters"][0].as_py() - summary.meters
        summary.without_readings = len(works) - summary.meters
        write_net(first, final, compared, method, summary)
        final.replace(out)
    return summary


def _readable(meters: Sequence[Path]) -> list[Path]:
    """The Parquet files among files and folders. Raises UnreadableFile."""
    found: list[Path] = []
    for path in meters:
        found += sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    for path in found:
        try:
            pq.read_schema(path)
        except pa.ArrowInvalid as fault:
            raise UnreadableFile(f"{path.name} n’est pas un fichier Parquet lisible.") from fault
    if not found:
        raise UnreadableFile("Aucun fichier .parquet dans ce dossier.")
    return found


def _count(batch: pa.RecordBatch, summary: FleetSummary) -> None:
    summary.meters += batch.num_rows
    summary.measured += batch["status"].to_pylist().count(MEASURED)
    for reasons in batch["reason_codes"].to_pylist():
        summary.reasons.update(reasons or ())


def _compared(batch: pa.RecordBatch) -> tuple[Floats, Floats]:
    """What the comparison dwellings of a batch would have used, and used; (m,) kWh each."""
    is_compared = np.asarray(batch["group"].to_pylist()) == "comparison"
    is_compared &= np.asarray(batch["status"].to_pylist()) == MEASURED
    expected, reported = (
        np.asarray(batch[name].to_numpy(zero_copy_only=False), dtype=np.float64)[is_compared]
        for name in ("counterfactual_kwh", "reported_kwh")
    )
    return expected, reported
