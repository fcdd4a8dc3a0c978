"""The worked examples of two pages are recomputed: a page cannot drift from the code."""

import gzip
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from atre.calc.bills.annual import annualise
from atre.calc.bills.daily_series import DailySeries
from atre.calc.bills.energies import gas_kwh_pcs
from atre.calc.bills.load_shape import LoadShape, shape_from_bills, shape_from_share
from atre.calc.bills.option_check import option_costs, regulated_prices
from atre.calc.bills.power_check import power_use
from atre.calc.bills.price_check import price_gaps
from atre.calc.bills.readings import BillRows, stretches_between_readings
from atre.calc.bills.readings_check import catch_ups
from atre.calc.bills.reference_prices import Reference
from atre.calc.bills.standby_check import PERMANENT_POWER_KEY, permanent_power
from atre.calc.bills.tariff import all_in_price, split_by_regression
from atre.calc.bills.water_check import water_use
from atre.calc.parameters import all_parameters, parameter
from atre.calc.poverty.brde import energy_per_basis, residual_income_per_unit
from atre.calc.poverty.effort import (
    cheque_energie_units,
    effort_ratio,
    insee_units,
    published_third_decile,
)
from atre.calc.wording import number_fr

ENEDIS = Path(__file__).parents[3] / "shared" / "cases" / "enedis"
PAGES = Path(__file__).parents[2] / "docs" / "explanation"
ON = date(2026, 9, 1)


def page(name):
    return re.sub(r"\s+", " ", (PAGES / name).read_text(encoding="utf-8"))


BILLS, POVERTY = page("factures.md"), page("precarite-energetique.md")


def written(value, decimals=0, unit=""):
    """A figure as the pages write it, with plain spaces."""
    text = re.sub(r"\s", " ", number_fr(round(float(value), 6), decimals))
    return f"{text} {unit}".strip()


def assert_said(text, *figures):
    for figure in figures:
        assert re.search(rf"(?<![\d,]){re.escape(figure)}(?!\d)", text), figure


def days(text):
    return np.array(text.split(), dtype="datetime64[D]")


def example_gas():
    every = np.arange("2025-01-01", "2026-01-01", dtype="datetime64[D]")
    by_month = np.array([12, 12, 6, 6, 0, 0, 0, 0, 0, 6, 12, 12], dtype=float)
    weather = DailySeries.from_days(every, by_month[every.astype("datetime64[M]").astype(int) % 12])
    edges = days("2025-01-01 2025-03-01 2025-05-01 2025-10-01 2025-12-01")
    bills = BillRows.from_arrays(
        np.zeros(4, int), edges[:-1], edges[1:], [7375, 3965, 765, 5765], np.zeros(4, np.int8)
    )
    return bills, weather


def test_the_year_of_the_example():
    bills, weather = example_gas()
    stretches = stretches_between_readings(bills)
    shape = shape_from_bills(stretches, 1, weather)
    opens, closes = days("2025-01-01"), days("2026-01-01")
    year = annualise(bills, opens, closes, shape, weather)
    by_days = annualise(bills, opens, closes, shape_from_share(stretches, [0.0], None))
    for start, end, kwh in zip(bills.start, bills.end, bills.kwh, strict=True):
        degrees = weather.total(np.array([start]), np.array([end]))[0]
        row = f"| {(end - start).astype(int)} | {written(degrees)} | {written(kwh)} |"
        assert row in BILLS
    assert shape.base_kwh_per_day[0] == pytest.approx(5)
    assert shape.heat_kwh_per_degree_day[0] == pytest.approx(10)
    assert_said(
        BILLS,
        written(year.kwh[0], 0, "kWh"),
        written(year.added_kwh[0], 0, "kWh"),
        f"{year.covered_days[0]} jours couverts",
        written(by_days.kwh[0], 0, "kWh"),
        f"{written(100 * (1 - by_days.kwh[0] / year.kwh[0]))} % de moins",
        f"{written(100 * (1 - 365 * 5 / year.kwh[0]))} % suivent le froid",
    )


def test_calorific_values_of_the_page():
    ratio = parameter("energy.gas.kwh_pcs_per_kwh_pci", on=ON).number
    assert_said(BILLS, f"{written(ratio, 3)} kWh PCS", written(gas_kwh_pcs([10_000], ON)[0]))


def test_the_tariff_of_the_example():
    length, kwh, euros = [60, 61, 60], [900, 300, 600], [150.6, 60.86, 105.6]
    split = split_by_regression(np.zeros(3, int), 1, length, kwh, euros)
    every = all_in_price(euros, kwh)
    assert_said(
        BILLS,
        written(split.eur_per_kwh[0], 2, "€ par kWh"),
        written(split.standing_eur_per_year[0], 2, "€ par an"),
        f"de {written(every.min(), 3)} à {written(every.max(), 3)} €",
    )


def test_the_option_of_the_example():
    prices = regulated_prices(6, ON)
    costs = option_costs([3000.0], [2000.0], prices)
    assert_said(
        BILLS,
        written(prices.base_eur_per_kwh, 4, "€"),
        written(prices.hp_eur_per_kwh, 4, "€"),
        written(prices.hc_eur_per_kwh, 4, "€"),
        f"seuil à {written(100 * prices.break_even_hc_share)} %",
        written(costs.base_eur_per_year[0], 2, "€ en base"),
        written(costs.hphc_eur_per_year[0], 2, "€ en heures creuses"),
        written(costs.saving(np.array([0], np.int8))[0], 2, "€ de trop"),
    )


