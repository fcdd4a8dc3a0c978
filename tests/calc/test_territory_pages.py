"""The worked examples of the two pages on territories are recomputed: no page drifts from the code."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from atre.calc.climate_correction import CorrectionStatus, climate_corrected, heating_shares
from atre.calc.emissions.carriers import FACTORS_OF, carrier_codes
from atre.calc.emissions.territory import (
    CalorificBasis,
    kg_co2e,
    kwh_in_basis,
    primary_kwh,
)
from atre.calc.parameters import parameter
from atre.calc.poverty.income_distribution import fitted_incomes, share_below
from atre.calc.poverty.territory import territory_need
from atre.calc.poverty.territory_spending import Territories, climate_factor
from atre.calc.wording import number_fr

FOLDER = Path(__file__).parents[2] / "docs" / "explanation"
ON = date(2026, 1, 1)
INCOME_DAY = date(2021, 7, 1)
REFERENCE = "moyenne de dix ans, DJU base 18"


def page(name: str) -> str:
    return " ".join((FOLDER / f"{name}.md").read_text(encoding="utf-8").split())


POVERTY, CLIMATE = page("precarite-territoire"), page("correction-climatique")


def said(value: float, decimals: int = 0) -> str:
    return number_fr(float(value), decimals).replace("\u202f", " ")


def invented(**changed) -> Territories:
    columns = {
        "median_eur": [21_000.0],
        "first_decile_eur": [11_800.0],
        "ninth_decile_eur": [36_000.0],
        "households": [4_000.0],
        "houses": [1_500.0],
        "flats": [2_800.0],
        "degree_days": [2_400.0],
        "national_degree_days": 2_310.0,
    }
    return Territories(**{**columns, **changed})


def need_of(territories):
    return territory_need(territories, income_year=2021, reference=None)


def band_said(spread) -> str:
    low, central, high = (100 * side[0] for side in spread)
    return f"{said(central, 1)} % (de {said(low, 1)} à {said(high, 1)} %)"


def test_the_invented_commune_has_the_need_of_the_page():
    found = need_of(invented())
    low, central, high = (said(side[0]) for side in found.tee_households)
    share = band_said(found.tee_share).replace(" % (", " % des ménages (")
    assert f"TEE_3D : {share}, soit {central} ménages (de {low} à {high})" in POVERTY
    assert f"BRDE_UC : {band_said(found.brde_share)}" in POVERTY


def test_its_dpe_raise_the_need_as_the_page_says():
    found = need_of(invented(dpe_counts=[[0, 10, 20, 30, 40, 60, 40]]))
    assert f"(10 B, 20 C, 30 D, 40 E) : TEE_3D {band_said(found.tee_share)}" in POVERTY


def test_the_steps_of_the_page_are_those_of_the_model():
    incomes = fitted_incomes([21_000.0], [11_800.0], [36_000.0], [4_000.0], None)
    below = share_below(
        incomes, parameter("energy_poverty.third_decile_per_unit", on=INCOME_DAY).number
    )
    assert (
        f"÷ 1,2816 = {said(incomes.lower[0], 3)}. Sous 18 360 € : {said(100 * below[0], 1)} %"
        in POVERTY
    )
    assert f"2 400 ÷ 2 310 = {said(climate_factor([2400], 2310, 0.66)[0], 3)}" in POVERTY


def test_without_a_median_the_page_and_the_model_give_nothing():
    found = need_of(invented(median_eur=[np.nan], first_decile_eur=[np.nan]))
    assert np.isnan(found.tee_share.central[0])
    assert "Sans le revenu médian : pas d’estimation." in POVERTY


@pytest.mark.parametrize("carrier", list(FACTORS_OF))
def test_each_heating_share_is_in_the_table(carrier):
    share = heating_shares(carrier_codes([carrier]), [True], ON)[0]
    assert f"| {carrier.label_fr} | {said(100 * share, 1)} % |" in CLIMATE


def test_the_corrected_gas_and_electricity_are_those_of_the_page():
    carriers = carrier_codes(["gas", "electricity", "electricity"])
    shares = heating_shares(carriers, [True, True, False], ON)
    found = climate_corrected(
        [10_000.0, 5_000.0, 800.0], shares, 1_800.0, 2_000.0, reference_fr=REFERENCE
    )
    gas, electricity, offices = found.corrected_kwh
    assert f"2 000 ÷ 1 800) = {said(gas)} MWh" in CLIMATE
    assert f"5 000 MWh, devient {said(electricity)} MWh" in CLIMATE
    assert np.isnan(offices)
    assert found.statuses[2] is CorrectionStatus.NO_HEATING_SHARE


def test_bases_and_carbon_are_those_of_the_page():
    both = carrier_codes(["electricity", "gas"])
    gas = carrier_codes(["gas"])
    pci = kwh_in_basis([1_111.0], gas, CalorificBasis.PCS, CalorificBasis.PCI, ON).values[0]
    assert f"1 111 MWh PCS de gaz font {said(pci)} MWh PCI" in CLIMATE
    before, after = (
        primary_kwh([1_000.0], carrier_codes(["electricity"]), day).values[0]
        for day in (date(2025, 6, 1), ON)
    )
    assert (
        f"font {said(before)} MWh d’énergie primaire avec le coefficient de 2025, {said(after)}"
        in CLIMATE
    )
    electricity, burnt = kg_co2e([1e6, 1e6], both, ON).values / 1_000
    assert f"font {said(electricity, 1)} t ; 1 000 MWh PCI de gaz font {said(burnt)} t" in CLIMATE
