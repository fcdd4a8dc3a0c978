"""What households of a commune spend on the energy of their dwelling, as a law rather than a mean.

The national mean spending of the year (SDES) is spread over communes by what they are known to be:
houses or flats, climate, DPE classes, then over the households of a commune by a lognormal law
whose middle rises with their income. A measured mean spending, where the caller has one, replaces
the modelled level. Shares of houses are those of the census; a household is taken to live in a
house with the same chance whatever its income.

Source: docs/explanation/precarite-territoire.md; parameters `territory_poverty.*`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.errors import RefusedInput
from atre.calc.parameters import parameter

Floats = NDArray[np.float64]

DPE_CLASSES = ("A", "B", "C", "D", "E", "F", "G")
KINDS = ("house", "flat")
# Enough of the national law that its means are exact to a thousandth.
NATIONAL_RANKS = 400


@dataclass(frozen=True, kw_only=True)
class Territories:
    """What is known of n communes; arrays of shape (n,), NaN unknown, blank never zero.

    median_eur, first_decile_eur, ninth_decile_eur : living standards, euros by unit a year.
    households : households of the commune (tax households of Filosofi), for numbers.
    houses, flats : main dwellings by type, or any counts in that proportion.
    degree_days : heating degree days of a usual year; national_degree_days, on the same base and
        method, is the mean of the country weighted by dwellings. Only their ratio counts.
    dpe_counts : shape (n, 7), main dwellings or certificates by class A to G; None when no commune
        has any, a row of NaN where one has none.
    mean_spending_eur : measured mean spending by household that year, euros TTC, every energy; None
        or NaN where it is not known.
    """

    median_eur: ArrayLike
    first_decile_eur: ArrayLike
    ninth_decile_eur: ArrayLike
    households: ArrayLike
    houses: ArrayLike
    flats: ArrayLike
    degree_days: ArrayLike
    national_degree_days: float
    dpe_counts: ArrayLike | None = None
    mean_spending_eur: ArrayLike | None = None


@dataclass(frozen=True)
class SpendingLevels:
    """The level of spending of n communes, apart from income; shape (n,), NaN unknown.

    `house_share` : share of main dwellings that are houses, 0 to 1.
    `climate` : factor on spending for the cold. `dpe` : factor by elasticity, low, central, high.
    `dpe_unknown`, `measured` : flags. `measured_factor` : factor that replaces all others.
    """

    house_share: Floats
    climate: Floats
    dpe: Mapping[str, Floats]
    dpe_unknown: NDArray[np.bool_]
    measured: NDArray[np.bool_]
    measured_factor: Floats


def climate_factor(
    degree_days: ArrayLike, national_degree_days: float, heating_share: float
) -> Floats:
    """Spending against the national mean for a climate, shape (n,), without unit.

    1 − share + share × degree days / national degree days: only heating follows the cold. Both on
    one base, method and season. Raises `RefusedInput` for degree days that are negative, or a
    national mean of zero or less.

    >>> climate_factor([2000, 3000, np.nan], 2000, 0.66).round(3).tolist()
    [1.0, 1.33, nan]
    """
    days = np.atleast_1d(np.asarray(degree_days, dtype=np.float64))
    if (days < 0).any() or np.isinf(days).any():
        raise RefusedInput("Des degrés-jours sont positifs ou nuls.", field="degree_days")
    if not 0 < national_degree_days < np.inf:
        raise RefusedInput(
            "Les degrés-jours moyens de la France doivent être positifs, sur la même base que ceux "
            "des communes.",
            field="national_degree_days",
        )
    return np.asarray(1 - heating_share + heating_share * days / national_degree_days)


def dpe_factor(dpe_counts: ArrayLike, elasticity: float, heating_share: float, on: date) -> Floats:
    """Spending against the national stock for the DPE classes of communes, shape (n,).

    dpe_counts : shape (n, 7), A to G. `elasticity` : share of the computed gap between two classes
    that is found in real heating (`dwelling.use_elasticity`). NaN where counts are unknown or zero.
    Certificates are those of sold, let and new dwellings, not a sample of the stock.

    >>> stock = [[2, 3, 24, 32, 22, 10, 7], [0, 0, 0, 0, 0, 0, 100], [np.nan] * 7]
    >>> dpe_factor(stock, 0.35, 0.66, date(2021, 7, 1)).round(2).tolist()
    [1.0, 1.14, nan]
    """
    counts = np.atleast_2d(np.asarray(dpe_counts, dtype=np.float64))
    if counts.shape[1] != len(DPE_CLASSES) or (counts < 0).any():
        raise RefusedInput(
            "Les DPE se comptent par classe, de A à G, par des nombres positifs ou nuls.",
            field="dpe_counts",
        )
    need = parameter("territory_poverty.need_by_dpe", on=on).named_numbers
    stock = parameter("territory_poverty.dpe_stock", on=on).named_numbers
    real = np.array([need[name] ** elasticity for name in DPE_CLASSES])
    national = np.array([stock[name] for name in DPE_CLASSES])
    total = counts.sum(axis=1)
    weighted = counts @ real
    mean = np.divide(weighted, total, out=np.full(total.shape, np.nan), where=total > 0)
    ratio = mean / (national @ real / national.sum())
    return np.asarray(1 - heating_share + heating_share * ratio)


def spending_levels(territories: Territories, on: date) -> SpendingLevels:
    """Factors of n communes on the national spending. Raises `RefusedInput`, `UnknownParameter`.

    >>> found = spending_levels(Territories(median_eur=[22_000], first_decile_eur=[np.nan],
    ...     ninth_decile_eur=[np.nan], households=[300], houses=[90], flats=[10],
    ...     degree_days=[2500], national_degree_days=2500), date(2021, 7, 1))
    >>> found.house_share.tolist(), found.climate.tolist(), found.dpe_unknown.tolist()
    ([0.9], [1.0], [True])
    """
    heating = parameter("territory_poverty.heating_share", on=on).number
    share = house_share(territories.houses, territories.flats)
    climate = climate_factor(territories.degree_days, territories.national_degree_days, heating)
    size = share.size
    counts = (
        np.full((size, 7), np.nan) if territories.dpe_counts is None else territories.dpe_counts
    )
    elasticities = parameter("dwelling.use_elasticity", on=on).named_numbers
    factors = {
        name: dpe_factor(counts, elasticity, heating, on)
        for name, elasticity in elasticities.items()
    }
    unknown = np.isnan(factors["central"])
    factors = {name: np.where(unknown, 1.0, factor) for name, factor in factors.items()}
    measured = np.full(size, np.nan)
    if territories.mean_spending_eur is not None:
        measured = np.broadcast_to(
            np.asarray(territories.mean_spending_eur, dtype=np.float64), (size,)
        ).copy()
    if (measured <= 0).any() or np.isinf(measured).any():
        raise RefusedInput(
            "Une dépense moyenne d’énergie est un montant positif.", field="mean_spending_eur"
        )
    return SpendingLevels(
        house_share=share,
        climate=np.broadcast_to(climate, (size,)),
        dpe=factors,
        dpe_unknown=unknown,
        measured=~np.isnan(measured),
        measured_factor=measured / _modelled_mean(share, on),
    )


def house_share(houses: ArrayLike, flats: ArrayLike) -> Floats:
    """Share of houses among houses and flats, shape (n,), NaN where a count is unknown or both zero.

    >>> house_share([90, 0, np.nan], [10, 0, 4]).tolist()
    [0.9, nan, nan]
    """
    house, flat = np.broadcast_arrays(
        np.atleast_1d(np.asarray(houses, dtype=np.float64)),
        np.atleast_1d(np.asarray(flats, dtype=np.float64)),
    )
    if (house < 0).any() or (flat < 0).any():
        raise RefusedInput("Un nombre de logements est positif ou nul.", field="houses")
    total = house + flat
    share: Floats = np.full(total.shape, np.nan)
    np.divide(house, total, out=share, where=total > 0)
    return share


def national_ranks() -> Floats:
    """Ranks at which the national law is summed, shape (400,), 0 to 1.

    >>> float(national_ranks().mean())
    0.5
    """
    return np.asarray((np.arange(NATIONAL_RANKS) + 0.5) / NATIONAL_RANKS)


def _modelled_mean(share: Floats, on: date) -> Floats:
    by_kind = parameter("territory_poverty.spending_by_kind", on=on).named_numbers
    level = parameter("territory_poverty.mean_spending", on=on).number
    return np.asarray(level * (share * by_kind["house"] + (1 - share) * by_kind["flat"]))
