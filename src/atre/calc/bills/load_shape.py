"""How a meter's kWh spread over its days: so much a day, so much a degree day.

The heating share follows the degree days, the rest follows the days. Either the share is known
(the visitor saw the heating), or the bills tell it: bills of winter and summer, regressed on
their degree days.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.coverage import Days, Indices
from atre.calc.bills.daily_series import DailySeries
from atre.calc.bills.lines import weighted_lines
from atre.calc.bills.readings import Stretches
from atre.calc.bills.sums import sums_by_group
from atre.calc.errors import RefusedInput

Floats = NDArray[np.float64]

YEAR_DAYS = 365

# Four bills leave two degrees of freedom to a line; with three, the fit proves nothing.
LEAST_STRETCHES = 4
# A winter and a summer bill differ by 8 to 15 degrees; within 4 the slope is noise.
LEAST_CONTRAST_DEGREES = 4.0


class ShapeReason(IntEnum):
    """Why a meter has no shape; KNOWN when it has one."""

    KNOWN = 0
    SHARE_NOT_GIVEN = 1
    NO_DEGREE_DAYS = 2
    TOO_FEW_READINGS = 3
    NO_CONTRAST = 4

    @property
    def sentence_fr(self) -> str:
        return _SENTENCES_FR[self]


_SENTENCES_FR = {
    ShapeReason.KNOWN: "La part du chauffage est connue.",
    ShapeReason.SHARE_NOT_GIVEN: "La part du chauffage dans cette énergie n’est pas connue.",
    ShapeReason.NO_DEGREE_DAYS: "Les degrés-jours manquent pour une partie de la période.",
    ShapeReason.TOO_FEW_READINGS: (
        f"Il faut au moins {LEAST_STRETCHES} périodes entre relevés réels pour séparer le "
        "chauffage du reste."
    ),
    ShapeReason.NO_CONTRAST: (
        "Les factures ne distinguent pas l’hiver de l’été"
        " : le chauffage ne peut pas être séparé du reste."
    ),
}


@dataclass(frozen=True, slots=True)
class LoadShape:
    """Of each meter, shape (groups,): kWh a day, kWh a degree day, and `ShapeReason` codes.

    NaN and a reason where unknown. `r2` is that of the regression, NaN when the share was given.
    """

    base_kwh_per_day: Floats
    heat_kwh_per_degree_day: Floats
    reason: NDArray[np.int8]
    r2: Floats

    def weights(
        self,
        group: Indices,
        start: Days,
        end: Days,
        degree_days: DailySeries | None,
        place: Indices | None = None,
    ) -> Floats:
        """What the shape expects over m windows [start, end) of given meters, in kWh, shape (m,).

        `place` (groups,) names each meter's row in `degree_days`. NaN where the shape or the
        degree days it needs are unknown; a meter without heating needs none.
        """
        days = (end - start).astype("timedelta64[D]").astype(np.float64)
        heat = self.heat_kwh_per_degree_day[group]
        totals = _degree_days(degree_days, group, start, end, place)
        return np.asarray(
            self.base_kwh_per_day[group] * days + np.where(heat == 0, 0.0, heat * totals)
        )


def cost_shape(
    shape: LoadShape, eur_per_kwh: ArrayLike, standing_eur_per_year: ArrayLike
) -> LoadShape:
    """The same days in euros: the subscription by days, the energy as the kWh go.

    `eur_per_kwh` and `standing_eur_per_year`, shape (groups,). Where they are unknown the euros
    follow the kWh, subscription included: over a missing month the error is a few per cent of a
    month's bill; the caller says it.

    >>> ten_kwh_a_day = LoadShape(np.full(2, 10.0), np.zeros(2), np.zeros(2, np.int8), np.full(2, np.nan))
    >>> cost_shape(ten_kwh_a_day, [0.2, np.nan], [365.0, np.nan]).base_kwh_per_day.tolist()
    [3.0, 10.0]
    """
    price = np.atleast_1d(np.asarray(eur_per_kwh, dtype=np.float64))
    standing = np.atleast_1d(np.asarray(standing_eur_per_year, dtype=np.float64))
    split = ~(np.isnan(price) | np.isnan(standing))
    daily = np.where(split, standing / YEAR_DAYS, 0.0)
    by_kwh = np.where(split, price, 1.0)
    return LoadShape(
        daily + by_kwh * shape.base_kwh_per_day,
        by_kwh * shape.heat_kwh_per_degree_day,
        shape.reason,
        shape.r2,
    )


def shape_from_share(
    stretches: Stretches,
    heating_share: ArrayLike,
    degree_days: DailySeries | None,
    place: Indices | None = None,
    year_end: Days | None = None,
) -> LoadShape:
    """The shape of meters whose heating share over a year is known.

    Parameters
    ----------
    stretches : from `stretches_between_readings`; they set the level, the share sets the shape.
    heating_share : share of a whole year's kWh that heats the dwelling, from 0 to 1, shape
        (groups,); NaN = unknown. A share of the bills in hand would be another: those of a summer
        hold no heating.
    degree_days : degree days a day, in °C·day; None only serves meters without heating.
    place : row of each meter in `degree_days`, shape (groups,); None = the first for all.
    year_end : the day after the year the share speaks of, shape (groups,); None = the year that
        ends with the meter's last stretch.

    Raises `RefusedInput` for a share outside 0 to 1.

    >>> from atre.calc.bills.readings import BillRows, stretches_between_readings
    >>> rows = BillRows.from_arrays([0], ["2025-01-01"], ["2026-01-01"], [3650.0], [0])
    >>> year = np.arange("2025-01-01", "2026-01-01", dtype="datetime64[D]")
    >>> shape = shape_from_share(stretches_between_readings(rows), [0.5],
    ...                          DailySeries.from_days(year, np.full(365, 5.0)))
    >>> shape.base_kwh_per_day.round(6).tolist(), shape.heat_kwh_per_degree_day.round(6).tolist()
    ([5.0], [1.0])
    """
    share = np.atleast_1d(np.asarray(heating_share, dtype=np.float64))
    if ((share < 0) | (share > 1)).any():
        raise RefusedInput("La part du chauffage est entre 0 et 1.", field="heating_share")
    meters = np.arange(share.size, dtype=np.int64)
    closes = _last_days(stretches, share.size) if year_end is None else year_end
    degrees = _degree_days(degree_days, meters, closes - YEAR_DAYS, closes, place)
    # Without a single degree day in its year, what heats cannot be spread.
    lost = (share > 0) & ~(degrees > 0)
    reason = np.where(lost, ShapeReason.NO_DEGREE_DAYS, ShapeReason.KNOWN)
    reason = np.where(np.isnan(share), ShapeReason.SHARE_NOT_GIVEN, reason).astype(np.int8)
    with np.errstate(invalid="ignore", divide="ignore"):
        heat = np.where(share == 0, 0.0, share / degrees)
    unknown = reason != ShapeReason.KNOWN
    nothing = np.full(share.size, np.nan)
    of_one_kwh = LoadShape(
        np.where(unknown, np.nan, (1 - share) / YEAR_DAYS),
        np.where(unknown, np.nan, heat),
        reason,
        nothing,
    )
    level = _level(stretches, of_one_kwh, degree_days, place)
    return LoadShape(
        of_one_kwh.base_kwh_per_day * level,
        of_one_kwh.heat_kwh_per_degree_day * level,
        reason,
        nothing,
    )


def _last_days(stretches: Stretches, groups: int) -> Days:
    """The end of each meter's last stretch; 1970 for a meter without any, whose year is unused."""
    last = np.zeros(groups, dtype=np.int64)
    np.maximum.at(last, stretches.group, stretches.end.astype("datetime64[D]").astype(np.int64))
    return last.astype("datetime64[D]")


