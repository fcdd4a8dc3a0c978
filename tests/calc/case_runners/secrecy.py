"""Cases of statistical secrecy: tables written as totals and parts, cells by their labels."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from atre.calc.secrecy.attack import attack_intervals
from atre.calc.secrecy.gate import Release, find_openings, refuse_open_release
from atre.calc.secrecy.protection import protect
from atre.calc.secrecy.reconstruction import ReconstructionMethod, reconstruct
from atre.calc.secrecy.rules import (
    CellFacts,
    Population,
    PrimaryReason,
    ProtectionLevels,
    primary_reasons,
    protection_levels,
)
from atre.calc.secrecy.tables import LinkedTables, tables_from_totals


def unknown_as_nan(values):
    return None if values is None else [float("nan") if v is None else v for v in values]


def facts_of(given: Mapping[str, Any]) -> CellFacts:
    return CellFacts(
        values=unknown_as_nan(given["values"]),
        contributors=unknown_as_nan(given["contributors"]),
        largest=unknown_as_nan(given.get("largest")),
        whole=unknown_as_nan(given.get("whole")),
        structural_zero=given.get("structural_zero"),
    )


def run_primary(given: Mapping[str, Any]) -> dict[str, Any]:
    facts = facts_of(given)
    reasons = primary_reasons(facts, Population(given["population"]), given["date"])
    answer: dict[str, Any] = {"reasons": [PrimaryReason(code).name.lower() for code in reasons]}
    if "minimum_width" in given:
        levels = protection_levels(
            facts, reasons, given["date"], minimum_width=given["minimum_width"]
        )
        answer["below"] = levels.below.round(4).tolist()
        answer["above"] = levels.above.round(4).tolist()
    return answer


def tables_of(given: Mapping[str, Any]) -> LinkedTables:
    return tables_from_totals([(line["total"], line["parts"]) for line in given["totals"]])


def spread(tables: LinkedTables, by_label: Mapping[str, Any], absent: float) -> np.ndarray:
    """One number a cell from a mapping; null is unknown."""
    found = [by_label.get(label, absent) for label in tables.cells]
    return np.array([np.nan if value is None else value for value in found], dtype=float)


def marked(tables: LinkedTables, labels: list[str]) -> np.ndarray:
    flags = np.zeros(tables.size, dtype=bool)
    flags[tables.positions(labels)] = True
    return flags


def bounds_by_label(tables: LinkedTables, found: Any, hidden: np.ndarray) -> dict[str, Any]:
    return {
        str(tables.cells[place]): [
            None if np.isinf(bound) else round(float(bound), 4)
            for bound in (found.lower[place], found.upper[place])
        ]
        for place in np.flatnonzero(hidden)
    }


def run_attack(given: Mapping[str, Any]) -> dict[str, Any]:
    tables = tables_of(given)
    hidden = ~np.isin(tables.cells, list(given["published"]))
    found = attack_intervals(
        tables,
        spread(tables, given["published"], 0.0),
        hidden,
        lower=spread(tables, given.get("at_least", {}), 0.0),
        upper=spread(tables, given.get("at_most", {}), np.inf),
        rounding=given.get("rounding", 0.0),
    )
    return {"intervals": bounds_by_label(tables, found, hidden)}


def levels_for(secret: np.ndarray, values: np.ndarray, width: float) -> ProtectionLevels:
    above = np.where(secret, width, 0.0)
    return ProtectionLevels(np.fmin(above, values), above)


def run_protect(given: Mapping[str, Any]) -> dict[str, Any]:
    tables = tables_of(given)
    values = spread(tables, given["values"], np.nan)
    secret = marked(tables, given["secret"])
    costs = given.get("costs")
    found = protect(
        tables,
        values,
        secret,
        levels_for(secret, values, given["width"]),
        already_published=marked(tables, given.get("already_published", [])),
        costs=None if costs is None else spread(tables, costs, 1.0),
    )
    return {"complementary": sorted(tables.cells[found.complementary].tolist())}


def release_of(given: Mapping[str, Any]) -> Release:
    tables = tables_of(given)
    values = spread(tables, given["values"], np.nan)
    secret = marked(tables, given.get("secret", []))
    return Release(
        given["label"],
        tables,
        values,
        ~marked(tables, given.get("hidden", [])),
        secret,
        levels_for(secret, values, given.get("width", 1.0)),
    )


def run_gate(given: Mapping[str, Any]) -> dict[str, Any]:
    new = release_of(given["new"])
    earlier = [release_of(past) for past in given.get("earlier", [])]
    openings = find_openings(new, earlier)
    return {
        "open": [opening.cell for opening in openings],
        "sentence": openings[0].sentence_fr if openings else None,
        "releases": list(openings[0].releases) if openings else [],
    }


def run_gate_refusal(given: Mapping[str, Any]) -> dict[str, Any]:
    refuse_open_release(
        release_of(given["new"]), [release_of(past) for past in given.get("earlier", [])]
    )
    return {"refused": False}


def run_reconstruct(given: Mapping[str, Any]) -> dict[str, Any]:
    tables = tables_of(given)
    hidden = ~np.isin(tables.cells, list(given["published"]))
    prior = given.get("prior")
    found = reconstruct(
        tables,
        spread(tables, given["published"], 0.0),
        hidden,
        prior=None if prior is None else spread(tables, prior, np.nan),
        upper=spread(tables, given.get("at_most", {}), np.inf),
        rounding=given.get("rounding", 0.0),
    )
    places = np.flatnonzero(hidden)
    return {
        "intervals": bounds_by_label(tables, found, hidden),
        "central": {
            str(tables.cells[p]): None if np.isnan(found.central[p]) else round(found.central[p], 4)
            for p in places
        },
        "methods": sorted({ReconstructionMethod(m).name.lower() for m in found.method[hidden]}),
        "flags": {str(tables.cells[p]): found.flags[p].value for p in places},
    }


RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "secrecy_primary": run_primary,
    "secrecy_attack": run_attack,
    "secrecy_protection": run_protect,
    "secrecy_gate": run_gate,
    "secrecy_gate_refusal": run_gate_refusal,
    "secrecy_reconstruction": run_reconstruct,
}
