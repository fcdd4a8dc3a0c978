"""The power a home draws all the time: standby, ventilation, cold, whatever never stops."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.coverage import Indices
from atre.calc.bills.finding import Finding, FindingKind, cannot_check
from atre.calc.errors import RefusedInput
from atre.calc.parameters import Confidence, UnknownParameter, parameter
from atre.calc.three_valued import Answer, Codes, codes_from_condition
from atre.calc.wording import NO_BREAK, number_fr

Floats = NDArray[np.float64]

PERMANENT_POWER_KEY = "billing.electricity.permanent_power_mean"

KWH_PER_YEAR_OF_A_WATT = 8.76
# The mean counts every home; twice the mean is where looking for the cause is worth a visit.
ABNORMAL_MULTIPLE = 2.0
# A month holds days of absence and days of presence; fewer may be all of one kind.
LEAST_DAYS = 28
PERMANENT_QUANTILE = 0.1


@dataclass(frozen=True, slots=True)
class PermanentPower:
    """What the lowest power of the day exceeds nine days in ten, in W, (meters,); NaN: no day."""

    watts: Floats
    days: Indices

    @property
    def kwh_per_year(self) -> Floats:
        """What that power takes in 8 760 hours, kWh, (meters,)."""
        return np.asarray(self.watts * KWH_PER_YEAR_OF_A_WATT)


def permanent_power(meter: ArrayLike, daily_min_w: ArrayLike, meters: int) -> PermanentPower:
    """The power that never stops, from the lowest mean power of each day.

    Parameters
    ----------
    meter : the meter of each day, 0 to meters - 1, shape (n,).
    daily_min_w : lowest value of the day's load curve, in W, shape (n,); NaN = unknown. Meters
        with solar panels behind them have no meaning here.
    meters : how many.

    The first decile of the days, by linear interpolation: their lowest would be that of a power
    cut, their median counts the electric heating of half the year (a real home: 242 W in the
    middle of its year, 184 W nine days in ten). Raises `RefusedInput` for a negative power.

    >>> found = permanent_power([0] * 11 + [1], [0.0, *range(80, 90), np.nan], 2)
    >>> found.watts.tolist(), found.days.tolist()
    ([80.0, nan], [11, 0])
    """
    which = np.asarray(meter, dtype=np.int64)
    power = np.asarray(daily_min_w, dtype=np.float64)
    if (power < 0).any():
        raise RefusedInput("Une puissance est positive ou nulle.", field="daily_min_w")
    known = ~np.isnan(power)
    which, power = which[known], power[known]
    order = np.lexsort((power, which))
    which, power = which[order], power[order]
    days = np.bincount(which, minlength=meters).astype(np.int64)
    first = np.cumsum(days) - days
    watts = np.full(meters, np.nan)
    some = days > 0
    place = PERMANENT_QUANTILE * (days[some] - 1)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, days[some] - 1)
    below, above = power[first[some] + low], power[first[some] + high]
    watts[some] = below + (place - low) * (above - below)
    return PermanentPower(watts, days)


def high_permanent_power(found: PermanentPower, limit_w: float) -> Codes:
    """Whether it exceeds a limit, in W: 1, 0, -1, shape (meters,); unknown under 28 days.

    >>> found = PermanentPower(np.array([200.0, 164.0, 200.0]), np.array([28, 28, 27]))
    >>> high_permanent_power(found, 164.0).tolist()
    [1, 0, -1]
    """
    return codes_from_condition(found.watts > limit_w, found.days >= LEAST_DAYS)


def check_permanent_power(
    daily_min_w: ArrayLike, *, on: date, eur_per_kwh: float | None, limit_w: float | None = None
) -> Finding:
    """Check one home. `limit_w` is the adviser's; None = twice the mean of a panel of homes.

    `daily_min_w` : lowest power of each day, W, shape (n,), NaN unknown. Euros are those a year of
    what exceeds the limit. Raises `RefusedInput` for a negative power.

    >>> minima, on = np.full(28, 200.0), date(2026, 1, 1)
    >>> check_permanent_power(minima, on=on, eur_per_kwh=0.2, limit_w=100.0).euros_per_year
    175.2
    >>> check_permanent_power(minima[1:], on=on, eur_per_kwh=0.2).missing_fr
    ('28 jours de courbe de charge (27 connus)',)
    """
    kind = FindingKind.HIGH_PERMANENT_POWER
    minima = np.atleast_1d(np.asarray(daily_min_w, dtype=np.float64))
    found = permanent_power(np.zeros(minima.size, np.int64), minima, 1)
    if found.days[0] < LEAST_DAYS:
        return cannot_check(
            kind, f"{LEAST_DAYS} jours de courbe de charge ({int(found.days[0])} connus)"
        )
    try:
        mean = parameter(PERMANENT_POWER_KEY, on=on)
    except UnknownParameter:
        if limit_w is None:
            return cannot_check(kind, "une puissance permanente de comparaison à cette date")
        mean = None
    limit = limit_w if limit_w is not None or mean is None else ABNORMAL_MULTIPLE * mean.number
    watts, kwh = float(found.watts[0]), float(found.kwh_per_year[0])
    high = limit is not None and watts > limit
    excess = None if limit is None else (watts - limit) * KWH_PER_YEAR_OF_A_WATT
    euros = None
    if high and excess is not None and eur_per_kwh is not None:
        euros = round(excess * eur_per_kwh, 2)
    doubtful = limit_w is None and mean is not None and mean.confidence is Confidence.LOW
    return Finding(
        kind=kind,
        answer=Answer.YES if high else Answer.NO,
        sentence_fr=(
            f"Le logement tire {number_fr(watts)}{NO_BREAK}W en permanence, soit "
            f"{number_fr(kwh)}{NO_BREAK}kWh par an ({'au-dessus' if high else 'au-dessous'} du "
            f"repère de {number_fr(limit or 0)}{NO_BREAK}W)."
        ),
        euros_per_year=euros,
        euros_reason_fr=_no_euros(high, euros),
        evidence=tuple(int(day) for day in np.flatnonzero(minima <= watts)),
        caution_fr=(
            "Réfrigérateur, congélateur et ventilation en font partie ; une pompe, une box, un "
            "chauffe-eau d’appoint ou une VMC défaillante se cherchent prise par prise. Avec un "
            "chauffage électrique, ne comptez que des jours hors chauffe. Les euros ne comptent "
            "que ce qui dépasse le repère."
            + (" Ce repère vient d’un panel ancien, peu sûr." if doubtful else "")
        ),
        sources_fr=(mean.source.line_fr,) if limit_w is None and mean is not None else (),
    )


def _no_euros(high: bool, euros: float | None) -> str | None:
    if not high:
        return "Rien d’anormal à chiffrer."
    return None if euros is not None else "Le prix du kWh n’est pas connu."
