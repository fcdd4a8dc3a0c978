"""Cases of the aids that are not MaPrimeRénov': loan, adaptation, VAT, chèque énergie, Slime."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from atre.calc.aids.cheque_energie import cheque_energie
from atre.calc.aids.double_funding import Funding, double_funding
from atre.calc.aids.eco_ptz import loan_offer
from atre.calc.aids.income_class import income_class
from atre.calc.aids.maprimeadapt import maprimeadapt, maprimeadapt_copropriete
from atre.calc.aids.result import AidResults
from atre.calc.aids.situation import Situations
from atre.calc.aids.slime import slime
from atre.calc.aids.vat import vat_rates
from atre.calc.three_valued import answer_from_code

HOUSEHOLD = {"main_residence": True}
LOAN = {
    "occupancy": "owner_occupier",
    "main_residence": True,
    "dwelling_age_years": 40,
    "dwelling_in_metropole": True,
    "rge_firms": True,
    "energy_audit": True,
}


def one(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[Situations, date]:
    """One household: a case says only what differs from an ordinary one."""
    columns = {**defaults, **{name: value for name, value in given.items() if name != "date"}}
    return Situations.of(1, **columns), given["date"]


def as_dict(results: AidResults) -> dict[str, Any]:
    answer = results.explain(0)
    amount = None if answer.amount_eur is None else float(answer.amount_eur)
    return {
        **answer.as_dict(),
        "amount_eur": amount,
        "missing": sorted(answer.missing),
        "cautions": len(answer.cautions_fr),
    }


def run_eco_ptz(given: Mapping[str, Any]) -> dict[str, Any]:
    situations, on = one(LOAN, given)
    offer = loan_offer(situations, on)
    paid = {
        "years": offer.years[0],
        "monthly_eur": offer.payments.monthly_eur[0],
        "last_eur": offer.payments.last_eur[0],
    }
    return {
        **as_dict(offer.results),
        **{name: None if np.isnan(value) else float(value) for name, value in paid.items()},
    }


def run_maprimeadapt(given: Mapping[str, Any]) -> dict[str, Any]:
    if "copropriete_works_ht_eur" in given:
        aid = maprimeadapt_copropriete(given["copropriete_works_ht_eur"], given["date"])
        return {"amount_eur": None if np.isnan(aid[0]) else float(aid[0])}
    return as_dict(maprimeadapt(*one(HOUSEHOLD, given)))


def run_cheque_energie(given: Mapping[str, Any]) -> dict[str, Any]:
    campaign = given.get("campaign")
    rest = {name: value for name, value in given.items() if name != "campaign"}
    ordinary = {**HOUSEHOLD, "alternate_custody_children": 0, "residence_sociale": False}
    return as_dict(cheque_energie(*one(ordinary, rest), campaign=campaign))


def run_vat(given: Mapping[str, Any]) -> dict[str, Any]:
    rates = vat_rates(
        given["works"],
        _number(given.get("dwelling_age_years")),
        given["date"],
        in_metropole=_code(given.get("in_metropole", True)),
        solar_power_kwc=_number(given.get("solar_power_kwc")),
    )
    rate = rates.rate_pct[0]
    return {
        "rate_pct": None if np.isnan(rate) else float(rate),
        "confidence": ("low", "medium", "high")[rates.confidence[0]],
        "missing": sorted(name for name, rows in rates.lacks.items() if rows[0]),
        "sentence_fr": rates.sentence_fr(),
    }


def run_slime(given: Mapping[str, Any]) -> dict[str, Any]:
    codes = income_class(
        _number(given["rfr_eur"]), given["persons"], _code(given["in_idf"]), given["class_date"]
    )
    found = slime(codes, _code(given["energy_poverty"]), given["date"], local=given["local"])
    return {
        "taken": str(answer_from_code(found.taken[0])),
        "counted": str(answer_from_code(found.counted[0])),
        "missing": sorted(found.missing()),
    }


def run_double_funding(given: Mapping[str, Any]) -> dict[str, Any]:
    sources = {name: name in given["sources"] for name in Funding}
    sources |= {Funding(name): np.int8(-1) for name in given.get("unknown", [])}
    found = double_funding(sources, _code(given["same_expense"]), given["date"])
    findings = found.findings()
    return {
        "doubtful": str(answer_from_code(found.doubtful[0])),
        "pairs": [f"{pair.first} + {pair.second}" for pair in findings],
        "verdicts": [None if pair.verdict is None else str(pair.verdict) for pair in findings],
        "confidence": [
            None if pair.fact is None else str(pair.fact.confidence) for pair in findings
        ],
    }


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _code(value: bool | None) -> np.int8:
    return np.int8(-1 if value is None else int(value))


RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "eco_ptz": run_eco_ptz,
    "maprimeadapt": run_maprimeadapt,
    "cheque_energie": run_cheque_energie,
    "vat_rates": run_vat,
    "slime": run_slime,
    "double_funding": run_double_funding,
}
