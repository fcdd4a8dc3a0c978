"""A figure for each day (degree days, a dated price), added up over as many windows as wanted.

One pass of cumulative sums serves a million bills: the cost is that of the days plus that of the
windows, never their product.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.errors import RefusedInput

Days = NDArray[np.datetime64]
Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DailySeries:
    """Daily figures of one or several places, ready to be added up between two days.

    `first_day` counts days since 1970. `cumulative` and `unknown` have shape (places, days + 1):
    the sum, and the number of unknown days, before each day.
    """

    first_day: int
    cumulative: Floats
    unknown: Indices

    @classmethod
    def from_days(cls, days: ArrayLike, values: ArrayLike, *, field: str = "days") -> "DailySeries":
        """Build from n days, in any order, and their figures.

        Parameters
        ----------
        days : datetime64[D], shape (n,); a day without a figure is unknown, not zero.
        values : float64, shape (n,) for one place or (places, n); NaN = unknown.

        Raises `RefusedInput` for no day at all, a day given twice, or an infinite figure.

        >>> days = np.arange("2025-01-01", "2025-01-04", dtype="datetime64[D]")
        >>> series = DailySeries.from_days(days, [10.0, 12.0, np.nan])
        >>> series.total(days[:1], days[2:]).tolist(), series.unknown_days(days[:1], days[-1:] + 1).tolist()
        ([22.0], [1])
        """
        given = np.asarray(days, dtype="datetime64[D]").astype(np.int64)
        figures = np.atleast_2d(np.asarray(values, dtype=np.float64))
        if given.ndim != 1 or not given.size or figures.shape[1] != given.size:
            raise RefusedInput("Il faut une valeur par jour, et au moins un jour.", field=field)
        if np.unique(given).size != given.size:
            raise RefusedInput("Le même jour est donné deux fois.", field=field)
        if np.isinf(figures).any():
            raise RefusedInput("Une valeur journalière est infinie.", field=field)
        first, last = int(given.min()), int(given.max())
        dense = np.full((figures.shape[0], last - first + 1), np.nan)
        dense[:, given - first] = figures
        missing = np.isnan(dense)
        start = np.zeros((figures.shape[0], 1))
        return cls(
            first,
            np.concatenate([start, np.cumsum(np.where(missing, 0.0, dense), axis=1)], axis=1),
            np.concatenate([start.astype(np.int64), np.cumsum(missing, axis=1)], axis=1),
        )

    def total(self, start: Days, end: Days, place: Indices | None = None) -> Floats:
        """Sum over each window [start, end), shape (m,); NaN as soon as one day is unknown."""
        opens, closes, where = self._places(start, end, place)
        sums = self.cumulative[where, closes] - self.cumulative[where, opens]
        return np.where(self.unknown_days(start, end, place) > 0, np.nan, sums)

    def known_total(self, start: Days, end: Days, place: Indices | None = None) -> Floats:
        """Sum over the known days of each window, shape (m,)."""
        opens, closes, where = self._places(start, end, place)
        return np.asarray(self.cumulative[where, closes] - self.cumulative[where, opens])

    def unknown_days(self, start: Days, end: Days, place: Indices | None = None) -> Indices:
        """Days of each window without a figure, those outside the series included, shape (m,).

        A window without a start or an end (NaT) counts as one unknown day, so that its total is
        unknown too.
        """
        opens, closes, where = self._places(start, end, place)
        inside = self.unknown[where, closes] - self.unknown[where, opens]
        dated = ~(np.isnat(start) | np.isnat(end))
        lengths = np.maximum(_as_days(end) - _as_days(start), 0)
        return np.where(dated, inside + lengths - (closes - opens), 1)

    def _places(
        self, start: Days, end: Days, place: Indices | None
    ) -> tuple[Indices, Indices, Indices]:
        length = self.cumulative.shape[1] - 1
        opens = np.clip(_as_days(start) - self.first_day, 0, length)
        closes = np.maximum(np.clip(_as_days(end) - self.first_day, 0, length), opens)
        where = np.zeros(1, dtype=np.int64) if place is None else np.asarray(place, dtype=np.int64)
        return opens, closes, where


def _as_days(days: Days) -> Indices:
    return np.asarray(days, dtype="datetime64[D]").astype(np.int64)
