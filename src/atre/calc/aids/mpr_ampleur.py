"""MaPrimeRénov' rénovation d'ampleur: the conditions of a day, then the amount.

Judged by the rules of the deposit date, each a dated parameter `mpr.ampleur.*`: the counter is
open; the dwelling is in metropolitan France, at least 15 years old, a main residence; its DPE class
is one of those admitted; the works gain two classes with two kinds of insulation, an audit and an
approved « accompagnateur »; heating follows the rules on fossil fuels of that day.

Not here: what the Anah decides on a file (budget of the area, quality of the audit), nor the
commitments of rent of a landlord.
"""

from datetime import date

import numpy as np

from atre.calc.aids.applicant import (
    applicants,
    caution_last_euro,
    lay_income_class,
    require_owner,
)
from atre.calc.aids.conditions import (
    require_at_least,
    require_flag,
    require_open,
    require_works_after_deposit,
)
from atre.calc.aids.facts_on import fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.mpr_ampleur_amount import lay_amounts
from atre.calc.aids.mpr_ampleur_energies import require_energies
from atre.calc.aids.result import Aid, AidResults, Euros, Flags
from atre.calc.aids.situation import Situations
from atre.calc.aids.situation_fields import DPE_CLASSES, Geste
from atre.calc.three_valued import UNKNOWN_CODE, YES_CODE, codes_from_condition

# The four kinds of insulation of the law: two of them are asked for, not two lines of a quote.
INSULATION = {
    "toiture": (Geste.COMBLES_RAMPANTS, Geste.TOITURE_TERRASSE, Geste.COMBLES_PERDUS),
    "murs": (Geste.ITE, Geste.ITI),
    "plancher": (Geste.PLANCHER_BAS,),
    "fenêtres": (Geste.FENETRE,),
}
REOPENING = date(2025, 9, 30), date(2025, 12, 31)


def mpr_ampleur(situations: Situations, on: date) -> AidResults:
    """Judge n projects of « rénovation d'ampleur » by the rules of the deposit date.

    Reads the income and address columns, `dwelling_*`, `dpe_before`, `dpe_after`, `heating_*`,
    `main_residence`, the papers of the file, the works with their costs, and
    `other_public_aids_eur`. Amounts in euros, shape (n,).

    Source: parameters `mpr.ampleur.*`.

    >>> from atre.calc.aids.examples import example_project
    >>> found = mpr_ampleur(example_project(), date(2026, 3, 12))
    >>> found.status.tolist(), found.amount_eur.tolist()
    ([1], [32000.0])
    """
    judgement = Judgement(Aid.MPR_AMPLEUR, on=on, n=situations.n)
    who = applicants(situations, on)
    require_open(judgement, "mpr.ampleur.deposit_open")
    _caution_reopening(judgement, who.codes != 0)
    require_owner(judgement, situations)
    lay_income_class(judgement, who)
    _require_dwelling(judgement, situations)
    _require_gain(judgement, situations)
    _require_insulation(judgement, situations)
    _require_papers(judgement, situations)
    require_energies(judgement, situations)
    lay_amounts(judgement, situations, who)
    caution_last_euro(judgement, who)
    judgement.caution(
        situations.choice("occupancy") == situations.rank("occupancy", "landlord"),
        "Les engagements de location du bailleur (durée, loyer) n’ont pas été vérifiés ici.",
    )
    return judgement.results()


def ampleur_advance_eur(situations: Situations, on: date, results: AidResults) -> Euros:
    """What may be paid before the works, of the aid in `results`; 0 for the other classes.

    Shape (n,), NaN where the aid is unknown. Other rates were published: medium confidence.

    >>> from atre.calc.aids.examples import example_project
    >>> project, on = example_project(), date(2026, 3, 12)
    >>> ampleur_advance_eur(project, on, mpr_ampleur(project, on)).tolist()
    [9600.0]
    """
    who = applicants(situations, on)
    share = who.amounts(fact_on("mpr.ampleur.advance_share", on))
    advance: Euros = results.amount_eur * np.where(np.isnan(share), 0.0, share)
    return advance


def _caution_reopening(judgement: Judgement, not_first: Flags) -> None:
    if REOPENING[0] <= judgement.on <= REOPENING[1]:
        judgement.caution(
            not_first,
            "Fin 2025, 13 000 dossiers au plus étaient acceptés, les ménages très modestes "
            "d’abord : le dépôt pouvait être refusé faute de place.",
        )


