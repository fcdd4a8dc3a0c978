"""Cases of aids, the exit test and bills: how the YAML becomes a call."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from atre.calc.aids.income_class_answer import explain_income_class
from atre.calc.aids.programme_eligibility import judge
from atre.calc.bills.energies import Energy, QuantityUnit
from atre.calc.bills.model import Bill
from atre.calc.bills.summary import summarise_bills
from atre.calc.poverty.exit_criteria import Situation
from atre.calc.poverty.exit_verdict import exit_test

AMOUNTS = (
    "rfr_eur",
    "energy_eur_per_year",
    "disposable_income_eur_per_year",
    "quantity",
    "euros_ttc",
)


def as_arguments(given: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts are text in the cases so that cents stay exact; `on` would be a boolean in YAML."""
    named = {"on" if name == "date" else name: value for name, value in given.items()}
    return {
        name: Decimal(value) if name in AMOUNTS and value is not None else value
        for name, value in named.items()
    }


def run_income_class(given: Mapping[str, Any]) -> dict[str, Any]:
    return explain_income_class(**as_arguments(given)).as_dict()


def run_programme_eligibility(given: Mapping[str, Any]) -> dict[str, Any]:
    return judge(**as_arguments(given)).as_dict()


def run_exit_test(given: Mapping[str, Any]) -> dict[str, Any]:
    return exit_test(
        given["definition"],
        Situation(**as_arguments(given["before"])),
        Situation(**as_arguments(given["after"])),
        given["date"],
    ).as_dict()


def run_summarise_bills(given: Mapping[str, Any]) -> dict[str, Any]:
    bills = [
        Bill(
            **{
                **as_arguments(row),
                "energy": Energy(row["energy"]),
                "unit": QuantityUnit(row["unit"]),
            }
        )
        for row in given["bills"]
    ]
    return {str(one.energy): one.as_dict() for one in summarise_bills(bills, given["visit_on"])}


RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "income_class": run_income_class,
    "programme_eligibility": run_programme_eligibility,
    "exit_test": run_exit_test,
    "summarise_bills": run_summarise_bills,
}
