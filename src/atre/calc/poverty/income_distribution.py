"""How living standards are spread within communes of which only a few quantiles are published.

A living standard is the disposable income of a household by INSEE consumption unit. In each commune
it follows a lognormal law of two halves that meet at the median: the lower half passes through the
first decile, the upper half through the ninth. Where the deciles are secret the two spreads are
read on the communes that publish them, as a straight line in the logarithms of the median and of
the number of households, and are then uncertain. Where the median itself is secret nothing is said.

Source: INSEE, Filosofi (median, deciles, tax households by commune). On the 4 397 communes whose
poverty rate is published, `share_below` gives it from three quantiles with an error of 0.9 point
(standard deviation), see docs/explanation/precarite-territoire.md.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from atre.calc.errors import RefusedInput

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NINTH_DECILE_SCORE = float(ndtri(0.9))
# Below this many communes with both deciles, a straight line through them says nothing.
LEAST_REFERENCE = 30


@dataclass(frozen=True)
class SpreadReference:
    """What communes with published deciles say of the spreads of the others.

    `lower` and `upper` are the coefficients (constant, ln median, ln households) of the logarithm
    of each spread; `residual_lower`, `residual_upper` the standard deviations around them;
    `least_households` the smallest commune of the reference: below it the size counts as that one,
    and what the line would have said there is added to the uncertainty.
    """

    lower: Floats
    upper: Floats
    residual_lower: float
    residual_upper: float
    least_households: float
    communes: int


@dataclass(frozen=True)
class Incomes:
    """Living standards of n communes, euros by unit; arrays of shape (n,), NaN unknown.

    `lower`, `upper` : spreads, standard deviations of the logarithm on each side of the median.
    `unsure` : standard deviation of the logarithm of the spreads; 0 where the deciles are known.
    `beyond` : flags of communes whose spreads are imputed though they are smaller than any that
    publishes its deciles: there the line is not verified. None when no commune is.
    """

    median_eur: Floats
    lower: Floats
    upper: Floats
    unsure: Floats
    beyond: Flags | None = None

    def rows(self, chosen: slice) -> "Incomes":
        """The law of some of the communes."""
        beyond = None if self.beyond is None else self.beyond[chosen]
        return Incomes(
            self.median_eur[chosen],
            self.lower[chosen],
            self.upper[chosen],
            self.unsure[chosen],
            beyond,
        )

    @property
    def imputed(self) -> Flags:
        """Communes whose spreads come from the others."""
        return np.asarray(self.unsure > 0)

    def moved(self, log_shift: ArrayLike) -> "Incomes":
        """The same medians with both spreads multiplied by exp(shift), a number or shape (n,)."""
        factor = np.exp(np.asarray(log_shift, dtype=np.float64))
        return replace(self, lower=self.lower * factor, upper=self.upper * factor)


def spread_reference(
    median_eur: ArrayLike,
    first_decile_eur: ArrayLike,
    ninth_decile_eur: ArrayLike,
    households: ArrayLike,
) -> SpreadReference:
    """Read the spreads of the communes that publish their deciles, all arguments of shape (n,).

    median_eur, first_decile_eur, ninth_decile_eur : euros by unit, NaN unknown. households : tax
    households, NaN unknown. Communes without one of the four are left out. Raises `RefusedInput`
    under 30 complete communes, or for quantiles in the wrong order.

    >>> size = np.geomspace(1000, 50_000, 40)
    >>> middle = np.linspace(18_000, 30_000, 40)
    >>> found = spread_reference(middle, middle / 1.8, middle * 1.7, size)
    >>> found.communes, round(found.residual_lower, 6)
    (40, 0.0)
    """
    median, first, ninth, count = _floats(
        median_eur, first_decile_eur, ninth_decile_eur, households
    )
    _check_order(median, first, ninth)
    complete = ~np.isnan(median + first + ninth) & (count > 0)
    if complete.sum() < LEAST_REFERENCE:
        raise RefusedInput(
            f"Il faut au moins {LEAST_REFERENCE} communes dont la médiane et les déciles de revenu "
            "sont publiés pour estimer les autres : importez le fichier Filosofi d’une région ou de "
            "la France.",
            field="first_decile_eur",
        )
    median, first, ninth, count = (one[complete] for one in (median, first, ninth, count))
    lines = np.column_stack([np.ones(median.size), np.log(median), np.log(count)])
    lower, residual_lower = _line(lines, np.log(np.log(median / first) / NINTH_DECILE_SCORE))
    upper, residual_upper = _line(lines, np.log(np.log(ninth / median) / NINTH_DECILE_SCORE))
    return SpreadReference(
        lower, upper, residual_lower, residual_upper, float(count.min()), int(complete.sum())
    )


def fitted_incomes(
    median_eur: ArrayLike,
    first_decile_eur: ArrayLike,
    ninth_decile_eur: ArrayLike,
    households: ArrayLike,
    reference: SpreadReference | None,
) -> Incomes:
    """The income law of n communes from what each publishes; arguments as `spread_reference`.

    Without `reference`, or without the number of households, a commune whose deciles are secret has
    unknown spreads. Raises `RefusedInput` for quantiles that are not positive or not in order.

    >>> found = fitted_incomes([20_000, np.nan], [12_000, 9_000], [33_000, np.nan], [900, 40], None)
    >>> share_below(found, 12_000).round(3).tolist(), found.imputed.tolist()
    ([0.1, nan], [False, False])
    """
    median, first, ninth, count = _floats(
        median_eur, first_decile_eur, ninth_decile_eur, households
    )
    _check_order(median, first, ninth)
    with np.errstate(invalid="ignore"):
        lower = np.log(median / first) / NINTH_DECILE_SCORE
        upper = np.log(ninth / median) / NINTH_DECILE_SCORE
    unsure = np.where(np.isnan(lower + upper), np.nan, 0.0)
    beyond = None
    if reference is not None:
        lacking = np.isnan(unsure) & ~np.isnan(median) & (count > 0)
        imputed_lower, imputed_upper, imputed_unsure = _imputed(median, count, reference)
        # A known decile is kept; its commune is still unsure on the other side.
        lower = np.where(lacking & np.isnan(lower), imputed_lower, lower)
        upper = np.where(lacking & np.isnan(upper), imputed_upper, upper)
        unsure = np.where(lacking, imputed_unsure, unsure)
        beyond = lacking & (count < reference.least_households)
    incomplete = np.isnan(unsure)
    lower, upper = (np.where(incomplete, np.nan, one) for one in (lower, upper))
    return Incomes(median, lower, upper, unsure, beyond)


def share_below(incomes: Incomes, limit_eur: ArrayLike) -> Floats:
    """Share of each commune with a living standard under a limit, shape (n,), 0 to 1, NaN unknown.

    limit_eur : euros by unit, a number or shape (n,).

    >>> paris = Incomes(*(np.array([one]) for one in (28_790.0, 0.66, 0.6, 0.0)))
    >>> share_below(paris, 28_790.0).tolist()
    [0.5]
    """
    return np.asarray(ndtr(_score(incomes, np.asarray(limit_eur, dtype=np.float64))))


def income_at(incomes: Incomes, rank: Floats) -> Floats:
    """Living standard at ranks of shape (n, m) within each commune, euros by unit, shape (n, m).

    >>> one = Incomes(*(np.array([x]) for x in (20_000.0, 0.4, 0.4, 0.0)))
    >>> income_at(one, np.array([[0.5]])).tolist()
    [[20000.0]]
    """
    score = ndtri(rank)
    spread = np.where(score < 0, incomes.lower[:, None], incomes.upper[:, None])
    return np.asarray(incomes.median_eur[:, None] * np.exp(spread * score))


def _score(incomes: Incomes, limit_eur: Floats) -> Floats:
    distance = np.log(limit_eur / incomes.median_eur)
    spread = np.where(distance < 0, incomes.lower, incomes.upper)
    return np.asarray(distance / spread)


def _imputed(
    median: Floats, count: Floats, found: SpreadReference
) -> tuple[Floats, Floats, Floats]:
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.log(np.maximum(count, found.least_households))
        beyond = size - np.log(count)
        lines = np.column_stack([np.ones(median.size), np.log(median), size])
    unsure = np.hypot(found.residual_lower, found.lower[2] * beyond)
    return np.exp(lines @ found.lower), np.exp(lines @ found.upper), unsure


def _line(lines: Floats, values: Floats) -> tuple[Floats, float]:
    coefficients: Floats = np.linalg.lstsq(lines, values, rcond=None)[0].astype(np.float64)
    left = values - lines @ coefficients
    return coefficients, float(np.sqrt((left**2).sum() / (values.size - lines.shape[1])))


def _floats(*columns: ArrayLike) -> tuple[Floats, ...]:
    arrays = [np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in columns]
    return tuple(np.broadcast_arrays(*arrays))


def _check_order(median: Floats, first: Floats, ninth: Floats) -> None:
    for name, values in (("median", median), ("first_decile", first), ("ninth_decile", ninth)):
        if (values <= 0).any() or np.isinf(values).any():
            raise RefusedInput(
                "Une médiane ou un décile de revenu est un montant positif.", field=f"{name}_eur"
            )
    if (first >= median).any() or (ninth <= median).any():
        raise RefusedInput(
            "Le premier décile doit être sous la médiane et le neuvième au-dessus : les colonnes "
            "semblent mélangées.",
            field="median_eur",
        )
