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
    """
    price = np.atleast_1d(np.asarray(eur_per_kwh, dtype=np.float64))
    standing = np.atleast_1d(np.asarray(standing_eur_per_year, dtype=np.float64))
    split = ~(np.isnan(price) | np.isnan(standing))
    daily = np.where(split, standing / 365, 0.0)
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
) -> LoadShape:
    """The shape of meters whose heating share is known.

    Parameters
    ----------
    stretches : from `stretches_between_readings`.
    heating_share : share of the kWh billed that heats the dwelling, from 0 to 1, shape (groups,);
        NaN = unknown.
    degree_days : degree days a day, in °C·day; None only serves meters without heating.
    place : row of each meter in `degree_days`, shape (groups,); None = the first for all.

    Raises `RefusedInput` for a share outside 0 to 1.
    """
    share = np.atleast_1d(np.asarray(heating_share, dtype=np.float64))
    if ((share < 0) | (share > 1)).any():
        raise RefusedInput("La part du chauffage est entre 0 et 1.", field="heating_share")
    group, groups = stretches.group, share.size
    known = ~np.isnan(stretches.kwh)
    totals = _degree_days(degree_days, group, stretches.start, stretches.end, place)

    def added(values: Floats) -> Floats:
        return sums_by_group(group[known], values[known], groups)

    days = (stretches.end - stretches.start).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        base = (1 - share) * added(stretches.kwh) / added(days)
        degrees = added(totals)
        heat = np.where(share == 0, 0.0, share * added(stretches.kwh) / degrees)
    # No degree day at all where some heating was billed: it cannot be spread.
    lost = (share > 0) & ~(degrees > 0)
    reason = np.where(np.isnan(share), ShapeReason.SHARE_NOT_GIVEN, ShapeReason.KNOWN)
    reason = np.where(lost & ~np.isnan(share), ShapeReason.NO_DEGREE_DAYS, reason)
    unknown = reason != ShapeReason.KNOWN
    return LoadShape(
        np.where(unknown, np.nan, base),
        np.where(unknown, np.nan, heat),
        reason.astype(np.int8),
        np.full(groups, np.nan),
    )


def shape_from_bills(
    stretches: Stretches, groups: int, degree_days: DailySeries, place: Indices | None = None
) -> LoadShape:
    """The shape told by the bills themselves: kWh a day against degree days a day.

    Least squares weighted by days, over the stretches closed by a real reading. A negative slope
    becomes no heating; a negative base becomes heating only: both are what physics leaves of a
    noisy fit. Unknown under four stretches, or without 4 °C between the mildest and the coldest.
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
