"""Three tiers of saving, and totals that keep them apart.

- Estimated: said at the visit, from the gestures and the kit, before anything happened.
- Declared: what the household's own later bills or answers show, without correction.
- Measured: corrected for the weather and at constant price, with its uncertainty.

Adding an estimate to a measurement makes a figure that nobody can check; so totals are by tier,
and a total over several tiers is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import fsum, isfinite
from types import MappingProxyType
from typing import Any

from atre.calc.errors import CalcRefusal, RefusedInput


class Tier(StrEnum):
    ESTIMATED = "estimated"
    DECLARED = "declared"
    MEASURED = "measured"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    Tier.ESTIMATED: "estimée à la visite",
    Tier.DECLARED: "déclarée par le ménage",
    Tier.MEASURED: "mesurée",
}


class MixedTiers(CalcRefusal):
    """A total was asked over savings of several tiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """One saving; positive when less is used or paid, negative when more is.

    `kwh_per_year` is final energy (fuels in PCS), `euros_per_year` TTC; None means unknown, which
    is not zero. `basis_fr` says in one sentence what the figure rests on; it is required, because
    a saving without its basis cannot be defended.
    """

    tier: Tier
    kwh_per_year: float | None
    euros_per_year: Decimal | None
    basis_fr: str
    cautions_fr: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.basis_fr.strip():
            raise RefusedInput("Une économie doit dire sur quoi elle repose.", field="basis_fr")
        if self.kwh_per_year is not None and not isfinite(self.kwh_per_year):
            raise RefusedInput("Une économie en kWh est un nombre.", field="kwh_per_year")
        if self.euros_per_year is not None and not self.euros_per_year.is_finite():
            raise RefusedInput("Une économie en euros est un montant.", field="euros_per_year")

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, fit for a JSON column."""
        return {
            "tier": str(self.tier),
            "kwh_per_year": self.kwh_per_year,
            "euros_per_year": None if self.euros_per_year is None else str(self.euros_per_year),
            "basis_fr": self.basis_fr,
            "cautions_fr": list(self.cautions_fr),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTotal:
    """The known savings of one tier added up, and over how many of them.

    A sum is None when no saving of the tier has that figure; `kwh_known` and `euros_known` are to
    be shown beside it (« 812 kWh par an, connus pour 3 dossiers sur 5 »).
    """

    tier: Tier
    savings: int
    kwh_per_year: float | None
    kwh_known: int
    euros_per_year: Decimal | None
    euros_known: int


def totals_by_tier(savings: Iterable[Saving]) -> Mapping[Tier, TierTotal]:
    """One total a tier present, in the order estimated, declared, measured; never one over all.

    >>> estimated = Saving(tier=Tier.ESTIMATED, kwh_per_year=120.0, euros_per_year=None,
    ...                    basis_fr="Lampes LED posées à la visite.")
    >>> declared = Saving(tier=Tier.DECLARED, kwh_per_year=300.0, euros_per_year=Decimal("55"),
    ...                   basis_fr="Factures avant et après.")
    >>> [(tier.value, total.kwh_per_year) for tier, total in
    ...  totals_by_tier([declared, estimated]).items()]
    [('estimated', 120.0), ('declared', 300.0)]
    """
    grouped: dict[Tier, list[Saving]] = {tier: [] for tier in Tier}
    for saving in savings:
        grouped[saving.tier].append(saving)
    return MappingProxyType(
        {tier: total_of_one_tier(some) for tier, some in grouped.items() if some}
    )


def total_of_one_tier(savings: Iterable[Saving]) -> TierTotal:
    """The total of savings that are all of one tier, kWh and euros TTC a year.

    What is not known is left out and counted, never taken as zero. Raises `MixedTiers` when they
    are of several tiers, `RefusedInput` when there is none.

    >>> led = Saving(tier=Tier.ESTIMATED, kwh_per_year=120.0, euros_per_year=None,
    ...     basis_fr="Lampes LED posées à la visite.")
    >>> seals = Saving(tier=Tier.ESTIMATED, kwh_per_year=None, euros_per_year=None,
    ...     basis_fr="Joints posés à la visite.")
    >>> total = total_of_one_tier([led, seals])
    >>> total.savings, total.kwh_per_year, total.kwh_known, total.euros_per_year
    (2, 120.0, 1, None)
    """
    given = list(savings)
    tiers = {saving.tier for saving in given}
    if len(tiers) > 1:
        named = ", ".join(tier.label_fr for tier in Tier if tier in tiers)
        raise MixedTiers(f"Ces économies ne s’additionnent pas : {named}.")
    if not given:
        raise RefusedInput("Aucune économie à additionner.", field="savings")
    kwh = [saving.kwh_per_year for saving in given if saving.kwh_per_year is not None]
    euros = [saving.euros_per_year for saving in given if saving.euros_per_year is not None]
    return TierTotal(
        tier=given[0].tier,
        savings=len(given),
        kwh_per_year=fsum(kwh) if kwh else None,
        kwh_known=len(kwh),
        euros_per_year=sum(euros, Decimal(0)) if euros else None,
        euros_known=len(euros),
    )
