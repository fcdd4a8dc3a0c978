"""A dwelling's estimate: what must hold for any dwelling a visitor may describe."""

from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from atre.calc.bills.energies import Energy
from atre.calc.dwelling.conversions import Prices
from atre.calc.dwelling.estimate import NOT_A_DPE_FR, estimate
from atre.calc.dwelling.inputs import LABELS_FR, WORDS, read_dwellings
from atre.calc.dwelling.scenarios import OUTPUTS, Scenarios
from atre.calc.dwelling.telling import tell
from atre.calc.emissions.factors import USES, FactorSet
from atre.calc.errors import RefusedInput
from atre.calc.parameters import UnknownParameter

ON = date(2026, 6, 1)
PRICES = Prices(ON, {str(energy): 0.15 for energy in Energy})
# Machines whose energy the tables know; the others have no figure, which other tests say.
HEATING = (
    ("electric", "electricity"),
    ("boiler", "natural_gas"),
    ("boiler", "fuel_oil"),
    ("heat_pump_water", "electricity"),
    ("collective", "district_heat"),
    ("stove", "wood_logs"),
    ("none", None),
)


def word(name: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from((*WORDS[name], None))


def maybe(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.one_of(st.none(), st.floats(low, high))


@st.composite
def columns(draw: st.DrawFn) -> dict[str, object]:
    system, energy = draw(st.sampled_from(HEATING))
    named = (
        "built", "roof_exposed", "floor_exposed", "roof_kind", "floor_kind", "walls_insulated",
        "roof_insulated", "floor_insulated", "glazing", "windows_state", "shutters", "orientation",
        "ventilation", "thermostat", "valves", "cooking_energy",
    )  # fmt: skip
    return {
        **{name: draw(word(name)) for name in named},
        "kind": draw(st.sampled_from(WORDS["kind"])),
        "zone": draw(st.sampled_from(WORDS["zone"])),
        "floor_area_m2": draw(st.floats(12, 300)),
        "altitude_m": draw(maybe(0, 790)),
        "levels": draw(st.sampled_from((1, 2, 3, None))),
        "exposed_sides": draw(st.sampled_from((1, 2, 3, 4, None))),
        "occupants": draw(st.sampled_from((1, 2, 5, None))),
        "setpoint_c": draw(maybe(15, 24)),
        "heating_installed_year": draw(st.sampled_from((1985, 2005, 2020, None))),
        "heating_system": system,
        "heating_energy": energy,
        "hot_water_system": "tank",
        "hot_water_energy": "electricity",
    }


def needs(*dwellings: dict[str, object]) -> list[float]:
    """Central heating needs, without the ranges: the properties below do not need them."""
    together = {name: [one.get(name) for one in dwellings] for name in dwellings[0]}
    central = Scenarios(read_dwellings(together), ON, None, FactorSet.DPE, None).outcome
    return [float(one) for one in central[0]]


@settings(max_examples=20, deadline=None)
@given(columns(), st.sampled_from(("walls_insulated", "roof_insulated", "floor_insulated")))
def test_more_insulation_never_raises_the_need(dwelling, part):
    bare, half, full = needs(*({**dwelling, part: answer} for answer in ("no", "partial", "yes")))
    assert bare >= half >= full


@settings(max_examples=20, deadline=None)
@given(columns(), st.sampled_from(("walls", "roof", "floor")), st.floats(0, 8), st.floats(0, 8))
def test_a_thicker_added_layer_never_raises_the_need_nor_the_use(dwelling, part, one, other):
    name = f"{part}_added_r_m2k_w"
    thin, thick = sorted((one, other))
    both = {**dwelling, name: [thick, thin]}
    columns_of_both = {key: value if key == name else [value, value] for key, value in both.items()}
    outcome = Scenarios(read_dwellings(columns_of_both), ON, None, FactorSet.DPE, None).outcome
    for output in ("need_kwh", "heating_kwh", "conventional_heating_kwh"):
        with_thick, with_thin = outcome[OUTPUTS.index(output)]
        assert with_thick <= with_thin + 1e-6, output


@settings(max_examples=20, deadline=None)
@given(columns(), st.floats(12, 24), st.floats(12, 24))
def test_a_warmer_set_point_never_lowers_the_need(dwelling, one, other):
    cool, warm = sorted((one, other))
    cooler, warmer = needs({**dwelling, "setpoint_c": cool}, {**dwelling, "setpoint_c": warm})
    assert cooler <= warmer + 1e-6


@settings(max_examples=20, deadline=None)
@given(columns())
def test_a_higher_place_never_lowers_the_need(dwelling):
    assume(dwelling["zone"] not in ("H1a", "H2a", "H2b"))
    found = needs(*({**dwelling, "altitude_m": metres} for metres in (100, 500, 900)))
    assert found == sorted(found)


@settings(max_examples=20, deadline=None)
@given(columns())
def test_a_colder_zone_never_lowers_the_need_of_the_same_walls(dwelling):
    """Dwellings of before 1975 without insulation: later, the rules asked more of colder zones."""
    same = {
        **dwelling,
        "built": "before_1949",
        **{f"{part}_insulated": "no" for part in ("walls", "roof", "floor")},
    }
    found = needs(*({**same, "zone": zone} for zone in ("H3", "H2d", "H2b", "H1a")))
    assert found == sorted(found)


@settings(max_examples=20, deadline=None)
@given(columns())
def test_each_range_contains_its_central_value(dwelling):
    found = estimate(read_dwellings(dwelling), on=ON, prices=PRICES)
    for name in OUTPUTS:
        low, central, high = (float(side[0]) for side in found[name])
        assert low <= central <= high, name


@settings(max_examples=20, deadline=None)
@given(columns())
def test_uses_and_energies_add_up_to_the_total(dwelling):
    found = estimate(read_dwellings(dwelling), on=ON)
    total = found["final_kwh"].central[0]
    assert sum(found[f"{use}_kwh"].central[0] for use in USES) == pytest.approx(total)
    assert sum(found[f"{energy}_kwh"].central[0] for energy in Energy) == pytest.approx(total)


@settings(max_examples=5, deadline=None)
@given(st.lists(columns(), min_size=2, max_size=6))
def test_a_batch_gives_what_its_dwellings_give_one_by_one(dwellings):
    together = estimate(
        read_dwellings({name: [one[name] for one in dwellings] for name in dwellings[0]}),
        on=ON,
        prices=PRICES,
    )
    for row, one in enumerate(dwellings):
        alone = estimate(read_dwellings(one), on=ON, prices=PRICES)
        for name in OUTPUTS:
            for side in range(3):
                assert together[name][side][row] == pytest.approx(
                    alone[name][side][0], rel=1e-9, abs=1e-6, nan_ok=True
                ), name


# Answers that one can give to a question, each of which the range without an answer must hold.
ANSWERS = {
    "roof_insulated": ("no", "partial", "yes"),
    "floor_insulated": ("no", "partial", "yes"),
    "glazing": ("single", "mixed", "double"),
    "ventilation": WORDS["ventilation"],
    "shutters": ("no", "yes"),
    "windows_state": ("good", "draughty"),
    "orientation": WORDS["orientation"],
    "setpoint_c": (17, 19, 21),
    "ceiling_height_m": (2.3, 2.5, 2.8),
    "altitude_m": (100, 600),
}


@settings(max_examples=20, deadline=None)
@given(columns(), st.sampled_from(sorted(ANSWERS)))
def test_whatever_the_answer_turns_out_to_be_it_was_in_the_range_without_it(dwelling, question):
    """Before 1975, when building rules asked nothing of insulation."""
    asked = {**dwelling, "built": "1949_1974", question: None}
    unknown = estimate(read_dwellings(asked), on=ON)["need_kwh"]
    answers = ANSWERS[question]
    found = needs(*({**asked, question: answer} for answer in answers))
    for answer, answered in zip(answers, found, strict=True):
        margin = 1e-6 + 0.01 * answered
        assert unknown.low[0] - margin <= answered <= unknown.high[0] + margin, answer


@settings(max_examples=20, deadline=None)
@given(columns())
def test_no_dwelling_is_thought_to_use_more_than_heating_all_of_it_takes(dwelling):
    outcome = Scenarios(read_dwellings(dwelling), ON, None, FactorSet.DPE, None).outcome
    heating, conventional = (
        outcome[OUTPUTS.index(name), 0] for name in ("heating_kwh", "conventional_heating_kwh")
    )
    assert 0 <= heating <= conventional


@pytest.mark.parametrize("absent", ["kind", "zone", "floor_area_m2"])
def test_what_has_no_substitute_is_refused_with_its_name(absent):
    given_columns = {"kind": "house", "zone": "H1a", "floor_area_m2": 90.0}
    del given_columns[absent]
    with pytest.raises(RefusedInput) as refusal:
        read_dwellings(given_columns)
    assert refusal.value.field == absent


def test_nothing_but_the_required_answers_still_gives_a_need_and_names_the_rest():
    found = estimate(read_dwellings({"kind": "house", "zone": "H1a", "floor_area_m2": 90.0}), on=ON)
    told = tell(found, 0)
    assert told["need_kwh"]["low"] < told["need_kwh"]["central"] < told["need_kwh"]["high"]
    assert told["final_kwh"] is None
    assert told["missing"] == ["heating_energy", "hot_water_energy"]
    assert "l’énergie de chauffage et l’énergie de l’eau chaude" in told["sentences_fr"][-1]


def test_every_result_says_that_it_is_not_a_dpe_and_gives_no_class():
    found = estimate(read_dwellings({"kind": "flat", "zone": "H3", "floor_area_m2": 40.0}), on=ON)
    told = tell(found, 0)
    assert found.statement_fr == told["statement_fr"] == NOT_A_DPE_FR
    assert told["cautions_fr"][0] == NOT_A_DPE_FR
    assert not any("class" in key for key in told)


def test_an_energy_without_price_leaves_the_cost_unknown_only_where_it_is_used():
    dwellings = read_dwellings(
        {
            "kind": "flat",
            "zone": "H1a",
            "floor_area_m2": [50.0, 50.0],
            "heating_system": ["electric", "boiler"],
            "heating_energy": ["electricity", "fuel_oil"],
            "hot_water_system": "tank",
            "hot_water_energy": "electricity",
            "cooking_energy": "electricity",
        }
    )
    found = estimate(dwellings, on=ON, prices=Prices(ON, {"electricity": 0.2}))
    assert found["eur_ttc"].central[0] == pytest.approx(found["final_kwh"].central[0] * 0.2)
    assert np.isnan(found["eur_ttc"].central[1])


def test_gas_is_paid_on_the_basis_of_its_bills():
    dwelling = read_dwellings(
        {
            "kind": "house", "zone": "H1a", "floor_area_m2": 90.0, "heating_system": "boiler",
            "heating_energy": "natural_gas", "hot_water_system": "boiler",
            "cooking_energy": "natural_gas",
        }
    )  # fmt: skip
    found = estimate(dwelling, on=ON, prices=Prices(ON, {"natural_gas": 0.1, "electricity": 0.0}))
    assert found["eur_ttc"].central[0] == pytest.approx(
        found["natural_gas_kwh"].central[0] * 1.111 * 0.1
    )
    assert found.billed_kwh("natural_gas").central[0] == pytest.approx(
        found["natural_gas_kwh"].central[0] * 1.111
    )


def test_a_network_known_by_its_content_leaves_no_range_on_it():
    given_columns = {
        "kind": "flat", "zone": "H1a", "floor_area_m2": 60.0, "heating_system": "collective",
        "heating_energy": "district_heat", "hot_water_system": "collective",
        "cooking_energy": "electricity",
    }  # fmt: skip
    dwelling = read_dwellings(given_columns)
    unknown, known = estimate(dwelling, on=ON), estimate(dwelling, on=ON, network_kg_per_kwh=[0.1])
    assert "network_kg_per_kwh" in unknown.reach
    assert known["kg_co2e"].high[0] - known["kg_co2e"].low[0] < (
        unknown["kg_co2e"].high[0] - unknown["kg_co2e"].low[0]
    )
    heat = known["district_heat_kwh"].central[0]
    electric = known["electricity_kwh"].central[0]
    assert known["kg_co2e"].central[0] == pytest.approx(0.1 * heat + 0.069 * electric)


def test_the_other_set_of_factors_counts_electricity_at_its_yearly_mean():
    dwelling = read_dwellings(
        {
            "kind": "flat", "zone": "H1a", "floor_area_m2": 60.0, "heating_system": "electric",
            "hot_water_system": "tank", "hot_water_energy": "electricity",
            "cooking_energy": "electricity",
        }
    )  # fmt: skip
    found = estimate(dwelling, on=ON, factor_set=FactorSet.BASE_EMPREINTE)
    assert found["kg_co2e"].central[0] == pytest.approx(0.0519 * found["final_kwh"].central[0])


JUNK = st.one_of(
    st.none(), st.text(max_size=8), st.integers(), st.floats(), st.booleans(), st.dates(),
    st.lists(st.one_of(st.none(), st.text(max_size=3), st.floats(), st.lists(st.integers())), max_size=4),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2), st.binary(max_size=4),
    st.just(10**400), st.just({"a", "b"}), st.complex_numbers(),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(LABELS_FR)), JUNK)
