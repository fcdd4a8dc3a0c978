"""Screens, documents, the API, jobs and commands read figures through the gate, and by no other way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "atre"
WAREHOUSE = "atre.warehouse"
# What reads tables, or makes them.
CLOSED = (
    *("engine", "marts", "building", "closing", "reconstruction", "case_figures", "secrecy"),
    "sources.cases",
)
# Modules that read figures, and the words of theirs that only describe one.
DESCRIBED = {
    "figures": {"Figure"},
    "behind": {"SourceRow", "SourceRows", "column_names"},
    "commune_values": {"CommuneValues"},
    "offered": {"Offer"},
    "staging.figures": {"Standing"},
    "engine": {"EngineMissing"},
    "building": {"NothingReceived"},
    "closing": {"TotalsDiffer"},
}
# Where tables are made, and where what is to be published is attacked: nothing of it is shown.
MAKERS = {
    "jobs/observatory.py",
    "jobs/case_export.py",
    "config/commands/publish.py",
    # Load curves of meters, partition by partition: the engine, and no figure of a territory.
    "jobs/measured_savings_partitions.py",
    "config/commands/savings.py",
}
READERS = ("web", "documents", "jobs", "config")


def sources() -> list[Path]:
    return [path for room in READERS for path in sorted((SRC / room).rglob("*.py"))]


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each name taken from a module of the warehouse; « * » for the module itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(WAREHOUSE):
            inside = (node.module or "").removeprefix(WAREHOUSE).lstrip(".")
            for alias in node.names:
                yield (inside, alias.name) if inside else (alias.name, "*")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(f"{WAREHOUSE}."):
                    yield alias.name.removeprefix(f"{WAREHOUSE}."), "*"


def goes_round(module: str, name: str) -> bool:
    if name in DESCRIBED.get(module, set()):
        return False
    whole = f"{module}.{name}"
    return module in DESCRIBED or any(
        found == closed or found.startswith(f"{closed}.")
        for found in (module, whole)
        for closed in CLOSED
    )


def ways_round(text: str) -> list[str]:
    tree = ast.parse(text)
    found = [f"{module}.{name}" for module, name in imports(tree) if goes_round(module, name)]
    # The files of the tables are found through these alone.
    found += [
        f"folders.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"marts", "staged"}
    ]
    return found


@pytest.mark.parametrize("room", READERS)
def test_figures_are_read_through_the_gate(room):
    found = {
        name: ways
        for path in sources()
        if (name := path.relative_to(SRC).as_posix()).startswith(f"{room}/")
        and name not in MAKERS
        and (ways := ways_round(path.read_text(encoding="utf-8")))
    }

    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "from atre.warehouse.figures import figures",
        "from atre.warehouse import engine",
        "from atre.warehouse.marts.additive import additive",
        "import atre.warehouse.commune_values",
        "from atre.warehouse.sources.cases import read_cases",
        "def page():\n    from atre.warehouse.secrecy.ledger import entries",
        "rows = read(folders.marts / name)",
    ],
)
def test_a_way_round_the_gate_is_seen(text):
    assert ways_round(text)


@pytest.mark.parametrize(
    "text",
    [
        "from atre.warehouse.gate import released",
        "from atre.warehouse.figures import Figure",
        "from atre.warehouse.territories import atlas",
    ],
)
def test_the_gate_and_the_words_for_figures_are_for_everyone(text):
    assert ways_round(text) == []
