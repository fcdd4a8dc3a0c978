"""Cases of annual bills, tariffs and findings: how the YAML becomes a call."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from atre.calc.bills.annual_answer import annualise_bills
from atre.calc.bills.daily_series import DailySeries
from atre.calc.bills.energies import Energy, QuantityUnit
from atre.calc.bills.model import Bill
from atre.calc.bills.option_check import TariffOption, check_option
from atre.calc.bills.power_check import check_power
from atre.calc.bills.price_check import check_price
from atre.calc.bills.readings_check import check_readings
from atre.calc.bills.reference_prices import Reference, mean_reference
from atre.calc.bills.review import Contract, MeterYear, review_energy
from atre.calc.bills.standby_check import check_permanent_power
from atre.calc.bills.tariff import SplitReason, split_by_regression
from atre.calc.bills.water_check import check_water
from atre.calc.three_valued import Answer


def read_bills(rows: list[dict[str, Any]]) -> list[Bill]:
    """Amounts are text in the cases so that cents stay exact; kWh unless a unit is written."""
    return [
        Bill(
            energy=Energy(row.get("energy", "electricity")),
            start=row["start"],
            end=row["end"],
            quantity=decimal(row.get("quantity")),
            unit=QuantityUnit(row.get("unit", "kwh")),
            euros_ttc=decimal(row.get("euros_ttc")),
            estimated=row.get("estimated", False),
            kwh_per_m3=row.get("kwh_per_m3"),
        )
        for row in rows
    ]


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def read_degree_days(given: Mapping[str, Any]) -> DailySeries | None:
    """`degree_days` gives one figure a day for each of the twelve months, from one day to another."""
    if "degree_days" not in given:
        return None
    rule = given["degree_days"]
    days = np.arange(rule["from"], rule["to"], dtype="datetime64[D]")
    by_month = np.array(rule["each_day_of_month"], dtype=np.float64)
    return DailySeries.from_days(days, by_month[days.astype("datetime64[M]").astype(int) % 12])


def run_annualise(given: Mapping[str, Any]) -> dict[str, Any]:
    answer = annualise_bills(
        read_bills(given["bills"]),
        heating_share=given.get("heating_share"),
        degree_days=read_degree_days(given),
        window_end=given.get("window_end"),
    ).as_dict()
    return {**answer, "kwh": whole(answer["kwh"]), "added_kwh": whole(answer["added_kwh"])}


def whole(kwh: float | None) -> int | None:
    return None if kwh is None else round(kwh)


def run_option(given: Mapping[str, Any]) -> dict[str, Any]:
    option = given.get("option")
    return check_option(
        option=None if option is None else TariffOption(option),
        kva=given.get("kva"),
        kwh_hp_per_year=given.get("kwh_hp"),
        kwh_hc_per_year=given.get("kwh_hc"),
        on=given["date"],
    ).as_dict()


def run_power(given: Mapping[str, Any]) -> dict[str, Any]:
    days = np.full(given["days"], float(given["usual_kva"]))
    for day, kva in given.get("peaks", {}).items():
        days[day] = np.nan if kva is None else kva
    option = given.get("option")
    too_much, too_little = check_power(
        daily_max_kva=days,
        subscribed_kva=given.get("subscribed_kva"),
        option=None if option is None else TariffOption(option),
        on=given["date"],
    )
    return {"too_much": too_much.as_dict(), "too_little": too_little.as_dict()}


def run_readings(given: Mapping[str, Any]) -> dict[str, Any]:
    estimated, catch_up = check_readings(
        read_bills(given["bills"]),
        heating_share=given.get("heating_share"),
        degree_days=read_degree_days(given),
        eur_per_kwh=given.get("eur_per_kwh"),
    )
    return {"estimated": estimated.as_dict(), "catch_up": catch_up.as_dict()}


def run_price(given: Mapping[str, Any]) -> dict[str, Any]:
    off_peak = given.get("off_peak")
    return check_price(
        read_bills(given["bills"]),
        Reference(given["price"]),
        Reference(given["standing"]),
        None if off_peak is None else (Reference(off_peak[0]), off_peak[1]),
    ).as_dict()


def run_permanent_power(given: Mapping[str, Any]) -> dict[str, Any]:
    return check_permanent_power(
        np.full(given["days"], float(given["watts"])),
        on=given["date"],
        eur_per_kwh=given.get("eur_per_kwh"),
        limit_w=given.get("limit_w"),
    ).as_dict()


def run_water(given: Mapping[str, Any]) -> dict[str, Any]:
    named = {"on" if name == "date" else name: value for name, value in given.items()}
    return check_water(**named).as_dict()


def run_review(given: Mapping[str, Any]) -> dict[str, Any]:
    contract = dict(given.get("contract", {}))
    if "option" in contract:
        contract["option"] = TariffOption(contract["option"])
    findings = review_energy(
        read_bills(given["bills"]),
        on=given["date"],
        contract=Contract(**contract),
        meter=MeterYear(**given.get("meter", {})),
        heating_share=given.get("heating_share"),
    )
    return {
        str(answer): [str(one.kind) for one in findings if one.answer is answer]
        for answer in Answer
    }


def run_split(given: Mapping[str, Any]) -> dict[str, Any]:
    columns = list(zip(*given["bills"], strict=True))
    split = split_by_regression(np.zeros(len(given["bills"]), np.int64), 1, *columns)
    return {
        "reason": SplitReason(int(split.reason[0])).name.lower(),
        "eur_per_kwh": rounded(split.eur_per_kwh[0], 4),
        "standing_eur_per_year": rounded(split.standing_eur_per_year[0], 2),
    }


def run_reference(given: Mapping[str, Any]) -> dict[str, Any]:
    start: date = given["start"]
    end: date = given.get("end", start + timedelta(days=1))
    mean = mean_reference(
        Reference(given["reference"]),
        np.array([start], dtype="datetime64[D]"),
        np.array([end], dtype="datetime64[D]"),
    )
    return {
        "price": rounded(mean.price[0], 5),
        "unknown_days": int(mean.unknown_days[0]),
        "low_confidence": bool(mean.low_confidence[0]),
    }


def rounded(value: float, decimals: int) -> float | None:
    return None if np.isnan(value) else round(float(value), decimals)


RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "annualise_bills": run_annualise,
    "check_option": run_option,
    "check_power": run_power,
    "check_readings": run_readings,
    "check_price": run_price,
    "check_permanent_power": run_permanent_power,
    "check_water": run_water,
    "review_energy": run_review,
    "split_by_regression": run_split,
    "mean_reference": run_reference,
}
