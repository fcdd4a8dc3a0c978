"""From the Python of the machine to the Python of `.venv`. Standard library only."""

import os
import sys
from collections.abc import Sequence

from atre.config import cli, environment
from atre.config.places import ROOT, venv_python
from atre.config.progress import StepFailed


def launch(arguments: Sequence[str]) -> int:
    """Answers help at once; else prepares the environment and becomes the command.

    Replaces this process, so that signals and the exit code are the command's own.
    """
    if cli.asks_for_help(arguments) or arguments[0] not in cli.command_names():
        return cli.main(arguments)
    name, *rest = arguments
    module = cli.load(name)
    cli.parse(name, module, rest)
    try:
        environment.ensure(getattr(module, "REQUIREMENTS", ("core",)))
    except StepFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrompu : la même commande reprendra là où elle en était.", file=sys.stderr)
        return 130
    sys.stdout.flush()
    python = str(venv_python())
    # -P: a file of the current folder must never be imported in place of a library.
    os.execve(python, [python, "-P", "-m", "atre", *arguments], environment_of_commands())


def environment_of_commands() -> dict[str, str]:
    source = str(ROOT / "src")
    inherited = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "PYTHONPATH": f"{source}{os.pathsep}{inherited}" if inherited else source,
        "DJANGO_SETTINGS_MODULE": "atre.config.settings",
    }
