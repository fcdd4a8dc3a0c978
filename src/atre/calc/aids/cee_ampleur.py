"""Coup de pouce Rénovation d'ampleur: for whom MaPrimeRénov' rénovation d'ampleur does not pay.

An amount by class gain, corrected by the floor area. Where MaPrimeRénov' pays, the Anah values the
certificates itself and nothing is due here. Since 1 September 2026 it is said to be kept for social
housing: known with low confidence.
"""

from datetime import date

import numpy as np

from atre.calc.aids.cee_indication import by_upper_bound
from atre.calc.aids.conditions import negated, require_at_least, require_flag, require_open
from atre.calc.aids.facts_on import by_code, fact_on, facts
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.mpr_ampleur import mpr_ampleur
from atre.calc.aids.mpr_ampleur_amount import GAINS
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Aid, AidResults
from atre.calc.aids.situation import Situations
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, codes_from_condition

GAIN_NAMES = tuple(f"gain_{one}" for one in GAINS)


def cee_ampleur(situations: Situations, on: date, ampleur: AidResults | None = None) -> AidResults:
    """What n projects of « rénovation d'ampleur » may receive from CEE, in euros, shape (n,).

    `ampleur`: the answers of `mpr_ampleur` for the same situations and date, when at hand.

    >>> from atre.calc.aids.examples import example_project
    >>> found = cee_ampleur(example_project(dpe_before="D", dpe_after="B"), date(2026, 6, 1))
    >>> found.amount_eur
    array([4700.])
    """
    judgement = Judgement(Aid.CEE, on=on, n=situations.n)
    project = mpr_ampleur(situations, on) if ampleur is None else ampleur
    judgement.require(
        "not_maprimerenov",
        negated(project.status),
        sentence=lambda row: (
            "Les certificats d’un projet aidé par MaPrimeRénov’ rénovation d’ampleur sont valorisés "
            "par l’Anah et ne s’y ajoutent pas."
        ),
        needs=project.missing,
    )
    require_open(judgement, "cee.ampleur.open")
    require_flag(
        judgement,
        situations,
        "dwelling_in_metropole",
        "Le logement est en France métropolitaine.",
        "cee.ampleur.open",
    )
    require_at_least(judgement, situations, "dwelling_age_years", "cee.min_age", "ans")
    _lay_amount(judgement, situations)
    judgement.caution(
        project.status == NO_CODE,
        "Le Coup de pouce Rénovation d’ampleur suppose une offre signée avant le devis ; son "
        "montant est celui de l’offre.",
    )
    return judgement.results()


def _lay_amount(judgement: Judgement, situations: Situations) -> None:
    before, after = situations.choice("dpe_before"), situations.choice("dpe_after")
    known = (before != UNKNOWN_CODE) & (after != UNKNOWN_CODE)
    needs = {name: situations.unknown(name) for name in ("dpe_before", "dpe_after")}
    gain = before - after
    judgement.require(
        "class_gain",
        codes_from_condition(gain >= GAINS[0], known),
        sentence=lambda row: f"Les travaux gagnent au moins {GAINS[0]} classes du DPE.",
        needs=needs,
    )
    amount_fact = fact_on("cee.ampleur.amount", judgement.on)
    factor_fact = fact_on("cee.ampleur.surface_factor", judgement.on)
    rank = np.where(known, np.clip(gain, GAINS[0], GAINS[-1]) - GAINS[0], UNKNOWN_CODE)
    area = situations.number("floor_area_m2")
    base = by_code(amount_fact, GAIN_NAMES, rank.astype(np.int8))
    factor = by_upper_bound(factor_fact, area)
    judgement.amount(
        "coup_de_pouce",
        base * factor,
        sentence=lambda row: (
            f"{euros_or_unknown_fr(base[row])} pour le gain de classes, facteur de surface "
            f"{plain_fr(factor[row])} ({plain_fr(area[row])} m²). Le montant exact est celui de "
            "l’offre signée."
        ),
        needs={
            **needs,
            "floor_area_m2": np.isnan(area),
            "published_rule": np.full(situations.n, amount_fact is None),
        },
        facts=facts(amount_fact, factor_fact),
    )
