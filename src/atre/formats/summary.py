"""What a file holds, told part by part as it is read: periods, steps, energy, unknown hours, and
what was refused, by reason. Memory does not grow with the file."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.epw import TYPICAL_TEMPERATURES
from atre.formats.facturx import INVOICE_LINES, INVOICES
from atre.formats.local_time import HOUR
from atre.formats.meteofrance_stations import STATIONS
from atre.formats.reading import (
    DAILY_EXTREMES,
    DAILY_TEMPERATURES,
    HOURLY_TEMPERATURES,
    INDEXES,
    INTERVALS,
    MAXIMUM_POWERS,
    Part,
    Reject,
    Warned,
)
from atre.formats.territory_figures import FIGURES

KINDS: dict[pa.Schema, str] = {
    INTERVALS: "intervals",
    INDEXES: "indexes",
    MAXIMUM_POWERS: "maximum_powers",
    DAILY_TEMPERATURES: "daily_temperatures",
    DAILY_EXTREMES: "daily_extremes",
    HOURLY_TEMPERATURES: "hourly_temperatures",
    TYPICAL_TEMPERATURES: "typical_hours",
    STATIONS: "stations",
    INVOICES: "invoices",
    INVOICE_LINES: "invoice_lines",
    FIGURES: "figures",
}
# Which column tells whose rows these are, when they begin, when they end, what they measure.
ROLES: dict[str, tuple[str, str, str, str]] = {
    "intervals": ("meter_id", "start", "end", "kwh"),
    "indexes": ("meter_id", "read_at", "read_at", "index_kwh"),
    "maximum_powers": ("meter_id", "at", "at", "power_va"),
    "daily_temperatures": ("place", "date", "date", "temperature_c"),
    "hourly_temperatures": ("place", "at", "at", "temperature_c"),
}
MAX_NAMES = 1_000
MAX_REASONS = 200
MAX_TERRITORIES = 200_000  # France has 49 000 IRIS
OTHER_REASONS_FR = "Autres raisons."


@dataclass
class TableSummary:
    """Rows of one kind. `total` is the sum of what is measured (meaningful for energy only),
    `highest` its greatest value; `unknown_hours` and `steps` are those of intervals."""

    kind: str
    rows: int = 0
    unknown_rows: int = 0
    unknown_hours: float = 0.0
    known_hours: float = 0.0
    first: Any = None
    last: Any = None
    total: float = 0.0
    highest: float | None = None
    names: set[str] = field(default_factory=set)
    registers: set[str] = field(default_factory=set)
    steps: Counter[int] = field(default_factory=Counter)
    invoices: list[dict[str, Any]] = field(default_factory=list)  # whole: a file has one
    # Figures of territories: how many of each measure have each status, and of which years.
    measures: dict[str, Counter[str]] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    territories: set[str] = field(default_factory=set)

    def add(self, rows: pa.RecordBatch) -> None:
        self.rows += rows.num_rows
        if self.kind == "invoices":
            self.invoices += rows.to_pylist()
        if self.kind == "figures":
            self._add_figures(rows)
        if self.kind not in ROLES or not rows.num_rows:
            return
        name, begins, ends, measured = ROLES[self.kind]
        self._add_names(self.names, rows[name])
        first, last = pc.min(rows[begins]).as_py(), pc.max(rows[ends]).as_py()
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)
        values = rows[measured]
        self.unknown_rows += values.null_count
        self.total += pc.sum(values).as_py() or 0.0
        highest = pc.max(values).as_py()
        if highest is not None:
            self.highest = highest if self.highest is None else max(self.highest, highest)
        if self.kind == "indexes":
            self._add_names(self.registers, rows["register"])
        if self.kind == "intervals":
            self._add_lengths(rows)

    @property
    def kwh_per_day(self) -> float | None:
        """Mean of the measured hours of one meter: 400 kWh a day in a studio shows here."""
        if self.kind != "intervals" or self.known_hours == 0 or len(self.names) > 1:
            return None
        return self.total * 24 / self.known_hours

    @staticmethod
    def _add_names(known: set[str], column: pa.Array) -> None:
        if len(known) < MAX_NAMES:
            known.update(found for found in column.unique().to_pylist() if found is not None)

    def _add_figures(self, rows: pa.RecordBatch) -> None:
        whole = pa.Table.from_batches([rows.select(["measure", "status"])])
        counts = whole.group_by(["measure", "status"]).aggregate([([], "count_all")])
        for found in counts.to_pylist():
            by_status = self.measures.setdefault(found["measure"], Counter())
            by_status[found["status"]] += found["count_all"]
        if len(self.territories) < MAX_TERRITORIES:
            self.territories.update(rows["territory"].unique().to_pylist())
        self.years.update(year for year in rows["year"].unique().to_pylist() if year is not None)

    def _add_lengths(self, rows: pa.RecordBatch) -> None:
        start, end = (
            rows[side].to_numpy(zero_copy_only=False).astype("datetime64[us]")
            for side in ("start", "end")
        )
        known = rows["kwh"].is_valid().to_numpy(zero_copy_only=False)
        lengths = (end - start).astype(np.int64) // 60_000_000
        self.unknown_hours += float(np.sum((end - start)[~known] / HOUR))
        self.known_hours += float(np.sum((end - start)[known] / HOUR))
        minutes, counts = np.unique(lengths[known], return_counts=True)
        for length, count in zip(minutes.tolist(), counts.tolist(), strict=True):
            if len(self.steps) < MAX_NAMES or length in self.steps:
                self.steps[length] += count


@dataclass
class Refused:
    """Rows refused for one reason: how many, and the first."""

    count: int
    first: Reject


class FileSummary:
    """Fed with the parts of one file."""

    def __init__(self) -> None:
        self.tables: dict[pa.Schema, TableSummary] = {}
        self.refused: dict[str, Refused] = {}
        self.warnings: list[Warned] = []

    def add(self, part: Part) -> None:
        schema = part.rows.schema
        if part.rows.num_columns:
            kind = KINDS.get(schema, "rows")
            self.tables.setdefault(schema, TableSummary(kind)).add(part.rows)
        self._count(part.rejects)
        self.warnings += part.warnings

    def _count(self, rejects: Iterable[Reject]) -> None:
        for reject in rejects:
            reason = reject.reason_fr
            if reason not in self.refused and len(self.refused) >= MAX_REASONS:
                reason = OTHER_REASONS_FR
            known = self.refused.setdefault(reason, Refused(0, reject))
            known.count += 1

    @property
    def refused_rows(self) -> int:
        return sum(found.count for found in self.refused.values())
