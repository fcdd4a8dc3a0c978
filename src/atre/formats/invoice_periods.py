"""The periods that invoices bill, from one file or several: the same invoice in two files is one, and
two files that contradict each other are told apart from both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from atre.calc.wording import NO_BREAK, date_fr, number_fr
from atre.formats.local_time import paris_days

# An invoice drops what is under the kWh: two files of one invoice may differ by as much.
SAME_INVOICE_KWH = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedPeriod:
    """What is billed from an instant to another (UTC), in kWh; None when the files do not say it.

    word : the file's own word for the reading (« Estimée », REGU…).
    doubts_fr : what a person must know before believing it.
    is_contradicted : two files bill the period with two energies; `kwh` is then None.
    """

    start: np.datetime64
    end: np.datetime64
    kwh: float | None
    word: str | None
    doubts_fr: tuple[str, ...] = ()
    is_contradicted: bool = False


def invoiced_periods(files: Sequence[pa.Table]) -> tuple[InvoicedPeriod, ...]:
    """The periods of invoice files of one meter (`INTERVALS`, one table a file), in order of time.

    Rows of the same period in one file (peak and off-peak hours) are added. The same legal days in
    two files are one invoice: counted once when they agree within a kWh, unknown when they do not.
    Periods that overlap otherwise are all kept, with a doubt: none must be added to another.

    >>> from datetime import UTC, datetime
    >>> from atre.formats.reading import INTERVALS
    >>> january = {"start": datetime(2021, 12, 31, 23, tzinfo=UTC),
    ...            "end": datetime(2022, 1, 31, 23, tzinfo=UTC)}
    >>> files = [pa.Table.from_pylist([{**january, "kwh": kwh}], INTERVALS) for kwh in (310, 405)]
    >>> [period.kwh for period in invoiced_periods([files[0], files[0]])]
    [310.0]
    >>> invoiced_periods(files)[0].is_contradicted
    True
    """
    by_days: dict[tuple[np.datetime64, np.datetime64], InvoicedPeriod] = {}
    for table in files:
        for period in _of_one_file(table):
            days = _days(period)
            known = by_days.get(days)
            by_days[days] = period if known is None else _joined(known, period)
    return tuple(_with_overlaps([by_days[days] for days in sorted(by_days)]))


def _of_one_file(invoices: pa.Table) -> Iterable[InvoicedPeriod]:
    found: dict[tuple[np.datetime64, np.datetime64], list[tuple[float | None, str | None]]] = {}
    starts, ends = (invoices[name].to_numpy().astype("datetime64[us]") for name in ("start", "end"))
    rows = zip(invoices["kwh"].to_pylist(), invoices["quality"].to_pylist(), strict=True)
    for start, end, row in zip(starts, ends, rows, strict=True):
        found.setdefault((start, end), []).append(row)
    for (start, end), parts in found.items():
        known = [kwh for kwh, _ in parts if kwh is not None]
        yield InvoicedPeriod(
            start=start,
            end=end,
            kwh=sum(known) if len(known) == len(parts) else None,
            word=next((word for _, word in parts if word), None),
        )


def _days(period: InvoicedPeriod) -> tuple[np.datetime64, np.datetime64]:
    """Its legal days: a gas day begins at 06:00, a day of electricity at midnight."""
    first, last = paris_days(np.array([period.start, period.end], dtype="datetime64[us]"))
    return first, last


def _joined(first: InvoicedPeriod, second: InvoicedPeriod) -> InvoicedPeriod:
    """One invoice, given by two files."""
    if first.is_contradicted or second.kwh is None:
        return first
    if first.kwh is None:
        return second
    if abs(first.kwh - second.kwh) <= SAME_INVOICE_KWH:
        told = "La même facture est dans deux fichiers : elle est comptée une fois."
        return replace(first, word=first.word or second.word, doubts_fr=(told,))
    told = (
        f"Deux fichiers de factures disent {_kwh(first.kwh)} et {_kwh(second.kwh)} pour ces mêmes "
        "jours : la facture n’est pas comparée. Gardez le fichier qui dit juste."
    )
    return replace(first, kwh=None, doubts_fr=(told,), is_contradicted=True)


def _with_overlaps(periods: Sequence[InvoicedPeriod]) -> Iterable[InvoicedPeriod]:
    """The same periods, in order of time, those that overlap another told."""
    days = [_days(period) for period in periods]
    latest = 0  # of the periods met, the one that ends last
    for place, period in enumerate(periods):
        start, end = days[place]
        other = None
        if place and days[latest][1] > start:
            other = latest
        elif place + 1 < len(days) and days[place + 1][0] < end:
            other = place + 1
        if end > days[latest][1]:
            latest = place
        if other is None:
            yield period
            continue
        first, last = (date_fr(day.astype(date)) for day in days[other])
        told = (
            f"Cette facture chevauche celle du {first} au {last} : chacune est comparée seule, ne "
            "les additionnez pas."
        )
        yield replace(period, doubts_fr=(*period.doubts_fr, told))


def _kwh(value: float) -> str:
    return f"{number_fr(value, 0 if float(value).is_integer() else 1)}{NO_BREAK}kWh"
