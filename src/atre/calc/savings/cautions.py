"""What a measured saving must be read with: typed cautions, on arrays, as bits of one number."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.balance_points import Floats
from atre.calc.wording import NO_BREAK, number_fr

if TYPE_CHECKING:
    from atre.calc.savings.result import MeasuredSavings

Bits = NDArray[np.int64]
Mask = NDArray[np.bool_]

# CalTRACK 2.3.6: a reading above the median by more than three times the interquartile range.
EXTREME_RANGES = 3
# Above it, the scatter of a year exceeds its mean: ASHRAE 14 would not accept the model.
POOR_CVRMSE = 1.0
UNCERTAIN_P_VALUE = 0.1
# Bimonthly bills give six points for up to five coefficients: some fit by chance.
FEWEST_ROWS = 9


class Caution(StrEnum):
    """Why a saving, although measured, must not be quoted bare."""

    INTERVAL_HOLDS_ZERO = "interval_holds_zero"
    REPORTING_NOT_A_YEAR = "reporting_not_a_year"
    DAYS_LEFT_OUT = "days_left_out"
    EXTREME_VALUES = "extreme_values"
    POOR_FIT = "poor_fit"
    UNCERTAIN_SLOPE = "uncertain_slope"
    OUTSIDE_BASELINE_WEATHER = "outside_baseline_weather"
    FEW_BILLS = "few_bills"

    @property
    def bit(self) -> int:
        return _BITS[self]


_BITS = {one: 1 << place for place, one in enumerate(Caution)}


def cautions_of(bits: int) -> tuple[Caution, ...]:
    """The cautions held by one number, in the order of `Caution`; none for 0.

    >>> [one.value for one in cautions_of(1)]
    ['interval_holds_zero']
    """
    found = int(bits)
    return tuple(one for one, bit in _BITS.items() if found & bit) if found else ()


def extreme_values(kwh: Floats) -> Mask:
    """Readings to look at by hand, shape (m, n): above median + 3 × interquartile range.

    kwh : shape (m, n), NaN where unknown. Source: CalTRACK 2.0, rule 2.3.6.

    >>> extreme_values(np.array([[1.0, 1.2, 0.9, 1.1, 40.0]])).tolist()
    [[False, False, False, False, True]]
    """
    ordered = np.sort(kwh, axis=1)  # NaN come last
    known = np.isfinite(kwh).sum(axis=1)
    low, middle, high = (_quantile(ordered, known, share) for share in (0.25, 0.5, 0.75))
    limit = middle + EXTREME_RANGES * (high - low)
    with np.errstate(invalid="ignore"):
        above: Mask = kwh > limit[:, None]
    return above


def _quantile(ordered: Floats, known: NDArray[np.int64], share: float) -> Floats:
    place = np.maximum(known - 1, 0) * share
    below = place.astype(np.int64)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    rows = np.arange(len(ordered))
    first, second = ordered[rows, below], ordered[rows, above]
    quantile: Floats = first + (second - first) * (place - below)
    return quantile


def sentence_fr(caution: Caution, found: "MeasuredSavings", meter: int) -> str:
    """The caution in one French sentence with the figures of this meter.

    meter : its row in `found`. Figures as French readers write them, percents and days.

    >>> from atre.calc.savings.measured_daily import measure_daily
    >>> winter, use = np.full((1, 365), 5.0), np.full((1, 365), 12.0)
    >>> found = measure_daily(use, winter, use[:, :90], winter[:, :90])
    >>> sentence_fr(Caution.REPORTING_NOT_A_YEAR, found, meter=0).replace(NO_BREAK, " ")
    'Le suivi couvre 90 jours : ce n’est pas une économie annuelle.'
    """
    return _SENTENCES_FR[caution].format(
        confidence=number_fr(found.method.confidence * 100),
        rows=number_fr(found.fit.rows[meter]),
        days=_count_fr(found.reporting_days[meter], "jour"),
        left_out=_count_fr(found.days_left_out[meter], "jour"),
        extremes=_count_fr(found.extreme_values[meter], "relevé"),
        scatter=number_fr(found.fit.rmse_kwh[meter] / found.fit.mean_kwh[meter] * 100),
        outside=_count_fr(found.days_outside_baseline[meter], "jour"),
    )


def _count_fr(count: Any, word: str) -> str:
    return f"{number_fr(int(count))}{NO_BREAK}{word}{'s' if count > 1 else ''}"


_SENTENCES_FR = {
    Caution.INTERVAL_HOLDS_ZERO: (
        "L’intervalle contient zéro : à {confidence} %, on ne distingue pas cette économie du hasard."
    ),
    Caution.REPORTING_NOT_A_YEAR: ("Le suivi couvre {days} : ce n’est pas une économie annuelle."),
    Caution.DAYS_LEFT_OUT: (
        "{left_out} du suivi sans relevé ou sans température : non comptés, ni dans l’attendu ni "
        "dans le mesuré."
    ),
    Caution.EXTREME_VALUES: (
        "{extremes} de l’année de référence bien au-dessus des autres : à vérifier."
    ),
    Caution.POOR_FIT: (
        "La consommation suit mal la température (écart type des écarts : {scatter} % de la "
        "moyenne) : le chiffre est fragile."
    ),
    Caution.UNCERTAIN_SLOPE: (
        "Un usage que le modèle a trouvé (chauffage ou climatisation) n’est pas assuré : il pourrait "
        "venir du hasard."
    ),
    Caution.FEW_BILLS: (
        "L’année de référence n’a que {rows} factures : l’intervalle est sans doute trop étroit."
    ),
    Caution.OUTSIDE_BASELINE_WEATHER: (
        "{outside} du suivi en dehors des températures de l’année de référence : l’attendu y est "
        "prolongé, pas observé."
    ),
}
