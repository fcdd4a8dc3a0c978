"""Cases of MaPrimeRénov', CEE and the financing plan: changes to one whole example project."""

from collections.abc import Callable, Mapping
from typing import Any

from atre.calc.aids.cee import cee
from atre.calc.aids.cee_ampleur import cee_ampleur
from atre.calc.aids.cee_indication import pac_volume_kwh_cumac
from atre.calc.aids.examples import EXAMPLE_COLUMNS, EXAMPLE_WORKS
from atre.calc.aids.financing import Route, financing_plans
from atre.calc.aids.financing_answer import explain_plan
from atre.calc.aids.mar import mar
from atre.calc.aids.mpr_ampleur import mpr_ampleur
from atre.calc.aids.mpr_copropriete import copropriete_individual_bonus, mpr_copropriete
from atre.calc.aids.mpr_gestes import mpr_gestes
from atre.calc.aids.project import project_from
from atre.calc.aids.situation import Situations

WORKS = [
    {
        "geste": str(geste),
        "quantity": quantity,
        "cost_ht_eur": ht,
        "cost_ttc_eur": ttc,
        "cee_eur": 0,
    }
    for geste, quantity, ht, ttc in EXAMPLE_WORKS
]
PLACES = ("dwelling_in_idf", "dwelling_in_metropole")


def situation_of(given: Mapping[str, Any]) -> Situations:
    """The example project with the keys of the case; `cost` spreads two insulations and a pump."""
    changes = {name: value for name, value in given.items() if name not in ("date", "cost")}
    example = {name: v for name, v in EXAMPLE_COLUMNS.items() if name not in changes}
    if "commune" in changes:
        example = {name: v for name, v in example.items() if name not in PLACES}
    content = {**example, "works": WORKS, **changes}
    if "cost" in given:
        content["works"] = works_costing(*given["cost"])
    return project_from(content).situation


def works_costing(ht: float, ttc: float) -> list[dict[str, Any]]:
    shares = {"ite": 0.5, "combles_perdus": 0.1, "pac_air_eau": 0.4}
    return [
        {
            "geste": geste,
            "quantity": 50,
            "cost_ht_eur": ht * share,
            "cost_ttc_eur": ttc * share,
            "cee_eur": 0,
        }
        for geste, share in shares.items()
    ]


def judged(function: Callable[..., Any]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    def run(given: Mapping[str, Any]) -> dict[str, Any]:
        answer = function(situation_of(given), given["date"]).explain()
        said = answer.as_dict()
        said["cautioned"] = bool(answer.cautions_fr)
        said["refused_by"] = [step.name for step in answer.steps if step.answer == "no"]
        return said

    return run


def run_plan(given: Mapping[str, Any]) -> dict[str, Any]:
    inputs = {name: value for name, value in given.items() if name != "route"}
    plans = financing_plans(situation_of(inputs), given["date"], Route(given["route"]))
    answer = explain_plan(plans)
    return {**answer.as_dict(), "cautioned": bool(answer.cautions_fr)}


def run_pac_volume(given: Mapping[str, Any]) -> dict[str, Any]:
    volume = pac_volume_kwh_cumac(situation_of(given), given["date"])[0]
    return {"kwh_cumac": None if volume != volume else round(float(volume))}


RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "mpr_ampleur": judged(mpr_ampleur),
    "mpr_gestes": judged(mpr_gestes),
    "mar": judged(mar),
    "cee": judged(cee),
    "cee_ampleur": judged(cee_ampleur),
    "pac_volume": run_pac_volume,
    "mpr_copropriete": judged(mpr_copropriete),
    "copropriete_individual_bonus": judged(copropriete_individual_bonus),
    "financing_plan": run_plan,
}
