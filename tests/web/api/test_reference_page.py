"""docs/reference/api.md says what the API does: its examples are run, its tables compared."""

import re
import shlex

import pytest

from atre.config.places import ROOT
from atre.warehouse import crosswalk
from atre.web.api import guard
from atre.web.api.contract import openapi

TEXT = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```bash\n(curl [^\n]+)\n```", TEXT)
HOST = "https://atre.example.org"


def run(program, command: str):
    """What curl would be answered; an option that this does not know fails."""
    words = shlex.split(command)[1:]
    headers = {}
    while len(words) > 1:
        option = words.pop(0)
        if option == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        else:
            assert option in {"-s", "-i"}, option
    [address] = words
    assert address.startswith(HOST)
    return program.get(address.removeprefix(HOST), headers=headers)


def test_there_are_examples_to_run():
    assert len(COMMANDS) == TEXT.count("```bash") == 6


@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_answers(program, command):
    answer = run(program, command)
    assert answer.status_code == 200, answer.content
    said = answer.json()
    lists = [value for value in said.values() if isinstance(value, list)]
    assert all(lists), "an example shows something"


def test_every_address_is_listed_and_no_other():
    listed = set(re.findall(r"^\| `(/api/v1/[^`]+)` \|", TEXT, re.MULTILINE))
    assert listed == set(openapi()["paths"])


def test_every_identifier_is_listed_and_no_other():
    table = "\n".join(line for line in TEXT.splitlines() if line.startswith("| `"))
    listed = set(re.findall(r"`((?:cae|crte)_[^`]+)`", table))
    assert listed == set(crosswalk.BY_CAE)


def test_the_limit_is_the_one_that_is_said():
    assert f"plus de {guard.MOST_ASKED} questions en une minute" in TEXT