def _require_dwelling(judgement: Judgement, situations: Situations) -> None:
    if _holds(judgement, "mpr.ampleur.metropole_only"):
        require_flag(
            judgement,
            situations,
            "dwelling_in_metropole",
            "Le logement est en France métropolitaine.",
            "mpr.ampleur.metropole_only",
        )
    require_at_least(judgement, situations, "dwelling_age_years", "mpr.ampleur.min_age", "ans")
    require_flag(
        judgement,
        situations,
        "main_residence",
        "Le logement est, ou deviendra après les travaux, une résidence principale.",
        "mpr.ampleur.occupancy_years",
    )
    _require_occupancy_years(judgement, situations)


def _require_occupancy_years(judgement: Judgement, situations: Situations) -> None:
    fact = fact_on("mpr.ampleur.occupancy_years", judgement.on)
    years = situations.number("occupancy_commitment_years")
    occupancy = situations.choice("occupancy")
    landlord = occupancy == situations.rank("occupancy", "landlord")
    committed = codes_from_condition(years >= number_of(fact), ~np.isnan(years))
    codes = np.where(landlord, np.int8(YES_CODE), committed).astype(np.int8)
    judgement.require(
        "occupancy_years",
        codes,
        sentence=lambda row: (
            "Le propriétaire occupant s’engage à habiter le logement au moins "
            f"{number_of(fact):.0f} ans."
        ),
        needs={"occupancy_commitment_years": codes == UNKNOWN_CODE},
        facts=facts(fact),
    )


def _require_gain(judgement: Judgement, situations: Situations) -> None:
    before, after = situations.choice("dpe_before"), situations.choice("dpe_after")
    needs = {name: situations.unknown(name) for name in ("dpe_before", "dpe_after")}
    admitted = fact_on("mpr.ampleur.dpe_before", judgement.on)
    names = admitted.names if admitted else ()
    codes = [DPE_CLASSES.index(name) for name in names]
    judgement.require(
        "dpe_before",
        codes_from_condition(np.isin(before, codes), before != UNKNOWN_CODE),
        sentence=lambda row: (
            f"Avant travaux, le logement est dans une de ces classes du DPE : {', '.join(names)} "
            f"(indiqué : {_dpe_fr(before[row])})."
        ),
        needs={"dpe_before": needs["dpe_before"]},
        facts=facts(admitted),
    )
    least = fact_on("mpr.ampleur.min_class_gain", judgement.on)
    known = (before != UNKNOWN_CODE) & (after != UNKNOWN_CODE)
    judgement.require(
        "class_gain",
        codes_from_condition(before - after >= number_of(least), known),
        sentence=lambda row: (
            f"Les travaux gagnent au moins {number_of(least):.0f} classes du DPE "
            f"(de {_dpe_fr(before[row])} à {_dpe_fr(after[row])})."
        ),
        needs=needs,
        facts=facts(least),
    )


def _require_insulation(judgement: Judgement, situations: Situations) -> None:
    fact = fact_on("mpr.ampleur.min_insulation_postes", judgement.on)
    works = situations.works
    count = np.zeros(situations.n, np.int8)
    if works is not None:
        for gestes in INSULATION.values():
            count += works.any_of(works.is_geste(*gestes), situations.n)
    known = np.full(situations.n, works is not None)
    judgement.require(
        "insulation",
        codes_from_condition(count >= number_of(fact), known),
        sentence=lambda row: (
            f"Le projet isole au moins {number_of(fact):.0f} postes parmi la toiture, les murs, le "
            f"plancher et les fenêtres (dans la liste : {count[row]})."
        ),
        needs={"works": ~known},
        facts=facts(fact),
    )


def _require_papers(judgement: Judgement, situations: Situations) -> None:
    required = "mpr.ampleur.accompagnateur_required"
    require_flag(judgement, situations, "energy_audit", "Un audit énergétique est fait.", required)
    require_flag(
        judgement,
        situations,
        "accompagnateur",
        "Un accompagnateur agréé (Mon Accompagnateur Rénov’) suit le projet.",
        required,
    )
    if _holds(judgement, "mpr.ampleur.certificate_required"):
        require_flag(
            judgement,
            situations,
            "france_renov_certificate",
            "Un rendez-vous France Rénov’ a eu lieu avant le dépôt, attestation à l’appui.",
            "mpr.ampleur.certificate_required",
        )
    require_works_after_deposit(judgement, situations, "mpr.ampleur.works_after_deposit")
    require_flag(
        judgement,
        situations,
        "rge_firms",
        "Les entreprises sont qualifiées RGE.",
        "mpr.ampleur.rge_required",
    )


def _dpe_fr(code: int) -> str:
    """A DPE class by its code, « ? » when unknown."""
    return "?" if code < 0 else DPE_CLASSES[code]


def _holds(judgement: Judgement, key: str) -> bool:
    fact = fact_on(key, judgement.on)
    return fact is None or fact.holds
