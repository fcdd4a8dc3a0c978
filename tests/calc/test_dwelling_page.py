"""The worked example of `docs/explanation/logement.md` is what the code computes."""

from datetime import date
from pathlib import Path

import pytest

from atre.calc.dwelling import balance
from atre.calc.dwelling.calibration import calibrate
from atre.calc.dwelling.climate import degree_hours, weather
from atre.calc.dwelling.conversions import Prices
from atre.calc.dwelling.difference import difference
from atre.calc.dwelling.estimate import NOT_A_DPE_FR, Estimate, estimate
from atre.calc.dwelling.inputs import read_dwellings
from atre.calc.dwelling.readings import read_readings
from atre.calc.dwelling.scenarios import Scenarios
from atre.calc.dwelling.spreads import Spread
from atre.calc.dwelling.works import insulate_roof
from atre.calc.emissions.factors import FactorSet
from atre.calc.wording import NARROW, NO_BREAK, number_fr

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "logement.md"
ON = date(2026, 6, 1)
HOUSE = {
    "kind": "house", "zone": "H1a", "altitude_m": 100.0, "built": "1949_1974",
    "floor_area_m2": 100.0, "levels": 2, "exposed_sides": 4, "walls_insulated": "no",
    "roof_insulated": "no", "glazing": "double", "shutters": True, "windows_state": "good",
    "ventilation": "natural", "occupants": 3, "setpoint_c": 19.0, "heating_system": "boiler",
    "heating_energy": "natural_gas", "heating_installed_year": 2008, "valves": True,
    "thermostat": True, "hot_water_system": "boiler", "cooking_energy": "electricity",
}  # fmt: skip
PRICES = Prices(date(2026, 1, 15), {"natural_gas": 0.10192, "electricity": 0.194})


@pytest.fixture(scope="module")
def page() -> str:
    text = PAGE.read_text(encoding="utf-8")
    return text.replace(NARROW, " ").replace(NO_BREAK, " ")


@pytest.fixture(scope="module")
def found() -> Estimate:
    return estimate(read_dwellings(HOUSE), on=ON, prices=PRICES)


def plain(value: float, decimals: int = 0) -> str:
    return number_fr(round(float(value), decimals), decimals).replace(NARROW, " ")


def between(spread: Spread, scale: float = 1) -> str:
    low, central, high = (plain(side[0] * scale) for side in spread)
    return f"{central} (de {low} à {high})"


def test_the_losses_and_the_january_balance_are_those_of_the_page(page):
    dwelling = read_dwellings(HOUSE)
    one = Scenarios(dwelling, ON, None, FactorSet.DPE, None)
    area = balance.surfaces(one.central, dwelling)
    through, air = balance.heat_losses(one.central, dwelling)
    outside = weather(dwelling, one.central["altitude_level"])
    hours = degree_hours(outside, one.central["setpoint"])[0, 0]
    need = balance.heating_need(one.central, dwelling, outside, ON)
    gains = balance.free_gains(one.central, dwelling, outside, ON)[0, 0]
    ratio = gains / ((through + air)[0] * hours)
    for part, name in (
        ("wall", "murs"),
        ("window", "fenêtres"),
        ("roof", "toit"),
        ("floor", "plancher bas"),
    ):
        u = one.central[f"{part}_u"][0]
        loss = plain(area[part][0] * u)
        assert f"| {name} | {plain(area[part][0], 1)} | {plain(u, 2)} | {loss} |" in page.lower()
    assert f"| Renouvellement d’air | | | {plain(air[0])} |" in page
    assert f"| Total | | | {plain((through + air)[0])} |" in page
    assert f"{plain(hours)} degrés-heures" in page
    assert f"X = {plain(ratio, 3)}" in page
    assert f"janvier demande {plain(need.monthly_kwh[0, 0])} kWh" in page


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("need_kwh", "Besoin de chaleur (kWh)"),
        ("heating_kwh", "Chauffage (kWh)"),
        ("conventional_heating_kwh", "Chauffage de tout le logement (kWh)"),
        ("hot_water_kwh", "Eau chaude (kWh)"),
        ("cooking_kwh", "Cuisson (kWh)"),
        ("specific_kwh", "Appareils et éclairage (kWh)"),
        ("final_kwh", "Énergie finale (kWh PCI)"),
        ("primary_kwh", "Énergie primaire, coefficient 1,9 (kWh)"),
        ("kg_co2e", "Gaz à effet de serre (kg CO₂)"),
        ("eur_ttc", "Coût sans abonnement (€)"),
    ],
)
def test_each_result_of_the_page_is_computed(page, found, name, label):
    assert f"| {label} | {between(found[name])} |" in page


def test_the_primary_energy_of_2025_is_on_the_page(page):
    before = estimate(read_dwellings(HOUSE), on=date(2025, 6, 1))
    assert (
        f"avec le coefficient de 2025 (2,3), {plain(before['primary_kwh'].central[0])} kWh" in page
    )


def test_the_calibrated_uses_and_the_gain_are_those_of_the_page(page, found):
    year = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [18_887.0])
    calibrated = calibrate(found, year)
    heating, hot_water = calibrated.uses.central[:2, 0]
    assert (
        f"{plain(heating)} kWh pour le chauffage et {plain(hot_water)} kWh pour l’eau chaude"
        in page
    )
    after = insulate_roof(found.dwellings, 7.0)
    assert f"sans factures, {between(difference(found, after)['final_kwh'])} kWh" in page
    gain = difference(found, after, calibrated)
    assert f"calée, {between(gain['final_kwh'])} kWh, soit {between(gain['eur_ttc'])} €" in page


def test_the_page_says_what_every_result_says(page):
    assert NOT_A_DPE_FR.replace(NO_BREAK, " ") in page
