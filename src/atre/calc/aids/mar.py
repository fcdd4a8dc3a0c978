"""The share of the « accompagnateur » (Mon Accompagnateur Rénov') that the Anah pays.

A rate by income class on the cost including tax, kept up to a cap. The cap is on the cost, not on
the subsidy (Mes Aides Réno, version 1.0.0-beta3). A higher cap holds for an unfit or degraded
dwelling, and for a very modest household in energy poverty. It goes with MaPrimeRénov' rénovation
d'ampleur, and follows its eligibility.
"""

from datetime import date

import numpy as np

from atre.calc.aids.applicant import Applicants, applicants
from atre.calc.aids.ceilings import CLASSES_BY_CODE, IncomeClass
from atre.calc.aids.facts_on import fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.mpr_ampleur import mpr_ampleur
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Aid, AidResults
from atre.calc.aids.situation import Situations
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    all_of,
    any_of,
    codes_from_condition,
)

VERY_MODEST = CLASSES_BY_CODE.index(IncomeClass.TRES_MODESTES)


def mar(situations: Situations, on: date, ampleur: AidResults | None = None) -> AidResults:
    """What is paid of `mar_cost_ttc_eur`, in euros, shape (n,).

    `ampleur`: the answers of `mpr_ampleur` for the same situations and date, when at hand.

    >>> from atre.calc.aids.examples import example_project
    >>> mar(example_project(rfr_eur=22000, mar_cost_ttc_eur=2500), date(2026, 3, 12)).amount_eur
    array([1600.])
    """
    judgement = Judgement(Aid.MAR, on=on, n=situations.n)
    project = mpr_ampleur(situations, on) if ampleur is None else ampleur
    judgement.require(
        "ampleur",
        project.status,
        sentence=lambda row: (
            "L’accompagnateur est pris en charge avec MaPrimeRénov’ rénovation d’ampleur."
        ),
        needs=project.missing,
    )
    _lay_cover(judgement, situations, applicants(situations, on))
    return judgement.results()


def _lay_cover(judgement: Judgement, situations: Situations, who: Applicants) -> None:
    on = judgement.on
    reinforced = _reinforced(situations, who.codes)
    cover_fact = fact_on("mpr.mar.cover", on)
    cap_fact, high_fact = fact_on("mpr.mar.cap", on), fact_on("mpr.mar.cap_reinforced", on)
    cost = situations.number("mar_cost_ttc_eur")
    low, high = (np.minimum(cost, number_of(fact)) for fact in (cap_fact, high_fact))
    kept = np.select([reinforced == YES_CODE, reinforced == NO_CODE], [high, low], np.nan)
    # Under the ordinary cap, whether the other one holds does not matter.
    kept = np.where(low == high, low, kept)
    cover = who.amounts(cover_fact)
    undecided = np.isnan(kept) & ~np.isnan(cost) & (reinforced == UNKNOWN_CODE)
    judgement.amount(
        "cover",
        cover * kept,
        sentence=lambda row: (
            f"{plain_fr(cover[row] * 100)} % du coût de l’accompagnateur pour un ménage "
            f"{who.label_fr(row)}, sur {euros_or_unknown_fr(kept[row])} TTC retenus "
            f"(coût : {euros_or_unknown_fr(cost[row])})."
        ),
        needs={
            **who.needs,
            "mar_cost_ttc_eur": np.isnan(cost),
            "unfit_dwelling": undecided & situations.unknown("unfit_dwelling"),
            "energy_poverty": undecided & situations.unknown("energy_poverty"),
        },
        facts=facts(cover_fact, cap_fact),
        row_facts=who.ceilings_read,
    )
    judgement.amount(
        "cap_reinforced",
        cover * kept,
        sentence=lambda row: (
            f"Le coût retenu va jusqu’à {euros_or_unknown_fr(number_of(high_fact))} pour un habitat "
            "indigne ou dégradé, ou un ménage très modeste en précarité énergétique."
        ),
        facts=facts(high_fact),
        changes=(reinforced == YES_CODE) & (high > low),
    )


def _reinforced(situations: Situations, classes: Codes) -> Codes:
    very_modest = codes_from_condition(classes == VERY_MODEST, classes != UNKNOWN_CODE)
    poor = all_of(very_modest, situations.flag("energy_poverty"))
    return any_of(situations.flag("unfit_dwelling"), poor)
