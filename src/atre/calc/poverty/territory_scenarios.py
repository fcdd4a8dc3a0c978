"""What is not known of a territory's energy poverty, and the country that each supposition implies.

Each unknown is moved alone to its 5 % and its 95 % value, whatever the commune: nothing is drawn at
random, and a commune's band depends neither on the others nor on the day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from atre.calc.parameters import parameter
from atre.calc.poverty.income_distribution import Incomes, income_at
from atre.calc.poverty.territory_spending import KINDS, national_ranks

Floats = NDArray[np.float64]

UNKNOWNS = (
    "income_elasticity",
    "log_spread",
    "housing_burden",
    "use_elasticity",
    "income_shape",
    "imputed_spread",
    "commune_level",
    "dpe_level",
)
TRIANGULAR = UNKNOWNS[:4]
TAILS = (0.05, 0.95)


@dataclass(frozen=True)
class Scenario:
    """One value of each unknown: the three first in their unit, the others as standard scores.

    `use_elasticity` : −1 the low effect of DPE classes, 0 the central, 1 the high.
    """

    income_elasticity: float
    log_spread: float
    housing_burden: float
    use_elasticity: float = 0.0
    income_shape: float = 0.0
    imputed_spread: float = 0.0
    commune_level: float = 0.0
    dpe_level: float = 0.0


@dataclass(frozen=True)
class NationalLaw:
    """The national quantities that a scenario implies.

    `level_eur` : middle of the spending by unit of a median household at the national factors, by
    kind. `median_spending_eur` : middle of the spending by unit of all households.
    `residual_limit_eur` : living standard under which what housing leaves is low.
    """

    median_income_eur: float
    level_eur: Mapping[str, float]
    median_spending_eur: float
    residual_limit_eur: float


def scenarios(on: date) -> list[Scenario]:
    """The central scenario, then for each unknown the one with it low and the one with it high.

    Elasticity, spread and housing follow triangular laws between the low and high of their
    parameters, the effect of DPE classes one between −1 and 1; the others are normal.

    >>> first, *others = scenarios(date(2021, 7, 1))
    >>> first.income_elasticity, len(others), round(others[-1].dpe_level, 3)
    (0.35, 16, 1.645)
    """
    central = Scenario(*(_bounds(name, on)[1] for name in UNKNOWNS[:3]))
    moved = [
        replace(central, **{name: _quantile(name, share, on)})
        for name in UNKNOWNS
        for share in TAILS
    ]
    return [central, *moved]


def national_law(scenario: Scenario, on: date) -> NationalLaw:
    """What a scenario says of the country that year; the mean spending stays the published one.

    Raises `UnknownParameter` for a year whose incomes or spending are not known.

    >>> law = national_law(scenarios(date(2021, 7, 1))[0], date(2021, 7, 1))
    >>> round(law.level_eur["house"]), round(law.median_spending_eur)
    (1223, 1103)
    """
    standards = parameter("territory_poverty.living_standards", on=on).named_numbers
    mean = parameter("territory_poverty.mean_spending", on=on).number
    by_unit = parameter("territory_poverty.spending_per_unit", on=on).named_numbers
    line = parameter("territory_poverty.poverty_line", on=on).number
    relative = _national_incomes(standards) / standards["median"]
    # Households above the median spend more than those below spend less: the middle is lowered so
    # that the mean stays the published one.
    lift = float(np.mean(relative**scenario.income_elasticity))
    level = {kind: mean * by_unit[kind] / lift for kind in KINDS}
    return NationalLaw(
        median_income_eur=standards["median"],
        level_eur=level,
        median_spending_eur=_median_spending(level, relative, scenario, on),
        residual_limit_eur=line / scenario.housing_burden,
    )


def _median_spending(
    level: Mapping[str, float], relative: Floats, scenario: Scenario, on: date
) -> float:
    by_kind = parameter("territory_poverty.spending_by_kind", on=on).named_numbers
    # The share of houses for which the means by kind give a mean of one.
    houses = (1 - by_kind["flat"]) / (by_kind["house"] - by_kind["flat"])
    shares = {"house": houses, "flat": 1 - houses}
    middles = {
        kind: np.log(level[kind]) + scenario.income_elasticity * np.log(relative) for kind in KINDS
    }

    def below(log_spending: float) -> float:
        return sum(
            shares[kind]
            * float(np.mean(ndtr((log_spending - middles[kind]) / scenario.log_spread)))
            for kind in KINDS
        )

    return float(np.exp(brentq(lambda value: below(value) - 0.5, 3.0, 12.0)))


def _national_incomes(standards: Mapping[str, float]) -> Floats:
    score = ndtri(0.9)
    law = Incomes(
        np.array([standards["median"]]),
        np.array([np.log(standards["median"] / standards["first_decile"]) / score]),
        np.array([np.log(standards["ninth_decile"] / standards["median"]) / score]),
        np.zeros(1),
    )
    return np.asarray(income_at(law, national_ranks()[None, :])[0])


def _quantile(name: str, share: float, on: date) -> float:
    if name not in TRIANGULAR:
        return float(ndtri(share))
    low, central, high = _bounds(name, on)
    if share < (central - low) / (high - low):
        return low + float(np.sqrt(share * (high - low) * (central - low)))
    return high - float(np.sqrt((1 - share) * (high - low) * (high - central)))


def _bounds(name: str, on: date) -> tuple[float, float, float]:
    if name == "use_elasticity":
        return -1.0, 0.0, 1.0
    numbers = parameter(f"territory_poverty.{name}", on=on).named_numbers
    return numbers["low"], numbers["central"], numbers["high"]
