"""MaPrimeRénov' Copropriété: what the building receives, and each modest co-owner besides.

The cap is on the expense (25 000 euros a dwelling), not on the subsidy (Mes Aides Réno, version
2.2.0). Nothing was found on this aid after 1 September 2026: those answers carry a caution.
"""

from datetime import date

import numpy as np

from atre.calc.aids.applicant import applicants, caution_last_euro
from atre.calc.aids.conditions import require_at_least, require_open
from atre.calc.aids.facts_on import fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Aid, AidResults, Euros
from atre.calc.aids.situation import Situations
from atre.calc.aids.situation_fields import DPE_CLASSES
from atre.calc.three_valued import (
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    all_of,
    any_of,
    codes_from_condition,
)

# A building of twenty dwellings or fewer may have fewer main residences.
SMALL_BUILDING_LOTS = 20
E_CLASS, D_CLASS = DPE_CLASSES.index("E"), DPE_CLASSES.index("D")


def mpr_copropriete(situations: Situations, on: date) -> AidResults:
    """Judge n buildings by the rules of the deposit date; euros to the building, shape (n,).

    Reads the `copro_*` columns, `energy_gain_pct`, `dwelling_age_years` (the building's),
    `dpe_before` and `dpe_after`.

    Source: parameters `mpr.copropriete.*`.

    >>> building = Situations.of(1, copro_dwellings=30, copro_lots=30, copro_main_residence_pct=80,
    ...     copro_unpaid_pct=2, copro_npnru=False, copro_cost_ht_eur=900_000, energy_gain_pct=52,
    ...     dwelling_age_years=45, dpe_before="F", dpe_after="C")
    >>> mpr_copropriete(building, date(2026, 6, 1)).amount_eur
    array([412500.])
    """
    judgement = Judgement(Aid.MPR_COPROPRIETE, on=on, n=situations.n)
    require_open(judgement, "mpr.copropriete.deposit_open")
    require_at_least(judgement, situations, "dwelling_age_years", "mpr.copropriete.min_age", "ans")
    _require_main_residences(judgement, situations)
    _require_gain(judgement, situations)
    _lay_amount(judgement, situations)
    return judgement.results()


def copropriete_individual_bonus(situations: Situations, on: date) -> AidResults:
    """The bonus of n co-owners whose building receives the aid, by their income class, in euros.

    Whether the building receives it is not judged here.

    >>> owner = Situations.of(1, occupancy="owner_occupier", rfr_eur=17_000, persons=1,
    ...     dwelling_in_idf=False)
    >>> copropriete_individual_bonus(owner, date(2026, 6, 1)).amount_eur
    array([3000.])
    """
    judgement = Judgement(Aid.MPR_COPROPRIETE, on=on, n=situations.n)
    who = applicants(situations, on)
    fact = fact_on("mpr.copropriete.individual_bonus", on)
    bonus = who.amounts(fact)
    known = who.codes != UNKNOWN_CODE
    judgement.require(
        "income_class",
        codes_from_condition(~np.isnan(bonus), known & (fact is not None)),
        sentence=lambda row: (
            "La prime individuelle va aux copropriétaires très modestes et modestes "
            f"(ménage {who.label_fr(row)})."
        ),
        needs={**who.needs, "published_rule": np.full(situations.n, fact is None)},
        facts=facts(fact),
    )
    judgement.amount(
        "bonus",
        bonus,
        sentence=lambda row: f"Prime individuelle de {euros_or_unknown_fr(bonus[row])}.",
        facts=facts(fact),
    )
    caution_last_euro(judgement, who)
    return judgement.results()


def _require_main_residences(judgement: Judgement, situations: Situations) -> None:
    large = fact_on("mpr.copropriete.main_residence_large", judgement.on)
    small = fact_on("mpr.copropriete.main_residence_small", judgement.on)
    share, lots = situations.number("copro_main_residence_pct"), situations.number("copro_lots")
    known = ~np.isnan(share)
    few = codes_from_condition(lots <= SMALL_BUILDING_LOTS, ~np.isnan(lots))
    reaches = [
        codes_from_condition(share >= number_of(fact) * 100, known & (fact is not None))
        for fact in (large, small)
    ]
    judgement.require(
        "main_residences",
        any_of(reaches[0], all_of(few, reaches[1])),
        sentence=lambda row: (
            f"Résidences principales : au moins {plain_fr(number_of(large) * 100)} % des lots, ou "
            f"{plain_fr(number_of(small) * 100)} % jusqu’à {SMALL_BUILDING_LOTS} lots (indiqué : "
            f"{plain_fr(share[row])} % de {plain_fr(lots[row])} lots)."
        ),
        needs={
            "copro_main_residence_pct": ~known,
            "copro_lots": np.isnan(lots),
            "published_rule": np.full(situations.n, large is None),
        },
        facts=facts(large, small),
    )


