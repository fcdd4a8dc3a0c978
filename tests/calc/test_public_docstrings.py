"""Every public function of calc and formats explains itself and shows what it gives.

Public is what has no leading underscore: a function that only its own module calls takes one.
"""

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import atre.calc
import atre.formats
from atre.calc.three_valued import answer_from_code

# A printed kind of thing is not a value.
TELLS_NOTHING = ("<class ", "<function ")


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, prefix=f"{package.__name__}."):
        if not found.name.rsplit(".", 1)[-1].startswith("_"):
            yield importlib.import_module(found.name)


def public_functions_of(package: ModuleType) -> dict[str, Callable[..., Any]]:
    """By dotted name, those that a module of the package defines itself, cached ones included."""
    found = {}
    for module in modules_of(package):
        for name, value in vars(module).items():
            bare = inspect.unwrap(value) if callable(value) else value
            own = inspect.isfunction(bare) and bare.__module__ == module.__name__
            if own and not name.startswith("_"):
                found[f"{module.__name__}.{name}"] = bare
    return found


def shows_itself(function: Callable[..., Any]) -> bool:
    """Whether its docstring has words, then an example whose printed value is given."""
    text = inspect.getdoc(function) or ""
    examples = doctest.DocTestParser().get_examples(text)
    told = [one for one in examples if one.want and not one.want.startswith(TELLS_NOTHING)]
    return bool(told) and not text.startswith(">>>")


@pytest.mark.parametrize("package", [atre.calc, atre.formats], ids=lambda one: one.__name__)
def test_every_public_function_shows_itself_at_work(package: ModuleType) -> None:
    functions = public_functions_of(package)
    assert functions
    silent = [name for name, function in functions.items() if not shows_itself(function)]
    assert silent == []


def test_the_walk_finds_plain_and_cached_functions_and_leaves_imported_ones_to_their_module():
    found = public_functions_of(atre.calc)
    assert found["atre.calc.three_valued.answer_from_code"] is answer_from_code
    assert "atre.calc.aids.ceilings.ceiling_tables" in found
    assert "atre.calc.aids.slime.answer_from_code" not in found


def test_words_alone_or_an_example_without_its_value_are_not_enough():
    def told():
        """Tell.

        >>> 1 + 1
        2
        """

    def only_words():
        """Tell."""

    def only_a_call():
        """Tell.

        >>> told = 1
        """

    def only_a_type():
        """Tell.

        >>> type(1)
        <class 'int'>
        """

    def mute():
        pass

    assert shows_itself(told)
    assert not any(shows_itself(one) for one in (only_words, only_a_call, only_a_type, mute))
