"""Counting in the database: one query a group, whatever the number of rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import numpy as np
from django.db.models import Count, DurationField, Expression, ExpressionWrapper, Model, Q, QuerySet
from django.db.models.expressions import Combinable

from atre.domain.steering.figures import Cell, Delay

PERCENTILES = (50, 90)


def counts_of(rows: QuerySet[Model], **conditions: Q) -> dict[str, int]:
    """How many rows meet each condition, and « total »: one query."""
    return rows.aggregate(
        total=Count("pk"), **{name: Count("pk", filter=each) for name, each in conditions.items()}
    )


def counts_by(rows: QuerySet[Model], field: str | Expression) -> dict[str, int]:
    """How many rows for each value of a field: one query."""
    found = rows.order_by().values_list(field).annotate(n=Count("pk"))
    return {str(value): n for value, n in found}


def cells(choices: Iterable[tuple[str, str]], counts: Mapping[str, int]) -> tuple[Cell, ...]:
    """One cell a choice, zero when nothing was counted."""
    return tuple(Cell(str(key), str(label), counts.get(str(key), 0)) for key, label in choices)


def total(count: int, label: str) -> Cell:
    return Cell("total", label, count)


def delay(
    rows: QuerySet[Model],
    *,
    of: Combinable,
    key: str,
    title: str,
    counted: str,
) -> Delay:
    """Median and 90th percentile of a difference of dates.

    The database counts rows by number of days: what is read is as long as the longest delay, not
    as the number of cases, and the same code serves SQLite and PostgreSQL.
    """
    histogram: dict[int, int] = {}
    grouped = rows.order_by().values_list(ExpressionWrapper(of, output_field=DurationField()))
    for gap, n in grouped.annotate(n=Count("pk")):
        days = (gap if isinstance(gap, timedelta) else timedelta(microseconds=gap)).days
        histogram[days] = histogram.get(days, 0) + n
    median, ninth = percentiles(histogram)
    return Delay(
        key=key,
        title=title,
        counted=counted,
        cases=Cell(key, counted, sum(histogram.values())),
        median_days=median,
        p90_days=ninth,
    )


def percentiles(histogram: Mapping[int, int]) -> tuple[float | None, float | None]:
    """Median and 90th percentile of {value: how many}, interpolated as numpy's default does.

    >>> percentiles({1: 1, 2: 1, 10: 2})
    (6.0, 10.0)
    >>> percentiles({})
    (None, None)
    """
    if not histogram:
        return None, None
    values = np.array(sorted(histogram), dtype=np.float64)
    ends = np.cumsum([histogram[int(value)] for value in values])
    found = []
    for percentile in PERCENTILES:
        position = (ends[-1] - 1) * percentile / 100
        low, high = int(np.floor(position)), int(np.ceil(position))
        at_low = values[np.searchsorted(ends, low, side="right")]
        at_high = values[np.searchsorted(ends, high, side="right")]
        found.append(float(at_low + (at_high - at_low) * (position - low)))
    return found[0], found[1]


def median(values: Sequence[float]) -> float | None:
    """The middle value; None of nothing."""
    return float(np.median(values)) if values else None
