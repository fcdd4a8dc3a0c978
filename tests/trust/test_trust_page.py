"""docs/reference/trust.md names tests that exist, and says what is not met."""

import ast
import re

import pytest

from atre.config.places import ROOT

PAGE = (ROOT / "docs" / "reference" / "trust.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)))


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda part: part.rsplit("/", 1)[-1])
def test_a_test_named_by_the_page_exists(file, test):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert not test or test in functions


def test_every_row_of_proofs_names_a_test():
    rows = [line for line in PAGE.splitlines() if re.match(r"\| \d", line)]
    assert len(rows) > 35
    assert [row for row in rows if not re.search(r"`tests/[\w/]+\.py", row)] == []


def test_what_is_not_met_is_said():
    assert "## Ce qui n’est pas encore tenu" in PAGE
