"""What is said of an estimate, of its bills and of a gain, in French and in plain values."""

import json
from datetime import date
from decimal import Decimal

import pytest

from atre.calc.dwelling.calibration import calibrate
from atre.calc.dwelling.conversions import Prices
from atre.calc.dwelling.difference import difference
from atre.calc.dwelling.estimate import NOT_A_DPE_FR, Estimate, estimate
from atre.calc.dwelling.inputs import read_dwellings
from atre.calc.dwelling.readings import read_readings
from atre.calc.dwelling.telling import saving_of, tell, tell_calibration
from atre.calc.dwelling.works import insulate_roof, save_hot_water
from atre.calc.savings.tiers import Tier, totals_by_tier
from atre.calc.wording import NARROW, NO_BREAK

ON = date(2026, 6, 1)
HOUSE = {
    "kind": "house", "zone": "H1a", "floor_area_m2": 100.0, "levels": 2, "built": "1949_1974",
    "walls_insulated": "no", "roof_insulated": "no", "occupants": 3, "setpoint_c": 19,
    "heating_system": "boiler", "heating_energy": "natural_gas", "hot_water_system": "boiler",
    "cooking_energy": "electricity",
}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Estimate:
    prices = Prices(date(2026, 1, 15), {"natural_gas": 0.1, "electricity": 0.2})
    return estimate(read_dwellings(HOUSE), on=ON, prices=prices)


def spoken(sentences: list[str]) -> str:
    return " ".join(sentences).replace(NARROW, " ").replace(NO_BREAK, " ")


def test_a_dwelling_is_told_with_its_coefficient_its_factors_and_the_date_of_its_prices(found):
    said = spoken(tell(found, 0)["sentences_fr"])
    assert "coefficient de l’électricité 1,9 (au 1er juin 2026)" in said
    assert "facteurs du DPE" in said
    assert "aux prix du 15 janvier 2026" in said


def test_a_bad_house_is_told_what_heating_all_of_it_would_take_and_a_good_one_is_not(found):
    good = estimate(
        read_dwellings(
            {**HOUSE, "built": "after_2012"}
            | {f"{part}_insulated": "yes" for part in ("walls", "roof", "floor")}
        ),
        on=ON,
    )
    assert "Chauffer tout le logement" in spoken(tell(found, 0)["sentences_fr"])
    assert "Chauffer tout le logement" not in spoken(tell(good, 0)["sentences_fr"])


def test_what_is_left_out_or_judged_is_said_each_time(found):
    cautions = spoken(tell(found, 0)["cautions_fr"])
    assert "chauffage d’appoint" in cautions
    assert "estimés au jugé" in cautions
    assert "ni un pire cas ni une probabilité" in cautions


def test_what_is_told_is_plain_enough_for_json(found):
    told = json.loads(json.dumps(tell(found, 0)))
    assert told["final_kwh"]["low"] < told["final_kwh"]["central"] < told["final_kwh"]["high"]


def test_the_first_thing_to_look_at_is_what_widens_the_range_most(found):
    widest = max(found.reach, key=lambda name: found.reach[name][0])
    assert widest == "use_elasticity"
    assert tell(found, 0)["to_look_at_fr"][0] == "la façon de chauffer, tout le logement ou non"


def test_a_cost_is_not_told_when_no_price_was_given():
    told = tell(estimate(read_dwellings(HOUSE), on=ON), 0)
    assert told["eur_ttc"] is None
    assert "Coût" not in spoken(told["sentences_fr"])


def test_calibrated_uses_are_told_and_doubts_with_them(found):
    year = (["2025-01-01"], ["2026-01-01"])
    plain = calibrate(found, read_readings([0], ["natural_gas"], *year, [17_000.0]))
    assert "Gaz de réseau : calé sur les factures." in spoken(tell_calibration(plain, 0))
    assert "Chauffage après calage" in spoken(tell_calibration(plain, 0))
    far = calibrate(found, read_readings([0], ["natural_gas"], *year, [4_000.0]))
    assert "il faut vérifier" in spoken(tell_calibration(far, 0))


def test_the_calibrated_year_has_its_primary_energy_co2_and_cost(found):
    bills = read_readings(
        [0, 0], ["natural_gas", "electricity"], ["2025-01-01"] * 2, ["2026-01-01"] * 2,
        [11_110.0, 3_000.0],
    )  # fmt: skip
    totals = calibrate(found, bills).totals
    assert totals["primary_kwh"][0] == pytest.approx(10_000 + 3_000 * 1.9)
    assert totals["eur_ttc"][0] == pytest.approx(11_110 * 0.1 + 3_000 * 0.2)
    assert totals["kg_co2e"][0] == pytest.approx(10_000 * 0.227 + 3_000 * 0.069)


def test_a_gain_becomes_an_estimated_saving_counted_as_bills_count(found):
    gain = difference(found, save_hot_water(found.dwellings, 0.5))
    saving = saving_of(gain, 0)
    assert saving.tier is Tier.ESTIMATED
    assert saving.kwh_per_year == pytest.approx(gain["natural_gas_kwh"].central[0] * 1.111, abs=0.1)
    assert saving.euros_per_year == Decimal(f"{gain['eur_ttc'].central[0]:.2f}")
    assert saving.cautions_fr[0] == NOT_A_DPE_FR
    assert list(totals_by_tier([saving])) == [Tier.ESTIMATED]


def test_a_gain_without_price_or_energy_is_unknown_rather_than_zero(found):
    unpriced = estimate(found.dwellings, on=ON)
    saving = saving_of(difference(unpriced, insulate_roof(found.dwellings, 7.0)), 0)
    assert saving.kwh_per_year > 0
    assert saving.euros_per_year is None
    bare = estimate(read_dwellings({"kind": "house", "zone": "H1a", "floor_area_m2": 90.0}), on=ON)
    nothing = saving_of(difference(bare, insulate_roof(bare.dwellings, 7.0)), 0)
    assert nothing.kwh_per_year is None
