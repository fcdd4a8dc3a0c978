"""The pages for advisers say what the code computes, and name every key that a file may hold."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from atre.calc.aids.examples import EXAMPLE_COLUMNS, example_project
from atre.calc.aids.financing import Route, financing_plans
from atre.calc.aids.financing_answer import explain_plan
from atre.calc.aids.mpr_ampleur import mpr_ampleur
from atre.calc.aids.mpr_gestes import mpr_gestes
from atre.calc.aids.project import OTHER_KEYS, WORK_KEYS, project_from
from atre.calc.aids.situation_fields import FIELDS, GESTES_BY_CODE, FieldKind
from atre.calc.wording import euros_fr

ROOT = Path(__file__).parents[2]
SITUATION = (ROOT / "docs/reference/situation.md").read_text(encoding="utf-8")
EXPLANATION = (ROOT / "docs/explanation/aides.md").read_text(encoding="utf-8")


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture(scope="module")
def documented() -> dict:
    found = re.search(r"```yaml\n(.*?)```", SITUATION, re.DOTALL)
    assert found
    return yaml.safe_load(found.group(1))


def test_the_example_file_has_every_key_and_no_other(documented):
    assert set(documented) == {*FIELDS, *OTHER_KEYS}
    assert {key for line in documented["works"] for key in line} == set(WORK_KEYS)


def test_the_example_file_is_the_example_of_the_explanation(documented):
    situation = project_from(documented).situation
    for name in EXAMPLE_COLUMNS:
        read, meant = situation.columns[name], example_project().columns[name]
        assert read.tolist() == meant.tolist(), name


def test_every_choice_and_every_geste_is_written_in_the_page():
    for name, field in FIELDS.items():
        if field.kind is FieldKind.CHOICE:
            assert f"({', '.join(field.choices)})" in SITUATION, name
    for geste in GESTES_BY_CODE:
        assert f"| `{geste}` |" in SITUATION


def test_the_worked_example_is_what_the_plan_computes(documented):
    project = project_from(documented)
    plan = explain_plan(financing_plans(project.situation, project.deposit_on, project.route))
    for name in ("works_ttc_eur", "remainder_eur", "monthly_payment_eur", "monthly_saving_eur"):
        assert plain(euros_fr(plan.amounts[name])) in plain(EXPLANATION), name
    assert project.route is Route.AMPLEUR


@pytest.mark.parametrize(
    ("day", "judge", "said"),
    [
        (date(2025, 3, 3), mpr_ampleur, "3 mars 2025 | 40 500 €"),
        (date(2025, 8, 1), mpr_ampleur, "1er août 2025 | non éligible"),
        (date(2025, 10, 15), mpr_ampleur, "15 octobre 2025 | 32 000 €"),
        (date(2026, 1, 12), mpr_ampleur, "12 janvier 2026 | non éligible"),
        (date(2026, 3, 12), mpr_gestes, "12 mars 2026, par geste | 7 500 €"),
        (date(2026, 10, 1), mpr_gestes, "1er octobre 2026, par geste | 5 000 €"),
        (date(2027, 1, 4), mpr_ampleur, "4 janvier 2027 | inconnu"),
    ],
)
def test_the_same_file_on_other_days_is_as_the_page_says(day, judge, said):
    answer = judge(example_project(), day).explain()
    words = {"not_eligible": "non éligible", "unknown": "inconnu"}
    verdict = words.get(answer.status) or plain(euros_fr(answer.amount_eur))
    assert said.endswith(verdict)
    assert f"| {said}" in plain(EXPLANATION)
