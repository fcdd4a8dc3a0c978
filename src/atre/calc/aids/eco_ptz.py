"""The zero-interest loan for energy works (éco-PTZ): who may have it, how much, how long.

No condition of income. The dwelling is at least two years old when works begin and is a main
residence, the owner's or a tenant's. The most that can be borrowed depends on the works: seven
kinds are counted, windows alone have their own ceiling, a « performance globale » and a loan that
goes with MaPrimeRénov' have the highest. What is lent never exceeds what remains to be paid, which
the caller gives as `loan_wanted_eur`. The bank still judges whether the household can repay.

Not here: the loan of a copropriété, and a second loan on the same dwelling.

Source: parameters `eco_ptz.*` (Mes Aides Réno; guide 2026 de l'Anah).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from atre.calc.aids.eco_ptz_actions import works_kinds
from atre.calc.aids.eco_ptz_global import require_global_performance
from atre.calc.aids.facts_on import by_code, confidence_at_most, fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement, Sentence
from atre.calc.aids.loan_payments import Payments, zero_rate_payments
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Aid, AidResults, Euros, Flags
from atre.calc.aids.situation import Situations
from atre.calc.aids.situation_fields import ECO_PTZ_WORKS
from atre.calc.parameters import Confidence
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    codes_from_condition,
)

WORKS_FR = {
    "windows_only": "les fenêtres seules",
    "one_action": "une action",
    "two_actions": "deux actions",
    "three_actions": "trois actions ou plus",
    "global_performance": "une performance énergétique globale",
    "with_maprimerenov": "des travaux aidés par MaPrimeRénov’",
    "sanitation": "un assainissement non collectif",
}
GLOBAL = ECO_PTZ_WORKS.index("global_performance")
SANITATION = ECO_PTZ_WORKS.index("sanitation")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanOffer:
    """The loans of n households: the aid's answer, and how it is paid back.

    `longest_years` float64 (n,): NaN unknown. `years`: the term wanted, brought back to the
    longest one; the longest one when none was given. `payments`: of the amount granted; of what
    it would be where a condition is still unknown; NaN where nothing can be lent.
    """

    results: AidResults
    longest_years: Euros
    years: Euros
    payments: Payments


def eco_ptz(situations: Situations, on: date) -> AidResults:
    """Judge the loan of n households by the rules of the deposit date.

    The amount is the principal, in euros. Reads `occupancy`, `main_residence`,
    `dwelling_age_years`, `dwelling_in_metropole`, `rge_firms`, `eco_ptz_works` (or the list of
    works), `loan_wanted_eur`; for a « performance globale », `energy_gain_pct`, `dpe_after`,
    `energy_audit`.

    >>> one = Situations.of(1, occupancy="owner_occupier", main_residence=True,
    ...     dwelling_age_years=40, dwelling_in_metropole=True, rge_firms=True,
    ...     eco_ptz_works="two_actions", loan_wanted_eur=31000)
    >>> eco_ptz(one, date(2026, 6, 1)).amount_eur.tolist()
    [25000.0]
    """
    return loan_offer(situations, on).results


def loan_offer(situations: Situations, on: date) -> LoanOffer:
    """`eco_ptz` with its term and monthly payments; `loan_years` is the term wanted.

    Euros and years, shape (n,). The payments are equal, without interest nor insurance. Source:
    parameters `eco_ptz.*`.

    Twenty years are wanted, fifteen are the most for one action: 9 000 € in 180 payments.

    >>> one = Situations.of(1, occupancy="owner_occupier", main_residence=True,
    ...     dwelling_age_years=40, dwelling_in_metropole=True, rge_firms=True,
    ...     eco_ptz_works="one_action", loan_wanted_eur=9000, loan_years=20)
    >>> offer = loan_offer(one, date(2026, 6, 1))
    >>> offer.years.tolist(), offer.payments.monthly_eur.tolist()
    ([15.0], [50.0])
    """
    kinds, counted = works_kinds(situations)
    judgement = Judgement(Aid.ECO_PTZ, on=on, n=situations.n)
    _require_dwelling(judgement, situations, on)
    _require_firms(judgement, situations, kinds)
    doubtful = require_global_performance(judgement, situations, kinds == GLOBAL, on)
    principal = _lay_amounts(judgement, situations, kinds, on)
    judgement.caution(
        counted,
        "Le nombre d’actions a été compté d’après la liste des travaux ; la banque le vérifie "
        "sur le formulaire « devis ».",
    )
    longest_fact = fact_on("eco_ptz.longest_term", on)
    longest = by_code(longest_fact, ECO_PTZ_WORKS, kinds)
    years = np.fmin(situations.number("loan_years"), longest)
    years = np.where(np.isnan(longest), np.nan, years)
    payments = zero_rate_payments(principal, years)
    judgement.require(
        "term",
        codes_from_condition(np.ones(situations.n, np.bool_), ~np.isnan(longest)),
        sentence=_term_sentence(situations.number("loan_years"), longest, payments),
        needs=_needs_of_kind(kinds, np.isnan(longest)),
        facts=facts(longest_fact),
    )
    results = confidence_at_most(judgement.results(), doubtful, Confidence.LOW)
    refused = results.status == NO_CODE
    return LoanOffer(
        results=results,
        longest_years=longest,
        years=years,
        payments=Payments(
            payments.months,
            np.where(refused, np.nan, payments.monthly_eur),
            np.where(refused, np.nan, payments.last_eur),
        ),
    )


def _require_dwelling(judgement: Judgement, situations: Situations, on: date) -> None:
    occupancy = situations.choice("occupancy")
    owners = [situations.rank("occupancy", name) for name in ("owner_occupier", "landlord")]
    judgement.require(
        "owner",
        codes_from_condition(np.isin(occupancy, owners), occupancy != UNKNOWN_CODE),
        sentence=lambda row: "L’éco-PTZ est accordé au propriétaire, occupant ou bailleur.",
        needs={"occupancy": situations.unknown("occupancy")},
    )
    judgement.require(
        "main_residence",
        situations.flag("main_residence"),
        sentence=lambda row: "Le logement est ou deviendra une résidence principale.",
        needs={"main_residence": situations.unknown("main_residence")},
    )
    least = fact_on("eco_ptz.least_dwelling_age", on)
    age = situations.number("dwelling_age_years")
    judgement.require(
        "dwelling_age",
        codes_from_condition(age >= number_of(least), ~np.isnan(age) & (least is not None)),
        sentence=lambda row: (
            f"Le logement doit avoir au moins {plain_fr(number_of(least))} ans au début des travaux "
            f"(âge indiqué : {plain_fr(age[row])})."
        ),
        needs={
            "dwelling_age_years": np.isnan(age),
            "published_rule": np.full(situations.n, least is None),
        },
        facts=facts(least),
    )
    judgement.caution(
        age == number_of(least),
        "Le texte dit « achevé depuis plus de deux ans » et l’âge indiqué est de deux ans tout "
        "juste : vérifiez la date d’achèvement.",
    )


def _require_firms(judgement: Judgement, situations: Situations, kinds: Codes) -> None:
    rge = np.where(kinds == SANITATION, np.int8(YES_CODE), situations.flag("rge_firms"))
    judgement.require(
        "rge_firms",
        rge.astype(np.int8),
        sentence=lambda row: (
            "Les travaux d’énergie sont faits par des entreprises « reconnues garantes de "
            "l’environnement » (RGE)."
        ),
        needs={"rge_firms": rge == UNKNOWN_CODE},
    )


def _lay_amounts(judgement: Judgement, situations: Situations, kinds: Codes, on: date) -> Euros:
    wanted = situations.number("loan_wanted_eur")
    judgement.amount(
        "wanted",
        wanted,
        sentence=lambda row: f"Reste à financer par le prêt : {euros_or_unknown_fr(wanted[row])}.",
        needs={"loan_wanted_eur": np.isnan(wanted)},
    )
    fact = fact_on("eco_ptz.ceiling", on)
    overseas_fact = fact_on("eco_ptz.ceiling_overseas", on)
    mainland = by_code(fact, ECO_PTZ_WORKS, kinds)
    overseas = by_code(overseas_fact, ECO_PTZ_WORKS, kinds)
    place = situations.flag("dwelling_in_metropole")
    either = np.where(mainland == overseas, mainland, np.nan)
    ceiling = np.select([place == YES_CODE, place == NO_CODE], [mainland, overseas], either)
    principal: Euros = np.minimum(wanted, ceiling)
    lacks = np.isnan(ceiling)
    judgement.amount(
        "ceiling",
        principal,
        sentence=lambda row: (
            f"Pour {_works_fr(kinds[row])}, l’éco-PTZ va jusqu’à {euros_or_unknown_fr(ceiling[row])}."
        ),
        needs={
            **_needs_of_kind(kinds, lacks & (place != UNKNOWN_CODE)),
            "dwelling_in_metropole": lacks & (place == UNKNOWN_CODE),
        },
        facts=facts(fact),
        changes=wanted > ceiling,
    )
    if overseas_fact is not None:
        judgement.caution(
            place == NO_CODE,
            f"Le barème d’outre-mer n’a été lu que dans une source ({overseas_fact.source.line_fr}).",
        )
    return principal


def _needs_of_kind(kinds: Codes, lacks: Flags) -> dict[str, Flags]:
    """What an amount by kind of works waits for: the kind itself, or a rule nobody published."""
    unknown = kinds == UNKNOWN_CODE
    return {"eco_ptz_works": unknown, "published_rule": lacks & ~unknown}


def _term_sentence(wanted: Euros, longest: Euros, payments: Payments) -> Sentence:
    def sentence(row: int) -> str:
        if np.isnan(longest[row]):
            return "La durée la plus longue du prêt n’est pas connue pour ces travaux."
        text = f"Ces travaux se remboursent en {plain_fr(longest[row])} ans au plus"
        if wanted[row] > longest[row]:
            text += f" ; les {plain_fr(wanted[row])} ans demandés sont ramenés à cette durée"
        if np.isnan(payments.monthly_eur[row]):
            return f"{text}."
        return (
            f"{text} ; en {plain_fr(payments.months[row])} mois, la mensualité est de "
            f"{euros_or_unknown_fr(payments.monthly_eur[row])}."
        )

    return sentence


def _works_fr(kind: int) -> str:
    return "des travaux inconnus" if kind == UNKNOWN_CODE else WORKS_FR[ECO_PTZ_WORKS[kind]]
