"""Conditions of MaPrimeRénov' par geste that depend on each other: age, beginning, landlord."""

import numpy as np

from atre.calc.aids.conditions import negated
from atre.calc.aids.facts_on import fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Euros
from atre.calc.aids.situation import Situations
from atre.calc.three_valued import UNKNOWN_CODE, YES_CODE, all_of, any_of, codes_from_condition


def require_age(judgement: Judgement, situations: Situations) -> None:
    """Fifteen years; two when fuel oil is replaced, or overseas. Ages in years, shape (n,).

    Source: parameters `mpr.gestes.min_age` and `min_age_reduced`.

    >>> from datetime import date
    >>> from atre.calc.aids.result import Aid
    >>> four = Situations.of(4, dwelling_age_years=[15, 14, 14, 14], dwelling_in_metropole=True,
    ...     heating_before=["gas", "gas", "fuel_oil", None])
    >>> judgement = Judgement(Aid.MPR_GESTES, on=date(2026, 6, 1), n=4)
    >>> require_age(judgement, four)
    >>> judgement.eligible().tolist()
    [1, 0, 1, -1]
    """
    general = fact_on("mpr.gestes.min_age", judgement.on)
    reduced = fact_on("mpr.gestes.min_age_reduced", judgement.on)
    age = situations.number("dwelling_age_years")
    known = ~np.isnan(age)
    heating = situations.choice("heating_before")
    fuel_oil = codes_from_condition(
        heating == situations.rank("heating_before", "fuel_oil"), heating != UNKNOWN_CODE
    )
    lighter = any_of(fuel_oil, negated(situations.flag("dwelling_in_metropole")))
    old = codes_from_condition(age >= number_of(general), known)
    recent = codes_from_condition(age >= number_of(reduced), known)
    codes = any_of(old, all_of(recent, lighter))
    judgement.require(
        "dwelling_age",
        codes,
        sentence=lambda row: (
            f"Le logement a au moins {plain_fr(number_of(general))} ans, ou "
            f"{plain_fr(number_of(reduced))} ans si le fioul est remplacé ou outre-mer (âge "
            f"indiqué : {plain_fr(age[row])})."
        ),
        needs={
            "dwelling_age_years": ~known,
            "heating_before": known & (fuel_oil == UNKNOWN_CODE),
            "dwelling_in_metropole": known & situations.unknown("dwelling_in_metropole"),
        },
        facts=facts(general, reduced),
    )


def require_not_begun(judgement: Judgement, situations: Situations) -> None:
    """Before the works begin, or within two months of a heating breakdown in the cold season.

    Source: parameter `mpr.gestes.works_after_deposit`.

    >>> from datetime import date
    >>> from atre.calc.aids.result import Aid
    >>> three = Situations.of(3, works_started=True, heating_breakdown=[True, False, None])
    >>> judgement = Judgement(Aid.MPR_GESTES, on=date(2026, 6, 1), n=3)
    >>> require_not_begun(judgement, three)
    >>> judgement.eligible().tolist()
    [1, 0, -1]
    """
    judgement.require(
        "works_started",
        any_of(negated(situations.flag("works_started")), situations.flag("heating_breakdown")),
        sentence=lambda row: (
            "Le dossier est déposé avant le début des travaux, sauf panne de chauffage entre "
            "octobre et avril (dossier dans les deux mois)."
        ),
        needs={
            "works_started": situations.unknown("works_started"),
            "heating_breakdown": situations.unknown("heating_breakdown")
            & (situations.flag("works_started") == YES_CODE),
        },
        facts=facts(fact_on("mpr.gestes.works_after_deposit", judgement.on)),
    )


def lay_landlord_limits(judgement: Judgement, situations: Situations, paid: Euros) -> None:
    """A landlord lets for some years, a few dwellings at most, up to an amount by dwelling.

    `paid`: the premiums so far, euros, shape (n,); an owner-occupier keeps them whole. Source:
    parameters `mpr.gestes.landlord_*` and `max_per_dwelling_5_years` (20 000 €).

    >>> from datetime import date
    >>> from atre.calc.aids.result import Aid
    >>> two = Situations.of(2, occupancy=["landlord", "owner_occupier"], rent_commitment_years=6,
    ...     dwellings_aided_as_landlord=0, mpr_received_5_years_eur=18_000)
    >>> judgement = Judgement(Aid.MPR_GESTES, on=date(2026, 6, 1), n=2)
    >>> lay_landlord_limits(judgement, two, np.array([7500.0, 7500.0]))
    >>> judgement.results().amount_eur.tolist()
    [2000.0, 7500.0]
    """
    occupancy = situations.choice("occupancy")
    landlord = occupancy == situations.rank("occupancy", "landlord")
    if not landlord.any():
        return
    years_fact = fact_on("mpr.gestes.landlord_rent_years", judgement.on)
    most_fact = fact_on("mpr.gestes.landlord_max_dwellings", judgement.on)
    limit_fact = fact_on("mpr.gestes.max_per_dwelling_5_years", judgement.on)
    years = situations.number("rent_commitment_years")
    aided = situations.number("dwellings_aided_as_landlord")
    committed = codes_from_condition(years >= number_of(years_fact), ~np.isnan(years))
    few = codes_from_condition(aided < number_of(most_fact), ~np.isnan(aided))
    codes = np.where(landlord, all_of(committed, few), np.int8(YES_CODE)).astype(np.int8)
    judgement.require(
        "landlord",
        codes,
        sentence=lambda row: (
            f"Un bailleur loue au moins {plain_fr(number_of(years_fact))} ans et n’est aidé que "
            f"pour {plain_fr(number_of(most_fact))} logements."
        ),
        needs={
            "rent_commitment_years": landlord & np.isnan(years),
            "dwellings_aided_as_landlord": landlord & np.isnan(aided),
        },
        facts=facts(years_fact, most_fact),
    )
    received = situations.number("mpr_received_5_years_eur")
    room = np.maximum(number_of(limit_fact) - received, 0.0)
    judgement.amount(
        "landlord_limit",
        np.where(landlord, np.minimum(paid, room), paid),
        sentence=lambda row: (
            f"Primes limitées à {euros_or_unknown_fr(number_of(limit_fact))} par logement loué sur "
            f"cinq ans ; déjà reçu : {euros_or_unknown_fr(received[row])}."
        ),
        needs={"mpr_received_5_years_eur": landlord & np.isnan(received)},
        facts=facts(limit_fact),
        changes=landlord & (paid > room),
    )
