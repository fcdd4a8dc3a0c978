"""Certificats d'économies d'énergie: the offers of a project, and what they might be.

The premium is a private offer: what counts is the offer that the household has in hand, line by
line (`cee_eur` of the works, 0 when none was asked). Beside it the trace gives what is published:
the least of the Coup de pouce until 2025, then an indication for an air-to-water heat pump from its
volume of certificates and the market price, known with low confidence.

CEE do not add up with MaPrimeRénov' rénovation d'ampleur: the Anah values them itself.
"""

from datetime import date

import numpy as np

from atre.calc.aids.applicant import Applicants, applicants
from atre.calc.aids.cee_indication import indicated_eur, indication_facts, market_prices
from atre.calc.aids.conditions import negated, require_at_least
from atre.calc.aids.facts_on import fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Aid, AidResults
from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import Geste, label_fr
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    all_of,
    codes_from_condition,
)
from atre.calc.wording import list_fr

FOSSIL = ("gas", "fuel_oil", "coal")
PRICED_FR = {
    YES_CODE: " (certificats « précarité »)",
    NO_CODE: " (certificats « classique »)",
    UNKNOWN_CODE: " (de « classique » à « précarité », catégorie de revenus inconnue)",
}


def cee(situations: Situations, on: date) -> AidResults:
    """The CEE offers of n projects « par geste », in euros, shape (n,).

    Unknown as long as an offer is: the indication is a step of the trace, never the answer.

    >>> from atre.calc.aids.examples import EXAMPLE_WORKS, example_project, works_of
    >>> cee(example_project(works=works_of(EXAMPLE_WORKS, cee_eur=500)), date(2026, 6, 1)).amount_eur
    array([2000.])
    """
    judgement = Judgement(Aid.CEE, on=on, n=situations.n)
    require_at_least(judgement, situations, "dwelling_age_years", "cee.min_age", "ans")
    _require_mainland(judgement, situations)
    _require_in_time(judgement, situations)
    works = situations.works
    if works is None:
        judgement.amount(
            "offers",
            np.full(situations.n, np.nan),
            sentence=lambda row: "La liste des travaux n’est pas connue.",
            needs={"works": np.ones(situations.n, np.bool_)},
        )
        return judgement.results()
    _lay_indication(judgement, situations, works, applicants(situations, on))
    offers = works.total(works.cee_offer_eur, situations.n)
    lacks = works.any_of(np.isnan(works.cee_offer_eur), situations.n)
    judgement.amount(
        "offers",
        offers,
        sentence=lambda row: f"Offres CEE en main : {euros_or_unknown_fr(offers[row])}.",
        needs={"works.cee_eur": lacks},
    )
    return judgement.results()


def _require_mainland(judgement: Judgement, situations: Situations) -> None:
    judgement.require(
        "dwelling_in_metropole",
        np.where(situations.flag("dwelling_in_metropole") == YES_CODE, 1, UNKNOWN_CODE),
        sentence=lambda row: "Les fiches lues ici sont celles de la métropole.",
        needs={
            "dwelling_in_metropole": situations.unknown("dwelling_in_metropole"),
            "published_rule": situations.flag("dwelling_in_metropole") == NO_CODE,
        },
    )


def _require_in_time(judgement: Judgement, situations: Situations) -> None:
    """The offer is accepted before the quote, or a few days after, and before the works begin."""
    fact = fact_on("cee.max_days_after_quote", judgement.on)
    if fact is None:
        return
    days = situations.number("cee_days_after_quote")
    works = situations.works
    none_asked = np.zeros(situations.n, np.bool_)
    if works is not None:
        none_asked = works.total(works.cee_offer_eur, situations.n) == 0
    in_time = codes_from_condition(days <= number_of(fact), ~np.isnan(days))
    codes = all_of(in_time, negated(situations.flag("works_started")))
    judgement.require(
        "in_time",
        np.where(none_asked, np.int8(YES_CODE), codes).astype(np.int8),
        sentence=lambda row: (
            f"L’offre est acceptée au plus {plain_fr(number_of(fact))} jours après la signature du "
            f"devis (indiqué : {plain_fr(days[row])}) et avant les travaux."
        ),
        needs={
            "cee_days_after_quote": ~none_asked & np.isnan(days),
            "works_started": ~none_asked & situations.unknown("works_started"),
        },
        facts=facts(fact),
    )


