"""Run the published cases of tests/calc/cases: one test a sentence."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from atre.calc.errors import CalcRefusal
from tests.calc import case_runners

CASES_FOLDER = Path(__file__).parent / "cases"
RUNNERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {}
for module in pkgutil.iter_modules(case_runners.__path__):
    RUNNERS |= importlib.import_module(f"tests.calc.case_runners.{module.name}").RUNNERS


def all_cases() -> list[Any]:
    cases = []
    for path in sorted(CASES_FOLDER.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in content["cases"]:
            name = f"{path.stem}: {case['sentence']}"
            cases.append(pytest.param(content["function"], case, id=name))
    return cases


def assert_contains(actual: Any, expected: Any, where: str) -> None:
    """Every expected key is present with its value; a nested mapping is compared the same way."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            assert key in actual, f"{where}.{key} is absent"
            assert_contains(actual[key], value, f"{where}.{key}")
        return
    assert actual == expected, where


@pytest.mark.parametrize(("function", "case"), all_cases())
def test_published_case(function: str, case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(CalcRefusal) as refusal:
            RUNNERS[function](case["given"])
        assert refusal.value.field == case["refused"]
        return
    assert_contains(RUNNERS[function](case["given"]), case["expect"], case["sentence"])


def test_every_case_has_its_own_sentence() -> None:
    names = [case.id for case in all_cases()]
    assert len(names) == len(set(names))
    assert len(names) >= 70