def _require_gain(judgement: Judgement, situations: Situations) -> None:
    fact = fact_on("mpr.copropriete.gain_low", judgement.on)
    gain = situations.number("energy_gain_pct")
    judgement.require(
        "energy_gain",
        codes_from_condition(gain >= number_of(fact) * 100, ~np.isnan(gain) & (fact is not None)),
        sentence=lambda row: (
            f"Les travaux gagnent au moins {plain_fr(number_of(fact) * 100)} % d’énergie (indiqué : "
            f"{plain_fr(gain[row])} %)."
        ),
        needs={
            "energy_gain_pct": np.isnan(gain),
            "published_rule": np.full(situations.n, fact is None),
        },
        facts=facts(fact),
    )


def _lay_amount(judgement: Judgement, situations: Situations) -> None:
    on = judgement.on
    gain = situations.number("energy_gain_pct")
    high = gain >= number_of(fact_on("mpr.copropriete.gain_high", on)) * 100
    base_facts = [fact_on(f"mpr.copropriete.rate_{one}", on) for one in ("high", "low")]
    rate = np.where(high, number_of(base_facts[0]), number_of(base_facts[1]))
    rate = np.where(np.isnan(gain), np.nan, rate)
    cost, dwellings = situations.number("copro_cost_ht_eur"), situations.number("copro_dwellings")
    cap_fact = fact_on("mpr.copropriete.cap", on)
    kept = np.minimum(cost, dwellings * number_of(cap_fact))
    base = rate * kept
    judgement.amount(
        "rate",
        base,
        sentence=lambda row: (
            f"{plain_fr(rate[row] * 100)} % de {euros_or_unknown_fr(kept[row])} HT retenus (coût "
            f"{euros_or_unknown_fr(cost[row])}, au plus "
            f"{euros_or_unknown_fr(number_of(cap_fact))} par logement)."
        ),
        needs={
            "energy_gain_pct": np.isnan(gain),
            "copro_cost_ht_eur": np.isnan(cost),
            "copro_dwellings": np.isnan(dwellings),
        },
        facts=facts(*base_facts, cap_fact),
    )
    fragile = _lay_fragile(judgement, situations, base, kept)
    _lay_passoire(judgement, situations, fragile, kept)


def _lay_fragile(judgement: Judgement, situations: Situations, base: Euros, kept: Euros) -> Euros:
    threshold = fact_on("mpr.copropriete.unpaid_threshold", judgement.on)
    fact = fact_on("mpr.copropriete.bonus_fragile", judgement.on)
    unpaid = situations.number("copro_unpaid_pct")
    owes = codes_from_condition(unpaid >= number_of(threshold) * 100, ~np.isnan(unpaid))
    fragile = any_of(owes, situations.flag("copro_npnru"))
    amount = base + _bonus(fragile, number_of(fact)) * kept
    judgement.amount(
        "bonus_fragile",
        amount,
        sentence=lambda row: (
            f"{plain_fr(number_of(fact) * 100)} points de plus pour une copropriété fragile "
            f"(impayés d’au moins {plain_fr(number_of(threshold) * 100)} %, ou NPNRU) ; l’Anah "
            f"valorise alors les CEE : {euros_or_unknown_fr(amount[row])}."
        ),
        needs={
            "copro_unpaid_pct": (fragile == UNKNOWN_CODE) & np.isnan(unpaid),
            "copro_npnru": (fragile == UNKNOWN_CODE) & situations.unknown("copro_npnru"),
        },
        facts=facts(fact, threshold),
        changes=fragile == YES_CODE,
    )
    return amount


def _lay_passoire(
    judgement: Judgement, situations: Situations, before_bonus: Euros, kept: Euros
) -> None:
    fact = fact_on("mpr.copropriete.bonus_passoire", judgement.on)
    before, after = situations.choice("dpe_before"), situations.choice("dpe_after")
    leaves = all_of(
        codes_from_condition(before > E_CLASS, before != UNKNOWN_CODE),
        codes_from_condition(after <= D_CLASS, after != UNKNOWN_CODE),
    )
    amount = before_bonus + _bonus(leaves, number_of(fact)) * kept
    judgement.amount(
        "bonus_passoire",
        amount,
        sentence=lambda row: (
            f"{plain_fr(number_of(fact) * 100)} points de plus pour sortir de F ou G vers D ou "
            f"mieux : {euros_or_unknown_fr(amount[row])}."
        ),
        needs={
            name: (leaves == UNKNOWN_CODE) & situations.unknown(name)
            for name in ("dpe_before", "dpe_after")
        },
        facts=facts(fact),
        changes=leaves == YES_CODE,
    )


def _bonus(codes: Codes, points: float) -> Euros:
    return np.where(codes == UNKNOWN_CODE, np.nan, np.where(codes == YES_CODE, points, 0.0))