def _lay_indication(
    judgement: Judgement, situations: Situations, works: Works, who: Applicants
) -> None:
    found = indicated_eur(situations, works, who, judgement.on)
    boosted = _boosted(situations, judgement.on)
    least = works.total(np.where(np.isnan(found.low_eur), 0.0, found.low_eur), situations.n)
    most = works.total(np.where(np.isnan(found.high_eur), 0.0, found.high_eur), situations.n)
    read = indication_facts(judgement.on)
    prices = market_prices(who, judgement.on)
    pumps = works.is_geste(Geste.PAC_AIR_EAU) & ~np.isnan(found.low_eur)
    priced = works.any_of(pumps, situations.n)

    def sentence(row: int) -> str:
        lacks = list_fr([label_fr(name) for name, rows in found.needs.items() if rows[row]])
        if most[row] == 0 and lacks:
            return f"Un montant indicatif se calcule, mais il manque {lacks}."
        if most[row] == 0:
            return "Aucun montant indicatif n’est publié pour ces travaux à cette date."
        said = f"À titre indicatif, de {euros_or_unknown_fr(least[row])} à "
        said += f"{euros_or_unknown_fr(most[row])}"
        said += PRICED_FR[int(prices.precarite[row])] if priced[row] else ""
        if least[row] == most[row]:
            said = f"Au moins {euros_or_unknown_fr(least[row])} (minimum du Coup de pouce)"
        condition = {
            YES_CODE: "les conditions du Coup de pouce sont remplies",
            NO_CODE: "mais les conditions du Coup de pouce ne sont pas remplies",
            UNKNOWN_CODE: "si le chauffage remplacé est fossile, dans une résidence principale",
        }[int(boosted[row])]
        partial = f" Une partie n’est pas comptée : il manque {lacks}." if lacks else ""
        return f"{said}, {condition} ; le montant dépend du signataire.{partial}"

    judgement.amount(
        "indication",
        np.full(situations.n, np.nan),
        sentence=sentence,
        facts=(),
        row_facts=lambda row: read if most[row] > 0 else (),
        changes=np.zeros(situations.n, np.bool_),
    )
    _caution_disputed_minimum(judgement, works)


def _caution_disputed_minimum(judgement: Judgement, works: Works) -> None:
    """At the end of 2025 two readings of the arrêtés differ: neither is chosen in silence."""
    fact = fact_on("cee.coup_de_pouce.pac_minimum_disputed", judgement.on)
    if fact is not None and fact.holds:
        pumps = works.is_geste(Geste.PAC_AIR_EAU, Geste.PAC_GEO_SOLAROTHERM)
        judgement.caution(
            works.any_of(pumps, judgement.n), f"{fact.note_fr} ({fact.source.line_fr})"
        )


def _boosted(situations: Situations, on: date) -> Codes:
    """The Coup de pouce: a fossil boiler is replaced; since 2026 a main residence; approved model."""
    heating = situations.choice("heating_before")
    fossil = codes_from_condition(
        np.isin(heating, [situations.rank("heating_before", one) for one in FOSSIL]),
        heating != UNKNOWN_CODE,
    )
    conditions = [fossil]
    for key, name in (
        ("cee.coup_de_pouce.main_residence_only", "main_residence"),
        ("cee.coup_de_pouce.approved_models_only", "approved_model"),
    ):
        fact = fact_on(key, on)
        if fact is not None and fact.holds:
            conditions.append(_if_heat_pump(situations, name))
    return all_of(*conditions)


def _if_heat_pump(situations: Situations, name: str) -> Codes:
    """The flag, asked only where a heat pump is in the works, but for the main residence."""
    works = situations.works
    asked = np.full(situations.n, name == "main_residence")
    if works is not None:
        pumps = works.is_geste(Geste.PAC_AIR_EAU, Geste.PAC_GEO_SOLAROTHERM)
        asked |= works.any_of(pumps, situations.n)
    return np.where(asked, situations.flag(name), np.int8(YES_CODE)).astype(np.int8)
