"""The financing plan of works: what they cost, who pays, what is borrowed, what is left each month.

Two routes that exclude each other: « rénovation d'ampleur » (MaPrimeRénov' ampleur and the share of
the « accompagnateur »; the Coup de pouce where MaPrimeRénov' does not pay) and « par geste »
(MaPrimeRénov' par geste and CEE offers). Then the other public aids, an éco-PTZ on the remainder,
and the saving on bills beside the monthly payment.

An unknown aid makes the remainder unknown: a plan never counts on money that nobody has judged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from atre.calc.aids.cee import cee
from atre.calc.aids.cee_ampleur import cee_ampleur
from atre.calc.aids.eco_ptz import LoanOffer, loan_offer
from atre.calc.aids.mar import mar
from atre.calc.aids.mpr_ampleur import ampleur_advance_eur, mpr_ampleur
from atre.calc.aids.mpr_ampleur_amount import cost_needs, works_cost
from atre.calc.aids.mpr_gestes import mpr_gestes
from atre.calc.aids.result import Aid, AidResults, Euros, Flags
from atre.calc.aids.situation import Situations
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, YES_CODE, Codes

MONTHS_PER_YEAR = 12


class Route(StrEnum):
    """The two ways through MaPrimeRénov', which do not add up on the same works."""

    AMPLEUR = "ampleur"
    GESTES = "gestes"

    @property
    def label_fr(self) -> str:
        return "rénovation d’ampleur" if self is Route.AMPLEUR else "travaux par geste"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancingPlans:
    """n plans; every amount float64 (n,) in euros, NaN where it cannot be known.

    `aids_eur`: every aid and the other public aids, never more than `cost_ttc_eur`; what they would
    make beyond it is `excess_eur`. `remainder_eur` is at least 0; it is `loan_eur` and
    `own_money_eur`. `monthly_balance_eur`: the saving on bills less the payment of the loan.
    `loan_with_gestes`: the rows lent to as « with MaPrimeRénov' » on a premium « par geste » alone.
    `advance_eur`: the part of MaPrimeRénov' ampleur that may be paid before the works.
    `missing`: by input, the rows whose remainder waits for it.
    """

    route: Route
    on: date
    works_ttc_eur: Euros
    accompagnateur_eur: Euros
    cost_ttc_eur: Euros
    aids: Mapping[Aid, AidResults]
    other_public_aids_eur: Euros
    aids_eur: Euros
    excess_eur: Euros
    remainder_eur: Euros
    loan: LoanOffer
    loan_with_gestes: Flags
    loan_eur: Euros
    own_money_eur: Euros
    advance_eur: Euros
    monthly_payment_eur: Euros
    monthly_saving_eur: Euros
    monthly_balance_eur: Euros
    missing: Mapping[str, Flags]


def financing_plans(situations: Situations, on: date, route: Route) -> FinancingPlans:
    """Plan the money of n projects by the rules of the deposit date; euros, shape (n,).

    Reads what the aids of the `route` and `eco_ptz` read, `other_public_aids_eur` and
    `saving_eur_per_year`. What an aid lacks makes the remainder unknown, and is named. Source: the
    parameters of each aid.

    32 000 € of MaPrimeRénov' and the whole 1 900 € of the « accompagnateur »; 15 475 € are left:

    >>> from atre.calc.aids.examples import example_project
    >>> plan = financing_plans(example_project(), date(2026, 3, 12), Route.AMPLEUR)
    >>> plan.cost_ttc_eur[0].item(), plan.aids_eur[0].item(), plan.remainder_eur[0].item()
    (49375.0, 33900.0, 15475.0)
    >>> plan.monthly_payment_eur[0].item(), plan.monthly_saving_eur[0].item()
    (64.47, 150.0)
    """
    aids = _AIDS_OF_ROUTE[route](situations, on)
    works = works_cost(situations, "cost_ttc_eur")
    guide = np.zeros(situations.n)
    if route is Route.AMPLEUR:
        guide = situations.number("mar_cost_ttc_eur")
    cost = works + guide
    others = situations.number("other_public_aids_eur")
    given = others + sum(result.amount_eur for result in aids.values())
    remainder: Euros = np.maximum(cost - given, 0.0)
    loan = _loan(situations, on, aids, remainder)
    borrowed = np.where(loan.results.status == NO_CODE, 0.0, loan.results.amount_eur)
    payment = np.where(borrowed == 0, 0.0, loan.payments.monthly_eur)
    payment = np.where(np.isnan(borrowed), np.nan, payment)
    saving = situations.number("saving_eur_per_year") / MONTHS_PER_YEAR
    return FinancingPlans(
        route=route,
        on=on,
        works_ttc_eur=works,
        accompagnateur_eur=guide,
        cost_ttc_eur=cost,
        aids=aids,
        other_public_aids_eur=others,
        aids_eur=np.minimum(given, cost),
        excess_eur=np.maximum(given - cost, 0.0),
        remainder_eur=remainder,
        loan=loan,
        loan_with_gestes=_lent_with_gestes(situations, aids),
        loan_eur=borrowed,
        own_money_eur=remainder - borrowed,
        advance_eur=_advance(situations, on, aids),
        monthly_payment_eur=payment,
        monthly_saving_eur=saving,
        monthly_balance_eur=saving - payment,
        missing=_missing(situations, aids, works, route),
    )


