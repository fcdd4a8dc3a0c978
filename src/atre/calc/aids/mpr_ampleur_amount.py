"""How much MaPrimeRénov' rénovation d'ampleur pays, in the legal order.

1. the expense kept: cost excluding tax, up to the cap of the class gain;
2. the rate of the income class (and, until June 2025, ten points for leaving F or G);
3. the « écrêtement »: all public aids together stay under a share of the cost including tax, and
   it is MaPrimeRénov' that gives way, never below zero (guide de l'Anah).
"""

import numpy as np

from atre.calc.aids.applicant import Applicants
from atre.calc.aids.explanation import lowest_rank
from atre.calc.aids.facts_on import fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Euros, Flags
from atre.calc.aids.situation import Situations
from atre.calc.aids.situation_fields import DPE_CLASSES
from atre.calc.three_valued import UNKNOWN_CODE

# Rates and caps are published for a gain of 2, 3, and 4 classes or more.
GAINS = (2, 3, 4)
E_CLASS, D_CLASS = DPE_CLASSES.index("E"), DPE_CLASSES.index("D")


def lay_amounts(judgement: Judgement, situations: Situations, who: Applicants) -> None:
    """Lay the amounts of `mpr_ampleur`, euros, shape (n,); NaN wherever an input they read lacks.

    Source: parameters `mpr.ampleur.rate_gain_*`, `cap_gain_*`, `bonus_passoire`,
    `public_aids_share`; guide de l'Anah for the order.

    From G to C, « très modestes »: 80 % of 40 000 €, the cap of works that cost 45 000 € HT.
    With 30 000 € of other public aids, only what is left under 100 % of the 47 475 € TTC.

    >>> from datetime import date
    >>> from atre.calc.aids.result import Aid
    >>> from atre.calc.aids.applicant import applicants
    >>> from atre.calc.aids.examples import example_projects
    >>> two, on = example_projects(2, other_public_aids_eur=[0, 30_000]), date(2026, 3, 12)
    >>> judgement = Judgement(Aid.MPR_AMPLEUR, on=on, n=2)
    >>> lay_amounts(judgement, two, applicants(two, on))
    >>> judgement.results().amount_if_eligible_eur.tolist()
    [32000.0, 17475.0]
    """
    aid = _lay_rate(judgement, situations, who)
    _lay_clipping(judgement, situations, who, aid)


def _lay_rate(judgement: Judgement, situations: Situations, who: Applicants) -> Euros:
    before, after = situations.choice("dpe_before"), situations.choice("dpe_after")
    known = (before != UNKNOWN_CODE) & (after != UNKNOWN_CODE)
    # Below two classes nothing is due: the condition refuses, the amount only has to be a number.
    gain = np.clip(before - after, GAINS[0], GAINS[-1]) - GAINS[0]
    gain = np.where(known, gain, UNKNOWN_CODE).astype(np.int8)
    rate_facts = [fact_on(f"mpr.ampleur.rate_gain_{one}", judgement.on) for one in GAINS]
    cap_facts = [fact_on(f"mpr.ampleur.cap_gain_{one}", judgement.on) for one in GAINS]
    bonus_fact = fact_on("mpr.ampleur.bonus_passoire", judgement.on)
    rate = np.choose(np.maximum(gain, 0), [who.amounts(fact) for fact in rate_facts])
    leaves = known & (before > E_CLASS) & (after <= D_CLASS)
    rate = rate + np.where(leaves, number_of(bonus_fact), 0.0)
    cap = np.choose(np.maximum(gain, 0), [number_of(fact) for fact in cap_facts])
    cap = np.where(gain == UNKNOWN_CODE, np.nan, cap)
    cost = works_cost(situations, "cost_ht_eur")
    aid: Euros = rate * np.minimum(cost, cap)

    read = [facts(*pair, bonus_fact) for pair in zip(rate_facts, cap_facts, strict=True)]

    def sentence(row: int) -> str:
        limit = f", retenus dans la limite de {euros_or_unknown_fr(cap[row])} HT"
        return (
            f"Travaux de {euros_or_unknown_fr(cost[row])} HT{limit if cost[row] > cap[row] else ''}. "
            f"Taux de {plain_fr(rate[row] * 100)} % pour un ménage {who.label_fr(row)} : "
            f"{euros_or_unknown_fr(aid[row])}."
        )

    judgement.amount(
        "rate",
        aid,
        sentence=sentence,
        needs={
            **who.needs,
            "dpe_before": situations.unknown("dpe_before"),
            "dpe_after": situations.unknown("dpe_after"),
            **cost_needs(situations, "cost_ht_eur", cost),
            "published_rule": who.needs["published_rule"]
            | np.full(situations.n, None in (*rate_facts, *cap_facts)),
        },
        row_facts=lambda row: read[max(int(gain[row]), 0)],
        row_ranks=np.array([lowest_rank(one) for one in read], np.int8)[np.maximum(gain, 0)],
    )
    return aid


def _lay_clipping(
    judgement: Judgement, situations: Situations, who: Applicants, aid: Euros
) -> None:
    fact = fact_on("mpr.ampleur.public_aids_share", judgement.on)
    share = who.amounts(fact)
    cost_ttc = works_cost(situations, "cost_ttc_eur")
    others = situations.number("other_public_aids_eur")
    room = np.maximum(share * cost_ttc - others, 0.0)
    clipped: Euros = np.minimum(aid, room)
    judgement.amount(
        "clipping",
        clipped,
        sentence=lambda row: (
            f"Toutes les aides publiques restent sous {plain_fr(share[row] * 100)} % du coût TTC de "
            f"{euros_or_unknown_fr(cost_ttc[row])} ; les autres aides prennent "
            f"{euros_or_unknown_fr(others[row])}, il reste place pour "
            f"{euros_or_unknown_fr(room[row])}."
        ),
        needs={
            **cost_needs(situations, "cost_ttc_eur", cost_ttc),
            "other_public_aids_eur": np.isnan(others),
        },
        facts=facts(fact),
        changes=aid > room,
    )


def works_cost(situations: Situations, column: str) -> Euros:
    """Cost of each project, euros, shape (n,): the sum of its lines, NaN if one lacks it.

    `column`: `cost_ht_eur` or `cost_ttc_eur`. A project without any line is unknown, not free.

    >>> from atre.calc.aids.examples import example_project
    >>> works_cost(example_project(), "cost_ht_eur").tolist()
    [45000.0]
    >>> works_cost(Situations.of(1), "cost_ht_eur").tolist()
    [nan]
    """
    works = situations.works
    if works is None:
        return np.full(situations.n, np.nan)
    total = works.total(getattr(works, column), situations.n)
    listed = np.bincount(works.household, minlength=situations.n) > 0
    return np.where(listed, total, np.nan)


def cost_needs(situations: Situations, column: str, cost: Euros) -> dict[str, Flags]:
    """What a cost lacks, by input name, shape (n,): the works themselves, or the cost of one of them.

    >>> nothing_listed = Situations.of(1)
    >>> cost_needs(nothing_listed, "cost_ht_eur", works_cost(nothing_listed, "cost_ht_eur"))
    {'works': array([ True])}
    """
    lacks = np.isnan(cost)
    if situations.works is None:
        return {"works": lacks}
    listed = np.bincount(situations.works.household, minlength=situations.n) > 0
    return {"works": lacks & ~listed, f"works.{column}": lacks & listed}
