"""Cases of measured savings and degree days: an invented home described in a few words."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from atre.calc.savings.comparison_group import adjusted_savings, comparison_group
from atre.calc.savings.constant_price import bill_change, constant_price_saving
from atre.calc.savings.degree_days import (
    cooling_degree_days_meteo,
    corrected_heating_kwh,
    degree_days_costic,
    degree_days_meteo,
    in_heating_season,
)
from atre.calc.savings.measured_bills import measure_bills
from atre.calc.savings.measured_daily import measure_daily
from atre.calc.savings.method import CaltrackMethod
from atre.calc.savings.weather_range import plausible_daily_means
from atre.calc.savings.windows import bill_windows, daily_windows

WORKS = 20_000
YEAR = 365


def home(given: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Day numbers, use and mean temperature, 400 days on each side of the works."""
    day = np.arange(WORKS - 400, WORKS + 400)
    # A cold wave every eleven days makes the days of a month differ.
    temperature = 12 - 9 * np.cos((day - 19_740) * 2 * np.pi / 365.25) + 3 * np.cos(day * 2 / 11)
    use = given.get("base", 8) + given.get("heat", 3) * np.maximum(16 - temperature, 0)
    use = use * (1 + 0.05 * np.sin(day * 7.3))
    use = np.where(day >= WORKS, use * (1 - given.get("saved", 0.15)), use)
    return day, use, temperature


def run_daily(given: Mapping[str, Any]) -> dict[str, Any]:
    day, use, temperature = home(given)
    first, last = given.get("days_before", 400), given.get("days_after", 400)
    kept = (day >= WORKS - first) & (day < WORKS + last)
    start = WORKS - first
    use[(day >= start) & (day < start + given.get("blank_days_at_start", 0))] = np.nan
    use[(day >= WORKS - 200) & (day < WORKS - 200 + given.get("blank_days_inside", 0))] = np.nan
    use[(day >= WORKS - 3) & (day < WORKS - 3 + given.get("negative_days", 0))] = -4.0
    blank = given.get("days_without_temperature", 0)
    temperature[(day >= WORKS - 100) & (day < WORKS - 100 + blank)] = np.nan
    if given.get("fahrenheit"):
        temperature = temperature * 1.8 + 32
    plausible = plausible_daily_means(temperature, on=date(2024, 11, 15))
    temperature = np.where(plausible, temperature, np.nan)
    days, kwh = day[kept], use[kept]
    if given.get("repeated_day"):
        days, kwh = np.append(days, WORKS - 30), np.append(kwh, 1.0)
    method = CaltrackMethod(confidence=given.get("confidence", 0.9), fits_cooling=False)
    windows = daily_windows(
        np.zeros(len(days), dtype=np.int64),
        days,
        kwh,
        works_start=np.array([WORKS]),
        works_end=np.array([WORKS]),
        method=method,
    )
    before = temperature[(day >= WORKS - YEAR) & (day < WORKS)]
    after = temperature[(day >= WORKS) & (day < WORKS + YEAR)]
    found = measure_daily(
        windows.baseline_kwh,
        before,
        windows.reporting_kwh,
        after,
        method=method,
        refusals=windows.refusals,
    )
    return rounded(found.as_dict(0))


def run_bills(given: Mapping[str, Any]) -> dict[str, Any]:
    day, use, temperature = home(given)
    length = given["bill_days"]
    before = np.arange(WORKS - given.get("gap", 0), WORKS - 400, -length)[::-1]
    after = np.arange(WORKS, WORKS + 400, length)
    edges = (
        np.concatenate([before, after[1:]]) if not given.get("gap") else np.append(before, after)
    )
    edges = edges[edges >= WORKS - given.get("days_before", 400)]
    total = np.concatenate([[0.0], np.cumsum(use)])
    starts, ends = edges[:-1].copy(), edges[1:].copy()
    kwh = np.diff(total[edges - day[0]])
    if given.get("overlap"):
        starts[3] -= 5
    if "negative_bill" in given:
        kwh[given["negative_bill"]] = -50.0
    method = CaltrackMethod(fits_cooling=False)
    windows = bill_windows(
        starts[None],
        ends[None],
        kwh[None],
        works_start=np.array([WORKS]),
        works_end=np.array([WORKS]),
        method=method,
    )
    found = measure_bills(windows, temperature[None], day[:1], method=method)
    return rounded(found.as_dict(0))