def test_the_power_of_the_example():
    now, then = regulated_prices(9, ON), regulated_prices(6, ON)
    saved = now.base_standing_eur_per_year - then.base_standing_eur_per_year
    needed = [
        power_use(np.zeros(365, int), np.full(365, highest), [9.0], ON).needed_kva[0]
        for highest in (5.4, 5.5)
    ]
    assert needed == [6, 9]
    assert_said(BILLS, written(saved, 2, "€ d’abonnement en moins"))


def test_the_catch_up_of_the_example():
    flat = LoadShape(np.array([1.0]), np.array([0.0]), np.zeros(1, np.int8), np.array([np.nan]))
    edges = days("2024-01-01 2025-01-01 2026-01-01")
    whole = BillRows.from_arrays([0], edges[:1], edges[2:], [7310.0], [0])
    parts = BillRows.from_arrays([0, 0], edges[:2], edges[1:], [1830.0, 5480.0], [1, 0])
    for rows in (whole, parts):
        late = catch_ups(rows, stretches_between_readings(rows), flat)
        assert_said(
            BILLS,
            written(late.undue_kwh[0], 0, "kWh"),
            written(late.undue_kwh[0] * 0.2, 0, "€"),
        )
    assert late.limit[0] == np.datetime64("2024-11-01")
    assert_said(BILLS, f"{(late.limit - edges[:1])[0].astype(int)} premiers jours")


def test_the_reference_of_the_example():
    gaps = price_gaps(
        days("2025-10-01"),
        days("2025-12-01"),
        np.array([2000.0]),
        np.array([313.54]),
        Reference.GAS_HEATING,
        Reference.GAS_HEATING_STANDING,
    )
    assert_said(
        BILLS,
        written(gaps.reference_eur[0], 2, "€"),
        f"{written(100 * gaps.gap_share[0])} % au-dessus",
        written(313.54 - gaps.reference_eur[0], 2, "€ pour ces 61 jours"),
    )


def test_the_gas_months_of_the_page_are_those_of_the_files():
    months = {
        name.removeprefix("month_")
        for value in all_parameters()["price.gas.prix_repere.heating_kwh"].values
        for name in value.named_numbers
    }
    said = "08 09 10 11", "09 11 12", "01 02 10 11 12", "01 08"
    expected = {
        f"{year}_{month}"
        for year, listed in zip((2023, 2024, 2025, 2026), said, strict=True)
        for month in listed.split()
    }
    assert months == expected


def test_permanent_power_and_water_of_the_page():
    mean = parameter(PERMANENT_POWER_KEY, on=ON).number
    found = permanent_power(np.zeros(60, int), np.full(60, 300.0), 1)
    excess = (300 - 2 * mean) * 8.76 * 0.2
    litres = parameter("billing.water.litres_per_person_per_day", on=ON).number
    use = water_use([81.0, 80.0], [182, 182], [40.0, 40.0], [np.nan, np.nan], ON)
    assert use.legal.tolist() == [1, 0]
    assert use.excess_m3.tolist() == [1, 0]
    assert_said(
        BILLS,
        written(found.kwh_per_year[0], 0, "kWh par an"),
        f"dépasse {written(2 * mean)} W",
        written(excess, 2, "€ par an"),
        f"{written(litres)} litres par personne",
        f"{written(80_000 / 182)} litres par jour",
    )


@pytest.mark.skipif(not ENEDIS.exists(), reason="the shared real meters are absent")
def test_the_permanent_power_of_a_real_home():
    lines = gzip.decompress((ENEDIS / "HDM_C5_CDC.csv.gz").read_bytes()).decode("utf-8-sig")
    rows = [line.split(";") for line in lines.splitlines()[3:]]
    day = np.array([row[0][:10] for row in rows], dtype="datetime64[D]")
    watts = np.array([float(row[1]) if row[1] else np.nan for row in rows])
    known = ~np.isnan(watts)
    _, rank = np.unique(day[known], return_inverse=True)
    lowest = np.full(rank.max() + 1, np.inf)
    np.minimum.at(lowest, rank, watts[known])
    found = permanent_power(np.zeros(lowest.size, int), lowest, 1)
    assert_said(
        BILLS,
        f"{written(np.median(lowest))} W au milieu",
        f"{written(found.watts[0])} W neuf jours sur dix",
    )


def test_the_units_of_the_page():
    assert_said(
        POVERTY,
        f"{written(insee_units([1], [2], ON)[0], 1)} unité",
        f"{written(cheque_energie_units([3], ON)[0], 1)} pour le chèque énergie",
        f"{written(insee_units([4], [0], ON)[0], 1)} et "
        f"{written(cheque_energie_units([4], ON)[0], 1)}",
        f"{written(cheque_energie_units([2], ON, [1])[0], 2)} unité",
    )


def test_the_effort_of_the_page():
    decile = published_third_decile(2021)
    units = insee_units([2], [2], ON)[0]
    assert_said(
        POVERTY,
        f"{written(100 * effort_ratio(1800, 15_000)[0])} %",
        written(decile, 0, "€ par unité"),
        written(decile * units, 0, "€"),
        f"{written(100 * effort_ratio(1602, 20_000)[0], 2)} %",
    )


def test_the_brde_of_the_page():
    units = insee_units([2], [2], ON)
    share = parameter("energy_poverty.brde_residual_share", on=ON).number
    assert_said(
        POVERTY,
        f"Par m² : {written(energy_per_basis(1500, 75)[0], 0, '€')}",
        written(residual_income_per_unit(20_000, 7400, units)[0], 0, "€ par unité"),
        f"soit {written(share * 15_000, 0, '€')}",
        f"{written(energy_per_basis(1500, units)[0], 0, '€')} restent sous",
    )
