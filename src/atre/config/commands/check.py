"""Everything that can be said of the code without running it on data."""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from atre.config import committed
from atre.config.places import ROOT
from atre.config.progress import seconds

GROUP = "Développer"
HELP = "Contrôle format, types, imports, migrations, gabarits, sécurité ; --fix met en forme."
EXAMPLES = ("./atre check", "./atre check --fix", "./atre check --only mypy")
REQUIREMENTS = ("core", "dev")
BINARIES = Path(sys.executable).parent
PYTHON_SOURCES = ("atre", "src", "tests", "benchmarks")
# mypy and the import graph are long, the others short: two at a time fill a small machine.
AT_ONCE = 2


@dataclass(frozen=True)
class Check:
    """A named control: a command, or a function that returns the faults it found."""

    name: str
    command: tuple[str, ...] = ()
    function: Callable[[], list[str]] | None = None


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BINARIES / name), *arguments)


def django(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "django", *arguments)


def existing(*names: str) -> tuple[str, ...]:
    return tuple(name for name in names if (ROOT / name).exists())


def checks() -> list[Check]:
    return [
        Check("mypy", tool("mypy")),
        Check("imports", tool("lint-imports", "--no-cache")),
        Check(
            "format",
            tool(
                "ruff",
                "format",
                "--check",
                "--output-format",
                "concise",
                *existing(*PYTHON_SOURCES),
            ),
        ),
        Check(
            "lint", tool("ruff", "check", "--output-format", "concise", *existing(*PYTHON_SOURCES))
        ),
        Check("migrations", django("makemigrations", "--check", "--dry-run")),
        Check("deploy", django("check", "--deploy", "--fail-level", "WARNING")),
        Check("templates", tool("djlint", "--lint", "--quiet", "src/atre")),
        Check("bandit", tool("bandit", "-q", "-c", "pyproject.toml", "-r", "src/atre")),
        Check("committed", function=lambda: committed.faults(ROOT)),
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fix", action="store_true", help="met en forme et corrige ce qui peut l'être"
    )
    names = ", ".join(check.name for check in checks())
    parser.add_argument("--only", metavar="NOM", help=f"un seul contrôle parmi : {names}")


def run(args: argparse.Namespace) -> int:
    if args.fix:
        fix()
    chosen = [check for check in checks() if args.only in (None, check.name)]
    if not chosen:
        print(f"« {args.only} » n'est pas un contrôle : voyez ./atre check --help", file=sys.stderr)
        return 2
    if any(check.name == "deploy" for check in chosen):
        from atre.config import frontend

        # The deployment check asks for the folder of what the browser loads.
        frontend.ensure_assets()
    with tempfile.TemporaryDirectory(prefix="atre-check-") as folder:
        env = production_like(folder)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            running = [pool.submit(perform, check, env) for check in chosen]
            verdicts = [report(*future.result()) for future in as_completed(running)]
    bad = verdicts.count(False)
    print(f"\n{len(verdicts)} contrôles, {bad} en échec." if bad else "\nTout est en ordre.")
    return 1 if bad else 0


def fix() -> None:
    sources = existing(*PYTHON_SOURCES)
    subprocess.run(tool("ruff", "check", "--fix", "--quiet", *sources), cwd=ROOT, check=False)
    subprocess.run(tool("ruff", "format", *sources), cwd=ROOT, check=True)


def production_like(folder: str) -> dict[str, str]:
    """Settings of a real server, on a data folder that is thrown away."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATRE_", "DATABASE_URL"))}
    return {
        **kept,
        "ATRE_SECRET_KEY": secrets.token_urlsafe(64),
        "ATRE_DATA_DIR": folder,
        "ATRE_BASE_URL": "https://atre.example",
        "ATRE_HOSTS": "atre.example",
    }


def perform(check: Check, env: dict[str, str]) -> tuple[Check, bool, str, float]:
    started = time.monotonic()
    if check.function is not None:
        faults = check.function()
        good, output = not faults, "\n".join(faults)
    else:
        done = subprocess.run(
            check.command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        good, output = done.returncode == 0, done.stdout + done.stderr
    return check, good, output, time.monotonic() - started


def report(check: Check, good: bool, output: str, duration: float) -> bool:
    print(f"{'✓' if good else '✗'} {check.name} ({seconds(duration)})", flush=True)
    if not good:
        print("\n".join(f"    {line}" for line in output.rstrip().splitlines()), flush=True)
    return good
