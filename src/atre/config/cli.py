"""The command line: finds the commands, teaches them, runs one.

A command is a module of `atre.config.commands`:
- `HELP: str`, one sentence; optional `EXAMPLES: tuple[str, ...]` and `GROUP: str`;
- optional `REQUIREMENTS: tuple[str, ...]`, groups to install first (default: the server's);
- optional `PASSES_ARGUMENTS_ON = True` when unknown arguments go to another program: they are
  then in `args.rest`;
- `add_arguments(parser)` and `run(args) -> int`.
Modules import nothing heavy at their top: `--help` works before anything is installed.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from atre.config.progress import StepFailed

COMMANDS = Path(__file__).with_name("commands")
# What a shell gives for a program that a closed pipe ended (128 + SIGPIPE).
READER_LEFT = 141
GROUPS = ("Découvrir et utiliser", "Développer", "Exploiter un serveur")
OTHER_GROUP = "Métier"
INTRODUCTION = """Âtre, la plateforme libre des agences locales de l'énergie et du climat.

Premier démarrage, avec une démonstration (personnes inventées, territoires réels) :

    ./atre up

puis ouvrez http://127.0.0.1:8000 ; les comptes de démonstration s'affichent. Tout ce qui est
écrit sur le disque va dans .venv, node_modules et var (ou le dossier ATRE_DATA_DIR)."""


def command_names() -> list[str]:
    """Names as typed: `create_agency.py` is the command `create-agency`."""
    return sorted(
        path.stem.replace("_", "-") for path in COMMANDS.glob("*.py") if path.stem != "__init__"
    )


def load(name: str) -> ModuleType:
    return importlib.import_module(f"atre.config.commands.{name.replace('-', '_')}")


def overview() -> str:
    """The page of `./atre --help`: every command in its group, with its examples."""
    modules = {name: load(name) for name in command_names()}
    width = max(len(name) for name in modules) + 2
    parts = [INTRODUCTION]
    groups = {getattr(module, "GROUP", OTHER_GROUP) for module in modules.values()}
    for group in [*GROUPS, *sorted(groups - set(GROUPS))]:
        members = {n: m for n, m in modules.items() if getattr(m, "GROUP", OTHER_GROUP) == group}
        if not members:
            continue
        lines = [f"{group} :"]
        for name, module in members.items():
            lines.append(f"  {name:<{width}}{module.HELP}")
            for example in getattr(module, "EXAMPLES", ()):
                lines.append(f"  {'':<{width}}  {example}")
        parts.append("\n".join(lines))
    parts.append("Le détail d'une commande : ./atre COMMANDE --help")
    return "\n\n".join(parts)


class FrenchHelp(argparse.RawDescriptionHelpFormatter):
    """argparse's own words, in the language of the rest of the page."""

    HEADINGS = {"positional arguments": "Arguments", "options": "Options"}

    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, prefix or "Usage : ")

    def start_section(self, heading: str | None) -> None:
        super().start_section(self.HEADINGS.get(heading or "", heading))


def parser_of(name: str, module: ModuleType) -> argparse.ArgumentParser:
    examples = getattr(module, "EXAMPLES", ())
    parser = argparse.ArgumentParser(
        prog=f"./atre {name}",
        description=module.HELP,
        epilog="Exemples :\n" + "\n".join(f"  {line}" for line in examples) if examples else None,
        formatter_class=FrenchHelp,
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="help", help="affiche cette aide")
    module.add_arguments(parser)
    return parser


def parse(name: str, module: ModuleType, arguments: Sequence[str]) -> argparse.Namespace:
    """Reads the arguments of a command; exits with the usage when they are wrong."""
    parser = parser_of(name, module)
    if not getattr(module, "PASSES_ARGUMENTS_ON", False):
        return parser.parse_args(arguments)
    args, rest = parser.parse_known_args(arguments)
    args.rest = rest
    return args


def asks_for_help(arguments: Sequence[str]) -> bool:
    return not arguments or arguments[0] in {"-h", "--help", "help", "aide"}


def unknown_command(name: str) -> str:
    return (
        f"« {name} » n'est pas une commande d'Âtre. Commandes : {', '.join(command_names())}.\n"
        "Leur rôle : ./atre --help"
    )


def main(arguments: Sequence[str]) -> int:
    """Runs one command and returns the exit code of the process."""
    if asks_for_help(arguments):
        print(overview())
        return 0
    name, *rest = arguments
    if name not in command_names():
        print(unknown_command(name), file=sys.stderr)
        return 2
    module = load(name)
    args = parse(name, module, rest)
    try:
        code = int(module.run(args))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader has what it wanted (`| head`): Python would say so again while it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    except StepFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        return 130
