"""Every doctest of formats runs, without a list of modules to remember."""

import doctest
import importlib
import pkgutil

import pytest

import atre.formats

MODULES = sorted(
    found.name for found in pkgutil.walk_packages(atre.formats.__path__, prefix="atre.formats.")
)


@pytest.mark.parametrize("name", MODULES)
def test_doctests_of(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_modules_were_found() -> None:
    assert {"atre.formats.facturx_xml", "atre.formats.text_files"} <= set(MODULES)
