"""Benchmarks: each prints our figure and, where there is one, the peer's and the ratio."""

import argparse
import importlib.util
from pathlib import Path

from atre.config.places import ROOT
from atre.config.progress import StepFailed

GROUP = "Développer"
HELP = "Mesure les performances ; sans nom, liste les mesures."
EXAMPLES = ("./atre bench", "./atre bench web")
REQUIREMENTS = ("core", "dev")
PASSES_ARGUMENTS_ON = True
BENCHMARKS = ROOT / "benchmarks"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="la mesure à lancer ; ses options suivent")


def run(args: argparse.Namespace) -> int:
    names = benchmark_names()
    if args.name is None:
        print("Mesures disponibles :" if names else "Aucune mesure dans benchmarks/.")
        for name in names:
            print(f"  ./atre bench {name:<16}{first_sentence(BENCHMARKS / f'{name}.py')}")
        return 0
    if args.name not in names:
        raise StepFailed(f"« {args.name} » n'existe pas. Mesures : {', '.join(names) or 'aucune'}.")
    spec = importlib.util.spec_from_file_location(
        f"benchmarks.{args.name}", BENCHMARKS / f"{args.name}.py"
    )
    if spec is None or spec.loader is None:
        raise StepFailed(f"benchmarks/{args.name}.py ne se lit pas.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return int(module.main(args.rest) or 0)


def benchmark_names() -> list[str]:
    """Modules of benchmarks/ that define `main(argv)`; the others are their parts."""
    return sorted(
        path.stem
        for path in BENCHMARKS.glob("*.py")
        if "\ndef main(" in path.read_text(encoding="utf-8")
    )


def first_sentence(path: Path) -> str:
    """The first line of a module's docstring, read without importing it."""
    line = path.read_text(encoding="utf-8").partition("\n")[0]
    return line.strip('"').strip()
