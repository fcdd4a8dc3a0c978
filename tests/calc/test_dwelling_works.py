"""Works and gestures: differences that move with what is not known, before as after."""

from datetime import date

import numpy as np
import pytest

from atre.calc.dwelling import works
from atre.calc.dwelling.conversions import Prices
from atre.calc.dwelling.difference import difference
from atre.calc.dwelling.estimate import NOT_A_DPE_FR, Estimate, estimate
from atre.calc.dwelling.inputs import Dwellings, read_dwellings
from atre.calc.dwelling.scenarios import OUTPUTS
from atre.calc.errors import RefusedInput

ON = date(2026, 6, 1)


@pytest.fixture(scope="module")
def old_house() -> Estimate:
    columns = {
        "kind": "house", "zone": "H1b", "floor_area_m2": 95.0, "levels": 2, "built": "1949_1974",
        "walls_insulated": None, "roof_insulated": "no", "floor_insulated": "no",
        "glazing": "single", "windows_state": "draughty", "ventilation": "natural",
        "heating_system": "boiler", "heating_energy": "fuel_oil", "heating_installed_year": 1995,
        "valves": False, "thermostat": False, "hot_water_system": "boiler",
        "cooking_energy": "electricity", "occupants": 4, "setpoint_c": 20,
    }  # fmt: skip
    prices = Prices(ON, {"fuel_oil": 0.13, "electricity": 0.2, "wood_pellets": 0.09})
    return estimate(read_dwellings(columns), on=ON, prices=prices)


ACTIONS = {
    "walls": lambda found: works.insulate_walls(found, 3.7),
    "roof": lambda found: works.insulate_roof(found, 7.0),
    "floor": lambda found: works.insulate_floor(found, 3.0),
    "windows": lambda found: works.replace_windows(found, 1.3),
    "seals": works.seal_windows,
    "one degree": lambda found: works.lower_setpoint(found, 1.0),
    "thermostat": lambda found: found.replaced(thermostat=True),
    "boiler": lambda found: works.replace_heating(
        found, "boiler", "wood_pellets", 2026, valves=True
    ),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_each_action_saves_final_energy_within_a_range_that_holds_its_centre(old_house, name):
    gain = difference(old_house, ACTIONS[name](old_house.dwellings))
    for output in OUTPUTS:
        low, central, high = (float(side[0]) for side in gain[output])
        assert low <= central <= high, output
    assert gain["heating_kwh"].central[0] > 0


def test_the_range_of_a_gain_is_narrower_than_two_estimates_set_side_by_side(old_house):
    after = works.insulate_roof(old_house.dwellings, 7.0)
    gain = difference(old_house, after)["final_kwh"]
    before, later = old_house["final_kwh"], estimate(after, on=ON)["final_kwh"]
    apart = (before.high[0] - later.low[0]) - (before.low[0] - later.high[0])
    assert gain.high[0] - gain.low[0] < 0.5 * apart


def test_the_central_gain_is_the_difference_of_the_two_central_estimates(old_house):
    after = works.replace_windows(old_house.dwellings, 1.3)
    gain = difference(old_house, after)
    later = estimate(after, on=ON, prices=old_house.prices)
    for output in OUTPUTS:
        expected = old_house[output].central[0] - later[output].central[0]
        assert gain[output].central[0] == pytest.approx(expected, abs=1e-6)


def test_two_works_together_save_less_than_their_sum(old_house):
    walls = works.insulate_walls(old_house.dwellings, 3.7)
    boiler = ACTIONS["boiler"]
    alone = [
        difference(old_house, after)["final_kwh"].central[0]
        for after in (walls, boiler(old_house.dwellings))
    ]
    together = difference(old_house, boiler(walls))["final_kwh"].central[0]
    assert max(alone) < together < sum(alone)


def test_changing_the_boiler_leaves_hot_water_with_the_energy_it_had(old_house):
    after = works.replace_heating(
        old_house.dwellings, "heat_pump_water", "electricity", 2026, valves=True
    )
    later = estimate(after, on=ON)
    assert later["fuel_oil_kwh"].central[0] == pytest.approx(later["hot_water_kwh"].central[0])


def test_a_new_machine_leaves_the_walls_as_they_are(old_house):
    after = works.replace_heating(
        old_house.dwellings, "heat_pump_water", "electricity", 2026, valves=True
    )
    assert difference(old_house, after)["need_kwh"].central[0] == 0


def test_a_heat_pump_for_hot_water_and_a_ventilation_are_works_too(old_house):
    tank = works.replace_hot_water(old_house.dwellings, "heat_pump", "electricity")
    assert difference(old_house, tank)["hot_water_kwh"].low[0] > 0
    aired = works.ventilate(old_house.dwellings, "vmc_simple")
    assert difference(old_house, aired)["need_kwh"].central[0] > 0


def test_a_share_of_the_appliances_saved_is_that_share_of_their_electricity(old_house):
    gain = difference(old_house, works.save_electricity(old_house.dwellings, 0.1))
    saved, used = gain["specific_kwh"].central[0], old_house["specific_kwh"].central[0]
    assert saved == pytest.approx(0.1 * used)
    assert gain["heating_kwh"].central[0] == 0


def test_works_cannot_take_away_what_has_no_substitute(old_house):
    with pytest.raises(RefusedInput) as refusal:
        old_house.dwellings.replaced(zone=None)
    assert refusal.value.field == "zone"


def test_a_gain_says_that_it_is_not_a_dpe_nor_a_gain_on_the_bill(old_house):
    gain = difference(old_house, works.save_hot_water(old_house.dwellings, 0.2))
    assert gain.statement_fr == NOT_A_DPE_FR
    assert "n’est pas un gain de facture" in gain.caution_fr


def test_works_on_another_number_of_dwellings_are_refused(old_house):
    two = Dwellings({k: np.repeat(v, 2) for k, v in old_house.dwellings.columns.items()})
    with pytest.raises(RefusedInput) as refusal:
        difference(old_house, two)
    assert refusal.value.field == "after"


def test_a_column_that_does_not_exist_cannot_be_changed(old_house):
    with pytest.raises(RefusedInput) as refusal:
        old_house.dwellings.replaced(solar_panels=3)
    assert refusal.value.field == "solar_panels"
