"""The dated reference price of each day, averaged over the days of a bill.

Electricity: the regulated tariff (Tarif Bleu). Gas: the monthly price published by the regulator.
A day whose reference was not found is unknown, and so is a mean that would need it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from atre.calc.bills.coverage import Days
from atre.calc.bills.daily_series import DailySeries
from atre.calc.parameters import Confidence, DatedValue, all_parameters

Floats = NDArray[np.float64]


class Reference(StrEnum):
    """A reference price, in euros TTC by kWh, or by year for the subscriptions."""

    ELECTRICITY_BASE_TO_6_KVA = "electricity_base_to_6_kva"
    ELECTRICITY_BASE_FROM_9_KVA = "electricity_base_from_9_kva"
    ELECTRICITY_HP = "electricity_hp"
    ELECTRICITY_HC = "electricity_hc"
    ELECTRICITY_BASE_STANDING_6_KVA = "electricity_base_standing_6_kva"
    ELECTRICITY_BASE_STANDING_9_KVA = "electricity_base_standing_9_kva"
    ELECTRICITY_BASE_STANDING_12_KVA = "electricity_base_standing_12_kva"
    ELECTRICITY_HPHC_STANDING_6_KVA = "electricity_hphc_standing_6_kva"
    ELECTRICITY_HPHC_STANDING_9_KVA = "electricity_hphc_standing_9_kva"
    ELECTRICITY_HPHC_STANDING_12_KVA = "electricity_hphc_standing_12_kva"
    GAS_HEATING = "gas_heating"
    GAS_COOKING = "gas_cooking"
    GAS_HEATING_STANDING = "gas_heating_standing"
    GAS_COOKING_STANDING = "gas_cooking_standing"


_TRV, _GAS = "price.electricity.trv", "price.gas.prix_repere"
_BY_MONTH = "month_"
# Each reference is a key and the names that give it inside the table of a period.
_NAMED: dict[Reference, tuple[str, tuple[str, ...]]] = {
    Reference.ELECTRICITY_BASE_TO_6_KVA: (f"{_TRV}.base_kwh", ("any_kva", "le_6_kva")),
    Reference.ELECTRICITY_BASE_FROM_9_KVA: (f"{_TRV}.base_kwh", ("any_kva", "ge_9_kva")),
    Reference.ELECTRICITY_HP: (f"{_TRV}.hphc_kwh", ("hp",)),
    Reference.ELECTRICITY_HC: (f"{_TRV}.hphc_kwh", ("hc",)),
    Reference.ELECTRICITY_BASE_STANDING_6_KVA: (f"{_TRV}.standing", ("base_6_kva",)),
    Reference.ELECTRICITY_BASE_STANDING_9_KVA: (f"{_TRV}.standing", ("base_9_kva",)),
    Reference.ELECTRICITY_BASE_STANDING_12_KVA: (f"{_TRV}.standing", ("base_12_kva",)),
    Reference.ELECTRICITY_HPHC_STANDING_6_KVA: (f"{_TRV}.standing", ("hphc_6_kva",)),
    Reference.ELECTRICITY_HPHC_STANDING_9_KVA: (f"{_TRV}.standing", ("hphc_9_kva",)),
    Reference.ELECTRICITY_HPHC_STANDING_12_KVA: (f"{_TRV}.standing", ("hphc_12_kva",)),
    Reference.GAS_HEATING: (f"{_GAS}.heating_kwh", (_BY_MONTH,)),
    Reference.GAS_COOKING: (f"{_GAS}.cooking_kwh", (_BY_MONTH,)),
    Reference.GAS_HEATING_STANDING: (f"{_GAS}.heating_standing", (_BY_MONTH,)),
    Reference.GAS_COOKING_STANDING: (f"{_GAS}.cooking_standing", (_BY_MONTH,)),
}


@dataclass(frozen=True, slots=True)
class ReferenceMean:
    """Mean reference over each period, shape (n,), NaN if one day is unknown, with those days.

    `low_confidence` tells the periods where a day rests on a value of low confidence.
    """

    price: Floats
    unknown_days: NDArray[np.int64]
    low_confidence: NDArray[np.bool_]


def mean_reference(reference: Reference, start: Days, end: Days) -> ReferenceMean:
    """The mean of a dated reference over n periods [start, end), each day weighing the same, (n,).

    The mean is over days: a bill that straddles a price change and used more on one side is off
    by a part of the change, which the tolerance of the comparison covers. Units: `Reference`.

    Source: `price.electricity.trv.*` and `price.gas.prix_repere.*` of the parameters.

    >>> days = lambda text: np.array([text], dtype="datetime64[D]")
    >>> mean = mean_reference(Reference.ELECTRICITY_BASE_TO_6_KVA, days("2025-07-22"),
    ...                       days("2025-08-11"))
    >>> mean.price.round(4).tolist()
    [0.1984]
    >>> gas = mean_reference(Reference.GAS_HEATING, days("2025-02-15"), days("2025-03-15"))
    >>> gas.price.tolist(), gas.unknown_days.tolist()
    ([nan], [14])
    """
    prices, low = _series(reference)
    lengths = days_between(start, end)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = prices.total(start, end) / lengths
    return ReferenceMean(
        np.where(lengths > 0, mean, np.nan),
        prices.unknown_days(start, end),
        low.known_total(start, end) > 0,
    )


def days_between(start: Days, end: Days) -> Floats:
    """Days of each period [start, end), NaN where a date is missing, shape (n,).

    >>> days = lambda *texts: np.array(texts, dtype="datetime64[D]")
    >>> days_between(days("2024-02-01", "2024-02-01"), days("2024-03-01", "NaT")).tolist()
    [29.0, nan]
    """
    lengths = end.astype("datetime64[D]") - start.astype("datetime64[D]")
    return np.where(np.isnat(lengths), np.nan, lengths.astype(np.float64))


def price_on(reference: Reference, on: date) -> float | None:
    """The reference of one day, in the unit of `Reference`, None where it was not found.

    >>> price_on(Reference.ELECTRICITY_HC, date(2026, 9, 1))
    0.1589
    """
    start = np.array([on], dtype="datetime64[D]")
    price = float(mean_reference(reference, start, start + 1).price[0])
    # Prices have at most five decimals; the running sum they come out of leaves dust behind.
    return None if np.isnan(price) else round(price, 6)


def is_low_confidence(reference: Reference, on: date) -> bool:
    """Whether the reference of one day must be shown with a caution; no reference, no caution.

    >>> [is_low_confidence(Reference.ELECTRICITY_BASE_STANDING_6_KVA, day)
    ...     for day in (date(2026, 7, 31), date(2026, 8, 1), date(1990, 1, 1))]
    [True, False, False]
    """
    start = np.array([on], dtype="datetime64[D]")
    return bool(mean_reference(reference, start, start + 1).low_confidence[0])


def sources_fr(reference: Reference, start: date, end: date) -> tuple[str, ...]:
    """The source lines of the values met from `start` to `end`, each once; none where none is known.

    >>> hc, moved = Reference.ELECTRICITY_HC, date(2025, 8, 1)
    >>> one_day = timedelta(days=1)
    >>> [len(sources_fr(hc, start, moved + one_day)) for start in (moved, moved - one_day)]
    [1, 2]
    >>> sources_fr(hc, date(1990, 1, 1), date(1990, 2, 1))
    ()
    """
    values = (value for value in _values(reference) if _meets(value, start, end))
    return tuple(dict.fromkeys(value.source.line_fr for value in values))


def _meets(value: DatedValue, start: date, end: date) -> bool:
    first, last = value.valid_from or date.min, value.valid_to or date.max
    return first < end and start <= last


def _values(reference: Reference) -> tuple[DatedValue, ...]:
    return all_parameters()[_NAMED[reference][0]].values


@lru_cache(maxsize=len(Reference))
def _series(reference: Reference) -> tuple[DailySeries, DailySeries]:
    """Every known day of a reference, and which of them are of low confidence."""
    names = _NAMED[reference][1]
    days: list[NDArray[np.datetime64]] = []
    prices: list[Floats] = []
    low: list[Floats] = []
    for value in _values(reference):
        for name, price in value.named_numbers.items():
            if not name.startswith(names):
                continue
            first, last = _period(value, name)
            mine = np.arange(
                np.datetime64(first, "D"), np.datetime64(last + timedelta(days=1), "D")
            )
            days.append(mine)
            prices.append(np.full(mine.size, price))
            low.append(np.full(mine.size, float(value.confidence is Confidence.LOW)))
    every = np.concatenate(days)
    return (
        DailySeries.from_days(every, np.concatenate(prices)),
        DailySeries.from_days(every, np.concatenate(low)),
    )


def _period(value: DatedValue, name: str) -> tuple[date, date]:
    """The days of a named price: its month, or the whole period, which always has two ends."""
    if name.startswith(_BY_MONTH):
        year, month = (int(part) for part in name.removeprefix(_BY_MONTH).split("_"))
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), following - timedelta(days=1)
    if value.valid_from is None or value.valid_to is None:
        raise TypeError(f"{value.key} has an open period")
    return value.valid_from, value.valid_to
