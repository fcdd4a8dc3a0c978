"""What energies a « rénovation d'ampleur » may install or keep, by the rules of the day."""

import numpy as np

from atre.calc.aids.conditions import negated
from atre.calc.aids.facts_on import fact_on, facts
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.situation import Situations
from atre.calc.aids.situation_fields import Geste
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, YES_CODE, Codes, all_of, any_of

KEPT_OUT = ("fuel_oil", "coal")
FOSSIL = ("gas", *KEPT_OUT)


def require_energies(judgement: Judgement, situations: Situations) -> None:
    """No new fossil heating nor kept fuel oil or coal; then, for a house, no fossil at all.

    Source: parameters `mpr.ampleur.fossil_ban_new` and `fossil_ban_house` (September 2026). A house
    that keeps gas for its hot water alone passes before that day, and not after.

    >>> from datetime import date
    >>> from atre.calc.aids.result import Aid
    >>> house = Situations.of(1, dwelling_kind="house", new_fossil_heating=False,
    ...     heating_after="electricity", hot_water_after="gas")
    >>> judgements = [Judgement(Aid.MPR_AMPLEUR, on=on, n=1)
    ...     for on in (date(2026, 8, 31), date(2026, 9, 1))]
    >>> for judgement in judgements:
    ...     require_energies(judgement, house)
    >>> [judgement.eligible().item() for judgement in judgements]
    [1, 0]
    """
    _require_no_new_fossil(judgement, situations)
    fact = fact_on("mpr.ampleur.fossil_ban_house", judgement.on)
    if fact is not None and fact.holds:
        _require_no_fossil_house(judgement, situations)


def _require_no_new_fossil(judgement: Judgement, situations: Situations) -> None:
    new = situations.flag("new_fossil_heating")
    works = situations.works
    if works is not None:
        boilers = works.is_geste(Geste.CHAUDIERE_GAZ, Geste.CHAUDIERE_FIOUL)
        new = np.where(works.any_of(boilers, situations.n), np.int8(YES_CODE), new)
    kept = _is_one_of(situations, "heating_after", KEPT_OUT)
    judgement.require(
        "no_new_fossil",
        all_of(negated(new.astype(np.int8)), negated(kept)),
        sentence=lambda row: (
            "Le projet n’installe pas de chauffage majoritairement fossile et ne garde ni fioul ni "
            "charbon."
        ),
        needs={
            "new_fossil_heating": new == UNKNOWN_CODE,
            "heating_after": situations.unknown("heating_after"),
        },
        facts=facts(fact_on("mpr.ampleur.fossil_ban_new", judgement.on)),
    )


def _require_no_fossil_house(judgement: Judgement, situations: Situations) -> None:
    kind = situations.choice("dwelling_kind")
    apartment = np.where(
        kind == UNKNOWN_CODE,
        np.int8(UNKNOWN_CODE),
        (kind == situations.rank("dwelling_kind", "apartment")).astype(np.int8),
    )
    heating = _is_one_of(situations, "heating_after", FOSSIL)
    hot_water = _is_one_of(situations, "hot_water_after", FOSSIL)
    judgement.require(
        "no_fossil_house",
        any_of(apartment, all_of(negated(heating), negated(hot_water))),
        sentence=lambda row: (
            "Dans une maison, ni le chauffage ni l’eau chaude ne sont au gaz, au fioul ou au "
            "charbon après les travaux."
        ),
        needs={
            "dwelling_kind": kind == UNKNOWN_CODE,
            "heating_after": situations.unknown("heating_after"),
            "hot_water_after": situations.unknown("hot_water_after"),
        },
        facts=facts(fact_on("mpr.ampleur.fossil_ban_house", judgement.on)),
        # Who meets the condition relies on its wording too, and on that of the exemption: a text
        # read in transcriptions only lowers every answer of its period.
        changes=np.ones(judgement.n, np.bool_),
    )


def _is_one_of(situations: Situations, name: str, energies: tuple[str, ...]) -> Codes:
    codes = situations.choice(name)
    found = np.isin(codes, [situations.rank(name, energy) for energy in energies])
    yes_or_no = np.where(found, np.int8(YES_CODE), np.int8(NO_CODE))
    return np.where(codes == UNKNOWN_CODE, np.int8(UNKNOWN_CODE), yes_or_no).astype(np.int8)
