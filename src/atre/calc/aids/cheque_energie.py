"""The chèque énergie: who is due one, how much, and whether it can still be asked for.

Income is the sum of the revenus fiscaux de référence of everyone in the main residence, divided by
consumption units of its own scale (1, then 0.5, then 0.3; ages do not count). Strictly below the
ceiling, one of four brackets gives the amount, larger with two units or more. Since the end of the
taxe d'habitation many households that are due a chèque have to ask for it.

Two published tables give neighbouring bounds from 2023 (5 600 and 5 700 euros, and so on). Between
two neighbours we answer with the lower amount and say the other one: a household is never promised
what one of the tables denies.

Source: Code de l'énergie, R. 124-1; parameters `cheque_energie.*`, `consumption_units.*`.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from atre.calc.aids.cheque_energie_campaign import (
    campaign_on,
    caution_calendar,
    checked_campaign,
)
from atre.calc.aids.explanation import HIGH, lowest_rank
from atre.calc.aids.facts_on import confidence_at_most, fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Aid, AidResults, Euros, Flags
from atre.calc.aids.situation import Situations
from atre.calc.parameters import Confidence, DatedValue
from atre.calc.poverty.effort import CHEQUE_ENERGIE_UNITS_KEY, cheque_energie_units
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    any_of,
    codes_from_condition,
)

BRACKETS = ("bracket_1", "bracket_2", "bracket_3", "bracket_4")


def cheque_energie(situations: Situations, on: date, campaign: int | None = None) -> AidResults:
    """Judge the chèque of n households for one campaign.

    `campaign`: its year; by default the one whose requests are taken on the day `on`, otherwise
    the year of that day. The amount is in euros a year, all taxes included. Reads `rfr_eur` (of
    everyone in the dwelling), `persons` (children in alternate custody included),
    `alternate_custody_children`, `main_residence`, `residence_sociale`. Raises `RefusedInput` for
    a campaign that is not a year of the chèque, or nobody but children in alternate custody.

    >>> two = Situations.of(2, rfr_eur=[10999, 11000], persons=1, alternate_custody_children=0,
    ...     main_residence=True, residence_sociale=False)
    >>> cheque_energie(two, date(2026, 6, 1)).amount_eur.tolist()
    [48.0, 0.0]
    """
    year = checked_campaign(campaign_on(on) if campaign is None else campaign)
    judgement = Judgement(Aid.CHEQUE_ENERGIE, on=on, n=situations.n)
    table = _Table.of(year)
    per_unit, units = _income_per_unit(situations, year)
    social = _social(situations)
    _require_residence(judgement, situations, social)
    _require_income(judgement, situations, table, per_unit, social)
    low, high = table.amounts(per_unit, units)
    in_between = (low != high) & ~np.isnan(low) & (social != YES_CODE)
    _lay_amounts(judgement, situations, table, _Amounts(per_unit, units, low, social))
    _caution_between(judgement, high, in_between)
    caution_calendar(judgement, on, year)
    return confidence_at_most(judgement.results(), in_between, Confidence.LOW)


@dataclass(frozen=True, slots=True)
class _Amounts:
    per_unit: Euros
    units: Euros
    amount: Euros
    social: Codes


@dataclass(frozen=True, slots=True)
class _Table:
    """The rules of one campaign; each may be unknown."""

    ceiling: DatedValue | None
    bounds: DatedValue | None
    recent_bounds: DatedValue | None
    amount_facts: tuple[DatedValue | None, DatedValue | None, DatedValue | None]
    social: DatedValue | None

    @classmethod
    def of(cls, campaign: int) -> "_Table":
        day = date(campaign, 1, 1)
        return cls(
            fact_on("cheque_energie.income_ceiling", day),
            fact_on("cheque_energie.bounds", day),
            fact_on("cheque_energie.bounds_recent_reading", day),
            (
                fact_on("cheque_energie.amount_1_uc", day),
                fact_on("cheque_energie.amount_1_to_2_uc", day),
                fact_on("cheque_energie.amount_2_uc_or_more", day),
            ),
            fact_on("cheque_energie.residence_sociale", day),
        )

    @property
    def published(self) -> bool:
        return self.ceiling is not None and self.bounds is not None

    def amounts(self, per_unit: Euros, units: Euros) -> tuple[Euros, Euros]:
        """The lower and the higher amount between the readings; NaN unknown."""
        first = self._amount(self.bounds, per_unit, units)
        if self.recent_bounds is None:
            return first, first
        second = self._amount(self.recent_bounds, per_unit, units)
        return np.minimum(first, second), np.maximum(first, second)

    def _amount(self, bounds: DatedValue | None, per_unit: Euros, units: Euros) -> Euros:
        one, between, two = self.amount_facts
        if bounds is None or one is None or between is None or two is None:
            return np.full(per_unit.shape, np.nan)
        edges = [bounds.named_numbers[name] for name in BRACKETS[:-1]]
        # A bracket holds what is below its upper bound, the bound itself is in the next one.
        bracket = np.searchsorted(edges, per_unit, side="right")
        by_size = np.array(
            [[fact.named_numbers[n] for n in BRACKETS] for fact in (one, between, two)]
        )
        size = (units > 1).astype(np.int64) + (units >= 2)
        amount: Euros = by_size[size, np.minimum(bracket, len(BRACKETS) - 1)]
        none = np.isnan(units) | ~(per_unit < number_of(self.ceiling))
        return np.where(none, np.nan, amount)


def _income_per_unit(situations: Situations, campaign: int) -> tuple[Euros, Euros]:
    persons = situations.number("persons")
    shared = situations.number("alternate_custody_children")
    # Someone alone has no child in alternate custody at home: nothing to ask.
    shared = np.where(persons == 1, 0.0, shared)
    if fact_on(CHEQUE_ENERGIE_UNITS_KEY, date(campaign, 1, 1)) is None:
        units = np.full(situations.n, np.nan)
    else:
        units = cheque_energie_units(persons, date(campaign, 1, 1), shared)
    # 1 + 0.5 + 0.3 + 0.3 is not exactly 2.1 in binary: two units must be two.
    units = np.round(units, 6)
    return np.round(situations.number("rfr_eur") / units, 6), units


def _social(situations: Situations) -> Codes:
    """In a résidence sociale or not; who owns their home is not."""
    owner = situations.choice("occupancy") == situations.rank("occupancy", "owner_occupier")
    declared = situations.flag("residence_sociale")
    return np.where(owner & (declared == UNKNOWN_CODE), np.int8(NO_CODE), declared).astype(np.int8)


def _require_residence(judgement: Judgement, situations: Situations, social: Codes) -> None:
    judgement.require(
        "main_residence",
        situations.flag("main_residence"),
        sentence=lambda row: "Le chèque est dû pour la résidence principale.",
        needs={"main_residence": situations.unknown("main_residence")},
    )
    judgement.require(
        "residence_sociale_known",
        np.where(social == UNKNOWN_CODE, UNKNOWN_CODE, YES_CODE).astype(np.int8),
        sentence=lambda row: (
            "En résidence sociale, l’aide est versée au gestionnaire, qui la déduit des charges."
            if social[row] == YES_CODE
            else "Hors résidence sociale, le chèque est envoyé au ménage."
        ),
        needs={"residence_sociale": social == UNKNOWN_CODE},
    )


def _require_income(
    judgement: Judgement, situations: Situations, table: _Table, per_unit: Euros, social: Codes
) -> None:
    ceiling = number_of(table.ceiling)
    below = codes_from_condition(per_unit < ceiling, ~np.isnan(per_unit) & table.published)
    judgement.require(
        "income",
        # In a résidence sociale income does not count: while that is unknown, it refuses nobody.
        any_of(social, below),
        sentence=lambda row: (
            "En résidence sociale, les revenus ne sont pas regardés."
            if social[row] == YES_CODE
            else f"Revenu par unité de consommation : {euros_or_unknown_fr(float(per_unit[row]))} ; "
            f"il doit être inférieur à {euros_or_unknown_fr(ceiling)}."
        ),
        needs=_needs(situations, table, social == YES_CODE),
        facts=facts(table.ceiling),
    )


def _needs(situations: Situations, table: _Table, social: Flags) -> dict[str, Flags]:
    several = situations.number("persons") != 1
    asked = {name: situations.unknown(name) for name in ("rfr_eur", "persons")}
    asked["alternate_custody_children"] = several & situations.unknown("alternate_custody_children")
    needs = {name: rows & ~social for name, rows in asked.items()}
    needs["published_rule"] = np.full(situations.n, not table.published)
    return needs


def _lay_amounts(
    judgement: Judgement, situations: Situations, table: _Table, found: _Amounts
) -> None:
    social = found.social == YES_CODE
    judgement.amount(
        "bracket",
        found.amount,
        sentence=lambda row: _bracket_fr(found, row),
        needs=_needs(situations, table, social),
        row_facts=lambda row: (
            facts(table.bounds, table.recent_bounds, *table.amount_facts)
            if not np.isnan(found.amount[row])
            else ()
        ),
        changes=np.zeros(judgement.n, np.bool_),
    )
    read = facts(table.social)
    judgement.amount(
        "residence_sociale",
        np.where(social, number_of(table.social), found.amount),
        sentence=lambda row: (
            f"Résidence sociale : {euros_or_unknown_fr(number_of(table.social))} par logement."
            if social[row]
            else "Le chèque est celui du ménage."
        ),
        needs={"published_rule": social & (table.social is None)},
        row_facts=lambda row: read if social[row] else (),
        row_ranks=np.where(social, np.int8(lowest_rank(read)), np.int8(HIGH)),
        changes=social,
    )


def _bracket_fr(found: _Amounts, row: int) -> str:
    units = plain_fr(float(found.units[row]), 2)
    if np.isnan(found.amount[row]):
        return f"Unités de consommation : {units}. Aucune tranche ne donne de montant."
    return (
        f"Unités de consommation : {units}. La tranche de revenus donne "
        f"{euros_or_unknown_fr(float(found.amount[row]))}."
    )


def _caution_between(judgement: Judgement, high: Euros, in_between: Flags) -> None:
    for amount in np.unique(high[in_between]):
        judgement.caution(
            in_between & (high == amount),
            "Le revenu par unité de consommation est entre les bornes de deux barèmes publiés : "
            f"le montant annoncé est le plus bas, l’autre barème donne {euros_or_unknown_fr(amount)}.",
        )
