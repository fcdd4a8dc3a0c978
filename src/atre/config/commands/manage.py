"""Django's own commands."""

import argparse

GROUP = "Exploiter un serveur"
HELP = "Passe une commande à Django (migrate, dbshell, collectstatic…)."
EXAMPLES = ("./atre manage migrate", "./atre manage dbshell")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    # REMAINDER takes options too, so that `./atre manage migrate --plan` reaches Django whole.
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, help="la commande de Django et ses options"
    )


def run(args: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["./atre manage", *(args.arguments or ["help"])])
    return 0
