"""A situation file may hold anything: it is read, or refused with a sentence; never a crash."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.aids.examples import EXAMPLE_COLUMNS
from atre.calc.aids.financing import Route, financing_plans
from atre.calc.aids.financing_answer import explain_plan
from atre.calc.aids.project import OTHER_KEYS, WORK_KEYS, project_from
from atre.calc.aids.situation_fields import FIELDS
from atre.calc.errors import CalcRefusal, RefusedInput

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-10, 10**320)
    | st.floats()
    | st.text(max_size=8)
    | st.dates()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = st.sampled_from([*FIELDS, *OTHER_KEYS])
LINES = st.lists(st.dictionaries(st.sampled_from(WORK_KEYS), ANYTHING), max_size=3)


@given(content=st.dictionaries(KEYS, ANYTHING, max_size=4), works=st.none() | LINES)
@settings(max_examples=300, deadline=None)
def test_any_content_is_read_or_refused(content, works):
    assert read_or_sentence({**content, "works": works}).endswith((".", "?"))


def read_or_sentence(content: dict) -> str:
    try:
        project = project_from(content)
    except CalcRefusal as refusal:
        return refusal.message_fr
    return f"{project.situation.n} ménage."


@given(
    columns=st.dictionaries(st.sampled_from(list(EXAMPLE_COLUMNS)), st.none()),
    on=st.dates(date(2023, 1, 1), date(2032, 1, 1)),
    route=st.sampled_from(list(Route)),
)
@settings(max_examples=60, deadline=None)
def test_any_date_and_any_gap_are_explained(columns, on, route):
    content = {**EXAMPLE_COLUMNS, **columns, "works": [{"geste": "ite", "quantity": 3}]}
    answer = explain_plan(financing_plans(project_from(content).situation, on, route))
    assert answer.as_dict()["on"] == on.isoformat()
    assert answer.amounts["remainder_eur"] is None
    assert answer.missing


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"rge_firms": "oui"}, "rge_firms"),
        ({"rge_firms": [True, False]}, "rge_firms"),
        ({"dpe_before": 5}, "dpe_before"),
        ({"persons": 10**400}, "persons"),
        ({"commune": 75}, "commune"),
        ({"works": [{"geste": ["ite"]}]}, "works.geste"),
    ],
)
def test_a_value_of_the_wrong_kind_names_its_key(content, field):
    with pytest.raises(RefusedInput) as refusal:
        project_from(content)
    assert refusal.value.field == field