def test_whatever_is_typed_is_read_or_refused_with_its_name(name, junk):
    typed = {"kind": "house", "zone": "H1a", "floor_area_m2": [90.0, 60.0], name: junk}
    refused, shapes = None, set()
    try:
        found = read_dwellings(typed)
        shapes = {column.shape for column in found.columns.values()}
    except RefusedInput as refusal:
        refused = refusal.field
    assert refused in (name, *typed) if refused else len(shapes) == 1


def test_a_blank_cell_of_a_table_is_unknown_not_zero_nor_a_word():
    found = read_dwellings(
        {
            "kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 50.0],
            "glazing": ["double", float("nan")], "shutters": [True, None], "occupants": [2, None],
        }
    )  # fmt: skip
    assert found.unknown("glazing").tolist() == [False, True]
    assert found.unknown("shutters").tolist() == [False, True]
    assert found.unknown("occupants").tolist() == [False, True]


def test_a_network_that_is_known_needs_no_list_of_the_year():
    dwelling = read_dwellings(
        {
            "kind": "flat", "zone": "H1a", "floor_area_m2": 60.0, "heating_system": "collective",
            "heating_energy": "district_heat", "hot_water_system": "collective",
            "cooking_energy": "electricity",
        }
    )  # fmt: skip
    before_the_list = date(2022, 6, 1)
    found = estimate(dwelling, on=before_the_list, network_kg_per_kwh=[0.1])
    assert found["kg_co2e"].central[0] > 0
    with pytest.raises(UnknownParameter):
        estimate(dwelling, on=before_the_list)
