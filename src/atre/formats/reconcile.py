"""Load curve against index against invoice, period by period; each gap has a stated reason.

Three counts of the same energy seldom agree by chance: a curve has holes and blanks, an index is
dated otherwise than it was read, an invoice may be estimated. What no known reason explains is said
to be unexplained, never absorbed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from atre.calc.wording import MONTHS, NO_BREAK, date_fr
from atre.formats.invoice_periods import InvoicedPeriod, invoiced_periods
from atre.formats.local_time import paris_days, paris_days_to_utc
from atre.formats.reconcile_reasons import (
    Gap,
    GapReason,
    Source,
    contradicted,
    invoice_gap,
    measured_gap,
    missing,
)
from atre.formats.reconcile_series import CurveCount, IndexCount, curve_count, index_count

__all__ = [
    "Compared",
    "Gap",
    "GapReason",
    "NotComparable",
    "Source",
    "reconcile_invoices",
    "reconcile_months",
]


class NotComparable(ValueError):
    """Files that do not speak of one same meter. `message_fr` says so."""

    def __init__(self, message_fr: str) -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr


@dataclass(frozen=True, slots=True)
class Compared:
    """One period: what each source counts in it (None: nothing), and each gap with its reason.

    index_from, index_until : the readings between which `index_kwh` was counted.
    curve_doubled_hours : given twice by overlapping files, counted once.
    curve_contradicted_hours : given differently by overlapping files, not counted; they are among
    `curve_missing_hours`.
    invoice_doubts_fr : given by two files, alike or not, or overlapping another invoice.
    """

    label_fr: str
    start: np.datetime64
    end: np.datetime64
    curve_kwh: float | None
    curve_missing_hours: float
    index_kwh: float | None
    index_from: np.datetime64 | None
    index_until: np.datetime64 | None
    invoice_kwh: float | None
    gaps: tuple[Gap, ...]
    curve_doubled_hours: float = 0.0
    curve_contradicted_hours: float = 0.0
    invoice_doubts_fr: tuple[str, ...] = ()

    @property
    def index_is_partial(self) -> bool:
        """Whether the readings leave some of the period out."""
        return self.index_from is not None and bool(
            self.index_from > self.start or self.index_until != self.end
        )


@dataclass(frozen=True, slots=True)
class _Period:
    label_fr: str
    start: np.datetime64
    end: np.datetime64
    invoice: InvoicedPeriod | None = None
    cubic_metre_kwh: float | None = None


def reconcile_months(curve: pa.Table, indexes: pa.Table) -> tuple[Compared, ...]:
    """Compares a curve (`INTERVALS`) with indexes (`INDEXES`), legal month by legal month.

    The two are compared between the first and the last reading of the month, which may not be the
    whole month. Raises NotComparable when they are of different meters.

    >>> from datetime import UTC, datetime
    >>> from atre.formats.reading import INDEXES, INTERVALS
    >>> first, last = datetime(2022, 5, 31, 22, tzinfo=UTC), datetime(2022, 6, 30, 22, tzinfo=UTC)
    >>> curve = pa.Table.from_pylist([{"start": first, "end": last, "kwh": 300.0}], INTERVALS)
    >>> read = [{"read_at": at, "register": "T", "index_kwh": kwh}
    ...         for at, kwh in ((first, 1000.0), (last, 1310.0))]
    >>> june, = reconcile_months(curve, pa.Table.from_pylist(read, INDEXES))
    >>> june.index_kwh, june.gaps[0].kwh, june.gaps[0].reason.value
    (310.0, 10.0, 'unexplained')
    """
    _check_same_meter(curve, indexes)
    counted, read = curve_count(curve), index_count(indexes)
    instants = np.concatenate(
        [
            curve["start"].to_numpy().astype("datetime64[us]"),
            curve["end"].to_numpy().astype("datetime64[us]"),
            read.at,
        ]
    )
    if not instants.size:
        return ()
    return tuple(_compared(p, counted, read) for p in _months(instants.min(), instants.max()))


def reconcile_invoices(
    invoices: Sequence[pa.Table],
    *,
    curve: pa.Table | None = None,
    indexes: pa.Table | None = None,
) -> tuple[Compared, ...]:
    """Compares each invoiced period with the curve and the indexes there are.

    invoices : one table of `INTERVALS` a file. Rows of the same period in one file (peak and
    off-peak hours) are added; the same invoice in two files counts once, or is not compared when
    they contradict each other (`invoiced_periods`). Raises NotComparable when the files are of
    different meters.

    >>> from datetime import UTC, datetime
    >>> from atre.formats.reading import INDEXES, INTERVALS
    >>> first, last = datetime(2022, 5, 31, 22, tzinfo=UTC), datetime(2022, 6, 30, 22, tzinfo=UTC)
    >>> bill = pa.Table.from_pylist([{"start": first, "end": last, "kwh": 310.0}], INTERVALS)
    >>> read = [{"read_at": at, "register": "T", "index_kwh": kwh}
    ...         for at, kwh in ((first, 1000.0), (last, 1310.4))]
    >>> june, = reconcile_invoices([bill, bill], indexes=pa.Table.from_pylist(read, INDEXES))
    >>> june.invoice_kwh, june.gaps[0].reason.value, june.invoice_doubts_fr
    (310.0, 'agrees', ('La même facture est dans deux fichiers : elle est comptée une fois.',))
    """
    billed = pa.concat_tables(invoices)
    for other in (curve, indexes):
        _check_same_meter(billed, billed if other is None else other)
    counted = None if curve is None else curve_count(curve)
    read = None if indexes is None else index_count(indexes)
    cubic_metre_kwh = _cubic_metre_kwh(billed)
    if cubic_metre_kwh is None and curve is not None:
        cubic_metre_kwh = _cubic_metre_kwh(curve)
    periods = (_period(invoice, cubic_metre_kwh) for invoice in invoiced_periods(invoices))
    return tuple(_compared(period, counted, read) for period in periods)


def _cubic_metre_kwh(intervals: pa.Table) -> float | None:
    """What the file says a cubic metre of its gas holds, over all its rows: over one, the rounding
    of the volume would show. None without both."""
    kwh, cubic_metres = (intervals[name].to_numpy() for name in ("kwh", "volume_m3"))
    is_gas = np.array([basis is not None for basis in intervals["basis"].to_pylist()], dtype=bool)
    with np.errstate(invalid="ignore"):
        known = is_gas & np.isfinite(kwh) & (cubic_metres > 0)
    return float(kwh[known].sum() / cubic_metres[known].sum()) if known.any() else None


def _check_same_meter(first: pa.Table, second: pa.Table) -> None:
    meters = [set(table["meter_id"].unique().to_pylist()) - {None} for table in (first, second)]
    if any(len(found) > 1 for found in meters):
        raise NotComparable("Un de ces fichiers contient plusieurs compteurs : prenez-en un seul.")
    if all(meters) and meters[0] != meters[1]:
        names = " et ".join(sorted(meters[0] | meters[1]))
        raise NotComparable(f"Ces fichiers ne sont pas du même compteur : {names}.")


def _months(first: np.datetime64, last: np.datetime64) -> Iterator[_Period]:
    days = paris_days(np.array([first, last - np.timedelta64(1, "us")], dtype="datetime64[us]"))
    start, stop = days.astype("datetime64[M]")
    months = np.arange(start, stop + np.timedelta64(2, "M"))
    midnights = paris_days_to_utc(months.astype("datetime64[D]"))
    for month, begins, ends in zip(months, midnights, midnights[1:], strict=False):
        day = month.astype("datetime64[D]").item()
        yield _Period(f"{MONTHS[day.month - 1]}{NO_BREAK}{day.year}", begins, ends)


def _period(invoice: InvoicedPeriod, cubic_metre_kwh: float | None) -> _Period:
    first, last = paris_days(np.array([invoice.start, invoice.end])).tolist()
    return _Period(
        f"du {date_fr(first)} au {date_fr(last)}",
        invoice.start,
        invoice.end,
        invoice=invoice,
        cubic_metre_kwh=cubic_metre_kwh,
    )


def _compared(period: _Period, curve: CurveCount | None, index: IndexCount | None) -> Compared:
    curve_kwh, missing_hours = None, 0.0
    doubled, twice = 0.0, 0.0
    if curve is not None:
        curve_kwh, missing_hours = curve.between(period.start, period.end)
        doubled = curve.doubled.between(period.start, period.end)
        twice = curve.contradicted.between(period.start, period.end)
    inside = None if index is None else index.inside(period.start, period.end)
    gaps = []
    if curve is not None and index is not None:
        if inside is None:
            gaps.append(missing(Source.CURVE, Source.INDEX, Source.INDEX))
        else:
            gaps.append(measured_gap(curve, inside[2], inside[0], inside[1]))
    if period.invoice is not None:
        if curve is not None:
            gaps.append(
                contradicted(
                    Source.CURVE,
                    Source.INVOICE,
                    _difference(period.invoice.kwh, curve_kwh),
                    twice,
                )
                if twice > 0
                else _against(period, period.invoice, Source.CURVE, curve_kwh, missing_hours)
            )
        if index is not None:
            is_whole = inside is not None and inside[:2] == (period.start, period.end)
            kwh = inside[2] if inside is not None and is_whole else None
            gaps.append(_against(period, period.invoice, Source.INDEX, kwh, 0.0))
    return Compared(
        label_fr=period.label_fr,
        start=period.start,
        end=period.end,
        curve_kwh=curve_kwh,
        curve_missing_hours=missing_hours,
        index_kwh=None if inside is None else inside[2],
        index_from=None if inside is None else inside[0],
        index_until=None if inside is None else inside[1],
        invoice_kwh=None if period.invoice is None else period.invoice.kwh,
        gaps=tuple(gaps),
        curve_doubled_hours=doubled,
        curve_contradicted_hours=twice,
        invoice_doubts_fr=() if period.invoice is None else period.invoice.doubts_fr,
    )


def _difference(second: float | None, first: float | None) -> float | None:
    return None if second is None or first is None else second - first


def _against(
    period: _Period,
    invoice: InvoicedPeriod,
    counted: Source,
    kwh: float | None,
    missing_hours: float,
) -> Gap:
    if invoice.is_contradicted:
        return Gap(
            counted, Source.INVOICE, None, GapReason.CONTRADICTED, " ".join(invoice.doubts_fr)
        )
    if kwh is None:
        return missing(counted, Source.INVOICE, counted)
    if invoice.kwh is None:
        return missing(counted, Source.INVOICE, Source.INVOICE)
    return invoice_gap(
        counted,
        kwh,
        invoice.kwh,
        invoice.word,
        missing_hours,
        cubic_metre_kwh=period.cubic_metre_kwh,
    )
