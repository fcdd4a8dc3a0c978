"""Every doctest of calc runs, without a list of modules to remember."""

import doctest
import importlib
import pkgutil

import pytest

import atre.calc

MODULES = sorted(
    found.name for found in pkgutil.walk_packages(atre.calc.__path__, prefix="atre.calc.")
)


@pytest.mark.parametrize("name", MODULES)
def test_doctests_of(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_the_modules_were_found() -> None:
    assert {"atre.calc.wording", "atre.calc.aids.income_class"} <= set(MODULES)