def rounded(answer: dict[str, Any]) -> dict[str, Any]:
    """What a sentence quotes: the share in whole percents, the model's kind."""
    share = answer["saving_share"]
    return {
        **answer,
        "saved_percent": None if share is None else round(share * 100),
        "kind": None if answer["model"] is None else answer["model"]["kind"],
    }


def run_degree_days(given: Mapping[str, Any]) -> dict[str, Any]:
    low, high = np.array([given["lowest_c"]]), np.array([given["highest_c"]])
    base = float(given["base_c"])
    on = given.get("date", date(2025, 1, 15))
    return {
        "meteo": round(float(degree_days_meteo(low, high, base)[0]), 3),
        "costic": round(float(degree_days_costic(low, high, base, on=on)[0]), 3),
        "cooling": round(float(cooling_degree_days_meteo(low, high, base)[0]), 3),
    }


def run_season(given: Mapping[str, Any]) -> dict[str, Any]:
    days = np.arange(given["from"], given["to"] + timedelta(days=1), dtype="datetime64[D]")
    inside = in_heating_season(days, on=given["from"])
    return {"days": int(inside.sum()), "first": bool(inside[0]), "last": bool(inside[-1])}


def run_money(given: Mapping[str, Any]) -> dict[str, Any]:
    saving = constant_price_saving(
        np.array([given["saving_kwh"]]), np.array([given["half_width_kwh"]]), given["price"]
    )
    return {
        "saving_eur": round(float(saving.saving_eur[0]), 2),
        "interval_eur": [round(float(saving.low_eur[0]), 2), round(float(saving.high_eur[0]), 2)],
    }


def run_bill_change(given: Mapping[str, Any]) -> dict[str, Any]:
    parts = bill_change(
        np.array([given["baseline_kwh"]]),
        np.array([given["counterfactual_kwh"]]),
        np.array([given["reported_kwh"]]),
        price_before_eur_per_kwh=given["price_before"],
        price_after_eur_per_kwh=given["price_after"],
    )
    names = ("change_eur", "price_eur", "weather_eur", "use_eur")
    return {name: round(float(getattr(parts, name)[0]), 2) for name in names}


def run_comparison(given: Mapping[str, Any]) -> dict[str, Any]:
    reported = np.array(given["reported_kwh"], dtype=np.float64)
    group = comparison_group(np.full(len(reported), given["expected_kwh"]), reported)
    net = adjusted_savings(
        np.array([given["treated_expected_kwh"]]),
        np.array([given["treated_reported_kwh"]]),
        np.array([given["half_width_kwh"]]),
        group,
    )
    return {
        "share": round(group.share, 4),
        "meters": group.meters,
        "net_kwh": round(float(net.saving_kwh[0]), 1),
        "wider": bool(net.half_width_kwh[0] > given["half_width_kwh"]),
    }


def run_correction(given: Mapping[str, Any]) -> dict[str, Any]:
    corrected = corrected_heating_kwh(
        np.array([given["heating_kwh"]]), np.array([given["dju"]]), np.array([given["reference"]])
    )
    return {"kwh": None if np.isnan(corrected[0]) else round(float(corrected[0]), 1)}


RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "measure_daily": run_daily,
    "measure_bills": run_bills,
    "degree_days": run_degree_days,
    "heating_season": run_season,
    "constant_price_saving": run_money,
    "bill_change": run_bill_change,
    "comparison_group": run_comparison,
    "corrected_heating": run_correction,
}
