"""Pins of requirements/*.in, rewritten with hashes and without any address."""

import argparse
import os
import subprocess
import sys

from atre.config import environment, places
from atre.config.progress import step

GROUP = "Développer"
HELP = "Recalcule requirements/*.txt (versions et empreintes) d'après les .in."
EXAMPLES = ("./atre lock", "./atre lock --upgrade")
# core first: dev.in is constrained by its pins.
ORDER = ("bootstrap", "core", "dev", "node", "spark", "sail", "territory")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--upgrade", action="store_true", help="prend les versions les plus récentes"
    )


def run(args: argparse.Namespace) -> int:
    environment.ensure(("bootstrap",))
    for group in ORDER:
        with step(f"requirements/{group}.txt"):
            subprocess.run(
                command(group, upgrade=args.upgrade),
                cwd=places.ROOT,
                env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"},
                check=True,
            )
    return 0


def command(group: str, *, upgrade: bool) -> list[str]:
    """One file for every platform and Python from 3.11; no header, so no address is written."""
    return [
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"),
        *("--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"),
        *(["--upgrade"] if upgrade else []),
        *(["--no-deps"] if group in environment.APART else []),
        *(f"requirements/{group}.in", "--output-file", f"requirements/{group}.txt"),
    ]
