"""A load curve and an index as counts that can be read between any two instants."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atre.formats.instants import Floats
from atre.formats.local_time import HOUR, Instants, Mask
from atre.formats.reading import INDEXES, INTERVALS, Reading

# Under half a second, a missing hour is an effect of floating point.
NEGLIGIBLE_HOURS = 1e-4
LONGEST_DAY_HOURS = 25
# Two exports of one measure round it apart: the watt on one side, the kWh with decimals on the other.
SAME_MEASURE_KWH, SAME_MEASURE_SHARE = 0.002, 0.001


@dataclass(frozen=True, slots=True)
class CurveCount:
    """Energy and measured hours accumulated along the time.

    doubled, contradicted : where files overlap, the hours counted once though given twice, and
    those that they give differently, which are not counted.
    """

    edges: NDArray[np.int64]
    kwh: Floats
    hours: Floats
    highest_kw: float
    doubled: "HoursAlong"
    contradicted: "HoursAlong"

    def between(self, start: np.datetime64, end: np.datetime64) -> tuple[float | None, float]:
        """kWh (None when no hour is measured) and hours without a measure. An interval that
        crosses a bound gives its share."""
        asked = np.array([start, end], dtype="datetime64[us]").astype(np.int64)
        energy, known = (
            float(np.diff(np.interp(asked, self.edges, along))[0])
            for along in (self.kwh, self.hours)
        )
        missing = float((end - start) / HOUR) - known
        return (
            energy if known > NEGLIGIBLE_HOURS else None,
            missing if missing > NEGLIGIBLE_HOURS else 0.0,
        )


@dataclass(frozen=True, slots=True)
class HoursAlong:
    """Hours of some intervals that do not overlap, accumulated along the time."""

    edges: NDArray[np.int64]
    hours: Floats

    @classmethod
    def of(cls, start: Instants, end: Instants) -> "HoursAlong":
        return cls(_edges(start, end), _accumulated((end - start) / HOUR))

    def between(self, start: np.datetime64, end: np.datetime64) -> float:
        asked = np.array([start, end], dtype="datetime64[us]").astype(np.int64)
        return float(np.diff(np.interp(asked, self.edges, self.hours))[0])


@dataclass(frozen=True, slots=True)
class IndexCount:
    """Readings of the total, in the order of time."""

    at: Instants
    kwh: Floats

    def inside(
        self, start: np.datetime64, end: np.datetime64
    ) -> tuple[np.datetime64, np.datetime64, float] | None:
        """The first and last readings of a period, bounds included, and what was counted between;
        None when there are not two."""
        places = np.flatnonzero((self.at >= start) & (self.at <= end))
        if places.size < 2:
            return None
        first, last = places[0], places[-1]
        return self.at[first], self.at[last], float(self.kwh[last] - self.kwh[first])


def curve_count(intervals: pa.Table) -> CurveCount:
    """The count of a table of `INTERVALS` of one meter; a null or a hole adds nothing known.

    Files that overlap do not add up: an interval given again with the same energy counts once, and
    intervals that contradict or straddle each other count as unknown.

    >>> at = np.array(["2022-02-01T00", "2022-02-01T01", "2022-02-01T02"], dtype="datetime64[us]")
    >>> rows = {"start": at[[0, 0, 1, 1]], "end": at[[1, 1, 2, 2]], "kwh": [0.5, 0.5, 2.0, 3.0]}
    >>> curve_count(pa.table(rows)).between(at[0], at[2])  # kWh, hours without a measure
    (0.5, 1.0)
    """
    start, end = (intervals[side].to_numpy().astype("datetime64[us]") for side in ("start", "end"))
    kwh = intervals["kwh"].to_numpy().astype(np.float64)
    known = ~np.isnan(kwh) & (end > start)
    order = np.lexsort((end[known], start[known]))
    start, end, kwh = (column[known][order] for column in (start, end, kwh))
    first = _first_of_each(start, end)
    is_doubled = np.diff(np.append(first, start.size)) > 1
    is_same = _agree(kwh, first)
    start, end, kwh = start[first], end[first], kwh[first]
    straddles = _straddling(start, end)
    sound = is_same & ~straddles
    doubled = HoursAlong.of(start[sound & is_doubled], end[sound & is_doubled])
    contradicted = HoursAlong.of(*_union(start[~sound], end[~sound]))
    start, end, kwh = start[sound], end[sound], kwh[sound]
    hours = (end - start) / HOUR
    return CurveCount(
        edges=_edges(start, end),
        kwh=_accumulated(kwh),
        hours=_accumulated(hours),
        highest_kw=float((kwh / hours).max(initial=0.0)),
        doubled=doubled,
        contradicted=contradicted,
    )


def _first_of_each(start: Instants, end: Instants) -> NDArray[np.intp]:
    """Where each distinct interval begins among sorted ones."""
    differs = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    return np.flatnonzero(np.concatenate(([True], differs)))[: start.size]


def _agree(kwh: Floats, first: NDArray[np.intp]) -> Mask:
    """Whether the energies given for each distinct interval are one measure."""
    if not kwh.size:
        return np.zeros(0, dtype=np.bool_)
    lowest, highest = np.minimum.reduceat(kwh, first), np.maximum.reduceat(kwh, first)
    room = np.maximum(SAME_MEASURE_KWH, SAME_MEASURE_SHARE * np.abs(highest))
    same: Mask = highest - lowest <= room
    return same


def _straddling(start: Instants, end: Instants) -> Mask:
    """Which of distinct intervals, sorted, overlap another."""
    straddles = np.zeros(start.size, dtype=np.bool_)
    if start.size > 1:
        straddles[1:] = start[1:] < np.maximum.accumulate(end)[:-1]
        straddles[:-1] |= end[:-1] > start[1:]
    return straddles


def _union(start: Instants, end: Instants) -> tuple[Instants, Instants]:
    """The stretches that sorted intervals cover together."""
    if not start.size:
        return start, end
    until = np.maximum.accumulate(end)
    begins = np.concatenate(([True], start[1:] > until[:-1]))
    ends = np.concatenate((begins[1:], [True]))
    return start[begins], until[ends]


def _edges(start: Instants, end: Instants) -> NDArray[np.int64]:
    return np.concatenate(([0], np.stack([start, end], axis=1).ravel().astype(np.int64)))


def _accumulated(added: Floats) -> Floats:
    """Sums at 1970, then at the start and the end of each interval."""
    along: Floats = np.concatenate(
        ([0.0], np.cumsum(np.stack([np.zeros_like(added), added], axis=1).ravel()))
    )
    return along


def index_count(indexes: pa.Table) -> IndexCount:
    """The total at each reading of a table of `INDEXES` of one meter, in kWh.

    The total is the register T; without it, the sum of the supplier's registers (F), of the grid's
    (D), or of those of the first calendar met. A reading that two files give differently is left
    out.

    >>> at = np.array(["2022-02-01"] * 4 + ["2022-03-01"] * 2, dtype="datetime64[us]")
    >>> rows = {"read_at": at, "calendar": ["F", "F", "D", "D", "F", "F"],
    ...         "register": ["F1", "F2", "D1", "D2", "F1", "F1"],
    ...         "index_kwh": [600.0, 400.0, 700.0, 300.0, 650.0, 651.0]}
    >>> count = index_count(pa.table(rows))
    >>> count.at.astype("datetime64[D]").astype(str).tolist(), count.kwh.tolist()
    (['2022-02-01'], [1000.0])
    """
    totals: dict[np.datetime64, dict[str, float]] = {}
    columns = [indexes[name].to_pylist() for name in ("calendar", "register", "index_kwh")]
    first_calendar: str | None = None
    given: dict[tuple[np.datetime64, str | None, str], float] = {}
    contradicted: set[np.datetime64] = set()
    instants = indexes["read_at"].to_numpy().astype("datetime64[us]")
    for at, calendar, register, kwh in zip(instants, *columns, strict=True):
        if kwh is None:
            continue
        first_calendar = first_calendar or calendar
        owner = _owner(register)
        if owner == "" and calendar != first_calendar:
            continue
        before = given.get((at, calendar, register))
        if before is not None:
            # The same reading in two files is one reading; two different ones are none.
            if before != kwh:
                contradicted.add(at)
            continue
        given[at, calendar, register] = kwh
        known = totals.setdefault(at, {})
        known[owner] = known.get(owner, 0.0) + kwh
    ordered = sorted(totals.keys() - contradicted)
    return IndexCount(
        np.array(ordered, dtype="datetime64[us]"),
        np.array([_first_of(totals[at], "T", "F", "D", "") for at in ordered], dtype=np.float64),
    )


def _owner(register: str) -> str:
    """T for the total, F or D for a numbered register of Enedis, nothing for another."""
    if register == "T":
        return "T"
    return register[:1] if register[:1] in {"F", "D"} and register[1:].isdigit() else ""


def _first_of(known: dict[str, float], *owners: str) -> float:
    return next(known[owner] for owner in owners if owner in known)


def sorted_by_role(
    readings: Iterable[Reading],
) -> tuple[pa.Table | None, pa.Table | None, tuple[pa.Table, ...]]:
    r"""Among several files: the curve (intervals of a day at most, by their median), the indexes,
    the invoices (longer intervals). Curves are joined, and indexes; the invoices stay one table a
    file, since the same invoice in two files is not two.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> from atre.formats.recognition import recognise
    >>> files = (b"date,kwh\n2024-01-01,12\n", b"start,end,kwh\n2024-01-01,2024-03-01,700\n")
    >>> read = [collect(recognise(one), recognise(one).read(BytesIO(one))) for one in files]
    >>> curve, indexes, invoices = sorted_by_role(read)
    >>> curve["kwh"].to_pylist(), indexes, invoices[0]["kwh"].to_pylist()
    ([12.0], None, [700.0])
    """
    curves: list[pa.Table] = []
    indexes: list[pa.Table] = []
    invoices: list[pa.Table] = []
    for reading in readings:
        for table in reading.tables:
            if table.schema == INDEXES:
                indexes.append(table)
            elif table.schema == INTERVALS and table.num_rows:
                start, end = (
                    table[side].to_numpy().astype("datetime64[us]") for side in ("start", "end")
                )
                is_curve = float(np.median((end - start) / HOUR)) <= LONGEST_DAY_HOURS
                (curves if is_curve else invoices).append(table)
    joined = [pa.concat_tables(found) if found else None for found in (curves, indexes)]
    return joined[0], joined[1], tuple(invoices)
