"""Energy-poverty need of communes: how many households by TEE and by BRDE, with an error band.

For each commune, a law of living standards (`income_distribution`) and a law of energy spending by
unit that rises with income (`territory_spending`) give the share of households
- TEE_3D: spending / income above 8 % and income within the three lowest deciles of the country;
- BRDE_UC: spending by unit above the national middle, and income that housing leaves low.
The central value takes every unknown at its centre; the band holds about 90 % of the values it takes
when all unknowns move (`territory_scenarios`). It is the band of the model, not of a survey.

Valid in mainland France for the years whose incomes, deciles and spending are in the parameters
(2021). Source: docs/explanation/precarite-territoire.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from atre.calc.dwelling.spreads import Spread
from atre.calc.errors import RefusedInput
from atre.calc.parameters import parameter
from atre.calc.poverty.effort import TEE_THRESHOLD_KEY, THIRD_DECILE_KEY
from atre.calc.poverty.income_distribution import (
    Incomes,
    SpreadReference,
    fitted_incomes,
    income_at,
    share_below,
)
from atre.calc.poverty.territory_scenarios import (
    NationalLaw,
    Scenario,
    national_law,
    scenarios,
)
from atre.calc.poverty.territory_spending import (
    KINDS,
    SpendingLevels,
    Territories,
    spending_levels,
)
from atre.calc.wording import NO_BREAK, list_fr

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Communes worked at once, so that a scenario's arrays stay in the cache of a core.
CHUNK = 2_000
# Gauss-Legendre over the ranks under an income limit: within 0.05 point of 200 nodes.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
RANKS, RANK_WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2

CAUTION_FR = (
    "Estimation d’un modèle ouvert, sans enquête locale : la fourchette dit ce que le modèle ignore, "
    "plusieurs de ses paramètres sont peu sûrs, et un ménage qui se prive de chauffage n’y est pas. "
    "À lire comme un ordre de grandeur pour comparer des territoires, pas comme un compte de ménages."
)


class NeedMethod(StrEnum):
    """How the incomes behind an estimate were known."""

    DECILES = "deciles"
    MEDIAN = "median"
    MEDIAN_OF_SMALL = "median_of_small"
    UNKNOWN = "unknown"

    @property
    def label_fr(self) -> str:
        return _METHODS_FR[self]


_METHODS_FR = {
    NeedMethod.DECILES: "médiane et déciles de revenu publiés",
    NeedMethod.MEDIAN: "médiane publiée, dispersion estimée sur les communes qui la publient",
    NeedMethod.MEDIAN_OF_SMALL: (
        f"médiane publiée, dispersion estimée sur des communes plus grandes{NO_BREAK}: non vérifiée à cette taille"
    ),
    NeedMethod.UNKNOWN: f"revenus inconnus{NO_BREAK}: pas d’estimation",
}
_INPUTS_FR = {
    "median_eur": "le revenu médian",
    "dispersion": "la dispersion des revenus",
    "house_share": "le nombre de maisons et d’appartements",
    "degree_days": "les degrés-jours",
}


@dataclass(frozen=True)
class TerritoryNeed:
    """Estimates of n communes: shares from 0 to 1 and numbers of households, shape (n,) each.

    `tee_share`, `brde_share`, `tee_households`, `brde_households` : low, central, high; NaN where
    `missing` has a flag, numbers also where the households are unknown. `methods` : one a commune.
    """

    on: date
    tee_share: Spread
    brde_share: Spread
    tee_households: Spread
    brde_households: Spread
    methods: tuple[NeedMethod, ...]
    missing: Mapping[str, Flags]
    caution_fr: str = CAUTION_FR

    def missing_fr(self, row: int) -> str | None:
        """What keeps a commune without estimate, None when it has one."""
        names = [_INPUTS_FR[name] for name, flags in self.missing.items() if flags[row]]
        return f"Pas d’estimation{NO_BREAK}: il manque {list_fr(names)}." if names else None


def territory_need(
    territories: Territories, *, income_year: int, reference: SpreadReference | None
) -> TerritoryNeed:
    """The need of n communes, each judged alone; `reference` from `spread_reference`, or None.

    Without reference, communes whose deciles are secret are unknown. Raises `RefusedInput` for
    impossible inputs, `UnknownParameter` for a year without published spending or deciles.

    >>> one = Territories(median_eur=[20_000, np.nan], first_decile_eur=[11_500, np.nan],
    ...     ninth_decile_eur=[33_000, np.nan], households=[5_000, 60], houses=[900, 50],
    ...     flats=[4_000, 2], degree_days=[2_500, 2_500], national_degree_days=2_370)
    >>> found = territory_need(one, income_year=2021, reference=None)
    >>> [round(100 * float(side[0]), 1) for side in found.tee_share]
    [5.8, 12.0, 20.4]
    >>> found.missing_fr(1).replace(NO_BREAK, " ")
    'Pas d’estimation : il manque le revenu médian et la dispersion des revenus.'
    """
    on = date(income_year, 7, 1)
    incomes = fitted_incomes(
        territories.median_eur,
        territories.first_decile_eur,
        territories.ninth_decile_eur,
        territories.households,
        reference,
    )
    levels = spending_levels(territories, on)
    if levels.house_share.size != incomes.median_eur.size:
        raise RefusedInput("Chaque colonne a une ligne par commune.", field="houses")
    tee, brde = _bands(incomes, levels, on)
    households = np.broadcast_to(
        np.asarray(territories.households, dtype=np.float64), incomes.median_eur.shape
    )
    return TerritoryNeed(
        on=on,
        tee_share=tee,
        brde_share=brde,
        tee_households=tee.times(households),
        brde_households=brde.times(households),
        methods=_methods(incomes),
        missing={
            "median_eur": np.isnan(incomes.median_eur),
            "dispersion": np.isnan(incomes.lower),
            "house_share": np.isnan(levels.house_share),
            "degree_days": np.isnan(levels.climate) & ~levels.measured,
        },
    )


def poverty_rate_band(incomes: Incomes, limit_eur: float, on: date) -> Spread:
    """Share of each commune under an income limit with the same band, shape (n,), 0 to 1.

    It serves to hold the income model against published poverty rates.

    >>> law = Incomes(*(np.array([x]) for x in (20_000.0, 0.45, 0.4, 0.0)))
    >>> [round(float(side[0]), 3) for side in poverty_rate_band(law, 13_896.0, date(2021, 7, 1))]
    [0.194, 0.209, 0.224]
    """
    values = np.stack([share_below(_moved(incomes, one, on), limit_eur) for one in scenarios(on)])
    return _band(values)


def summed_need(shares: Spread, households: ArrayLike) -> tuple[float, float, float, float]:
    """Low, central and high number of households of a set of communes, and the households counted.

    Communes without estimate or without households are left out: the fourth figure says how many
    households the three others cover. The band adds the communes' lows and highs, as if they erred
    together: most unknowns are national, so it is wide rather than narrow. With no commune known
    the three are NaN and the fourth 0.

    >>> band = Spread(np.array([0.1, np.nan]), np.array([0.2, np.nan]), np.array([0.3, np.nan]))
    >>> [round(number) for number in summed_need(band, [1000, 500])]
    [100, 200, 300, 1000]
    """
    count = np.asarray(households, dtype=np.float64)
    known = ~np.isnan(shares.central * count)
    if not known.any():
        return np.nan, np.nan, np.nan, 0.0
    low, central, high = (float((side * count)[known].sum()) for side in shares)
    return low, central, high, float(count[known].sum())


def _bands(incomes: Incomes, levels: SpendingLevels, on: date) -> tuple[Spread, Spread]:
    size = incomes.median_eur.size
    every = [(one, national_law(one, on)) for one in scenarios(on)]
    values = np.empty((2, len(every), size))
    for start in range(0, size, CHUNK):
        rows = slice(start, start + CHUNK)
        part = incomes.rows(rows)
        for place, (one, law) in enumerate(every):
            values[:, place, rows] = _shares(part, levels, rows, one, law, on)
    return _band(values[0]), _band(values[1])


def _band(values: Floats) -> Spread:
    """From shape (scenarios, n), the central one first, then pairs.

    Changes are added as squares, up and down apart, on square roots of shares: there a share moves
    nearly in proportion to its unknowns, and the band is within a point of a full simulation.
    """
    central, *moved = np.sqrt(values)
    up, down = np.zeros_like(central), np.zeros_like(central)
    for one, other in zip(moved[::2], moved[1::2], strict=True):
        up += np.maximum(np.maximum(one, other) - central, 0.0) ** 2
        down += np.maximum(central - np.minimum(one, other), 0.0) ** 2
    low = np.maximum(central - np.sqrt(down), 0.0) ** 2
    return Spread(low, values[0], np.minimum((central + np.sqrt(up)) ** 2, 1.0))


def _shares(
    incomes: Incomes, levels: SpendingLevels, rows: slice, one: Scenario, law: NationalLaw, on: date
) -> Floats:
    """TEE and BRDE shares of one scenario, shape (2, n)."""
    moved = _moved(incomes, one, on)
    factor = _level_factor(levels, rows, one, incomes.median_eur / law.median_income_eur, on)
    houses = levels.house_share[rows][:, None]
    threshold = parameter(TEE_THRESHOLD_KEY, on=on).number
    third_decile = parameter(THIRD_DECILE_KEY, on=on).number
    found = []
    for limit, effort in ((third_decile, True), (law.residual_limit_eur, False)):
        below = share_below(moved, limit)
        incomes_eur = income_at(moved, below[:, None] * RANKS)
        relative = np.log(incomes_eur / law.median_income_eur)
        bound = np.log(threshold * incomes_eur) if effort else np.log(law.median_spending_eur)
        middle = np.log(factor)[:, None] + one.income_elasticity * relative - bound
        over = {
            kind: ndtr((middle + np.log(law.level_eur[kind])) / one.log_spread) for kind in KINDS
        }
        mixed = houses * over["house"] + (1 - houses) * over["flat"]
        found.append(below * (mixed @ RANK_WEIGHTS))
    return np.stack(found)


def _moved(incomes: Incomes, one: Scenario, on: date) -> Incomes:
    shape = parameter("territory_poverty.income_shape_spread", on=on).number
    return incomes.moved(shape * one.income_shape + incomes.unsure * one.imputed_spread)


def _level_factor(
    levels: SpendingLevels, rows: slice, one: Scenario, relative_median: Floats, on: date
) -> Floats:
    dpe = {name: np.log(factor[rows]) for name, factor in levels.dpe.items()}
    side = dpe["high"] if one.use_elasticity > 0 else dpe["low"]
    log_dpe = dpe["central"] + abs(one.use_elasticity) * (side - dpe["central"])
    heating = parameter("territory_poverty.heating_share", on=on).number
    unknown_dpe = heating * parameter("territory_poverty.unknown_dpe_spread", on=on).number
    log_dpe = np.where(levels.dpe_unknown[rows], unknown_dpe * one.dpe_level, log_dpe)
    spread = parameter("territory_poverty.commune_spread", on=on).number
    modelled = levels.climate[rows] * np.exp(log_dpe + spread * one.commune_level)
    # A measured mean already holds what the income of the commune does to it.
    measured = levels.measured_factor[rows] / relative_median**one.income_elasticity
    return np.where(levels.measured[rows], measured, modelled)


def _methods(incomes: Incomes) -> tuple[NeedMethod, ...]:
    code = np.where(incomes.imputed, 1, 0)
    if incomes.beyond is not None:
        code = np.where(incomes.beyond, 2, code)
    code = np.where(np.isnan(incomes.lower), 3, code)
    names = tuple(NeedMethod)
    return tuple(names[one] for one in code.tolist())