def _ampleur_aids(situations: Situations, on: date) -> dict[Aid, AidResults]:
    ampleur = mpr_ampleur(situations, on)
    return {
        Aid.MPR_AMPLEUR: ampleur,
        Aid.MAR: mar(situations, on, ampleur),
        Aid.CEE: cee_ampleur(situations, on, ampleur),
    }


def _geste_aids(situations: Situations, on: date) -> dict[Aid, AidResults]:
    return {Aid.MPR_GESTES: mpr_gestes(situations, on), Aid.CEE: cee(situations, on)}


_AIDS_OF_ROUTE: Mapping[Route, Callable[[Situations, date], dict[Aid, AidResults]]] = {
    Route.AMPLEUR: _ampleur_aids,
    Route.GESTES: _geste_aids,
}


def _advance(situations: Situations, on: date, aids: Mapping[Aid, AidResults]) -> Euros:
    ampleur = aids.get(Aid.MPR_AMPLEUR)
    if ampleur is None:
        return np.zeros(situations.n)
    return ampleur_advance_eur(situations, on, ampleur)


def _loan(
    situations: Situations, on: date, aids: Mapping[Aid, AidResults], remainder: Euros
) -> LoanOffer:
    """An éco-PTZ on the remainder, or on the part of it that the household wants to borrow."""
    wanted = np.fmin(situations.number("loan_wanted_eur"), remainder)
    wanted = np.where(np.isnan(remainder), np.nan, wanted)
    kinds = _loan_kinds(situations, aids)
    return loan_offer(situations.with_columns(loan_wanted_eur=wanted, eco_ptz_works=kinds), on)


def _loan_kinds(situations: Situations, aids: Mapping[Aid, AidResults]) -> Codes:
    """MaPrimeRénov' opens the éco-PTZ that goes with it, whatever the number of works."""
    kinds = situations.choice("eco_ptz_works")
    paid = np.zeros(situations.n, np.bool_)
    for aid in (Aid.MPR_AMPLEUR, Aid.MPR_GESTES):
        if aid in aids:
            paid |= (aids[aid].status == YES_CODE) & (aids[aid].amount_eur > 0)
    with_mpr = np.int8(situations.rank("eco_ptz_works", "with_maprimerenov"))
    return np.where(paid & (kinds == UNKNOWN_CODE), with_mpr, kinds).astype(np.int8)


def _lent_with_gestes(situations: Situations, aids: Mapping[Aid, AidResults]) -> Flags:
    if Aid.MPR_GESTES not in aids:
        return np.zeros(situations.n, np.bool_)
    with_mpr = situations.rank("eco_ptz_works", "with_maprimerenov")
    lent: Flags = _loan_kinds(situations, aids) == with_mpr
    return lent


def _missing(
    situations: Situations, aids: Mapping[Aid, AidResults], works: Euros, route: Route
) -> dict[str, Flags]:
    found: dict[str, Flags] = {}
    waits = [result.missing for result in aids.values()]
    waits.append(cost_needs(situations, "cost_ttc_eur", works))
    waits.append({"other_public_aids_eur": situations.unknown("other_public_aids_eur")})
    if route is Route.AMPLEUR:
        waits.append({"mar_cost_ttc_eur": situations.unknown("mar_cost_ttc_eur")})
    for needs in waits:
        for name, rows in needs.items():
            found[name] = found[name] | rows if name in found else rows
    return {name: rows for name, rows in found.items() if rows.any()}