def _level(
    stretches: Stretches,
    of_one_kwh: LoadShape,
    degree_days: DailySeries | None,
    place: Indices | None,
) -> Floats:
    """kWh a year that the stretches show; 1 where they show none, so that the shape remains."""
    expected = of_one_kwh.weights(
        stretches.group, stretches.start, stretches.end, degree_days, place
    )
    groups = of_one_kwh.reason.size
    known = ~(np.isnan(stretches.kwh) | np.isnan(expected))
    billed = sums_by_group(stretches.group[known], stretches.kwh[known], groups)
    foreseen = sums_by_group(stretches.group[known], expected[known], groups)
    level = np.ones(groups)
    np.divide(billed, foreseen, out=level, where=(billed > 0) & (foreseen > 0))
    return level


def shape_from_bills(
    stretches: Stretches, groups: int, degree_days: DailySeries, place: Indices | None = None
) -> LoadShape:
    """The shape told by the bills themselves: kWh a day against degree days a day.

    Least squares weighted by days, over the stretches closed by a real reading. A negative slope
    becomes no heating; a negative base becomes heating only: both are what physics leaves of a
    noisy fit. Unknown under four stretches, or without 4 °C between the mildest and the coldest.
    `place` : row of each meter in `degree_days`, shape (groups,); None = the first for all.

    >>> from atre.calc.bills.readings import BillRows, stretches_between_readings
    >>> quarters = np.array(["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01"],
    ...                     "datetime64[D]")
    >>> length = np.diff(quarters).astype(float)
    >>> cold = DailySeries.from_days(np.arange(quarters[0], quarters[-1]),
    ...                              np.repeat([10.0, 2.0, 0.0, 8.0], length.astype(int)))
    >>> kwh = length * (3.0 + 2.0 * np.array([10.0, 2.0, 0.0, 8.0]))
    >>> def told(bills):
    ...     rows = BillRows.from_arrays([0] * bills, quarters[:bills], quarters[1:bills + 1],
    ...                                 kwh[:bills], [0] * bills)
    ...     return shape_from_bills(stretches_between_readings(rows), 1, cold)
    >>> told(4).base_kwh_per_day.round(6).tolist(), told(4).heat_kwh_per_degree_day.round(6).tolist()
    ([3.0], [2.0])
    >>> told(3).base_kwh_per_day.tolist(), ShapeReason(told(3).reason[0]).name
    ([nan], 'TOO_FEW_READINGS')
    """
    days = (stretches.end - stretches.start).astype(np.float64)
    totals = _degree_days(degree_days, stretches.group, stretches.start, stretches.end, place)
    kwh = np.where(stretches.ends_estimated, np.nan, stretches.kwh)
    lines = weighted_lines(stretches.group, groups, totals / days, kwh / days, days)
    used = ~(np.isnan(kwh) | np.isnan(totals))

    def added(values: Floats) -> Floats:
        return sums_by_group(stretches.group[used], values[used], groups)

    with np.errstate(invalid="ignore", divide="ignore"):
        flat = added(kwh) / added(days)
        heat_only = added(kwh) / added(totals)
    falls, hollow = lines.slope < 0, lines.intercept < 0
    base = np.where(falls, flat, np.where(hollow, 0.0, lines.intercept))
    heat = np.where(falls, 0.0, np.where(hollow, heat_only, lines.slope))
    few = lines.points < LEAST_STRETCHES
    contrast = lines.x_high - lines.x_low
    reason = np.where(few, ShapeReason.TOO_FEW_READINGS, ShapeReason.KNOWN)
    reason = np.where(~few & ~(contrast >= LEAST_CONTRAST_DEGREES), ShapeReason.NO_CONTRAST, reason)
    unknown = reason != ShapeReason.KNOWN
    return LoadShape(
        np.where(unknown, np.nan, base),
        np.where(unknown, np.nan, heat),
        reason.astype(np.int8),
        np.where(unknown, np.nan, lines.r2),
    )


def _degree_days(
    series: DailySeries | None, group: Indices, start: Days, end: Days, place: Indices | None
) -> Floats:
    if series is None:
        return np.full(group.shape, np.nan)
    return series.total(start, end, None if place is None else place[group])
