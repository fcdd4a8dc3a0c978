"""A visit document and the columns of the estimate speak of the same things."""

from datetime import date

import pytest

from atre.calc.dwelling.estimate import estimate
from atre.calc.dwelling.from_visit import columns_of_visit
from atre.calc.dwelling.inputs import NUMBERS, WORDS, YES_NO, read_dwellings
from atre.calc.errors import RefusedInput
from atre.domain.visits import schemas

ON = date(2026, 6, 1)
# Where a column of the estimate is recorded in a visit under the same name or another.
PLACES = {
    **{name: ("dwelling", name) for name in (
        "built", "levels", "walls_insulated", "roof_insulated", "floor_insulated", "glazing",
        "windows_state", "shutters", "orientation", "ventilation", "occupants", "floor_area_m2",
    )},
    **{name: ("heating", name.removeprefix("heating_")) for name in (
        "heating_system", "heating_energy", "heating_installed_year", "thermostat", "valves",
        "setpoint_c",
    )},
    **{name: ("hot_water", name.removeprefix("hot_water_")) for name in (
        "hot_water_system", "hot_water_energy", "tank_l",
    )},
    "cooking_energy": ("uses", "cooking_energy"),
}  # fmt: skip


@pytest.mark.parametrize("column", PLACES)
def test_every_word_and_number_a_visit_allows_is_understood(column):
    field = schemas.field_schema(PLACES[column])
    if column in NUMBERS:
        low, high = NUMBERS[column]
        assert field.get("x-min", field.get("minimum")) >= low
        assert field.get("x-max", field.get("maximum")) <= high
    elif WORDS[column] is YES_NO:
        assert "boolean" in field["type"]
    else:
        assert {word for word in field["enum"] if word is not None} == set(WORDS[column])


def test_an_empty_visit_is_refused_for_what_has_no_substitute():
    columns = columns_of_visit(schemas.empty("2026-03-12"), zone="H1a", altitude_m=50)
    with pytest.raises(RefusedInput) as refusal:
        read_dwellings(columns | {"floor_area_m2": 60.0})
    assert refusal.value.field == "kind"


def test_a_dwelling_of_another_kind_is_refused_rather_than_taken_for_a_house():
    document = schemas.empty("2026-03-12")
    document["dwelling"] |= {"kind": "other", "floor_area_m2": "30"}
    with pytest.raises(RefusedInput) as refusal:
        read_dwellings(columns_of_visit(document, zone="H1a", altitude_m=None))
    assert refusal.value.field == "kind"


def test_a_filled_visit_becomes_an_estimate():
    document = schemas.empty("2026-03-12")
    document["dwelling"] |= {
        "kind": "flat", "floor_area_m2": "54.5", "storey": 2, "built": "1949_1974", "occupants": 3,
        "shutters": True, "glazing": "double",
    }  # fmt: skip
    document["heating"] |= {
        "system": "boiler", "scope": "collective", "energy": "natural_gas", "setpoint_c": "21.5",
        "valves": False,
    }  # fmt: skip
    document["hot_water"] |= {"system": "tank", "energy": "electricity", "tank_l": 150}
    document["uses"] |= {"cooking_energy": "electricity"}
    columns = columns_of_visit(document, zone="H1a", altitude_m=30)
    assert (columns["heating_system"], columns["floor_exposed"]) == ("collective", "no")
    found = estimate(read_dwellings(columns), on=ON)
    assert found["natural_gas_kwh"].central[0] > 0
    assert found["electricity_kwh"].central[0] > 0


def test_a_ground_floor_has_an_exposed_floor_and_a_house_says_nothing_of_storeys():
    document = schemas.empty("2026-03-12")
    document["dwelling"] |= {"kind": "flat", "storey": 0}
    assert columns_of_visit(document, zone="H1a", altitude_m=0)["floor_exposed"] == "yes"
    document["dwelling"] |= {"kind": "house"}
    assert columns_of_visit(document, zone="H1a", altitude_m=0)["floor_exposed"] is None
