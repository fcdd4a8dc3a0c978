"""Cases of the poverty indicators and of the two unit scales: how the YAML becomes a call."""

from collections.abc import Callable, Mapping
from typing import Any

from atre.calc.poverty.effort import cheque_energie_units, insee_units
from atre.calc.poverty.indicators import HouseholdYear, Population, poverty_indicators


def run_indicators(given: Mapping[str, Any]) -> dict[str, Any]:
    return poverty_indicators(
        HouseholdYear(**given["household"]), Population(**given["population"]), given["date"]
    ).as_dict()


def run_units(given: Mapping[str, Any]) -> dict[str, Any]:
    older, younger = given["persons_14_or_more"], given["children_under_14"]
    shared = given.get("alternate_custody_children", 0)
    return {
        "insee": round(float(insee_units([older], [younger], given["date"])[0]), 4),
        "cheque_energie": round(
            float(cheque_energie_units([older + younger], given["date"], [shared])[0]), 4
        ),
    }


RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "poverty_indicators": run_indicators,
    "consumption_units": run_units,
}
