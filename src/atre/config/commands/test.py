"""Every test on every database this project supports, and in a real browser."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from atre.config import debian
from atre.config.places import ROOT, VENV
from atre.config.progress import seconds
from atre.config.testing import (
    BROWSER_POSTGRES,
    BROWSER_SQLITE,
    EVERY_PHASE,
    POSTGRES,
    PURE,
    SQLITE,
    Phase,
    Result,
    run_phases,
)

if TYPE_CHECKING:
    from tests.support.postgres import Server

GROUP = "Développer"
HELP = "Installe ce que les tests demandent et les passe tous (SQLite, PostgreSQL, navigateur)."
EXAMPLES = (
    "./atre test",
    "./atre test --fast tests/calc",
    "./atre test --browser-only -k parcours",
)
# The observatory is tested on each engine that it may be given.
REQUIREMENTS = ("core", "dev", "spark", "sail")
PASSES_ARGUMENTS_ON = True
NO_TEST_COLLECTED = 5
JAVA = "openjdk-17-jre-headless"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--fast", action="store_true", help="SQLite seul, sans navigateur")
    choice.add_argument("--postgres-only", action="store_true", help="PostgreSQL, sans navigateur")
    choice.add_argument("--browser-only", action="store_true", help="les parcours au navigateur")
    parser.epilog = f"{parser.epilog or ''}\n\nLes autres arguments vont à pytest."


def run(args: argparse.Namespace) -> int:
    from atre.config import frontend, preparation

    phases = chosen_phases(args)
    frontend.ensure_assets()
    preparation.configure()
    preparation.ensure_reference_data()
    preparation.ensure_territory_sources()
    missing = missing_tools(phases)
    if missing and debian.may_install():
        debian.install(sorted(missing), VENV / "logs")
        missing = missing_tools(phases)
    runnable = [phase for phase in phases if not lacks(phase, missing)]
    with postgres_server(any(phase.on_postgres for phase in runnable)) as server:
        results = run_phases(runnable, server, args.rest)
    skipped = [
        f"{phase.title} : il manque {', '.join(sorted(lacks(phase, missing)))}"
        for phase in phases
        if lacks(phase, missing)
    ]
    return conclude(results, skipped, narrowed=bool(args.rest), in_ci=debian.in_ci())


def chosen_phases(args: argparse.Namespace) -> list[Phase]:
    if args.fast:
        return [PURE, SQLITE]
    if args.postgres_only:
        return [POSTGRES]
    if args.browser_only:
        return [BROWSER_SQLITE, BROWSER_POSTGRES]
    return list(EVERY_PHASE)


def missing_tools(phases: list[Phase]) -> set[str]:
    """Debian names of what these phases need and this machine has not."""
    tests_are_importable()
    from tests.support import browser, postgres

    missing = set()
    if any(phase.on_postgres for phase in phases) and postgres.binaries() is None:
        missing.add("postgresql")
    if any(phase.in_browser for phase in phases) and browser.chromium() is None:
        missing.add("chromium")
    if PURE in phases and shutil.which("java") is None:
        missing.add(JAVA)
    return missing


def lacks(phase: Phase, missing: set[str]) -> set[str]:
    needed = {"postgresql"} if phase.on_postgres else set()
    # Elsewhere than in CI, only the tests of Spark are skipped, and say what is missing.
    if phase is PURE and debian.in_ci():
        needed.add(JAVA)
    return (needed | ({"chromium"} if phase.in_browser else set())) & missing


@contextmanager
def postgres_server(needed: bool) -> Iterator["Server | None"]:
    """A throw-away PostgreSQL, or None when no phase asks for it."""
    if not needed:
        yield None
        return
    from tests.support import postgres

    with postgres.throwaway_server() as server:
        yield server


def conclude(results: list[Result], skipped: list[str], *, narrowed: bool, in_ci: bool) -> int:
    """Prints what ran and what did not. Returns 0 only if everything that had to run passed.

    narrowed: the person chose tests, so that a phase may have none of them, but not all phases.
    """
    print("\n━━ Bilan ━━")
    empty = [result for result in results if result.code == NO_TEST_COLLECTED]
    allowed_empty = narrowed and len(empty) < len(results)
    failed = False
    for result in results:
        code = result.code
        if code == NO_TEST_COLLECTED:
            verdict, bad = "aucun test", not allowed_empty
        else:
            verdict, bad = ("réussi", False) if code == 0 else (f"échec (code {code})", True)
        failed = failed or bad
        print(
            f"  {'✗' if bad else '✓'} {result.phase.title} : {verdict} ({seconds(result.duration)})"
        )
    for reason in skipped:
        print(f"  {'✗' if in_ci else '–'} non exécuté : {reason}")
    return 1 if failed or not results or (skipped and in_ci) else 0


def tests_are_importable() -> None:
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
